"""Sampling: subjects take turns, and their samples are summarized."""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping

from ring1.dbt.measure.statistics import interval
from ring1.dbt.measure.subject import Failed, Measured, Sample
from ring1.isa.record import Record

TOLERANCE = 0.001
"""The share by which the instructions of an operation may differ between engines that do the same work."""


NO_BUDGET = float("inf")
LEAST = 3
"""The least number of rounds, however long they take."""


CLOCK = ("budget", "external interrupt", "preemption timer")
"""Exits in which the run loop only looks at the clock, if there are fewer than SELDOM per operation."""
SELDOM = 0.5


class Rounds(Record):
    """How much is measured."""

    rounds: int
    """Rounds before it matters whether the figures are sure."""
    seconds: float
    """Seconds of a sample."""
    budget: float = 0.0
    """Seconds of wall time in which more rounds begin, as long as a figure is noisy."""
    limit: float = NO_BUDGET
    """Seconds of wall time after which no round begins, once there were LEAST."""


class Cell(Record):
    """The measurement of a subject."""

    why_not: str = ""
    """Why nothing was measured; empty otherwise."""
    ns: tuple[float, ...] = ()
    """Nanoseconds per operation, one value for each sample."""
    instructions: float = 0.0
    """Instructions per operation."""
    operations: float = 0.0
    """Operations in all samples."""
    events: Mapping[str, float] = {}
    """Events per operation, by reason."""


Maker = Callable[[], Measured] | str
"""Makes a subject, or is the reason why that is impossible."""
Subjects = Mapping[str, Maker]


@contextlib.contextmanager
def pinned() -> Iterator[int | None]:
    """Pin this process to one processor, if the host allows it. Yields its number."""
    if not hasattr(os, "sched_setaffinity"):
        yield None
        return
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {max(before)})
    except OSError:
        yield None
        return
    try:
        yield max(before)
    finally:
        os.sched_setaffinity(0, before)


def measure(subjects: Subjects, plan: Rounds, step: Callable[[], None]) -> dict[str, Cell]:
    """Make the subjects, warm them up, and sample them in turns; `step` is called when all are ready, and after each
    of the planned rounds."""
    cells: dict[str, Cell] = {}
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        ready: dict[str, Measured] = {}
        samples: dict[str, list[Sample]] = {}
        for name, make in subjects.items():
            cells[name] = Cell(make if isinstance(make, str) else "")
            if not isinstance(make, str):
                try:
                    made = make()
                    stack.callback(made.close)
                    made.warm(plan.seconds)
                    ready[name], samples[name] = made, []
                except Exception as error:
                    cells[name] = Cell(reason(error))
        step()
        for round_ in itertools.count():
            spent = time.monotonic() - began
            if round_ >= LEAST and spent > plan.limit:
                break
            if round_ >= plan.rounds and (spent > plan.budget or not any(map(noisy, samples.values()))):
                break
            for name in list(ready):
                try:
                    samples[name].append(ready[name].sample())
                except Exception as error:
                    cells[name] = Cell(reason(error))
                    del ready[name], samples[name]
            if round_ < plan.rounds:
                step()
        for name, subject in ready.items():
            cells[name] = cell(samples[name], subject.events())
    return cells


COUNTED = 2
"""Samples in which events are counted where no time is measured."""


def counted(make: Callable[[], Measured], seconds: float) -> Cell:
    """Return the events of a subject whose time is of no interest."""
    try:
        with contextlib.closing(make()) as subject:
            subject.warm(seconds)
            samples = [subject.sample() for _ in range(COUNTED)]
            return cell(samples, subject.events())
    except Exception as error:
        return Cell(reason(error))


def noisy(samples: list[Sample]) -> bool:
    """Are these samples not enough for a figure?"""
    found = cell(samples, Counter())
    return bool(found.ns) and interval(found.ns).noisy


def reason(error: Exception) -> str:
    """Return why a subject was not measured. An engine that fails must not cost the others their figures."""
    if isinstance(error, Failed | OSError | ValueError):
        return str(error)
    return f"broke: {type(error).__name__}: {error}"


def cell(samples: list[Sample], events: Counter[str]) -> Cell:
    """Summarize the samples of one subject. Operations are counted as whole ones, but instructions exactly: where both
    are counted, instructions per operation are computed over all samples together."""
    operations = sum(sample.operations for sample in samples)
    if not operations:
        return Cell("too slow: no operation ended in the time of the samples")
    instructions = sum(sample.instructions for sample in samples)
    each = instructions / operations
    ns = tuple(
        sample.seconds * 1e9 / (sample.instructions / each if sample.instructions else sample.operations)
        for sample in samples
    )
    rates = {reason: n / operations for reason, n in events.most_common()}
    return Cell("", ns, each, operations, {why: n for why, n in rates.items() if n >= SELDOM or why not in CLOCK})


def same_work(cells: dict[str, Cell], names: Collection[str], cycle: float) -> None:
    """Of these subjects, which have the same guest, reject those whose instructions per operation differ from those of
    the subject with the most operations: they do other work."""
    measured = {name: cell for name, cell in cells.items() if cell.instructions and name in names}
    if not measured:
        return
    sure = max(measured.values(), key=lambda cell: cell.operations)
    for name, each in measured.items():
        allowed = TOLERANCE + 2 * cycle / each.operations
        if abs(each.instructions / sure.instructions - 1) > allowed:
            text = f"does other work: {each.instructions:.1f} instructions an operation, not {sure.instructions:.1f}"
            cells[name] = Cell(text)
