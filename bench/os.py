"""The operating system of examples/os: boot, what its elementary operations cost, and a long workload.

python -m bench.os [--scale F] [ENGINE...]          (engines: bare and bt; --scale 0.01 for the impatient)
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dbt.engines import table
from dbt.vmm.vm import Vm
from examples.os import image
from isa.asm.assemble import assemble_files
from isa.load import load

KERNEL = Path(image.__file__).parent / "kernel.s"
ROUNDS = 5

OPERATIONS = (
    ("system call", "syscalls", 100_000, 1),
    ("page fault", "faults", 3_000, 1),
    ("context switch", "switches", 20_000, 2),
    ("fork, exit, wait", "forkwait", 2_000, 1),
)
"""What; the program that does it; how often at most; how many it does for each that it is asked for."""

WORKLOAD = (
    ("forkwait", 5000),
    ("switches", 20_000),
    ("churn", 300),
    ("faults", 3000),
    ("spin", 80_000),
    ("primes", 30_000),
)
"""Programs and their arguments; between them `COMMANDS`, which are mostly pages read from the disk."""
COMMANDS = "cat jabberwocky\nls\nhello\ncrash null\ncrash stack\n"


def session(engine: str, script: str, disk: str) -> tuple[float, int, str]:
    """Processor seconds, instructions and output of a session."""
    program, output = assemble_files(load("pg32"), [str(KERNEL)]), io.BytesIO()
    with Vm(load("pg32"), source=script.encode(), output=output, disk=disk) as vm:
        vm.load(program.image, program.entry)
        vm.engine = table.make(engine, vm, program.image)
        began = time.process_time()
        stop = vm.run()
        seconds = time.process_time() - began
        if (stop.reason, stop.code) != ("exit", 0):
            raise SystemExit(f"bench: stopped by {stop}")
        return seconds, vm.cpu.retired, output.getvalue().decode()


def boot(engine: str, disk: str) -> float:
    """Wall seconds from the command line to the shell's prompt and off, warm."""
    command = [sys.executable, "-m", "dbt", "run", "--engine", engine, "--disk", disk, str(KERNEL)]
    times = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=KERNEL.parents[2])
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def operation(engine: str, program: str, count: int, each: int, disk: str) -> float:
    """Seconds for one operation: what `count` more of them add to a session."""
    few, many = (min(session(engine, f"{program} {n}\n", disk)[0] for _ in range(ROUNDS)) for n in (count // 4, count))
    return (many - few) / ((count - count // 4) * each)


def workload(scale: float) -> str:
    """The script of the long session."""
    between = COMMANDS * max(1, round(50 * scale))
    return "".join(f"{name} {max(1, round(n * scale))}\n{between}" for name, n in WORKLOAD) + "tallies\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="the operating system: boot, elementary operations, a long workload")
    parser.add_argument("engines", nargs="*", default=["bare", "bt"], metavar="ENGINE")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies every count")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        disk = os.path.join(folder, "os.img")
        Path(disk).write_bytes(image.build(image.contents(image.sources())))
        for engine in arguments.engines:
            print(f"{engine}: {boot(engine, disk):.2f} s from the command line to the prompt and off")
            for what, program, count, each in OPERATIONS:
                seconds = operation(engine, program, max(4, round(count * arguments.scale)), each, disk)
                print(f"{engine}: {seconds * 1e6:10.3f} us a {what}", flush=True)
            seconds, instructions, output = session(engine, workload(arguments.scale), disk)
            print(
                f"{engine}: {instructions:,} instructions in {seconds:.2f} s, {instructions / seconds / 1e6:,.1f} M/s:"
            )
            for line in output.removesuffix("$ ").splitlines()[-4:]:
                print(f"{engine}:   {line.removeprefix('$ ')}")


if __name__ == "__main__":
    main()
