"""Kernels in C: ring1 against native code, and for RV32 against QEMU, from one source each.

    python -m bench.kernels [--isa pg32|rv32] [--rounds N] [--engines bt,bare] [NAME ...]

Native: gcc -O2 -fno-tree-vectorize -fno-tree-slp-vectorize, timed as a process. ring1: the committed .s that
riscv64-unknown-elf-gcc made of the same source (bench/kernels/regenerate), timed from reset to power-off, translation
included. Runs are interleaved; medians, ratios to native and their geometric mean are printed.

With --isa rv32 the same sources are compiled for RV32IM: qemu-system-riscv32 runs the very file that ring1 runs, and
qemu-riscv32 one with another start-up and output. Of processes, a run that does nothing is subtracted.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.programs import (
    KERNELS,
    PG32,
    RV32,
    guest,
    lacking,
    linked,
    native,
    run_guest,
    run_process,
    sources,
    system_process,
)
from ring1.dbt.measure.peers import build
from ring1.dbt.measure.peers.process import Process
from ring1.isa.asm.program import Program

NATIVE, USER, SYSTEM = "native", "qemu-riscv32", "qemu-system-riscv32"
Timed = Callable[[], tuple[float, bytes]]
"""Runs a program once. Returns processor seconds, and what it prints."""


class Target(NamedTuple):
    """What a ratio is to be, in geometric mean and at worst."""

    mean: float
    worst: float = math.inf


TARGETS = {
    PG32: {NATIVE: Target(1.05, 1.4)},
    RV32: {NATIVE: Target(1.35), USER: Target(1 / 1.6), SYSTEM: Target(1 / 2.2)},
}
"""Machine -> what an engine's time is divided by -> what that is to be at most."""
TOOLS = {NATIVE: build.NATIVE_COMPILER, USER: USER, SYSTEM: SYSTEM}


def sampled(process: Process) -> tuple[float, bytes]:
    return process.sample().seconds, process.output


def run(engine: str, program: Program, isa: str) -> tuple[float, bytes]:
    return run_guest(engine, program, isa)[:2]


def process(command: Sequence[str], program: Path, output: bytes) -> Process:
    return Process(lambda times: [*command, str(program), *"x" * times], 1, output)


def pg32(name: str, engines: list[str], folder: Path) -> dict[str, Timed]:
    """Return who runs a kernel: natively, and as PG32."""
    program = guest(name)
    found: dict[str, Timed] = {NATIVE: partial(run_process, str(native(name, folder)))}
    return found | {engine: partial(run, engine, program, PG32) for engine in engines}


def rv32(name: str, engines: list[str], folder: Path) -> dict[str, Timed]:
    """Return who runs a kernel: natively, by QEMU in two ways, and as RV32."""
    program = linked(name, folder)
    output = run_guest(engines[0], program, RV32).output
    peers: dict[str, Callable[[], Process]] = {
        NATIVE: lambda: process((), build.native(sources(name), 1, folder), output),
        USER: lambda: process((USER,), build.user(sources(name), 1, folder), output),
        SYSTEM: lambda: system_process(name, folder, output),
    }
    found: dict[str, Timed] = {who: partial(sampled, peers[who]()) for who in present(RV32)}
    return found | {engine: partial(run, engine, program, RV32) for engine in engines}


RUNNERS = {PG32: pg32, RV32: rv32}


def present(isa: str) -> list[str]:
    """Return which of those that an engine is measured against are there."""
    return [who for who in TARGETS[isa] if shutil.which(TOOLS[who])]


def measure(isa: str, name: str, engines: list[str], rounds: int, folder: Path) -> dict[str, float]:
    """Return median seconds of a kernel by whoever runs it; all must print the same checksum."""
    runners = RUNNERS[isa](name, engines, folder)
    times: dict[str, list[float]] = {who: [] for who in runners}
    outputs = set()
    for _ in range(rounds):
        for who, timed in runners.items():
            seconds, output = timed()
            times[who].append(seconds)
            outputs.add(output)
    if len(outputs) != 1:
        raise SystemExit(f"bench: {name} prints {outputs}")
    return {who: statistics.median(samples) for who, samples in times.items()}


def report(isa: str, names: tuple[str, ...], engines: list[str], rounds: int) -> None:
    """Print the table of these kernels."""
    against = present(isa)
    for who in TARGETS[isa]:
        if who not in against:
            print(
                f"kernels: {TOOLS[who]} is absent" + (", so there is nothing to compare with" if who == NATIVE else "")
            )
    if missing := lacking(isa):
        print(f"kernels: {missing}")
    if missing or NATIVE not in against:
        return
    heads = [f"{engine}/{who.removesuffix('-riscv32')}" for engine in engines for who in against]
    print(
        f"{'kernel':12}"
        + "".join(f"{f'{who} s':>11}" for who in (NATIVE, *engines))
        + "".join(f"{h:>16}" for h in heads)
    )
    ratios: dict[tuple[str, str], list[float]] = {(engine, who): [] for engine in engines for who in against}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            found = measure(isa, name, engines, rounds, Path(folder))
            for (engine, who), samples in ratios.items():
                samples.append(found[engine] / found[who])
            row = "".join(f"{found[who]:11.3f}" for who in (NATIVE, *engines))
            print(f"{name:12}{row}" + "".join(f"{samples[-1]:16.2f}" for samples in ratios.values()), flush=True)
    width = 12 + 11 * (1 + len(engines))
    means = [math.exp(statistics.fmean(map(math.log, samples))) for samples in ratios.values()]
    print(f"{'geometric mean':{width}}" + "".join(f"{mean:16.2f}" for mean in means))
    print(f"{'worst':{width}}" + "".join(f"{max(samples):16.2f}" for samples in ratios.values()))
    for who in against:
        target = TARGETS[isa][who]
        worst = f", {target.worst:.2f} at worst" if target.worst < math.inf else ""
        print(f"target for bt/{who}: {target.mean:.2f} in geometric mean{worst}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kernels", description="Kernels in C against native code.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="kernels and workloads; all kernels if none is named")
    parser.add_argument("--isa", choices=tuple(RUNNERS), default=PG32, help=f"the machine (default: {PG32})")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--engines", default="bt,bare", metavar="A,B")
    options = parser.parse_args()
    report(options.isa, tuple(options.names) or KERNELS, options.engines.split(","), options.rounds)


if __name__ == "__main__":
    main()
