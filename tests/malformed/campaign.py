"""Many cases of one target in one process, each watched for what it raises, its time, and what it leaves behind."""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.malformed.target import Target
from tests.malformed.targets import TARGETS

SECONDS = 2.0
"""Of processor time that a case may take."""
IDLE = 10
"""How many times as long a case may take that waits for something, on a machine that does other things."""
WARM = 0.3
"""Of the cases: what memory they take is that of caches, which have bounds."""
MOST_GROWTH = 64 << 20
MOST_PEAK = 1 << 30
"""Bytes of memory that one case may need: an image may have 256 MiB, and is there more than once."""


class Hang(BaseException):
    """The case takes too long. Nothing that expects errors may catch it."""


@dataclass
class Finding:
    """A case that did not end as it should; `what` begins with the kind of fault."""

    case: int
    what: str
    data: bytes


@dataclass
class Report:
    """What came of some cases."""

    cases: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    """Seconds of processor time, and which case."""
    seconds: float = 0.0
    grown: int = 0
    """Bytes by which the process has grown behind its first WARM cases."""

    def add(self, other: Report) -> None:
        self.cases += other.cases
        self.ends += other.ends
        self.findings += other.findings
        self.slowest = max(self.slowest, other.slowest)
        self.seconds += other.seconds
        self.grown = max(self.grown, other.grown)


def case(target: Target, seed: int, number: int) -> bytes:
    """The input of a case."""
    return target.make(Random(f"{seed} {target.name} {number}"))


def work(name: str, seed: int, numbers: range) -> Report:
    """Feed the target of this name, with folders of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RING1_CACHE"] = f"{folder}/ring1"
        return run(TARGETS[name](Path(folder)), seed, numbers)


def run(target: Target, seed: int, numbers: Iterable[int], seconds: float = SECONDS) -> Report:
    """Feed a target with these cases."""
    report, began = Report(), time.process_time()
    order = list(numbers)
    warm = resident()
    for n, number in enumerate(order):
        if n == int(len(order) * WARM):
            gc.collect()
            warm = resident()
        data = case(target, seed, number)
        start, peak = time.process_time(), most()
        try:
            with deadline(seconds):
                end = target.feed(data)
        except Hang:
            end = "hang"
            report.findings.append(Finding(number, "hang", data))
        except Exception as error:
            end = type(error).__name__
            frames = traceback.extract_tb(error.__traceback__)
            where = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-6:]))
            report.findings.append(Finding(number, f"{end}: {error!s:.300} at {where}", data))
        if most() - peak > MOST_PEAK:
            report.findings.append(Finding(number, f"memory: {(most() - peak) >> 20} MiB at once", data))
        report.ends[end] += 1
        report.cases += 1
        report.slowest = max(report.slowest, (time.process_time() - start, number))
    gc.collect()
    report.seconds = time.process_time() - began
    report.grown = resident() - warm
    if report.grown > MOST_GROWTH:
        report.findings.append(Finding(-1, f"memory: grown by {report.grown >> 20} MiB", b""))
    return report


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raises Hang within when so many seconds of processor time are over, or IDLE times as many of any."""

    def over(number: int, frame: object) -> None:
        raise Hang

    limits = (signal.SIGPROF, signal.ITIMER_PROF, seconds), (signal.SIGALRM, signal.ITIMER_REAL, seconds * IDLE)
    before = [signal.signal(number, over) for number, _, _ in limits]
    for _, timer, limit in limits:
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(limits, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def resident() -> int:
    """Bytes of memory that the process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def most() -> int:
    """Bytes of memory that the process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
