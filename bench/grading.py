"""What it takes to grade a hundred submissions.

    python -m bench.grading [--submissions N] [--seed N] [--mutants]

Submissions are made of each assignment's solution: a third as it is, the others with one line left out, one file with
a loop that does not end, or with errors. Times are of a whole `ring1 test`: wall time, and processor time of all its
processes.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from ring1.dbt.grade.case_file import read

ASSIGNMENTS = Path(__file__).parents[1] / "examples" / "assignments"
TARGET = 40.0
"""Seconds for a hundred submissions, on two cores."""


def made(solution: Path, names: tuple[str, ...], folder: Path, random_: random.Random) -> None:
    """Make a submission."""
    shutil.copytree(solution, folder)
    path = folder / random_.choice(names)
    lines = path.read_text().splitlines()
    at = random_.choice([n for n, line in enumerate(lines) if line.strip() and not line.startswith(("#", "//"))])
    match random_.choices(("right", "less", "loop", "errors"), (6, 10, 1, 1))[0]:
        case "less":
            del lines[at]
        case "loop" if path.suffix == ".s":
            lines.insert(at, "        j       .")
        case "errors":
            lines[at] += " )("
    path.write_text("\n".join(lines) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mutants", action="store_true", help="have their tests notice mutants instead")
    arguments = parser.parse_args()
    names = sorted(path.name for path in ASSIGNMENTS.iterdir() if path.is_dir())
    print(f"{'assignment':<14}{'submissions':>12}{'cases':>8}{'passed':>8}{'wall s':>9}{'cpu s':>9}")
    for name in names:
        assignment = read(ASSIGNMENTS / name)
        if arguments.mutants and (assignment.mutated is None or not assignment.mutated.tests):
            continue
        with tempfile.TemporaryDirectory() as place:
            random_ = random.Random(arguments.seed)
            submissions = [Path(place, f"{n:03}") for n in range(arguments.submissions)]
            for each in submissions:
                made(assignment.folder / assignment.solution, assignment.submitted, each, random_)
            words = ["--mutants"] if arguments.mutants else []
            began, before = perf_counter(), os.times()
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "ring1",
                    "test",
                    "--quiet",
                    *words,
                    str(assignment.folder),
                    *map(str, submissions),
                ],
                capture_output=True,
                text=True,
            )
            wall, after = perf_counter() - began, os.times()
        cpu = sum(after[2:4]) - sum(before[2:4])
        passed = sum(" of " in line and line.split()[1] == line.split()[3] for line in done.stderr.splitlines())
        cases = len(assignment.cases)
        print(f"{name:<14}{arguments.submissions:>12}{cases:>8}{passed:>8}{wall:>9.1f}{cpu:>9.1f}", flush=True)
    if not arguments.mutants:
        print(f"(target for 100 submissions, two cores: {TARGET:.0f} s of wall time)")


if __name__ == "__main__":
    main()
