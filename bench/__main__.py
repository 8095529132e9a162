"""The basic figures, beside their targets: the examples under every engine, start-up, and the cost of translation.

python -m bench              (or: make bench)
"""

from __future__ import annotations

import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.load import load

EXAMPLES = Path(__file__).parent.parent / "examples"
ROUNDS = 5
WORK = (
    ("fib", b""),
    ("sieve", b""),
    ("quicksort", b""),
    ("mandelbrot", b""),
    ("life", b""),
    ("sha256", bytes(100_000)),
)
"""Examples that compute, and their input."""
MEASURE = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Prints the maximum resident set size of a command in KB."""


def run(engine: str, program: Program, source: bytes) -> tuple[float, int, Vm]:
    """Run a program once. Returns seconds, instructions, and the closed machine."""
    with Vm(load("pg32"), source=source, output=io.BytesIO()) as vm:
        vm.load(program.image, program.entry)
        vm.engine = engine_made = table.make(engine, vm, program.image)
        began = time.perf_counter()
        stop = vm.run()
        seconds = time.perf_counter() - began
        if stop.reason != "exit":
            raise SystemExit(f"bench: stopped by {stop}")
        instructions = vm.cpu.retired
        vm.engine = engine_made
    return seconds, instructions, vm


def examples() -> None:
    """Print millions of instructions per second, as medians of interleaved runs of the engines."""
    engines = [name for name, technique in table.ENGINES.items() if technique.unmodified and not technique.why_not()]
    print(f"{'example':12}{'instructions':>14}" + "".join(f"{engine + ' M/s':>14}" for engine in engines))
    for name, source in WORK:
        program = assemble_files(load("pg32"), [str(EXAMPLES / f"{name}.s")])
        times: dict[str, list[float]] = {engine: [] for engine in engines}
        counts = set()
        for turn in range(ROUNDS):
            for engine in engines:
                if engine == "interp" and turn > 1:
                    continue
                seconds, instructions, _ = run(engine, program, source)
                times[engine].append(seconds)
                counts.add(instructions)
        if len(counts) != 1:
            raise SystemExit(f"bench: {name} executes {counts} instructions")
        (count,) = counts
        row = "".join(f"{count / statistics.median(times[engine]) / 1e6:14.1f}" for engine in engines)
        print(f"{name:12}{count:14}{row}", flush=True)


def start_up() -> None:
    """Print the wall time of `ring1 run examples/hello.s`, with empty and with warm caches, and its resident memory."""
    command = [sys.executable, "-m", "ring1", "run", str(EXAMPLES / "hello.s")]
    times = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "RING1_CACHE": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # Python's own cache is to be warm as well
        for _ in range(2 * ROUNDS + 2):
            began = time.perf_counter()
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, cwd=EXAMPLES.parent)
            times.append(time.perf_counter() - began)
        # A process inherits its parent's maximum resident set size until exec, and ours is larger: run one in between.
        measure = [sys.executable, "-c", MEASURE, *command]
        resident = int(subprocess.check_output(measure, env=environment, cwd=EXAMPLES.parent, text=True))
    warm = sorted(times[2:])
    print(f"hello: {times[0]:.3f} s with empty caches")
    print(f"hello: {statistics.median(warm):.3f} s warm, {warm[0]:.3f} s at best (target: 0.150)")
    print(f"hello: {resident / 1024:.0f} MB resident (target: 80)")


def translating() -> None:
    """Print microseconds to translate a guest instruction, the best of some processes: with nothing on disk; with what
    an earlier run learnt beyond the encodings that come with ring1, which should be nothing; and with its
    translations."""
    command = [sys.executable, "-m", "ring1", "run", str(EXAMPLES / "sha256.s")]
    figures: dict[str, list[float]] = {"cold": [], "encodings known": [], "warm": []}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            for label, samples in figures.items():
                if label == "encodings known":
                    shutil.rmtree(Path(folder, "blocks"))
                environment = {**os.environ, "RING1_CACHE": folder}
                result = Path(folder, "result.json")
                subprocess.run(
                    [*command, f"--json={result}"],
                    input=bytes(3000),
                    env=environment,
                    check=True,
                    stdout=subprocess.DEVNULL,
                    cwd=EXAMPLES.parent,
                )
                work = json.loads(result.read_text())["translation"]
                samples.append(work["seconds"] / work["guest_insns"] * 1e6)
    row = ", ".join(f"{min(samples):.1f} {label}" for label, samples in figures.items())
    print(f"translating, us a guest instruction: {row} (targets: 40 cold, 8 warm)")


def main() -> None:
    examples()
    start_up()
    translating()


if __name__ == "__main__":
    main()
