"""What a guest sees under an engine where the manual leaves it open: entries of page tables that it has changed and not
flushed. The interpreter can choose as the engine has (dbt/machine/lookaside); the engine is compared with that then.
"""

from __future__ import annotations

from ring1.dbt.compare.contender import Checkpoint, Contender, Setup
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.machine.choices import Choices, Tape, search
from ring1.dbt.machine.lookaside import OpenCpu
from ring1.dbt.machine.memory import GUARDED
from ring1.isa.record import Record

MOST_RUNS = 12
"""Runs of a stretch that are tried: it may be a second long."""


class Moment(Record):
    """A machine at a checkpoint, and what a look-aside buffer may hold there."""

    checkpoint: Checkpoint
    past: dict[int, set[int]]
    """Physical address of an entry -> what else it was since the last flush."""
    tables: tuple[int, ...]
    """Pages with entries that may be held."""


class OpenMachine:
    """A machine with an interpreter that makes choices: as it is told, and then as it did last."""

    def __init__(self, setup: Setup, at: Moment | None = None, told: Choices = ()) -> None:
        """From reset, or from a moment. Raises OSError if the host refuses memory."""
        self.party = Contender(ENGINES.reference, setup, None if at is None else at.checkpoint, processor=OpenCpu)
        cpu = self.party.vm.cpu
        assert isinstance(cpu, OpenCpu)
        self.cpu = cpu
        self.tape = Tape(told)
        cpu.decide(self.tape.choose)
        if at is not None and cpu.open is not None:
            cpu.open.past = {place: set(words) for place, words in at.past.items()}
            for page in at.tables:
                cpu.memory.watch[page] |= GUARDED

    def run(self, count: int) -> None:
        """Go on until so many instructions have retired since reset; what was chosen on the way is not kept."""
        self.party.run(count)
        habit, self.tape = self.tape.habit, Tape()
        self.tape.habit = habit
        if self.cpu.open is not None:
            self.cpu.open.choose = self.tape.choose

    def moment(self) -> Moment:
        past = {} if self.cpu.open is None else {place: set(words) for place, words in self.cpu.open.past.items()}
        tables = tuple(page for page, flags in enumerate(self.cpu.memory.watch) if flags & GUARDED)
        return Moment(self.party.checkpoint(), past, tables)

    def close(self) -> None:
        self.party.close()


def choosing(party: Contender, origin: Moment, setup: Setup, count: int) -> OpenMachine | None:
    """From `origin` on, a machine that has come after `count` instructions to where the party is; None if the manual
    allows none. Raises TooMany if that cannot be told."""
    kept: list[OpenMachine] = []

    def run(told: Choices) -> tuple[Tape, bool]:
        witness = OpenMachine(setup, origin, told)
        try:
            witness.party.run(count)
            if party.equals(witness.party):
                kept.append(witness)
            return witness.tape, bool(kept)
        finally:
            if not kept:
                witness.close()

    search((), run, MOST_RUNS)
    return kept[0] if kept else None
