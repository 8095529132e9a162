"""Running translated code: enter, leave with a reason, handle it, enter again."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Mapping

from dbt.cache.blocks import Block, Blocks, Place
from dbt.cache.code import CodeFull, CodeMemory
from dbt.machine.memory import CODE, TRACED
from dbt.machine.paging import UPDATE
from dbt.machine.state import END, FLAT, PENDING, RAM, RAM_SIZE, REFILLS, WATCH, State
from dbt.machine.step import TIME_ONES, Cpu
from dbt.mmu.choice import Mmu
from dbt.mmu.softtlb import instruction
from dbt.mmu.spaces import Spaces
from dbt.mmu.view import View
from dbt.native import fault, slots
from dbt.native.entry import Stubs
from dbt.translate.host import GO, LEAVE, LOOKUP_SCRATCH, NEXT, STALE, STEP, WIDE
from dbt.translate.pinning import busiest, pin, uses
from dbt.translate.policy import ADAPTED, Policy
from dbt.translate.supply import Supply
from dbt.translate.translation import FLAT as NO_FRAME
from dbt.translate.translation import Frames, Translation
from dbt.vmm.adapt import Adaptation
from isa.model import WORD
from isa.python import Trap
from isa.record import Record, replace

CODE_SIZE = 32 << 20
MOST_EXITS = 1 << 11
"""Exits in a burst at most: what leaves often is slow, and the VMM wants to look at the clock."""
LEAST_CODE_SIZE = 1 << 16
"""The longest trace must find room."""
MOST_NEAR_MISSES = 8
"""Stores to a page with code, but not to code, that are borne before the page is shared (see Executor.share)."""
FIRST_INTERVAL = 1 << 12
LONGEST_INTERVAL = 1 << 22
"""Instructions between two samples of what is hot; the longest is more than any block has."""
SAMPLES = 2
"""Samples of a block before the path from it is traced."""
PINNING_SAMPLES = (32, 256, 2048)
"""Numbers of samples after which it is seen whether the right registers are pinned."""
WORTH_PINNING = 1.02
"""By how much better registers must be for the cache to begin anew."""
MOST_KNOWN = 1 << 16
"""Instruction words remembered: a guest that runs through garbage must not fill the host."""
MOST_TRACE = 128
UNROLLED = 64
"""Instructions of a trace at most, and of one that is several rounds of a loop."""
ONES = (1 << WORD) - 1
MOST_CHECKED = 1 << 31
"""A checked block addresses its guest words with 32-bit displacements."""


class Options(Record):
    """How translated code is kept: mostly of interest to tests."""

    code_size: int = CODE_SIZE
    most_blocks: int | None = None
    most_instructions: int = 64
    chain: bool = True
    trace: bool = True
    remember: bool = False
    """Keep translations on disk for the next run of the same image."""
    mmu: Mmu = Mmu()
    """How addresses are translated with paging on."""


class Executor:
    """Runs a virtual CPU by translation under a policy. One slow path: whatever translated code does not do is one step
    of the reference interpreter."""

    def __init__(self, cpu: Cpu, policy: Policy, image: bytes, options: Options | None = None) -> None:
        """`image` tells which registers are worth pinning. Raises OSError if the host refuses memory."""
        self.options = options or Options()
        self.cpu = cpu
        self.name = policy.name
        self.modes, self.slow_modes = policy.modes, policy.interpreted
        self.real = policy.real(cpu)
        isa, most, lookup = cpu.isa, self.options.most_instructions, self.options.mmu.technique == "softtlb"
        self.memory = CodeMemory(max(self.options.code_size, LEAST_CODE_SIZE))
        self.supply = Supply(
            isa, cpu.decoder, policy, image, most, self.options.remember, lookup, self.options.mmu.traced
        )
        self.work = self.supply.work
        self.flat = View(range(isa.mode.count if isa.mode else 1))
        self.flat.window.map(0, cpu.memory.fd, 0, cpu.memory.size, True)
        self.spaces = Spaces(cpu, self.flat, self.options.mmu, self.modes)
        self.free = [register for register in WIDE if not (lookup and register in LOOKUP_SCRATCH)]
        """Host registers that guest registers may be in."""
        self.updating: dict[int, bool] = {}
        """Instruction words met by `updates`."""
        self.adaptation = Adaptation()
        self.seen = 0
        """Writes to pages with translated code or traced tables that were seen."""
        self.counts = Counter[str]()
        self.samples = Counter[Place]()
        self.heat = Counter[Place]()
        """Block -> instructions that its samples stand for."""
        self.sampled = 0
        self.chains, self.traces, self.flushes, self.pinnings = 0, 0, 0, 0
        self.interpreted = 0
        """Instructions retired by the slow path."""
        self.on_place: Callable[[Block], None] | None = None
        """Told of every block that is placed (see PerfMap)."""
        self.interval = FIRST_INTERVAL
        self.due = 0
        """The time of the next sample, wherever the guest may leave generated code before."""
        self.near_misses = Counter[int]()
        self.shared: set[int] = set()
        cpu.page_written = self.page_written  # type: ignore[method-assign]
        cpu.flushed = self.spaces.flush  # type: ignore[method-assign]
        self.lay_out(pin(isa, cpu.decoder, image, self.free))

    def lay_out(self, pinned: dict[int, str]) -> None:
        """Begin an empty code cache for these registers."""
        cpu, options = self.cpu, self.options
        isa, quads = cpu.isa, cpu.state.quads
        homes = {host: State.displacement(isa.slots[f"{isa.file}{n}"]) for n, host in pinned.items()}
        self.memory.reset()
        self.stubs = Stubs(self.memory, homes, self.supply.assemble)
        self.enter = self.real.around(self.stubs.enter)
        quads[State.quad(slots.LEAVE)] = self.stubs.leave
        quads[State.quad(slots.FAULT_EXIT)] = self.stubs.fault_exit
        quads[State.quad(slots.MISS)] = self.stubs.miss
        quads[State.quad(slots.LOOK)] = self.stubs.look
        quads[State.quad(FLAT)] = self.flat.base
        quads[State.quad(RAM_SIZE)] = cpu.memory.size
        quads[State.quad(WATCH)] = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.watch))
        quads[State.quad(RAM)] = ctypes.addressof(ctypes.c_char.from_buffer(cpu.memory.map))
        self.remove_walks()
        self.resume = self.real.around(self.stubs.resume)
        self.blocks = Blocks(self.memory, self.stubs, self.spaces.clear_jumps, options.most_blocks)
        self.supply.pin(pinned)

    def updates(self, word: int) -> bool:
        """Does an instruction need leave to write where it may only read?"""
        if word not in self.updating:
            from isa import semantics as s

            decoded = self.cpu.decoder.decode(word)
            nodes = s.walk(*decoded.instruction.body) if decoded else []
            if len(self.updating) >= MOST_KNOWN:
                self.updating.clear()
            self.updating[word] = any(isinstance(n, s.Load) and n.write for n in nodes)
        return self.updating[word]

    # --- Running -------------------------------------------------------------------

    def prepare(self) -> None:
        """Somebody may have replaced the signal handler since the machine last ran."""
        fault.install(self.supply.assemble)
        self.real.begin()

    def mode(self) -> int:
        """The real processor mode that the guest's code runs in now."""
        return self.modes[self.spaces.mode()]

    def burst(self, until: int) -> None:
        """Execute until the CPU's time reaches `until`, or interrupts or devices have to be looked at.

        A slice ends before a block; only what is due ends within one. So what is translated depends on the guest alone.
        """
        cpu, spaces, state = self.cpu, self.spaces, self.cpu.state
        slice_end, until = until, max(until, cpu.due)
        if spaces.mode() in self.slow_modes:  # a change of mode ends the burst
            self.interpret(slice_end)
            return
        words, quads, pointer = state.words, state.quads, state.pointer
        budget_quad, end_quad = State.quad(slots.BUDGET), State.quad(END)
        words[State.word(PENDING)] = cpu.lines
        cpu.until, goal, stopped = until, slice_end, False
        view = spaces.enter()
        for _ in range(MOST_EXITS):
            if stopped:
                way = self.resume(pointer, 0)
            else:
                now = cpu.time
                if now >= cpu.until or now >= slice_end:
                    return
                block = self.block(words[cpu.pc_slot])
                if block is None:
                    self.counts["fetch"] += 1
                    if not self.one(until):
                        return
                    continue
                if now >= self.due:
                    self.due = now + self.interval
                goal = min(slice_end, self.due)
                quads[budget_quad] = goal - now
                quads[end_quad] = goal & TIME_ONES
                way = self.enter(pointer, self.blocks.address(block))
            cpu.time = goal - quads[budget_quad]
            view, stopped = spaces.enter(), False
            if way == Stubs.MISSED:
                self.counts["indirect"] += 1
                target = self.block(words[cpu.pc_slot]) if cpu.time < until else None
                if target is not None and self.options.chain:
                    self.blocks.cache_jump(target, view)
            elif way == Stubs.FAULTED:
                stopped, going = self.missed(until)
                if not going:
                    return
            elif not self.leave(way, until):
                return
        if stopped:
            self.unwind(*self.stopped_at())

    def leave(self, way: int, until: int) -> bool:
        """Handle an exit. False if the burst is over."""
        cpu, blocks = self.cpu, self.blocks
        block, exit_, site = blocks.exits[way]
        self.counts[exit_.reason] += 1
        if exit_.kind == NEXT:
            # To look for a block fetches its first instruction, which must be due.
            target = self.block(cpu.pc) if cpu.time < until else None
            # Translating the target may have flushed the cache, and the jump with it.
            if self.options.chain and site >= 0 and target and way in blocks.exits:
                if blocks.exits[way][1] is exit_:
                    blocks.chain(block, site, target)
                    self.chains += 1
            return True
        if exit_.kind == GO:
            return True
        if exit_.kind == STEP:
            # The block may have used the budget up to the last instruction.
            if cpu.time >= until:
                return True
            if exit_.reason == ADAPTED:
                return self.adapted(block, until)
            return self.one(until)
        if exit_.kind == STALE:
            blocks.remove(block)
            return True
        if exit_.kind == LEAVE:
            cpu.changed()
            return False
        end = cpu.time + block.translation.count
        if end > until:
            self.interpret(until)
        elif end > self.due:
            going = self.sample(block, until)
            self.due = cpu.time + self.interval
            return going
        return False

    # --- Traces ----------------------------------------------------------------------

    def sample(self, block: Block, until: int) -> bool:
        """The budget ran out just before `block`: a hint at what is hot. False if the burst is over."""
        self.samples[block.place] += 1
        self.heat[block.place] += self.interval
        self.sampled += 1
        if self.sampled in PINNING_SAMPLES and self.pin_again():
            return False
        if block.traced or block.translation.checked or self.samples[block.place] < SAMPLES or not self.options.trace:
            self.interval = min(self.interval * 2, LONGEST_INTERVAL)
            return True
        self.interval = FIRST_INTERVAL
        path, frames, going = self.record(until)
        if len(path) > 1:
            fetch = self.reader(frames)
            calls = self.calls(frames, *path)
            self.place(self.supply.trace(tuple(path), block.place[0], fetch, frames, calls), traced=True)
            self.traces += 1
        return going

    def pin_again(self) -> bool:
        """Pin what the hot code uses, if that pays: the code cache begins anew then."""
        isa, pinned = self.cpu.isa, self.supply.pinned
        words = Counter[int]()
        for place, heat in self.heat.items():
            block = self.blocks.table.get(place)
            if block is not None:
                share = heat // len(block.translation.words)
                for word in block.translation.words:
                    words[word] += share
        used = uses(isa, self.cpu.decoder, words)
        better = busiest(isa, used, self.free)
        before, after = (sum(used[n] for n in numbers) for numbers in (pinned, better))
        if after < before * WORTH_PINNING:
            return False
        self.lay_out(better)
        self.pinnings += 1
        self.forget_pages()
        self.samples.clear()
        return True

    def record(self, until: int) -> tuple[list[int], Frames, bool]:
        """Follow the guest by the interpreter, for as long as one trace may be: the pcs, and where their pages are;
        False if the burst is over.

        The path ends where another trace begins, or where it comes back to its own beginning.
        """
        cpu, mode = self.cpu, self.mode()
        start, frames = cpu.pc, dict[int, int]()
        path, going = [start], True
        while len(path) <= MOST_TRACE and cpu.time < until and going:
            now, page = cpu.time, cpu.pc >> 12
            place = self.place_of(cpu.pc)
            known = self.blocks.table.get(place) if place else None
            other = known is not None and known.traced and cpu.pc != start
            if place is None or self.frame(place) in self.shared or other or frames.get(page, place[2]) != place[2]:
                break
            frames[page] = place[2]
            going = self.one(until)
            if cpu.time == now or self.mode() != mode:
                break
            path.append(cpu.pc)
        returns = [i for i, pc in enumerate(path) if pc == start and i]
        if returns:
            del path[max([i for i in returns if i <= UNROLLED] or returns[:1]) + 1 :]
        reached = {pc >> 12 for pc in path[:-1]}
        flat = NO_FRAME in frames.values()
        return path, () if flat else tuple((p, f) for p, f in frames.items() if p in reached), going

    def stopped_at(self) -> tuple[Block, int]:
        """The block, and the guest instruction in it, whose access did not go through."""
        quads = self.cpu.state.quads
        block, index = self.blocks.at_host(quads[State.quad(slots.FAULT_RIP)])
        if self.spaces.technique.inline and block.translation.frames:
            index = instruction(quads[State.quad(slots.FAULT_ERROR)])
        return block, index

    def missed(self, until: int) -> tuple[bool, bool]:
        """A guest's access did not go through. Whether generated code can go on where it stopped, and whether the burst
        does."""
        block, index = self.stopped_at()
        if not self.walks and block.translation.frames:
            self.place_walks()
        try:
            if self.fill(block, index):
                # Setting a bit of the page table may have hit a block, this one even: it must not go on.
                if self.blocks.table.get(block.place) is block:
                    return True, True
        except Trap as trap:
            self.unwind(block, index)
            self.counts["guest page fault"] += 1
            self.cpu.take(trap.cause, trap.value)
            return False, self.goes_on(until)
        self.unwind(block, index)
        self.counts["fault"] += 1
        site, seen = block.translation.physical(self.cpu.pc), self.seen
        going = self.one(until)
        if self.seen != seen and self.adaptation.fault(site):
            self.retranslate(site)
        return False, going

    def adapted(self, block: Block, until: int) -> bool:
        """An instruction that was adapted calls. False if the burst is over."""
        site, seen = block.translation.physical(self.cpu.pc), self.seen
        going = self.one(until)
        if self.adaptation.call(site, self.seen != seen):
            self.retranslate(site)
        return going

    def retranslate(self, site: int) -> None:
        """The instruction at a physical address is to be translated in another way from now on."""
        for block in list(self.blocks.pages.get(site >> 12, ())):
            if block.translation.covers(site, 4):
                self.blocks.remove(block)

    def fill(self, block: Block, index: int) -> bool:
        """Show the page that an access has missed. False if it is left to the interpreter: because it reaches what must
        be seen, or needs more than one page or right. Raises Trap."""
        spaces, quads = self.spaces, self.cpu.state.quads
        if spaces.view is spaces.flat:
            return False
        at, code = quads[State.quad(slots.FAULT_ADDRESS)], quads[State.quad(slots.FAULT_ERROR)]
        address, kind, within = spaces.technique.missed(spaces.view, at, code)
        if not within or kind == UPDATE or self.updates(block.translation.words[index]):
            return False
        shown = spaces.fill(address, kind)
        self.counts["page shown"] += shown
        return shown

    def unwind(self, block: Block, index: int) -> None:
        """Be in the state before guest instruction `index` of a block that has stopped there."""
        cpu = self.cpu
        cpu.time -= block.translation.count - index
        cpu.pc = block.translation.pcs[index]
        for number, value in block.translation.repaired(index, cpu.s).items():
            cpu.s[number] = value

    def one(self, until: int) -> bool:
        """One instruction by the interpreter. False if interrupts, mode or devices must be looked at then."""
        cpu = self.cpu
        self.interpret(cpu.time + 1)
        if not cpu.until:
            return cpu.trapped_at == cpu.time & TIME_ONES and self.goes_on(until)
        cpu.until = until
        return True

    def goes_on(self, until: int) -> bool:
        """After a trap was taken: does the burst go on with its handler? If that is translated and runs without
        interrupts, and nobody asks the machine to stop."""
        cpu = self.cpu
        if cpu.enabled(cpu) or self.spaces.mode() in self.slow_modes:
            return False
        self.spaces.enter()
        cpu.until = until
        return not cpu.bus.interrupted.is_set()

    def interpret(self, until: int) -> None:
        """The slow path."""
        cpu = self.cpu
        before = cpu.time - cpu.idle
        try:
            cpu.burst(until)
        finally:
            self.interpreted += cpu.time - cpu.idle - before

    # --- Blocks ---------------------------------------------------------------------

    def place_of(self, pc: int) -> Place | None:
        """Where the instruction at `pc` is, in the present mode and address space; None if it cannot be fetched."""
        frame = self.spaces.locate(pc)
        if frame is None:
            return None
        return self.mode(), pc, NO_FRAME if self.spaces.view is self.flat else frame

    @staticmethod
    def frame(place: Place) -> int:
        """The physical page of a place."""
        return place[1] >> 12 if place[2] == NO_FRAME else place[2]

    def block(self, pc: int) -> Block | None:
        """The block at `pc` in the present mode, translated if it has not been; None if it cannot be fetched."""
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

        translation = self.supply.block(pc, mode, self.reader(frames), shared, known, frames, self.calls(frames, pc))
        return self.place(translation)

    def calls(self, frames: Frames, *pcs: int) -> frozenset[int]:
        """The instructions in the pages of these that are adapted."""
        sites = self.adaptation.idle
        if not sites:
            return frozenset()
        where = frames or [(pc >> 12, pc >> 12) for pc in pcs]
        return frozenset(page << 12 | site & 0xFFF for page, frame in where for site in sites if site >> 12 == frame)

    def fetch(self, pc: int) -> int:
        """The word in RAM at a physical address."""
        return self.cpu.memory.words[pc >> 2]

    def reader(self, frames: Frames) -> Callable[[int], int]:
        """How to get at the words of code in these pages."""
        if not frames:
            return self.fetch
        words, where = self.cpu.memory.words, dict(frames)
        return lambda pc: words[where[pc >> 12] << 10 | pc >> 2 & 0x3FF]

    def place(self, translation: Translation, traced: bool = False) -> Block:
        """Put a translation into the code cache, and watch the pages that it came from."""
        watch, flushes = self.cpu.memory.watch, self.blocks.flushes
        block = self.blocks.install(translation)
        block.traced = traced
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
        """After a flush: no page holds translated code any more."""
        self.remove_walks()
        watch = self.cpu.memory.watch
        for page, flags in enumerate(watch):
            if flags & CODE:
                watch[page] &= ~CODE
                self.spaces.release(page, CODE)

    def page_written(self, page: int, address: int, length: int) -> None:
        """Bytes of a page with translated code, or with page tables that are traced, are about to change."""
        self.seen += 1
        flags = self.cpu.memory.watch[page]
        if flags & TRACED:
            self.spaces.table_written(page, address, length)
        if flags & CODE:
            self.code_written(page, address, length)

    def remove_walks(self) -> None:
        """The page walks in generated code, if there were any, are gone."""
        quads, first = self.cpu.state.quads, State.quad(REFILLS)
        quads[first] = quads[first + 1] = self.stubs.look
        self.walks = not self.spaces.technique.inline

    def place_walks(self) -> None:
        """Put the page walks into the code cache."""
        quads, first = self.cpu.state.quads, State.quad(REFILLS)
        self.walks = True
        for n, code in enumerate(self.supply.walks()):
            try:
                at = self.memory.allocate(len(code))
            except CodeFull:
                return
            self.memory.write(at, code)
            quads[first + n] = self.memory.address(at)

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
        """Code and data live in this page side by side: let stores through, and have its blocks check themselves."""
        self.shared.add(page)
        for block in list(self.blocks.pages.get(page, ())):
            self.blocks.remove(block)

    # --- For the VMM ------------------------------------------------------------------

    def exits(self) -> Mapping[str, int]:
        return dict(self.counts)

    def figures(self) -> dict[str, int]:
        """What became of the blocks, for people."""
        return {
            "chained jumps": self.chains,
            "indirect misses": self.counts["indirect"],
            "traces": self.traces,
            "caches flushed": self.flushes,
            "registers pinned again": self.pinnings,
            "instructions adapted": self.adaptation.adapted,
            "adapted ones that went back": self.adaptation.returned,
        }

    def singly(self) -> None:
        """From now on each instruction is a block: a limit never leaves a part of one to the slow path."""
        self.options = replace(self.options, trace=False, most_instructions=1)
        self.supply.most, self.supply.remember = 1, False
        self.lay_out(dict(self.supply.pinned))
        self.forget_pages()

    def hottest(self, most: int) -> list[tuple[Place, float]]:
        """The places at which samples found the run, the hottest first, each with its share of the time."""
        whole = max(sum(self.heat.values()), 1)
        return [(place, heat / whole) for place, heat in self.heat.most_common(most)]

    def close(self) -> None:
        """Release code and windows, and keep what was learnt about encodings."""
        self.supply.save()
        self.spaces.close()
        self.memory.close()
