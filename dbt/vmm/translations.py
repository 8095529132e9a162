"""Translations of a guest's code: found by place, put into the code cache, dropped once the guest changes the code."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ring1.dbt.cache.block import Block, Place
from ring1.dbt.cache.blocks import Blocks, Left
from ring1.dbt.cache.supply import Supply
from ring1.dbt.cache.withdrawn import Withdrawal
from ring1.dbt.host.present import present
from ring1.dbt.machine.memory import CODE, DEVICE, OBSERVED, PAGE, SEALED
from ring1.dbt.machine.state import (
    FLAT,
    LOAD_DEVICE,
    MISSES,
    ONES,
    POST,
    RAM,
    RAM_END,
    STORE_DEVICE,
    WATCH,
    State,
)
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Intercepted
from ring1.dbt.machine.supervisor import Layer
from ring1.dbt.mmu.spaces import Spaces
from ring1.dbt.native import slots
from ring1.dbt.native.code import CodeMemory
from ring1.dbt.native.mappings import Short
from ring1.dbt.translate.policy import Action
from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import NO_FRAME, Frames, Translation
from ring1.dbt.vmm.adapt import Adaptation
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.guest_code import GuestCode
from ring1.dbt.vmm.look_ups import LookUps
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.routines import Routines
from ring1.dbt.vmm.sharing import Sharing
from ring1.dbt.vmm.site_choice import SiteChoice
from ring1.dbt.vmm.walks import Walks
from ring1.isa.record import replace

LEAST_CODE_SIZE = 1 << 16
"""Least size of the code cache in bytes: the longest trace must fit."""


class Translations(Layer):
    """The translations of a machine's code. A layer over the platform, so as to be told of changes in memory.

    A page of RAM whose code is translated is watched: generated code cannot store to it, unless it is shared.
    """

    def __init__(self, cpu: Cpu, technique: Callable[[Cpu], Platform], image: bytes, options: Options) -> None:
        """`technique` makes the platform. `image`: the program, whose code decides which registers are pinned first.
        Raises OSError if the host refuses memory."""
        self.counts = Counter[str]()
        """Exits of generated code to the VMM, by reason."""
        self.platform = technique(cpu)
        super().__init__(self.platform)
        policy = self.platform.policy
        if policy.hardware is not None:  # the host's hardware translates addresses
            options = replace(options, mmu=replace(options.mmu, technique="shadow"))
        host = present()
        self.cpu, self.words = cpu, cpu.isa.words
        self.code = GuestCode(cpu.memory, self.words)
        self.options = options
        self.modes = policy.modes
        isa, lookup = cpu.isa, options.mmu.technique == "softtlb"
        self.memory = CodeMemory(max(options.code_size, LEAST_CODE_SIZE), host.stale, host.written)
        most, remember, traced = options.most_instructions, options.remember, options.mmu.traced
        self.supply = Supply(isa, cpu.decoder, policy, image, most, remember, lookup, traced)
        self.supply.monitor = self.platform.emulating
        everywhere = range(isa.mode.count if isa.mode else 1)
        self.flat = self.platform.view(everywhere)
        ram = cpu.memory
        self.flat.window.map(ram.base, ram.fd, ram.base, ram.size, True)
        for pages in ram.shared:
            self.flat.window.map_shared(pages.address, pages.fd, 0, pages.length, pages.writable)
        null = self.platform.null(everywhere, self.supply.assemble)
        self.spaces = Spaces(cpu, self.flat, null, options.mmu, self.modes, self.platform.view, self.platform.relied)
        shown, by_hardware = self.platform.shows_tables, policy.hardware is not None
        walks = (self.spaces.technique.inline and shown and isa.nested is None) or by_hardware
        flush = shown and not (by_hardware or traced) and options.routines
        self.walks = Walks(cpu.state.quads, self.memory, self.supply, walks, flush)
        self.hosts = host.pinnable()
        """Host registers that can hold guest registers."""
        self.adaptation = Adaptation()
        self.look_ups = LookUps(options.pressing)
        self.by_site = options.mmu.technique == "adaptive" and self.platform.shows_tables and isa.nested is None
        """Instructions that keep missing look their addresses up."""
        mapped = shown and not (by_hardware or self.platform.exits_itself) and options.post
        self.sites = SiteChoice(self.adaptation, self.look_ups, mapped)
        self.reviewed = 0
        """The misses of software TLBs that have been looked at, or whose code is gone."""
        self.seen = 0
        """Writes to pages with translated code or traced tables so far."""
        self.flushes = 0
        self.restored = 0
        """Blocks whose guest code was overwritten and came back."""
        self.on_place: Callable[[Block], None] | None = None
        """Called with every block that is placed (see PerfMap)."""
        self.attention = Attention()
        """What is left to the interpreter because it is observed."""
        self.routines = Routines(cpu.state.quads, self.memory, self.supply)
        self.slow_modes = policy.interpreted
        """Modes of the guest whose code is interpreted."""
        self.sharing = Sharing()
        cpu.supervise(self)
        for frame in cpu.bus.frames:
            self.spaces.guard(frame, DEVICE)
        for pages in ram.shared:
            self.sharing.keep(pages.frames)
            for frame in pages.frames if not pages.writable else ():
                self.spaces.guard(frame, SEALED)
        self.lay_out(self.supply.busiest(self.free))

    def lay_out(self, pinned: dict[int, str]) -> None:
        """Begin an empty code cache, with these guest registers pinned."""
        cpu, options = self.cpu, self.options
        isa, quads = cpu.isa, cpu.state.quads
        homes = {host: State.displacement(isa.slots[f"{isa.file}{n}"]) for n, host in pinned.items()}
        self.memory.reset()
        self.stubs = self.platform.stubs(self.memory, homes, self.supply.assemble)
        quads[State.quad(slots.VMM)] = self.stubs.leave
        quads[State.quad(slots.FAULT_EXIT)] = self.stubs.fault_exit
        quads[State.quad(slots.MISS)] = self.stubs.miss
        quads[State.quad(slots.LOOK)] = self.stubs.look
        quads[State.quad(POST)] = self.stubs.post
        quads[State.quad(LOAD_DEVICE)] = self.stubs.load_device
        quads[State.quad(STORE_DEVICE)] = self.stubs.store_device
        quads[State.quad(FLAT)] = self.platform.flat(self.flat)
        quads[State.quad(RAM_END)] = cpu.memory.end
        quads[State.quad(WATCH)] = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.watch))
        quads[State.quad(RAM)] = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.map))
        self.remove_walks()
        self.routines.remove(self.stubs.leave)
        self.blocks = Blocks(
            self.memory, self.stubs, self.spaces.clear_jumps, self.spaces.set_jump, options.most_blocks
        )
        self.supply.pin(pinned)

    @property
    def free(self) -> Sequence[str]:
        """Host registers that guest registers may be pinned to."""
        return self.hosts[: self.options.most_pinned]

    # --- Finding ---------------------------------------------------------------------

    @property
    def needed(self) -> int:
        """How often an access has been one that the VMM had to see: such a write, or one of a device in memory."""
        return self.seen + self.cpu.device_accesses

    def mode(self) -> int:
        """Return the real processor mode in which the guest's code runs now."""
        return self.modes[self.spaces.mode()]

    def place_of(self, pc: int) -> Place | None:
        """Return the place of the instruction at `pc` in the present mode and address space; None if it cannot be
        fetched."""
        try:
            frame = self.spaces.locate(pc)
        except Intercepted:
            return None
        if frame is None:
            return None
        return self.mode(), pc, NO_FRAME if self.spaces.view is self.flat else frame

    @staticmethod
    def frame(place: Place) -> int:
        """Return the physical page of a place."""
        return place[1] >> 12 if place[2] == NO_FRAME else place[2]

    def frames_of(self, place: Place) -> Frames | None:
        """Return the pages of the instruction at a place, none if it is known by its physical address; None if its
        second page cannot be fetched, or is shared, so that it would have to be compared in two places."""
        _, pc, frame = place
        frames = () if frame == NO_FRAME else ((pc >> 12, frame),)
        if not self.words.splits(pc) or self.words.size(self.code.reader(frames)(pc)) == self.words.least:
            return frames
        second = self.place_of(pc + self.words.least & ONES)
        if second is None or not self.sharing.pages.isdisjoint((self.frame(place), self.frame(second))):
            return None
        return (*frames, (second[1] >> 12, second[2])) if frames else ()

    def block(self, pc: int) -> Block | None:
        """Return the block at `pc` in the present mode, translated if necessary; None if it cannot be fetched or
        translated."""
        place = self.place_of(pc)
        frames = None if place is None else self.frames_of(place)
        if place is None or frames is None:
            return None
        table = self.blocks.table
        if place not in table:
            self.restore(self.frame(place))
        found = table.get(place)
        if found is not None and found.translation.frames[: len(frames)] == frames:
            return found
        mode, _, frame = place
        shared = self.frame(place) in self.sharing.pages

        def known(at: int) -> bool:
            return (mode, at, frame) in table

        try:
            sites = self.sites.of(frames, pc)
            made = self.place(self.supply.block(pc, mode, self.code.reader(frames), shared, known, frames, sites))
            if self.options.remember and self.options.chain and not shared:
                self.follow(made)
            return self.blocks.table.get(place) or self.place(made.translation)
        except Short:
            return None

    def follow(self, block: Block) -> None:
        """Place what earlier runs translated of the page of a new block, and of other pages that memory holds already;
        chain it, and have the indirect jumps find it that led to it then. That saves an exit for each block. Raises
        Short."""
        found, frames = [], set[int]()
        for page in self.supply.beside(block.translation):
            _, number, where = page
            frame = where[0][1] if where else number
            if frame in self.sharing.pages or not self.cpu.memory.has(frame << 12):
                continue
            data = self.cpu.memory.read(frame << 12, PAGE)
            recalled = self.supply.recalled(page, data, self.sites.of(where, number << 12))
            if recalled:
                frames.add(frame)
                found += recalled
        if not self.spaces.afford(len(frames)):
            return
        placed = self.blocks.install_all(found, self.supply.frame_of)
        self.blocks.join(block)
        for frame in frames if placed else ():
            self.watch_code(frame)
        for each in placed:
            self.supply.took(each.translation)
            if self.on_place is not None:
                self.on_place(each)
        for each in (block, *placed):
            if self.supply.jumps_to(each.translation):
                self.blocks.cache_jump(each)

    def place(self, translation: Translation, trace: Trace | None = None) -> Block:
        """Put the translation of a block or trace into the code cache, and watch the pages whose code it translates."""
        flushes = self.blocks.flushes
        if not self.spaces.afford(len(translation.pages)):
            self.blocks.flush()  # too few mappings to guard more pages
        block = self.blocks.install(translation)
        block.trace = trace
        if self.blocks.flushes != flushes:
            self.flushes += 1
            self.forget_pages()
        if self.on_place is not None:
            self.on_place(block)
        self.guard(translation)
        return block

    def guard(self, translation: Translation) -> None:
        """Watch the pages of a block's code."""
        for page in translation.pages:
            self.watch_code(page, translation.checked)

    def watch_code(self, frame: int, checked: bool = False) -> None:
        """Watch a page with translated code, which generated code must not write to unless its blocks check
        themselves."""
        watch = self.cpu.memory.watch
        if not watch[frame] & CODE:
            watch[frame] |= CODE
            if not checked:
                self.spaces.guard(frame, CODE)

    def restore(self, page: int) -> None:
        """Have the blocks of a page come back whose words memory holds again, or that compare them themselves."""
        shared, exceptions = self.sharing.pages, self.sites.within()

        def valid(gone: Withdrawal) -> bool:
            t = gone.block.translation
            if t.checked != (not shared.isdisjoint(t.pages)) or exceptions(t) != gone.exceptions:
                return False
            fetch = self.code.reader(t.frames)
            return t.checked or all(fetch(pc) == word for pc, word in zip(t.pcs, t.words, strict=True))

        for block in self.blocks.restore(page, valid):
            self.guard(block.translation)
            self.restored += 1

    def place_twin(self, block: Block, site: int) -> bool:
        """Have a block, whose jump at offset `site` is taken where the budget ends amid it, go to its stepping twin
        then. False if it has none."""
        t, table = block.translation, self.blocks.table
        frame = t.place[2]

        def known(at: int) -> bool:
            return (t.mode, at, frame) in table

        sites = self.sites.of(t.frames[:1], t.pc)
        made = self.supply.stepping(t, self.code.reader(t.frames[:1]), known, sites)
        if made is None or not self.blocks.install_twin(made, block, site):
            return False
        if self.on_place is not None and block.twin is not None:
            self.on_place(block.twin)
        return True

    def forget_pages(self) -> None:
        """After a flush of the code cache: no page holds translated code any more."""
        self.remove_walks()
        self.routines.remove(self.stubs.leave)
        self.reviewed = self.cpu.state.quads[State.quad(MISSES)]
        memory = self.cpu.memory
        watch, first = memory.watch, memory.base // PAGE
        for page, flags in enumerate(watch[first:], first):
            if flags & CODE:
                watch[page] &= ~CODE
                self.spaces.release(page, CODE)

    def flushed(self, address: int | None = None) -> None:
        """See Supervisor."""
        self.walks.place_flush()
        self.spaces.flush(address)
        super().flushed(address)

    # --- Changes of how instructions are translated ---------------------------------------

    def retranslate(self, site: int) -> list[Block]:
        """Drop the blocks with the instruction at a physical address, which is to be translated differently; return
        them."""
        found = [block for block in self.blocks.pages.get(site >> 12, ()) if block.covers(site, self.words.least)]
        for block in found:
            self.blocks.remove(block)
        return found

    def left_by(self, way: int) -> Left:
        """Return the exit by which generated code has left."""
        found = self.blocks.exit(way)
        assert found is not None
        return found

    def left(self, reason: str) -> None:
        """Count an exit of generated code."""
        self.counts[reason] += 1
        if self.attention.exits is not None and not self.platform.exits_itself:
            self.attention.exits(reason)

    def exited(self, reason: str) -> None:
        """See Translated.exited."""
        if self.attention.exits is not None:
            self.attention.exits(reason)

    def attend(self, attention: Attention) -> None:
        """See Engine.attend."""
        before, self.attention = self.attention, attention
        self.sites.observed = attention.pcs
        self.remove_walks()
        self.routines.remove(self.stubs.leave)
        everywhere = frozenset(range(self.spaces.modes))
        self.slow_modes = everywhere if attention.everything else self.platform.policy.interpreted
        changed = before.pcs ^ attention.pcs
        for block in self.blocks.all() if changed else ():
            if not changed.isdisjoint(block.translation.pcs):
                self.blocks.remove(block)
        for frame in before.frames - attention.frames:
            self.spaces.release(frame, OBSERVED)
        for frame in attention.frames - before.frames:
            self.spaces.guard(frame, OBSERVED)

    def remove_walks(self) -> None:
        """Leave page walks and flushes to the VMM."""
        self.walks.remove(self.stubs, self.attention.exits is not None)

    def adopt(self, **changes: Any) -> None:
        """Change some of the Options, except `mmu`; the code cache begins anew."""
        options = self.options = replace(self.options, **changes)
        self.supply.most, self.supply.remember = options.most_instructions, options.remember
        self.memory.limit = min(max(options.code_size, LEAST_CODE_SIZE), self.memory.size)
        self.lay_out(dict(zip(self.supply.pinned, self.free, strict=False)))
        self.forget_pages()

    def renew(self) -> None:
        """See Translated.renew: the policy has changed."""
        self.supply.policy = self.platform.policy
        self.lay_out(dict(self.supply.pinned))
        self.forget_pages()

    def singly(self) -> None:
        """See Engine.singly. Each instruction is a block from now on, so that a limit never leaves part of one to the
        slow path."""
        self.adopt(trace=False, most_instructions=1, remember=False)

    def control_structure(self) -> dict[str, int]:
        """See Engine.control_structure."""
        return self.platform.control_structure()

    def rewritten(self) -> int:
        """See Engine.rewritten."""
        decided = self.supply.translator.decided
        guests = (decided(pc, mode, word) for mode, pc, word in self.blocks.instructions())
        return sum(guest.decision.action is Action.INLINE for guest in guests)

    def rest(self) -> None:
        """See Engine.rest."""
        self.spaces.rest()

    def close(self) -> None:
        """Release code memory and views, and save learnt encodings and translations."""
        self.supply.save()
        self.spaces.close()
        self.platform.close()
        self.memory.close()
