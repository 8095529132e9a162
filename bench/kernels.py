"""Kernels in C: ring1 against native code, from one source each.

    python -m bench.kernels [--rounds N] [--engines bt,bare] [NAME ...]

Native: gcc -O2 -fno-tree-vectorize -fno-tree-slp-vectorize, timed as a process. ring1: the committed .s that
riscv64-unknown-elf-gcc made of the same source (bench/kernels/regenerate), timed from reset to power-off, translation
included. Runs are interleaved; medians, ratios to native and their geometric mean are printed.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import tempfile
from pathlib import Path

from bench.programs import KERNELS, guest, native, run_guest, run_process

GEOMETRIC_MEAN, WORST = 1.05, 1.4
"""The slowdowns relative to native code that the kernels are to stay below."""


def measure(name: str, engines: list[str], rounds: int, folder: Path) -> dict[str, float]:
    """Return median seconds of a kernel natively and under each engine; all must print the same checksum."""
    target, program = native(name, folder), guest(name)
    times: dict[str, list[float]] = {"native": [], **{engine: [] for engine in engines}}
    outputs = set()
    for _ in range(rounds):
        for who, samples in times.items():
            seconds, output = run_process(str(target)) if who == "native" else run_guest(who, program)[:2]
            samples.append(seconds)
            outputs.add(output)
    if len(outputs) != 1:
        raise SystemExit(f"bench: {name} prints {outputs}")
    return {who: statistics.median(samples) for who, samples in times.items()}


def report(names: tuple[str, ...], engines: list[str], rounds: int) -> None:
    """Print the table of these kernels."""
    if shutil.which("gcc") is None:
        print("kernels: gcc is absent, so there is nothing to compare with")
        return
    print(f"{'kernel':12}{'native s':>10}" + "".join(f"{engine + ' s':>10}{'ratio':>8}" for engine in engines))
    ratios: dict[str, list[float]] = {engine: [] for engine in engines}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            found = measure(name, engines, rounds, Path(folder))
            row = ""
            for engine in engines:
                ratios[engine].append(found[engine] / found["native"])
                row += f"{found[engine]:10.3f}{ratios[engine][-1]:8.2f}"
            print(f"{name:12}{found['native']:10.3f}{row}", flush=True)
    means = {engine: math.exp(statistics.fmean(map(math.log, ratios[engine]))) for engine in engines}
    for label, figures, target in (
        ("geometric mean", means, GEOMETRIC_MEAN),
        ("worst", {engine: max(ratios[engine]) for engine in engines}, WORST),
    ):
        row = "".join(f"{'':10}{figures[engine]:8.2f}" for engine in engines)
        print(f"{label:22}{row}  (target: {target:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kernels", description="Kernels in C against native code.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="kernels and workloads; all kernels if none is named")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--engines", default="bt,bare", metavar="A,B")
    options = parser.parse_args()
    report(tuple(options.names) or KERNELS, options.engines.split(","), options.rounds)


if __name__ == "__main__":
    main()
