"""Soundness of the classification, as a campaign: descriptions by chance, each classified, tried and run; or machines
that are there, each classified and tried with several seeds.

    python -m bench.theory [--count 2000] [--first 1] [--keep DIR]
    python -m bench.theory [--seeds 50] pg32 pg32h pg32v examples/machines/*.isa

Ends with status 1 if analysis and experiment disagree anywhere, or a program ends otherwise under a monitor that the
theorems say to be equivalent. Ctrl-C ends it with what it has.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lark import Token, Tree

from ring1.dbt.theory.experiment import findings
from ring1.dbt.theory.extensions import Extension
from ring1.dbt.theory.soundness import Tried, check
from ring1.isa.classify import classify
from ring1.isa.files import SHIPPED
from ring1.isa.load import load
from ring1.isa.read import read


def tried(number: int, folder: Path, parents: dict[str, Tree[Token]] | None = None) -> tuple[Extension, Tried]:
    """Try one description. `parents`: see ring1.isa.read.read. Raises IsaError if the generator made a faulty one."""
    made = Extension(number)
    for name in {made.base, "pg32"}:
        (folder / f"{name}.isa").write_bytes((Path(SHIPPED) / f"{name}.isa").read_bytes())
    file = folder / f"{number}.isa"
    file.write_text(made.text)
    isa = read(str(file), parents)
    return made, check(isa, made.added, number)


PAIRS = 200
"""Pairs of states for each instruction of a machine and each seed."""


def agree(machine: str, seeds: int) -> int:
    """Try a machine's instructions with `seeds` seeds. Returns how often analysis and experiment disagree."""
    isa = load(machine)
    classes, many = classify(isa), 0
    for seed in range(1, seeds + 1):
        for name, finding in findings(isa, classes.values(), PAIRS, seed).items():
            for text in finding.disagreements:
                print(f"{isa.name}, seed {seed}: {name}: {text}", flush=True)
            many += len(finding.disagreements)
    print(f"{isa.name:<20}{len(classes):>4} instructions, {seeds} seeds, {many} disagreements", flush=True)
    return many


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where descriptions are kept that show something")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("machines", nargs="*", help="names or files")
    options = parser.parse_args(arguments)
    if options.machines:
        return int(sum(agree(machine, options.seeds) for machine in options.machines) > 0)
    counts: Counter[str] = Counter()
    parents: dict[str, Tree[Token]] = {}
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as made:
        folder = options.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            for number in range(options.first, options.first + options.count):
                extension, result = tried(number, folder, parents)
                counts["descriptions"] += 1
                counts["instructions"] += len(extension.added)
                for theorem, holds in result.holds.items():
                    counts[f"theorem {theorem}: {'the monitor must be equivalent' if holds else 'it fails'}"] += 1
                for theorem, program in result.programs.items():
                    known = "with a program" if program else "no program known"
                    counts[f"theorem {theorem}: it fails, {known}"] += 1
                told = [*(f"disagreement: {text}" for text in result.contradictions), *result.faults]
                counts["disagreements"] += len(result.contradictions)
                counts["faults"] += len(result.faults)
                for text in told:
                    print(f"{number}: {text}", flush=True)
                if not told:
                    (folder / f"{number}.isa").unlink()
        except KeyboardInterrupt:
            pass
    for what, many in counts.items():
        print(f"{what:<60}{many:>8,}")
    print(f"{time.perf_counter() - began:.0f} s")
    return int(bool(counts["disagreements"] or counts["faults"]))


if __name__ == "__main__":
    sys.exit(main())
