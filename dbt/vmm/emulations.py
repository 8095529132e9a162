"""Instructions that generated code emulates on the virtual CPU, in place of exits to the VMM.

Each is made for one exit of one block, once it has been taken a few times, and that exit is chained to it; so it is
found by its pc and place, and goes when the block goes. Its own exits are those of the instruction.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ring1.dbt.cache.block import Block
from ring1.dbt.cache.blocks import Blocks
from ring1.dbt.cache.supply import Supply
from ring1.dbt.host.block import Exit
from ring1.dbt.machine.state import MOST_TALLIES, TALLIES, State
from ring1.dbt.translate.policy import ADAPTED, HOLE, UNTRANSLATED

if TYPE_CHECKING:
    from ring1.dbt.translate.emulation import Emulating

OTHERS = frozenset((UNTRANSLATED, HOLE, ADAPTED))
"""First words of the reasons of exits at instructions that do not trap on the real machine."""
Kind = tuple[str, bool]
"""The reason under which an exit is counted, and whether the instruction retires or traps."""


class Emulations:
    """The emulations of one virtual CPU."""

    def __init__(self, state: State, monitor: Emulating | None) -> None:
        """`monitor`: None if nothing is emulated in generated code."""
        self.monitor = monitor
        self.tallies = state.tallies
        self.kinds: dict[Kind, int] = {}
        """The number of the tally of each kind of emulation."""
        self.met = Counter[int]()
        """Address of an exit -> how often it was taken, unless there is an emulation for it."""
        self.made: dict[Block, int] = {}
        """Each emulation, and the virtual mode that it is for."""
        self.of: tuple[Blocks | None, int] = None, 0
        """The code cache that these are in, and how often it had been flushed."""

    def consider(self, blocks: Blocks, supply: Supply, way: int, mode: int, patience: int) -> None:
        """Make the emulation for an exit that has been taken `patience` times, by a guest in this virtual mode."""
        left = blocks.exit(way)
        assert left is not None
        block, exit_, site = left
        monitor, translation = self.monitor, block.translation
        if monitor is None or site < 0 or exit_.refund:
            return
        if translation.pcs[translation.count :] != (exit_.pc,) or monitor.modes[mode] != translation.mode:
            return
        if exit_.reason.split()[0] in OTHERS or self.made.get(block) == mode:
            return
        if self.of != (blocks, blocks.flushes):
            self.forget()
            self.of = blocks, blocks.flushes
        self.met[way] += 1
        if self.met[way] == max(patience, 1):
            self.make(blocks, supply, block, exit_, site, mode)

    def make(self, blocks: Blocks, supply: Supply, block: Block, exit_: Exit, site: int, mode: int) -> None:
        """Make an emulation, and chain an exit to it, if it can be done and there is room."""
        translation, pc = block.translation, exit_.pc
        assert self.monitor is not None and pc is not None
        word = dict(zip(translation.pcs, translation.words, strict=True))[pc]
        frames = tuple(pair for pair in translation.frames if pair[0] == pc >> 12)

        def tally(retires: bool) -> int | None:
            number = self.kinds.setdefault((exit_.reason, retires), len(self.kinds))
            return TALLIES + 8 * number if number < MOST_TALLIES else None

        from ring1.dbt.translate.emulation import Site

        made = supply.emulation(self.monitor, Site(word, pc, mode, exit_.reason, tally), frames)
        placed = blocks.annex(made) if made is not None else None
        if placed is not None:
            blocks.chain(block, site, placed)
            self.made[placed] = mode

    def forget(self) -> None:
        """The code cache has been flushed."""
        self.met.clear()
        self.made.clear()

    def remove(self) -> None:
        """Have all exits lead to the VMM again."""
        blocks, flushes = self.of
        if blocks is not None and blocks.flushes == flushes:
            for block in self.made:
                blocks.remove(block)
        self.forget()

    # --- Counts ----------------------------------------------------------------------

    def counts(self) -> Counter[str]:
        """Return reason -> how many exits were not needed."""
        found = Counter[str]()
        for (reason, _), number in self.kinds.items():
            if number < MOST_TALLIES:
                found[reason] += self.tallies[number]
        return found

    def total(self) -> int:
        """Return how many instructions have been emulated."""
        return sum(self.tallies)

    def retired(self) -> int:
        """Return how many of them have retired."""
        return sum(self.tallies[n] for (_, retires), n in self.kinds.items() if retires and n < MOST_TALLIES)
