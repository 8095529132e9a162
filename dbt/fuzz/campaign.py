"""A campaign: numbered random programs, run in batches by several processes; what they reach, and what they find.

A program depends on nothing but its number and the campaign's seed, however many processes there are.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Protocol

from hypothesis.database import ExampleDatabase

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.fuzz import finding
from ring1.dbt.fuzz.case import Case, case, facts, is_text
from ring1.dbt.fuzz.compare import Difference, check, holes, runs
from ring1.dbt.fuzz.descriptions import description
from ring1.dbt.fuzz.observe import Cell
from ring1.dbt.fuzz.round_trips import faults
from ring1.dbt.fuzz.shrink import shrunk
from ring1.dbt.fuzz.ways import Way, builds, draw, running, way
from ring1.isa.record import Record
from ring1.isa.source import IsaError

BATCH_SECONDS = 0.5
STUCK = 60.0
"""Seconds of processor time after which a process that reports nothing is taken to hang ..."""
SILENT = 900.0
"""... and seconds of wall time, since other work may occupy the processors."""
WAYS = 2
"""Ways in which each program is run, besides the reference."""
READ_BACK = 16
"""One program in this many also makes the round trips of round_trips.py."""
GENERATED = "generated"
"""In place of a machine's name: random descriptions ..."""
EACH = 8
"""... with this many programs for each."""
AVOID = 0.7
"""The share of the programs that avoid an engine's holes, where it has some."""
MODIFIED = 0.2
"""The share of the programs that are built for a VMM, where an engine runs those and others do not."""
MOST_FINDINGS = 20
"""The most findings that are shrunk and written down."""


class CampaignPlan(Record):
    isas: tuple[str, ...]
    engines: tuple[Technique, ...]
    seed: int


class Batch(Record):
    """The result of some programs."""

    programs: int
    instructions: int
    runs: int
    explained: int
    """Number of differences that a theorem explains."""
    untold: int
    """Number of runs that cannot be judged, since the manual leaves too much open."""
    corpus: tuple[tuple[str, bytes, frozenset[Cell]], ...]
    """Cases that reached cells new to their process: machine, case, cells."""
    differences: tuple[tuple[int, Difference], ...]


def program(plan: CampaignPlan, number: int) -> tuple[Case, list[Way]]:
    """Return the case with this number, and the ways in which it is run."""
    r = Random(f"{plan.seed}/{number}")
    isa = plan.isas[number % len(plan.isas)]
    if isa == GENERATED:
        isa = generated(f"{plan.seed}/{number // (EACH * len(plan.isas))}")
    paged = facts(isa).isa.paging is not None
    able = [technique for technique in plan.engines if runs(isa, technique)]
    build = chosen(r, builds(able))
    fit = running(able, build)
    ways = [draw(r, fit or [ENGINES.reference], paged, 2) for _ in range(WAYS)]
    avoid = frozenset(name for w in ways for engine in (w.engine, *w.heirs) for name in holes(isa, engine))
    return case(isa, r, avoid=avoid if r.random() < AVOID else frozenset(), build=build), ways


def chosen(r: Random, known: Sequence[str]) -> str:
    """Draw a build of programs: mostly the one that most techniques run."""
    modified = [build for build in known if build]
    return r.choice(modified) if modified and (len(modified) == len(known) or r.random() < MODIFIED) else known[0]


@lru_cache
def generated(seed: str) -> str:
    """Return the description made from this seed."""
    r = Random(f"description {seed}")
    while True:
        text = description(r)
        with contextlib.suppress(IsaError):  # the language rejects descriptions that no machine can have
            facts(text)
            return text


_met: set[tuple[str, Cell]] = set()


def quiet(signals: bool = True) -> None:
    """Prepare a process that fuzzes: it leaves Ctrl-C to its parent, and keeps nothing on disk, which would cost more
    than it saves and could hide errors."""
    if signals:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["RING1_CACHE"] = os.devnull


def batch(plan: CampaignPlan, numbers: Sequence[int], begun: Callable[[int], object] = lambda number: None) -> Batch:
    """Run the programs with these numbers."""
    instructions = runs = explained = untold = 0
    corpus = list[tuple[str, bytes, frozenset[Cell]]]()
    differences = list[tuple[int, Difference]]()
    for number in numbers:
        begun(number)
        made, ways = program(plan, number)
        result = check(made, ways)
        instructions += result.instructions
        runs += result.runs
        untold += result.untold
        reached = frozenset(cell for cell in result.cells(made.isa) if (made.isa, cell) not in _met)
        if reached and not is_text(made.isa):
            _met.update((made.isa, cell) for cell in reached)
            corpus.append((made.isa, made.to_bytes(), reached))
        explained += sum(bool(d.hole) for d in result.differences)
        differences += [(number, d) for d in result.unexplained]
        if number % READ_BACK == 0:
            unread = [("read back", "", fault) for fault in faults(made, ways[0])]
            differences += [(number, Difference(made, ways[0], made.stops[-1], tuple(unread), "text"))] * bool(unread)
    return Batch(len(numbers), instructions, runs, explained, untold, tuple(corpus), tuple(differences))


class Died(Exception):
    """A process that ran a program has ended or hangs."""

    def __init__(self, number: int, how: str) -> None:
        self.number = number
        super().__init__(how)


class Crew(Protocol):
    """Runs batches."""

    def results(self, plan: CampaignPlan, numbers: Iterator[int]) -> Iterator[Batch | Died]:
        """Yield the results of the programs with these numbers as they arrive. What is unfinished when the caller stops
        is dropped."""

    def close(self) -> None: ...


class Processes:
    """Runs batches in processes of this machine."""

    def __init__(self, jobs: int) -> None:
        self.context = multiprocessing.get_context("spawn")
        self.jobs = jobs
        self.workers: dict[Connection, Worker] = {}

    def results(self, plan: CampaignPlan, numbers: Iterator[int]) -> Iterator[Batch | Died]:
        for _ in range(self.jobs):
            self.start(plan, numbers)
        while self.workers:
            ready = wait(list(self.workers), 1.0)
            for connection in list(self.workers):
                worker = self.workers[connection]
                if connection in ready:
                    try:
                        result = connection.recv()
                    except (EOFError, OSError):
                        worker.process.join()
                        if worker.number.value < 0:
                            raise RuntimeError(f"no program could be begun: {ended(worker.process.exitcode)}") from None
                        yield Died(worker.number.value, ended(worker.process.exitcode))
                        self.drop(connection)
                        self.start(plan, numbers)
                        continue
                    worker.send(numbers)
                    if worker.idle:
                        self.drop(connection)
                    yield result
                elif monotonic() - worker.since > SILENT:
                    worker.process.kill()
                    worker.since = monotonic()

    def start(self, plan: CampaignPlan, numbers: Iterator[int]) -> None:
        mine, theirs = self.context.Pipe()
        worker = Worker(self.context, plan, mine, theirs)
        theirs.close()
        self.workers[mine] = worker
        worker.send(numbers)
        if worker.idle:
            self.drop(mine)

    def drop(self, connection: Connection) -> None:
        worker = self.workers.pop(connection)
        connection.close()
        worker.process.join(5)

    def close(self) -> None:
        for connection, worker in self.workers.items():
            connection.close()
            worker.process.terminate()
            worker.process.join()
        self.workers.clear()


class Worker:
    """A process that runs batches."""

    def __init__(self, context: Any, plan: CampaignPlan, mine: Connection, theirs: Connection) -> None:
        self.number = context.Value("q", -1)
        """Number of the program that it is running."""
        self.process = context.Process(target=work, args=(plan, theirs, self.number), daemon=True)
        # Ctrl-C on a terminal is sent to all processes, and could arrive before the new one ignores it (see `quiet`).
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.connection = mine
        self.since = monotonic()
        self.size = 4
        self.idle = False

    def send(self, numbers: Iterator[int]) -> None:
        """Send it more work: about as much as takes BATCH_SECONDS."""
        took, self.since = monotonic() - self.since, monotonic()
        self.size = max(1, min(self.size * 2 if took < BATCH_SECONDS else self.size // 2, 1000))
        wanted = [number for _, number in zip(range(self.size), numbers, strict=False)]
        self.idle = not wanted
        with contextlib.suppress(OSError):  # if it is dead, that is detected elsewhere
            self.connection.send(wanted)


def work(plan: CampaignPlan, connection: Connection, number: Any) -> None:
    """The main function of a worker process: run batches until an empty one comes."""
    quiet()

    def begun(now: int) -> None:
        number.value = now

    try:
        while wanted := connection.recv():
            signal.setitimer(signal.ITIMER_PROF, STUCK)
            connection.send(batch(plan, wanted, begun))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass


def ended(status: int | None) -> str:
    """Describe how a process ended."""
    return "it hangs" if status in (-signal.SIGPROF, -signal.SIGKILL) else f"the process ended with {status}"


class Campaign:
    """What has been reached and found so far."""

    def __init__(self, plan: CampaignPlan, folder: Path, database: ExampleDatabase) -> None:
        self.plan = plan
        self.folder = folder
        self.database = database
        self.programs = self.instructions = self.runs = self.explained = self.untold = 0
        self.cells: dict[str, set[Cell]] = {isa: set() for isa in plan.isas}
        self.findings: list[Path] = []
        self.died: list[Died] = []
        self.alike = 0
        self.known: set[str] = set()
        """Instructions at which differences arose: one of a kind is shrunk and written down."""
        self.began = monotonic()

    def key(self, kind: str, isa: str) -> bytes:
        """Return the database key of a machine's examples."""
        name = GENERATED if isa == GENERATED else facts(isa).isa.name
        return f"ring1 fuzz/{kind}/{name}".encode()

    def resume(self) -> tuple[int, int]:
        """Replay what earlier campaigns have left. Returns the number of cases in the corpus, and of findings that no
        longer differ."""
        count = gone = 0
        for isa in self.plan.isas:
            for data in list(self.database.fetch(self.key("finding", isa))):
                name, _, encoded = data.partition(b"\n")
                try:
                    found_in = way(name.decode(), ENGINES.with_rows(*self.plan.engines))
                    result = check(Case.from_bytes(encoded), [found_in])
                except ValueError:
                    result = None
                again = result.unexplained if result else ()
                if again:
                    self.found(-1, again[0])
                else:
                    self.database.delete(self.key("finding", isa), data)
                    gone += 1
            for n, data in enumerate(self.database.fetch(self.key("corpus", isa))):
                try:
                    kept = Case.from_bytes(data)
                    able = running(self.plan.engines, kept.build)
                    ways = [draw(Random(f"{self.plan.seed}/{n}"), able or [ENGINES.reference], True, 2)]
                    result = check(replace_isa(kept, isa), ways)
                except ValueError:
                    continue
                count += 1
                self.cells[isa] |= result.cells(isa)
                for difference in result.unexplained:
                    self.found(-1, difference)
        return count, gone

    def take(self, result: Batch | Died) -> None:
        """Record the result of some programs."""
        if isinstance(result, Died):
            self.died.append(result)
            made, ways = program(self.plan, result.number)
            for each in ways:
                self.write(result.number, Difference(made, each, made.stops[-1], (("process", "", str(result)),)))
            return
        self.programs += result.programs
        self.instructions += result.instructions
        self.runs += result.runs
        self.explained += result.explained
        self.untold += result.untold
        for isa, data, reached in result.corpus:
            if reached - self.cells[isa]:
                self.cells[isa] |= reached
                self.database.save(self.key("corpus", isa), data)
        for number, difference in result.differences:
            self.found(number, difference)

    def found(self, number: int, difference: Difference) -> None:
        """Shrink a difference, and write it down unless it is of a known kind."""
        if len(self.findings) >= MOST_FINDINGS or difference.at in self.known:
            self.alike += 1
            return
        self.known.add(difference.at)
        small = shrunk(difference)
        value = small.way.name.encode() + b"\n" + small.case.to_bytes()
        self.database.save(self.key("finding", small.case.isa), value)
        self.write(number, small)

    def write(self, number: int, small: Difference) -> None:
        """Write a difference to a file."""
        name = f"{len(self.findings) + 1:03}-{small.way.engine.name}-{self.plan.seed}-{number}.s"
        path = self.folder / "findings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(finding.text(small, str(path)))
        self.findings.append(path)


def replace_isa(case: Case, isa: str) -> Case:
    """Return the same case for a description that is now elsewhere."""
    from ring1.isa.record import replace

    return case if case.isa == isa else replace(case, isa=isa)
