"""Is the fuzzer any good? Bugs of the usual kinds, each a line of ring1 changed: which are noticed, and when?

python -m bench.mutants [--seconds N] [--seed S] [--jobs J] [WHAT...]

A mutant is a copy of the sources with one text replaced by another, and J processes that share a campaign on it, with
no more than the usual strategies. It is caught when an engine differs without a theorem that says so, when something is
not read back as it was written, or when a process raises an error or dies. Times are of one processor, from the first
program on.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
HANG = 20.0
"""Seconds of processor time that a program may take."""


class Mutant(NamedTuple):
    what: str
    file: str
    old: str
    new: str


def mutants() -> list[Mutant]:
    """Those of mutants.txt: what and where, then what is there (-) and what takes its place (+)."""
    found = []
    for block in (ROOT / "bench/mutants.txt").read_text().strip().split("\n\n"):
        head, *lines = block.split("\n")
        what, file = head.rsplit(": ", 1)
        old, new = ("\n".join(line[2:] for line in lines if line[0] == sign) for sign in "-+")
        found.append(Mutant(what, file, old, new))
    return found


def mutated(mutant: Mutant, folder: Path) -> None:
    """Put a copy of the sources with the mutant into a folder. Raises ValueError if the text is not there."""
    ignored = shutil.ignore_patterns("__pycache__")
    for package in ("isa", "dbt", "ring1", "bench"):
        shutil.copytree(ROOT / package, folder / package, ignore=ignored, symlinks=True)
    path = folder / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.what}: {mutant.file} does not have {mutant.old!r} once")
    path.write_text(text.replace(mutant.old, mutant.new))


def hunt(seed: int, seconds: float, numbers: Iterable[int]) -> str:
    """Fuzz for so long, with a line for each program: when it began, and which it is. What was caught first, if
    anything was."""
    from ring1.dbt.fuzz.campaign import Plan, batch, quiet
    from ring1.dbt.fuzz.ways import engines

    quiet()
    plan = Plan(("pg32", "pg32v", "pg32h", "generated"), tuple(engines()), seed)
    began = process_time()
    for number in numbers:
        if process_time() - began > seconds:
            return ""
        print(f"{process_time() - began:.1f} {number + 1}", flush=True)
        signal.setitimer(signal.ITIMER_PROF, HANG)  # ends the process
        try:
            found = batch(plan, [number]).differences
        except Exception as error:
            found = ((number, None),)  # type: ignore[assignment]
            how = f"{type(error).__name__}: {error}"
        else:
            how = f"{found[0][1].way.name} at {found[0][1].at}" if found else ""
        if found:
            return f"{process_time() - began:.1f} {number + 1} {how}"
    return ""


class Caught(NamedTuple):
    mutant: Mutant
    seconds: float | None
    """None if it was not."""
    how: str


def caught(mutant: Mutant, process: subprocess.Popen[str]) -> Caught:
    """What comes of a process that hunts."""
    out, err = process.communicate()
    took, _, how = (out.splitlines() or ["0 0"])[-1].partition(" ")
    if process.returncode == -signal.SIGPROF:
        return Caught(mutant, float(took) + HANG, f"{how} hangs")
    if process.returncode:
        last = err.strip().splitlines()[-1:] or [""]
        return Caught(mutant, float(took), f"{how} ends the process with {process.returncode}: {last[0]}")
    return Caught(mutant, float(took) if took else None, how)


def tried(mutant: Mutant, seed: int, seconds: float, jobs: int) -> Caught:
    """Whether a mutant is caught by one of some processes."""
    with tempfile.TemporaryDirectory(prefix="ring1-mutant-") as name, ThreadPoolExecutor(jobs) as pool:
        mutated(mutant, Path(name))
        environment = {**os.environ, "PYTHONPATH": name, "RING1_CACHE": os.devnull}
        processes = []
        for n in range(jobs):
            code = "from itertools import count; from bench.mutants import hunt; "
            code += f"print(hunt({seed}, {seconds}, count({n}, {jobs})))"
            command = [sys.executable, "-c", code]
            pipe = subprocess.PIPE
            processes.append(subprocess.Popen(command, cwd=name, env=environment, stdout=pipe, stderr=pipe, text=True))
        waiting = [pool.submit(caught, mutant, process) for process in processes]
        for done in as_completed(waiting):
            if done.result().seconds is not None:
                for process in processes:
                    process.kill()
                return done.result()
        return Caught(mutant, None, "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each processor, for each mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("what", nargs="*", help="those mutants whose name has this")
    arguments = parser.parse_args()
    chosen = [m for m in mutants() if not arguments.what or any(word in m.what for word in arguments.what)]
    results = []
    for mutant in chosen:
        result = tried(mutant, arguments.seed, arguments.seconds, arguments.jobs)
        results.append(result)
        took = "not caught" if result.seconds is None else f"{result.seconds:8.1f} s"
        print(f"{result.mutant.what:56} {took:>10}  {result.how[:100]}", flush=True)
    times = [c.seconds for c in results if c.seconds is not None]
    share = 100 * len(times) / len(results)
    print(f"{len(times)} of {len(results)} mutants caught, {share:.0f} %; median {median(times or [0]):.1f} s")
    return 0 if share >= 95 else 1


if __name__ == "__main__":
    sys.exit(main())
