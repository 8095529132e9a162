"""Workloads in C: the translator against native code of 64 and of 32 bits, and against QEMU.

    python -m bench.workloads [--isa pg32|rv32] [--rounds N] [--parts N] [NAME ...]

All are built from one source each: `native` and `m32` by gcc -O2 without vectorizing, the latter for a processor of 32
bits; `im` for RV32IM, under qemu-riscv32; `em` from the committed assembly for RV32EM, the very code that ring1 runs as
PG32, under qemu-riscv32. With --isa rv32 the RV32IM code runs on ring1's board, and `system` is the very file that does
so, under qemu-system-riscv32. What is not installed is left out and named.

Figures are medians of processor time, of runs that take turns. Start-up is apart: of a process, a run that does nothing
is subtracted; ring1 is timed from reset to power-off of a machine whose translations an earlier run has remembered, as
`ring1 run` does. What the first one took beyond that, on a cache that knew the machine and not the program, is shown
for each guest instruction translated. --parts N does one of N parts of the work, to try it.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.programs import (
    PG32,
    RV32,
    WORKLOADS,
    Run,
    guest,
    lacking,
    linked,
    one_of,
    run_guest,
    sources,
    system_process,
)
from ring1.dbt.measure.peers import build
from ring1.dbt.measure.peers.process import Process
from ring1.dbt.measure.subject import Failed

ENGINE = "bt"
SYSTEM = "system"
RV32EM = ("-march=rv32em", "-mabi=ilp32e", "-Umain", "-Dkernel=main")
"""Of riscv.c, to be linked with assembly whose work is called main."""


class Peer(NamedTuple):
    """Another way to run a program."""

    tools: Sequence[str]
    command: Sequence[str]
    """What runs it, before its name."""
    build: Callable[[str, int, Path], Path]
    """Builds a program, by name, that does one of so many parts of its work, in a folder. Raises ValueError."""


def native(name: str, parts: int, folder: Path) -> Path:
    return build.native(sources(name), parts, folder)


def native_32(name: str, parts: int, folder: Path) -> Path:
    return build.native(sources(name), parts, folder, "-m32")


def rv32im(name: str, parts: int, folder: Path) -> Path:
    return build.user(sources(name), parts, folder)


def rv32em(name: str, parts: int, folder: Path) -> Path:
    return build.user([path.with_suffix(".s") for path in sources(name)], parts, folder, *RV32EM)


def rv32_system(name: str, parts: int, folder: Path) -> Path:
    return build.system(sources(name), parts, 1, folder)


ALL = {
    "native": Peer((build.NATIVE_COMPILER,), (), native),
    "m32": Peer((build.NATIVE_COMPILER,), (), native_32),
    "im": Peer((build.CROSS_COMPILER, "qemu-riscv32"), ("qemu-riscv32",), rv32im),
    "em": Peer((build.CROSS_COMPILER, "qemu-riscv32"), ("qemu-riscv32",), rv32em),
    SYSTEM: Peer((build.CROSS_COMPILER, "qemu-system-riscv32"), (), rv32_system),
}
"""Name -> peer."""
PEERS = {PG32: ("native", "m32", "im", "em"), RV32: ("native", "m32", "im", SYSTEM)}
"""Machine -> its peers, in the order of the columns."""


def why_not(peer: Peer, name: str, folder: Path) -> str:
    """Explain why a peer is absent, in one line; empty if it is available. It is asked to build the program `name`."""
    for tool in peer.tools:
        if shutil.which(tool) is None:
            return f"there is no {tool}"
    try:
        peer.build(name, 1, folder)
    except (OSError, ValueError) as error:
        return " ".join(str(error).split())
    return ""


def process(label: str, name: str, parts: int, output: bytes, folder: Path) -> Process:
    """Build a program for a peer; it must print `output`."""
    if label == SYSTEM:
        return system_process(name, folder, output, parts)
    peer = ALL[label]
    program = str(peer.build(name, parts, folder))
    return Process(lambda times: [*peer.command, program, *"x" * times], 1, output)


class Figures(NamedTuple):
    """What a workload took: seconds of processor time, by name of the peer or ENGINE."""

    seconds: dict[str, float]
    translated: int
    """Guest instructions that the first run translated."""
    each: float
    """Microseconds that it took beyond the others, for each of them."""


def measure(isa: str, name: str, peers: list[str], rounds: int, parts: int, folder: Path) -> Figures:
    """Measure a workload; all must print the same. Raises Failed."""
    program = one_of(parts, guest(name)) if isa == PG32 else linked(name, folder, parts)
    first = run_guest(ENGINE, program, isa)
    subjects: dict[str, Process] = {}
    for peer in peers:
        place = folder / peer
        place.mkdir(exist_ok=True)
        subjects[peer] = process(peer, name, parts, first.output, place)
    times: dict[str, list[float]] = {ENGINE: [], **{peer: [] for peer in peers}}
    for _ in range(rounds):
        run = run_guest(ENGINE, program, isa)
        if run.output != first.output:
            raise Failed(f"prints {run.output!r}, and {first.output!r} before")
        times[ENGINE].append(run.seconds)
        for peer, subject in subjects.items():
            times[peer].append(subject.sample().seconds)
    seconds = {who: statistics.median(samples) for who, samples in times.items()}
    return Figures(seconds, first.translated, (first.seconds - seconds[ENGINE]) / first.translated * 1e6)


def warm_up(isa: str, folder: Path) -> Run:
    """Have the cache know the machine."""
    return run_guest(ENGINE, guest("crc32") if isa == PG32 else linked("crc32", folder, 16), isa)


def report(isa: str, names: tuple[str, ...], rounds: int, parts: int, folder: Path) -> None:
    """Print the table of these workloads."""
    peers: list[str] = []
    for label in PEERS[isa]:
        reason = why_not(ALL[label], names[0], folder)
        if reason:
            print(f"{label} is absent: {reason}")
        else:
            peers.append(label)
    if missing := lacking(isa):
        print(missing)
        return
    warm_up(isa, folder)
    heads = "".join(f"{f'{ENGINE}/{label}':>11}" for label in peers)
    print(f"{'workload':16}{f'{ENGINE} s':>8}{heads}{'insns':>8}{'us each':>9}", flush=True)
    ratios: dict[str, list[float]] = {label: [] for label in peers}
    for name in names:
        found = measure(isa, name, peers, rounds, parts, folder)
        for label, samples in ratios.items():
            samples.append(found.seconds[ENGINE] / found.seconds[label])
        row = "".join(f"{samples[-1]:11.2f}" for samples in ratios.values())
        print(f"{name:16}{found.seconds[ENGINE]:8.3f}{row}{found.translated:8}{found.each:9.1f}", flush=True)
    means = "".join(f"{math.exp(statistics.fmean(map(math.log, samples))):11.2f}" for samples in ratios.values())
    print(f"{'geometric mean':24}{means}")
    print(f"{'worst':24}" + "".join(f"{max(samples):11.2f}" for samples in ratios.values()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.workloads", description="Workloads in C against QEMU.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="workloads and kernels; all workloads if none is named"
    )
    parser.add_argument("--isa", choices=tuple(PEERS), default=PG32, help=f"the machine (default: {PG32})")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--parts", type=int, default=1, metavar="N", help="do one of N parts of the work")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RING1_CACHE"] = str(Path(folder, "cache"))
        try:
            report(options.isa, tuple(options.names) or WORKLOADS, options.rounds, options.parts, Path(folder))
        except Failed as failed:
            raise SystemExit(f"bench: {failed}") from None


if __name__ == "__main__":
    main()
