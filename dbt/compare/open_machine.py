"""Open behaviour: where the manual leaves it open what a guest sees, since it has changed entries of page tables
without a flush. The interpreter can make the same choices as an engine (dbt/machine/lookaside.py), which is then
compared with it."""

from __future__ import annotations

from ring1.dbt.compare.contender import Checkpoint, Contender, Setup
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.machine.choices import Tape, search
from ring1.dbt.machine.lookaside import OpenCpu
from ring1.dbt.machine.memory import GUARDED
from ring1.isa.record import Record

MOST_RUNS = 12
"""The most replays of a stretch, which may be a second long."""


class Moment(Record):
    """A machine at a checkpoint, and what its look-aside buffer may hold."""

    checkpoint: Checkpoint
    past: dict[int, set[int]]
    """Physical address of an entry -> its other values since the last flush."""
    tables: tuple[int, ...]
    """Pages with entries that the buffer may hold."""


class OpenMachine:
    """A machine whose interpreter makes open choices: first those it is told, then the same as the last time."""

    def __init__(self, setup: Setup, at: Moment | None = None, tape: Tape | None = None) -> None:
        """Begin from reset, or from a moment. Raises OSError if the host refuses memory."""
        self.party = Contender(ENGINES.reference, setup, None if at is None else at.checkpoint, processor=OpenCpu)
        cpu = self.party.vm.cpu
        assert isinstance(cpu, OpenCpu)
        self.cpu = cpu
        self.tape = tape or Tape()
        cpu.decide(self.tape.choose)
        if at is not None and cpu.open is not None:
            cpu.open.past = {place: set(words) for place, words in at.past.items()}
            for page in at.tables:
                cpu.memory.watch[page] |= GUARDED

    def run(self, count: int) -> None:
        """Run until `count` instructions have retired since reset, and forget the choices made."""
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
    """Return a machine that comes from `origin` to the contender's state in `count` instructions; None if the manual
    allows none. Raises TooMany if that cannot be decided."""
    kept: list[OpenMachine] = []

    def run(tape: Tape) -> bool:
        witness = OpenMachine(setup, origin, tape)
        try:
            witness.party.run(count)
            if party.equals(witness.party):
                kept.append(witness)
            return bool(kept)
        finally:
            if not kept:
                witness.close()

    search((), run, MOST_RUNS)
    return kept[0] if kept else None
