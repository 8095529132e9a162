"""Shrinks differences: to the fewest lines and stops, and the simplest way and machine, that still show one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import process_time

from ring1.dbt.fuzz.case import Case
from ring1.dbt.fuzz.compare import Difference, Observed
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import CONSTANT, DATA, Line, Malformed
from ring1.dbt.fuzz.ways import WORDS, Way
from ring1.dbt.machine.choices import TooMany
from ring1.dbt.mmu.choice import Mmu
from ring1.isa.record import replace

SECONDS = 30.0
"""Seconds of processor time for one difference, so that the result does not depend on the host's load."""

Test = Callable[[Case, Way], Difference | None]


def differs(case: Case, way: Way) -> Difference | None:
    """Return the difference that a case shows, unless a theorem explains it."""
    try:
        difference = Observed(case).difference(way)
    except (Malformed, TooMany):
        return None
    return None if difference is None or difference.hole else difference


def shrunk(difference: Difference, test: Test = differs, seconds: float = SECONDS) -> Difference:
    """Return the smallest difference found in the given time. `test` returns the difference that a case still shows."""
    until = process_time() + seconds
    best = difference
    for attempts in (ways, stops, lines, ways, machines, constants, lines):
        going = True
        while going and process_time() < until:
            going = False
            for case, way in attempts(best):
                found = test(case, way)
                if found is not None:
                    best, going = found, True
                    break
                if process_time() > until:
                    break
    return best


Attempts = Iterator[tuple[Case, Way]]


def ways(d: Difference) -> Attempts:
    """Yield simpler ways."""
    way = d.way
    for n in range(len(way.heirs)):
        yield d.case, replace(way, heirs=way.heirs[:n] + way.heirs[n + 1 :])
        if way.heirs[n] != way.engine:
            yield d.case, replace(way, engine=way.heirs[n], heirs=())
    for n in range(len(way.code)):
        yield d.case, replace(way, code=way.code[:n] + way.code[n + 1 :])
    for word in WORDS:
        if getattr(way, word):
            yield d.case, replace(way, **{word: False})
    if way.room is not None:
        yield d.case, replace(way, room=None)
    if way.mmu != Mmu():
        yield d.case, replace(way, mmu=Mmu())
        plainer = {"traced": False, "technique": Mmu().technique, "limits": Mmu().limits}
        yield from ((d.case, replace(way, mmu=replace(way.mmu, **{name: plain}))) for name, plain in plainer.items())


def stops(d: Difference) -> Attempts:
    """Yield fewer stops, and the earliest at which the difference is seen."""
    found = d.case.stops
    if found[-1] != d.stop:
        yield replace(d.case, stops=(*(stop for stop in found if stop < d.stop), d.stop)), d.way
    for n in range(len(found) - 1):
        yield replace(d.case, stops=found[:n] + found[n + 1 :]), d.way
    last = found[-1]
    for less in (last // 2, last * 7 // 8, last - 1):
        if last > less > max(found[:-1], default=0):
            yield replace(d.case, stops=(*found[:-1], less)), d.way


def machines(d: Difference) -> Attempts:
    """Yield simpler machines."""
    case = d.case
    for plain in ({"disk": False}, {"source": b""}, {"seed": 0}, {"registers": ()}, {"time": 0}):
        if any(getattr(case, name) != value for name, value in plain.items()):
            yield replace(case, **plain), d.way


def lines(d: Difference) -> Attempts:
    """Yield programs without some of the lines."""
    all_, size = d.case.lines, len(d.case.lines) // 2
    while size:
        for at in range(0, len(all_), size):
            yield replace(d.case, lines=all_[:at] + all_[at + size :]), d.way
        size //= 2


def constants(d: Difference) -> Attempts:
    """Yield programs with simpler numbers."""
    all_ = d.case.lines
    for n, line in enumerate(all_):
        for plainer in plainer_lines(d.case.facts, line):
            yield replace(d.case, lines=(*all_[:n], plainer, *all_[n + 1 :])), d.way


def plainer_lines(facts: Facts, line: Line) -> Iterator[Line]:
    if line.name == DATA and len(line.operands) > 1:
        yield Line(DATA, line.operands[: len(line.operands) // 2])
    if line.name == CONSTANT:
        register, value = line.operands
        if isinstance(value, int):
            yield from (Line(CONSTANT, (register, n)) for n in (0, 1, value & ~0xFFF) if n < value)
    if line.name in facts.forms:
        for at, (operand, value) in enumerate(zip(facts.forms[line.name].insn.operands, line.operands, strict=True)):
            if operand.kind in ("signed", "unsigned") and not operand.relative and isinstance(value, int):
                for plain in (0, 1):
                    if abs(value) > plain:
                        yield Line(line.name, (*line.operands[:at], plain, *line.operands[at + 1 :]))
