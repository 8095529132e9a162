"""Many machines in one process: what each takes, how fast one starts, and what two processors do for several.

    python -m bench.hosting memory [--machines N] [--profile]
    python -m bench.hosting start [--times N]
    python -m bench.hosting throughput [--machines N] [--seconds S] [--load compute|mixed|...]
    python -m bench.hosting migration

Each machine is the small Unix of examples/os with a disk of its own.

memory: all boot to their shell, answer a command, and wait. Told is what the process has then and did not have before
the first one, less what the machines have touched of their RAM, for each machine: memory by proportional set size, in
which a page that is mapped twice counts once, and host page tables apart. start: from the request for a machine that
goes on from a snapshot until it can run, and until it has answered a command. throughput: instructions a second of a
macrobenchmark, for one machine on one processor, and for several on two, by turns, each warm. migration: bytes sent for
bytes touched, of a machine that waits.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import re
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.hosting.departure import Address, depart
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import INPUT
from ring1.dbt.hosting.landing import Landing
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.dbt.measure.macro import LOADS
from ring1.examples.os import image
from ring1.isa.source import Position

KERNEL = str(Path(__file__).parents[1] / "examples/os/kernel.s")
COMMAND, ANSWER = b"echo I am here\n", b"I am here\n$ "
PATIENCE = 600.0
"""Seconds within which all machines have to come to their prompt."""
MEMORY = 16 << 20
KEY = b"only of this measurement"
WARMING = 3
"""Starts that do not count."""


def unix(name: str, disk: str, **more: object) -> MachinePlan:
    return MachinePlan(name, Position("bench"), program=(KERNEL,), memory=MEMORY, disk=disk, **more)  # type: ignore[arg-type]


def disks(folder: Path, count: int) -> list[str]:
    """Write so many disks; return their names."""
    contents, paths = image.build(image.contents(image.sources())), []
    for n in range(count):
        path = folder / f"{n}.img"
        path.write_bytes(contents)
        paths.append(str(path))
    return paths


@contextlib.contextmanager
def hosting(count: int, processors: int = 2, room: int = 0) -> Iterator[Host]:
    """A host with so many machines, which do not run yet."""
    with tempfile.TemporaryDirectory() as folder:
        plans = tuple(unix(f"unix-{n}", disk) for n, disk in enumerate(disks(Path(folder), count)))
        host = Host(Plan("bench", plans, processors), ENGINES, room)
        with contextlib.closing(host):
            yield host


def waiting(host: Host) -> bool:
    """Does every machine wait for its console?"""
    return all(machine.state == INPUT for machine in host.machines.values())


def come_to_rest(host: Host) -> None:
    if not host.wait(PATIENCE, lambda: waiting(host)):
        raise SystemExit(f"bench: not all machines wait for their console after {PATIENCE:.0f} s")


def answer(host: Host) -> None:
    """Have every machine answer a command."""
    for name in host.machines:
        host.feed(name, COMMAND)
    come_to_rest(host)
    wrong = [name for name, machine in host.machines.items() if not machine.screen.since(0)[1].endswith(ANSWER)]
    if wrong:
        raise SystemExit(f"bench: {len(wrong)} machines have not answered, {wrong[0]} among them")


# --- Memory ------------------------------------------------------------------------


class Use:
    """Memory of this process, in bytes."""

    def __init__(self) -> None:
        rollup, status = Path("/proc/self/smaps_rollup").read_text(), Path("/proc/self/status").read_text()
        self.resident = self.found(r"^Pss:\s+(\d+) kB", rollup)
        self.tables = self.found(r"^VmPTE:\s+(\d+) kB", status)
        with open("/proc/self/maps", "rb") as maps:
            self.mappings = sum(1 for _ in maps)

    @staticmethod
    def found(pattern: str, text: str) -> int:
        match = re.search(pattern, text, re.MULTILINE)
        if match is None:
            raise SystemExit("bench: this host does not tell what a process has")
        return int(match[1]) << 10


def memory(count: int, room: int, profile: bool) -> None:
    with hosting(1):  # what a process has once is there
        pass
    gc.collect()
    if profile:
        tracemalloc.start(4)
    before, began = Use(), time.perf_counter()
    with hosting(count, room=room) as host:
        made = time.perf_counter() - began
        host.start()
        come_to_rest(host)
        booted = time.perf_counter() - began
        answer(host)
        answered = time.perf_counter() - began
        gc.collect()
        if profile:
            shown(count)
        after, touched = Use(), sum(machine.resident for machine in host.machines.values())
        own = (after.resident - before.resident - touched) / count
        tables = (after.tables - before.tables) / count
        print(f"{count:,} machines: made after {made:.1f} s, at their prompt {booted:.1f} s, answered {answered:.1f} s")
        print(f"of each: RAM touched {touched / count / 1024:,.0f} kB; beside it {own / 1024:,.0f} kB,")
        print(
            f"    host page tables {tables / 1024:,.0f} kB, mappings {(after.mappings - before.mappings) / count:.1f}"
        )
        print(f"of all: {after.resident >> 20:,} MB, {after.mappings:,} mappings")


def shown(count: int) -> None:
    """Tell which lines have allocated the memory of Python's that there is."""
    found = tracemalloc.take_snapshot().statistics("lineno")
    print(f"Python's, by line, bytes of each machine (all: {sum(s.size for s in found) / count:,.0f}):")
    for statistic in found[:40]:
        frame = statistic.traceback[0]
        print(f"{statistic.size / count:12,.0f} {statistic.count / count:8,.1f}  {frame.filename[-40:]}:{frame.lineno}")


# --- Starting ----------------------------------------------------------------------


def start(times: int) -> None:
    """Tell how long it takes until a machine from a template can run, and until it has answered a command."""
    with tempfile.TemporaryDirectory() as folder, hosting(1, 1, room=8) as host:
        host.start()
        come_to_rest(host)
        template, disk = str(Path(folder, "unix.snap")), disks(Path(folder), 1)[0]
        host.snapshot("unix-0", template)
        host.remove("unix-0")
        made, busy, answered, worked = list[float](), list[float](), list[float](), list[float]()
        for n in range(times + WARMING):
            began, spent = time.perf_counter(), time.thread_time()
            host.add(MachinePlan(f"from-{n}", Position("bench"), template=template, isa="", disk=disk))
            made.append(time.perf_counter() - began)
            busy.append(time.thread_time() - spent)
            answer(host)
            answered.append(time.perf_counter() - began)
            worked.append(busy[-1] + host.machines[f"from-{n}"].figures.seconds)
            if n:  # the first one keeps what they have in common
                host.remove(f"from-{n}")
    print(f"start of a machine from a template, median of {times} (and the tenth that is slowest):")
    told = {"it can run": made, "processor time": busy, "it has answered": answered, "processor time of that": worked}
    for text, found in told.items():
        ordered = sorted(found[WARMING:])
        print(f"    {text:25} {statistics.median(ordered) * 1e3:6.2f} ms ({ordered[len(ordered) * 9 // 10] * 1e3:.2f})")


# --- Throughput --------------------------------------------------------------------


def script(load: str, count: int) -> bytes:
    return (next(each for each in LOADS if each.name == load).script * count).encode()


class Running:
    """A host whose machines run a script that is longer than the measurement; they are paused in between."""

    def __init__(self, host: Host, load: str) -> None:
        self.host = host
        host.start()
        come_to_rest(host)
        for name in host.machines:
            host.pause(name)
            host.machines[name].source.feed(script(load, 1 << 12))

    def sample(self, seconds: float) -> tuple[float, float]:
        """Run for so long; return instructions a second of wall time, and processors used."""
        before, spent, began = self.instructions(), time.process_time(), time.perf_counter()
        for name in self.host.machines:
            self.host.resume(name)
        self.host.wait(seconds, lambda: False)
        for name in self.host.machines:
            self.host.pause(name)
        took = time.perf_counter() - began
        return (self.instructions() - before) / took, (time.process_time() - spent) / took

    def instructions(self) -> int:
        return sum(machine.figures.instructions for machine in self.host.machines.values())


def throughput(load: str, count: int, seconds: float, rounds: int) -> None:
    with hosting(1, 1) as one, hosting(count, 2) as several:
        hosts = Running(one, load), Running(several, load)
        for host, share in zip(hosts, (1, count / 2), strict=True):
            host.sample(seconds * 2 * share)  # until what each of its machines executes is translated
        found = [[host.sample(seconds) for host in hosts] for _ in range(rounds)]
    ratios = sorted(many[0] / single[0] for single, many in found)
    for n, text in enumerate(("one machine on one processor", f"{count} machines on two")):
        speed, used = (statistics.median(sample[n][k] for sample in found) for k in (0, 1))
        print(f"{text:30} {speed / 1e6:8.1f} M instructions/s, {used:.2f} processors used")
    print(f"{'ratio of a round':30} {statistics.median(ratios):8.2f}, from {ratios[0]:.2f} to {ratios[-1]:.2f}")


# --- Migration ---------------------------------------------------------------------


def migration() -> None:
    """Tell what is sent of a machine that waits at its prompt."""
    with contextlib.ExitStack() as opened:
        here = opened.enter_context(hosting(1, 1, room=4))
        there = opened.enter_context(contextlib.closing(Host(Plan("bench", (), 1), ENGINES, 4)))
        folder = opened.enter_context(tempfile.TemporaryDirectory())
        landing = opened.enter_context(contextlib.closing(Landing(there, ("127.0.0.1", 0), KEY, folder)))
        for host in (here, there):
            host.start()
        come_to_rest(here)
        journey = depart(here, "unix-0", Address("127.0.0.1", landing.port, KEY))
        answer(there)
        there.remove("unix-0")
    for pages, size in zip(journey.rounds, journey.bytes, strict=True):
        print(f"    {pages:6,} pages in {size:10,} bytes")
    print(f"{journey.sent:,} bytes for {journey.touched:,} touched: {journey.sent / journey.touched:.2f}")
    print(f"it ran nowhere for {journey.downtime * 1e3:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hosting", description="Many machines in one process.")
    actions = parser.add_subparsers(dest="action", required=True)
    each = actions.add_parser("memory")
    each.add_argument("--machines", type=int, default=50, metavar="N")
    each.add_argument("--room", type=int, default=0, metavar="N", help="limits as of so many machines")
    each.add_argument("--profile", action="store_true", help="tell what Python has allocated, by line")
    actions.add_parser("start").add_argument("--times", type=int, default=100, metavar="N")
    each = actions.add_parser("throughput")
    each.add_argument("--machines", type=int, default=8, metavar="N")
    each.add_argument("--seconds", type=float, default=2.0, metavar="S")
    each.add_argument("--rounds", type=int, default=5, metavar="N")
    each.add_argument("--load", choices=[load.name for load in LOADS], default="mixed", help="macrobenchmark")
    actions.add_parser("migration")
    options = parser.parse_args()
    if options.action == "memory":
        memory(options.machines, options.room, options.profile)
    elif options.action == "start":
        start(options.times)
    elif options.action == "throughput":
        throughput(options.load, options.machines, options.seconds, options.rounds)
    else:
        migration()


if __name__ == "__main__":
    main()
