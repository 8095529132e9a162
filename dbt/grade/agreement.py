"""Engines that must agree on a program: held against one another, and where they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ring1.dbt.compare.contender import Contender, Setup
from ring1.dbt.compare.lockstep import Lockstep
from ring1.dbt.engines.technique import Technique
from ring1.dbt.grade.case import Limits
from ring1.dbt.grade.running import ran
from ring1.dbt.grade.verdict import Complaint
from ring1.dbt.report.comparison import diverged

MOST_LINES = 14
CUT = ("timeout", "interrupt")


def complaints(
    reference: Contender, others: Sequence[Technique], made: Setup, limits: Limits, hidden: bool
) -> Iterator[Complaint]:
    """Yield the engines that do not do what the reference has done. Raises OSError, ValueError."""
    for technique in others:
        with ran(technique, made, limits) as other:
            same = other.equals(reference) and other.contents() == reference.contents()
            stop = other.stop.reason
        if same:
            continue
        name = f"{technique.name} and {reference.name}"
        if stop in CUT:
            yield Complaint(f"under {technique.name} it did not come to an end within {limits.seconds:g} s")
            continue
        found = parting(reference.technique, technique, made, reference.vm.cpu.retired + 1) if not hidden else []
        # None where the manual leaves open what differs (dbt/compare/open_machine.py).
        if found is not None:
            yield Complaint(f"{name} do not agree", tuple(found))


def parting(one: Technique, other: Technique, made: Setup, limit: int) -> list[str] | None:
    """Return a description of where two engines part; None if they do not."""
    lockstep = Lockstep(made, [one, other])
    try:
        lockstep.run(limit)
        found = lockstep.divergences.get(other.name)
        return None if found is None else list(diverged(made.isa, found, one.name))[:MOST_LINES]
    finally:
        lockstep.close()
