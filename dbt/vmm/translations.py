"""Translations of a guest's code: found by place, put into the code cache, dropped once the guest changes the code."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ring1.dbt.cache.blocks import Block, Blocks, Place
from ring1.dbt.cache.supply import Supply
from ring1.dbt.host.block import NEXT
from ring1.dbt.host.present import present
from ring1.dbt.machine.memory import CODE, OBSERVED, TRACED
from ring1.dbt.machine.state import FLAT, RAM, RAM_SIZE, REFILLS, WATCH, State
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Intercepted
from ring1.dbt.machine.supervisor import Layer
from ring1.dbt.mmu.spaces import Spaces
from ring1.dbt.native import slots
from ring1.dbt.native.code import CodeFull, CodeMemory
from ring1.dbt.native.mappings import Short
from ring1.dbt.translate.pinning import pin
from ring1.dbt.translate.policy import Action
from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import NO_FRAME, Frames, Translation
from ring1.dbt.vmm.adapt import Adaptation
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform
from ring1.isa.record import replace

LEAST_CODE_SIZE = 1 << 16
"""Least size of the code cache in bytes: the longest trace must fit."""
MOST_NEAR_MISSES = 8
"""Stores to a page with code that miss the code, after which the page is shared (see Translations.share)."""
MOST_CHECKED = 1 << 31
"""Limit of the physical address of a shared page: a checked block addresses its guest words with 32-bit
displacements."""


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
        self.cpu = cpu
        self.options = options
        self.modes = policy.modes
        isa, lookup = cpu.isa, options.mmu.technique == "softtlb"
        self.memory = CodeMemory(max(options.code_size, LEAST_CODE_SIZE), host.stale, host.written)
        most, remember, traced = options.most_instructions, options.remember, options.mmu.traced
        self.supply = Supply(isa, cpu.decoder, policy, image, most, remember, lookup, traced)
        self.flat = self.platform.view(range(isa.mode.count if isa.mode else 1))
        self.flat.window.map(0, cpu.memory.fd, 0, cpu.memory.size, True)
        self.spaces = Spaces(cpu, self.flat, options.mmu, self.modes, self.platform.view, self.platform.relied)
        self.hosts = host.pinnable(lookup)
        """Host registers that can hold guest registers."""
        self.adaptation = Adaptation()
        self.seen = 0
        """Writes to pages with translated code or traced tables so far."""
        self.flushes = 0
        self.on_place: Callable[[Block], None] | None = None
        """Called with every block that is placed (see PerfMap)."""
        self.attention = Attention()
        """What is left to the interpreter because it is observed."""
        self.slow_modes = policy.interpreted
        """Modes of the guest whose code is interpreted."""
        self.near_misses = Counter[int]()
        self.shared: set[int] = set()
        cpu.supervise(self)
        self.lay_out(pin(isa, cpu.decoder, image, self.free))

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
        quads[State.quad(FLAT)] = self.platform.flat(self.flat)
        quads[State.quad(RAM_SIZE)] = cpu.memory.size
        quads[State.quad(WATCH)] = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.watch))
        quads[State.quad(RAM)] = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.map))
        self.remove_walks()
        self.blocks = Blocks(
            self.memory, self.stubs, self.spaces.clear_jumps, self.spaces.clear_jump, options.most_blocks
        )
        self.supply.pin(pinned)

    @property
    def free(self) -> Sequence[str]:
        """Host registers that guest registers may be pinned to."""
        return self.hosts[: self.options.most_pinned]

    # --- Finding ---------------------------------------------------------------------

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

    def block(self, pc: int) -> Block | None:
        """Return the block at `pc` in the present mode, translated if necessary; None if it cannot be fetched or
        translated."""
        place = self.place_of(pc)
        if place is None:
            return None
        found = self.blocks.table.get(place)
        if found is not None:
            return found
        mode, _, frame = place
        frames = () if frame == NO_FRAME else ((pc >> 12, frame),)
        shared, table = self.frame(place) in self.shared, self.blocks.table

        def known(at: int) -> bool:
            return (mode, at, frame) in table

        try:
            calls = self.calls(frames, pc)
            made = self.place(self.supply.block(pc, mode, self.reader(frames), shared, known, frames, calls))
            if self.options.remember and self.options.chain and not (shared or calls):
                self.follow(made, frames)
            return self.blocks.table.get(place) or self.place(made.translation)
        except Short:
            return None

    def follow(self, block: Block, frames: Frames) -> None:
        """Place and chain what an earlier run translated of the code that follows a new block, which saves an exit for
        each block: in its page, and with paging off anywhere. Raises Short."""
        blocks, fetch, todo = self.blocks, self.reader(frames), [block]
        flushes = blocks.flushes
        while todo:
            origin = todo.pop()
            mode, pc, frame = origin.place
            for exit_, site in origin.translation.host.exits.values():
                if exit_.kind != NEXT or site < 0 or exit_.pc is None or not self.beside(exit_.pc, pc, frames):
                    continue
                target = blocks.table.get((mode, exit_.pc, frame))
                if target is None:
                    known = self.supply.recall(exit_.pc, mode, fetch, frames)
                    if known is None or self.calls(frames, exit_.pc):
                        continue
                    target = self.place(known)
                    todo.append(target)
                    if blocks.flushes != flushes:
                        return  # blocks placed before are void
                blocks.chain(origin, origin.base + site, target)

    def beside(self, pc: int, origin: int, frames: Frames) -> bool:
        """Can code at `pc` be placed together with that at `origin`, without asking whether it can be fetched?"""
        page = pc >> 12
        return page == origin >> 12 or not (frames or page >= len(self.cpu.memory.watch) or page in self.shared)

    def calls(self, frames: Frames, *pcs: int) -> frozenset[int]:
        """Return the pcs of adapted and of observed instructions in the pages of this code."""
        sites, observed = self.adaptation.idle, self.attention.pcs
        if not sites and not observed:
            return frozenset()
        where = dict(frames or [(pc >> 12, pc >> 12) for pc in pcs])
        adapted = [page << 12 | site & 0xFFF for page, frame in where.items() for site in sites if site >> 12 == frame]
        return frozenset([*adapted, *(pc for pc in observed if pc >> 12 in where)])

    def fetch(self, pc: int) -> int:
        """Return the word in RAM at a physical address."""
        return self.cpu.memory.words[pc >> 2]

    def reader(self, frames: Frames) -> Callable[[int], int]:
        """Return a function that fetches words of code in these pages, by pc."""
        if not frames:
            return self.fetch
        words, where = self.cpu.memory.words, dict(frames)
        return lambda pc: words[where[pc >> 12] << 10 | pc >> 2 & 0x3FF]

    def place(self, translation: Translation, trace: Trace | None = None) -> Block:
        """Put the translation of a block or trace into the code cache, and watch the pages whose code it translates."""
        watch, flushes = self.cpu.memory.watch, self.blocks.flushes
        if not self.spaces.afford(len(translation.pages)):
            self.blocks.flush()  # too few mappings to guard more pages
        block = self.blocks.install(translation)
        block.trace = trace
        if self.blocks.flushes != flushes:
            self.flushes += 1
            self.forget_pages()
        if self.on_place is not None:
            self.on_place(block)
        for page in translation.pages:
            if not watch[page] & CODE:
                watch[page] |= CODE
                if not translation.checked:
                    self.spaces.guard(page, CODE)
        return block

    def forget_pages(self) -> None:
        """After a flush of the code cache: no page holds translated code any more."""
        self.remove_walks()
        watch = self.cpu.memory.watch
        for page, flags in enumerate(watch):
            if flags & CODE:
                watch[page] &= ~CODE
                self.spaces.release(page, CODE)

    # --- Invalidation -----------------------------------------------------------------

    def page_written(self, page: int, address: int, length: int) -> None:
        """See Supervisor. The page holds translated code, or traced page tables."""
        self.seen += 1
        flags = self.cpu.memory.watch[page]
        if flags & TRACED:
            self.spaces.table_written(page, address, length)
        if flags & CODE:
            self.code_written(page, address, length)
        super().page_written(page, address, length)

    def flushed(self) -> None:
        """See Supervisor."""
        self.spaces.flush()
        super().flushed()

    def code_written(self, page: int, address: int, length: int) -> None:
        """Bytes of a page with translated code are about to change."""
        blocks = self.blocks
        hit = blocks.invalidate(page, address, length)
        if not hit:
            self.near_misses[page] += 1
            if self.near_misses[page] == MOST_NEAR_MISSES and address < MOST_CHECKED:
                self.share(page)
        if not blocks.pages.get(page):
            self.cpu.memory.watch[page] &= ~CODE
            self.spaces.release(page, CODE)

    def share(self, page: int) -> None:
        """Share a page in which code and data lie side by side: let stores through, and have its blocks check
        themselves."""
        self.shared.add(page)
        self.platform.expose(page)
        for block in list(self.blocks.pages.get(page, ())):
            self.blocks.remove(block)

    def retranslate(self, site: int) -> None:
        """Drop the blocks with the instruction at a physical address, which is to be translated differently."""
        for block in list(self.blocks.pages.get(site >> 12, ())):
            if block.translation.covers(site, 4):
                self.blocks.remove(block)

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
        everywhere = frozenset(range(self.spaces.modes))
        self.slow_modes = everywhere if attention.everything else self.platform.policy.interpreted
        changed = before.pcs ^ attention.pcs
        for block in list(self.blocks.table.values()) if changed else ():
            if not changed.isdisjoint(block.translation.pcs):
                self.blocks.remove(block)
        for frame in before.frames - attention.frames:
            self.spaces.release(frame, OBSERVED)
        for frame in attention.frames - before.frames:
            self.spaces.guard(frame, OBSERVED)

    # --- Page walks in generated code (see dbt/host/x86_64/walk.py) ---------------------------

    def remove_walks(self) -> None:
        """Remove the page walks in generated code: where the TLB misses, code leaves to the VMM."""
        quads, first = self.cpu.state.quads, State.quad(REFILLS)
        quads[first] = quads[first + 1] = self.stubs.look
        inline = self.spaces.technique.inline and self.platform.shows_tables
        self.walks = not (inline or self.supply.policy.hardware)

    def place_walks(self) -> None:
        """Put the page walks into the code cache, if there is room."""
        quads, first = self.cpu.state.quads, State.quad(REFILLS)
        self.walks = True
        try:
            walks = self.supply.walks()
        except Short:
            return
        for n, code in enumerate(walks):
            try:
                at = self.memory.allocate(len(code))
            except CodeFull:
                return
            self.memory.write(at, code)
            quads[first + n] = self.memory.address(at)

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

    def close(self) -> None:
        """Release code memory and views, and save learnt encodings and translations."""
        self.supply.save()
        self.spaces.close()
        self.platform.close()
        self.memory.close()
