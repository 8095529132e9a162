"""Hot code: samples of it, traces along the paths that the guest takes through it, registers pinned for it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ring1.dbt.cache.block import Block, Place
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.native.mappings import Short
from ring1.dbt.translate.jumps import joins
from ring1.dbt.translate.pinning import busiest, uses
from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import NO_FRAME, Frames
from ring1.dbt.vmm.heat import Heat
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.paths import STEADY, Paths, follows
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.rewritten_code import RewrittenCode
from ring1.isa.record import replace

SELDOM = 16
"""How many times as expensive an exit from a KVM virtual CPU is; samples may be that much further apart."""
WORTH_PINNING = 1.02
"""Factor by which other pinned registers must be better for the code cache to begin anew."""
MOST_TRACE_PAGES = 16
"""Most pages of a recorded path."""


class HotCode(RewrittenCode):
    """Translations, some of which are traces, because samples found them hot."""

    def __init__(self, cpu: Cpu, technique: Callable[[Cpu], Platform], image: bytes, options: Options) -> None:
        """See Translations. Raises OSError if the host refuses memory."""
        self.traces, self.pinnings, self.chains = 0, 0, 0
        super().__init__(cpu, technique, image, options)
        sampling, hardware = self.options.sampling, self.platform.policy.hardware
        self.heat = Heat(replace(sampling, longest=sampling.longest * SELDOM) if hardware else sampling)
        self.paths = Paths(sampling.traced, sampling.path)

    def adopt(self, **changes: Any) -> None:
        super().adopt(**changes)
        self.heat = Heat(self.options.sampling)
        self.paths = Paths(self.options.sampling.traced, self.options.sampling.path)

    @abstractmethod
    def one(self, until: int) -> bool:
        """Interpret one instruction. False if interrupts, mode or devices must be looked at next."""

    def sample(self, block: Block, until: int) -> bool:
        """Take a sample: the budget ran out just before `block`. False if the burst is over."""
        heat = self.heat
        heat.take(block.place)
        if heat.pinning_due() and self.pin_again():
            return False
        hot = heat.hot(block.place, block.traced, self.cpu.time)
        if block.translation.checked or not self.options.trace or not hot:
            heat.later()
            return True
        path, frames, going = self.record(until, block.translation.trace if block.traced else None)
        heat.recorded(block.place, self.cpu.time, self.trace(path, block.place[0], frames))
        return going

    def trace(self, path: list[int], mode: int, frames: dict[int, int]) -> int:
        """Make the traces that a recorded path shows to be worth it; return how many."""
        table, pages = self.blocks.table, self.pages_of(frames)
        fetch = self.code.reader(pages)

        def place(pc: int) -> Place:
            return mode, pc, frames[pc >> 12]

        def known(pc: int) -> Trace | None:
            block = table.get((mode, pc, frames.get(pc >> 12, NO_FRAME)))
            return block.translation.trace if block is not None and block.traced else None

        def back(i: int) -> bool:
            decoded = self.cpu.decoder.decode(fetch(path[i]))
            return decoded is not None and joins(self.cpu.isa, decoded)

        traces = self.paths.traces(path, known, back, place)
        return sum(self.make(trace, mode, pages) for trace in traces)

    def make(self, trace: Trace, mode: int, pages: Frames) -> bool:
        """Put a trace into the code cache. `pages` has all pages of its code with paging on. False if the host refuses
        memory."""
        within = self.within(trace, pages)
        if within is None:
            return False
        try:
            made = self.supply.trace(trace, mode, self.code.reader(within), within, self.sites.of(within, *trace.pcs))
            block = self.place(made, trace)
        except Short:
            return False
        if self.options.chain:
            self.chains += self.blocks.join(block)
        self.traces += 1
        return True

    def within(self, trace: Trace, pages: Frames) -> Frames | None:
        """Return those of these pages that a trace is in, in the order in which it reaches them; None if one is not
        among them. With paging off there are none."""
        if not pages:
            return ()
        words, fetch, known, reached = self.words, self.code.reader(pages), dict(pages), dict[int, int]()
        for pc in trace.pcs:
            page = pc >> 12
            two = words.splits(pc) and page in known and words.size(fetch(pc)) > words.least
            for reaches in (page, page + 1 & ONES >> 12) if two else (page,):
                if reaches not in known:
                    return None
                reached[reaches] = known[reaches]
        return tuple(reached.items())

    @staticmethod
    def pages_of(frames: Mapping[int, int]) -> Frames:
        """Return the pages of a path and their frames; empty with paging off."""
        return () if NO_FRAME in frames.values() else tuple(frames.items())

    def pin_again(self) -> bool:
        """Pin the registers that hot code uses and begin a new code cache, if that pays. True if it did."""
        isa, pinned = self.cpu.isa, self.supply.pinned
        used = uses(isa, self.cpu.decoder, self.heat.words(self.blocks.table))
        better = busiest(isa, used, self.free)
        before, after = (sum(used[n] for n in numbers) for numbers in (pinned, better))
        if after < before * WORTH_PINNING:
            return False
        hot = [block for block in self.blocks.table.values() if block.trace and block.place in self.heat.weights]
        self.lay_out(better)
        self.pinnings += 1
        self.forget_pages()
        self.make_again(hot)
        self.heat.samples.clear()
        return True

    def make_again(self, blocks: Iterable[Block]) -> None:
        """Make the traces anew that some of these blocks are, which are gone."""
        for block in blocks:
            pages = block.translation.frames  # without those of ways that were left out
            if block.trace is not None:
                self.make(block.trace, block.place[0], pages)

    def translate_again(self, site: int) -> None:
        """Translate the instruction at a physical address differently wherever it is in a block."""
        self.make_again(self.retranslate(site))

    def record(self, until: int, trace: Trace | None) -> tuple[list[int], dict[int, int], bool]:
        """Interpret the guest for at most the length of a path, or a part of it if it stays in the trace that it is
        in; return the pcs of the path, the frames of their pages, and False if the burst is over."""
        cpu, spaces = self.cpu, self.spaces
        mode, view, flat = spaces.mode(), spaces.view, spaces.view is spaces.flat
        frames = dict[int, int]()
        path, going = [cpu.pc], True
        while len(path) <= self.paths.most and cpu.time < until and going:
            now, page = cpu.time, cpu.pc >> 12
            if page not in frames or not flat or self.words.splits(cpu.pc):
                place = self.place_of(cpu.pc)
                if page not in frames and len(frames) >= MOST_TRACE_PAGES:
                    break
                if place is None or self.frame(place) in self.sharing.pages or frames.get(page, place[2]) != place[2]:
                    break
                behind = self.frames_of(place)
                if behind is None or any(frames.get(page, frame) != frame for page, frame in behind):
                    break
                frames[page] = place[2]
                frames |= dict(behind)
            if len(path) == STEADY and trace is not None and follows(trace, path):
                break
            going = self.one(until)
            if cpu.time == now or spaces.mode() != mode or not (flat or spaces.enter() is view):
                break
            path.append(cpu.pc)
        return path, frames, going
