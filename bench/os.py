"""The operating system of examples/os: its boot time, the cost of its elementary operations, and a long workload.

    python -m bench.os [--scale F] [--mmu TECHNIQUE] [--shadow COHERENCE] [ENGINE...]
    python -m bench.os --soak SECONDS [...]

Engines: bare and bt. `--scale` shortens the workload, which has 270 million instructions. `--soak` repeats a short one
in one machine for half of the time and in successive machines for the rest, and prints the resources of the process.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ring1.dbt.engines import table
from ring1.dbt.mmu.choice import COHERENCE, TECHNIQUES, Mmu
from ring1.dbt.vmm.vm import Vm
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load
from ring1.isa.record import Record

KERNEL = Path(image.__file__).parent / "kernel.s"
ROUNDS = 5
BOOT = 0.6
"""Target in seconds from the command line to the prompt."""

OPERATIONS = (
    ("system call", "syscalls", 1_000_000, 1, 0.15),
    ("page fault", "faults", 3_000, 1, 15.0),
    ("context switch", "switches", 100_000, 2, 3.0),
    ("fork, exit, wait", "forkwait", 1_000, 1, None),
)
"""Operation; the program that does it; its argument; operations per unit of the argument; the target in us."""

WORKLOAD = (
    ("forkwait", 5000),
    ("switches", 20_000),
    ("churn", 300),
    ("faults", 3000),
    ("spin", 80_000),
    ("primes", 30_000),
)
"""Programs and their arguments; between them `COMMANDS`, which mostly read pages from the disk."""
COMMANDS = "cat jabberwocky\nls\nhello\ncrash null\ncrash stack\n"
SOAK_SCALE = 0.02
SOAK_STRETCH = 500_000
"""Instructions between two looks at the clock."""
SOAK_LOOKS = 6
"""How often the resources of the process are printed in each half."""


class Way(Record):
    """The way to make a machine."""

    engine: str
    mmu: Mmu
    disk: str


def machine(way: Way, script: str, output: BinaryIO) -> Vm:
    """Return a machine with the kernel loaded."""
    program = assemble_files(load("pg32"), [str(KERNEL)])
    vm = Vm(load("pg32"), source=script.encode(), output=output, disk=way.disk)
    vm.load(program.image, program.entry)
    vm.engine = table.make(way.engine, vm, program.image, way.mmu)
    return vm


def session(way: Way, script: str) -> tuple[float, int, str]:
    """Run a session. Returns processor seconds, instructions and output."""
    output = io.BytesIO()
    with machine(way, script, output) as vm:
        began = time.process_time()
        stop = vm.run()
        seconds = time.process_time() - began
        if (stop.reason, stop.code) != ("exit", 0):
            raise SystemExit(f"bench: stopped by {stop}")
        return seconds, vm.cpu.retired, output.getvalue().decode()


def boot(way: Way) -> float:
    """Return wall seconds from the command line to the shell's prompt and off, with warm caches."""
    mmu = [f"--mmu={way.mmu.technique}", f"--shadow={'traced' if way.mmu.traced else 'lazy'}"]
    command = [sys.executable, "-m", "ring1", "run", f"--engine={way.engine}", *mmu, f"--disk={way.disk}", str(KERNEL)]
    times = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=KERNEL.parents[2])
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def operation(way: Way, program: str, count: int, each: int) -> float:
    """Return seconds per operation: what `count` more of them add to a session."""
    few, many = (min(session(way, f"{program} {n}\n")[0] for _ in range(ROUNDS)) for n in (count // 4, count))
    return (many - few) / ((count - count // 4) * each)


def workload(scale: float) -> str:
    """Return the script of the long session."""
    between = COMMANDS * max(1, round(50 * scale))
    return "".join(f"{name} {max(1, round(n * scale))}\n{between}" for name, n in WORKLOAD)


def report(way: Way, scale: float) -> None:
    """Print the cost of everything."""
    engine = way.engine
    print(f"{engine}: {boot(way):10.2f} s from the command line to the prompt and off (target: {BOOT})", flush=True)
    for what, program, count, each, target in OPERATIONS:
        beside = f" (target: {target:g})" if target else ""
        print(f"{engine}: {operation(way, program, count, each) * 1e6:10.3f} us a {what}{beside}", flush=True)
    seconds, instructions, output = session(way, workload(scale) + "tallies\n")
    print(f"{engine}: {instructions:,} instructions in {seconds:.2f} s, {instructions / seconds / 1e6:,.1f} M/s:")
    for line in output.removesuffix("$ ").splitlines()[-4:]:
        print(f"{engine}:   {line.removeprefix('$ ')}")


def held() -> str:
    """Describe the resources that this process holds."""
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    mappings = Path("/proc/self/maps").read_text().count("\n")
    files = len(os.listdir("/proc/self/fd"))
    return f"{resident / 1e6:8.1f} MB resident, {mappings} mappings, {files} files, {threading.active_count()} threads"


def stretches(way: Way, script: str, end: float) -> Iterator[int]:
    """Run a script on successive machines until the time `end`. Yields the instructions of each stretch."""
    with open(os.devnull, "wb") as output:
        while time.monotonic() < end:
            with machine(way, script, output) as vm:
                more = True
                while more and time.monotonic() < end:
                    before = vm.cpu.retired
                    stop = vm.run(before + SOAK_STRETCH)
                    more = stop.reason == "limit"
                    if not more and (stop.reason, stop.code) != ("exit", 0):
                        raise SystemExit(f"bench: stopped by {stop}")
                    yield vm.cpu.retired - before


def soak(way: Way, seconds: float) -> None:
    """Print the resources of the process while it runs the workload on one machine, and then on successive ones."""
    for label, repeated in (("one machine", 1 << 13), ("machines", 1)):
        instructions, began = 0, time.monotonic()
        look = every = seconds / 2 / SOAK_LOOKS
        for executed in stretches(way, workload(SOAK_SCALE) * repeated, began + seconds / 2):
            instructions += executed
            if (now := time.monotonic() - began) >= look:
                print(f"{way.engine}: {label:11} {now:6.1f} s {instructions:13,} instructions: {held()}", flush=True)
                look += every


def main() -> None:
    parser = argparse.ArgumentParser(description="the operating system: boot, elementary operations, a long workload")
    parser.add_argument("engines", nargs="*", default=["bare", "bt"], metavar="ENGINE")
    parser.add_argument("--mmu", choices=tuple(TECHNIQUES), default=Mmu().technique)
    parser.add_argument("--shadow", choices=tuple(COHERENCE), default="lazy")
    parser.add_argument("--scale", type=float, default=1.0, metavar="F", help="multiplies every count of the workload")
    parser.add_argument("--soak", type=float, metavar="SECONDS")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        disk = os.path.join(folder, "os.img")
        Path(disk).write_bytes(image.build(image.contents(image.sources())))
        for engine in arguments.engines:
            way = Way(engine, Mmu(arguments.mmu, arguments.shadow == "traced"), disk)
            if arguments.soak:
                soak(way, arguments.soak)
            else:
                report(way, arguments.scale)


if __name__ == "__main__":
    main()
