"""Are fuzzer and tests any good? Bugs of the usual kinds, each a line of ring1 changed: which are noticed, and when?

python -m bench.mutants [--by fuzz|tests|soak] [--seconds N] [--seed S] [--jobs J] [WHAT...]

A mutant is a copy of the sources with one text replaced by another. By fuzz, J processes share a campaign on it, with
no more than the usual strategies. It is caught when an engine differs without a theorem that says so, when something is
not read back as it was written, or when a process raises an error or dies. Times are of one processor, from the first
program on.

By tests, pytest runs there what `make test` does, by soak what `make soak` does: the tests of the package that the
mutant is in first, then those of the whole machine, then all. It is caught by the first one that fails, by a process
that dies, and by tests that come to no end. Times are of all processors.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
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
PATIENCE = 1800.0
"""Seconds that the tests may take."""
NOTHING = 5
"""pytest's exit status if no tests were collected."""
LIKELY = ("machine", "mmu")
"""Tests of the whole machine."""
HERE = "fuzz/test_mutants.py"
"""The test that every mutant applies to the sources as they are."""


class Mutant(NamedTuple):
    what: str
    file: str
    old: str
    new: str


def mutants() -> list[Mutant]:
    """Parse mutants.txt: what and where, then the present text (-) and its replacement (+)."""
    found = []
    for block in (ROOT / "bench/mutants.txt").read_text().strip().split("\n\n"):
        head, *lines = block.split("\n")
        what, file = head.rsplit(": ", 1)
        old, new = ("\n".join(line[2:] for line in lines if line[0] == sign) for sign in "-+")
        found.append(Mutant(what, file, old, new))
    return found


def mutated(mutant: Mutant, folder: Path) -> None:
    """Put a copy of the clone with the mutant into a folder. Raises ValueError if the text is not there."""
    ignored = shutil.ignore_patterns("__pycache__", ".git", ".venv", ".*_cache", ".hypothesis", "build")
    shutil.copytree(ROOT, folder, ignore=ignored, symlinks=True, dirs_exist_ok=True)
    path = folder / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.what}: {mutant.file} does not have {mutant.old!r} once")
    path.write_text(text.replace(mutant.old, mutant.new))


def hunt(seed: int, seconds: float, numbers: Iterable[int]) -> str:
    """Fuzz for `seconds`, and print a line for each program: when it began, and its number. Returns what was caught
    first, if anything."""
    from ring1.dbt.engines.table import ENGINES
    from ring1.dbt.fuzz.campaign import CampaignPlan, batch, quiet

    quiet()
    plan = CampaignPlan(("pg32", "pg32v", "pg32h", "pg32x", "generated"), tuple(ENGINES.here()), seed)
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
    """None if it was not caught."""
    how: str


def caught(mutant: Mutant, process: subprocess.Popen[str]) -> Caught:
    """Wait for a process that hunts, and return what it caught."""
    out, err = process.communicate()
    took, _, how = (out.splitlines() or ["0 0"])[-1].partition(" ")
    if process.returncode == -signal.SIGPROF:
        return Caught(mutant, float(took) + HANG, f"{how} hangs")
    if process.returncode:
        last = err.strip().splitlines()[-1:] or [""]
        return Caught(mutant, float(took), f"{how} ends the process with {process.returncode}: {last[0]}")
    return Caught(mutant, float(took) if took else None, how)


def tried(mutant: Mutant, seed: int, seconds: float, jobs: int) -> Caught:
    """Hunt a mutant with several processes. Returns what the first one caught."""
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


def stages(mutant: Mutant) -> list[list[str]]:
    """Return all tests in stages, the likeliest to notice a mutant first: its package's, then those of the whole
    machine."""
    package = mutant.file.split("/")[1 if mutant.file.startswith("dbt/") else 0]
    each = sorted(path.name for path in (ROOT / "tests").iterdir() if path.is_dir() or path.name.startswith("test_"))
    likely = [name for name in dict.fromkeys((package, *LIKELY)) if name in each]
    rest = [name for name in each if name not in likely]
    return [[f"tests/{name}" for name in some] for some in (likely[:1], likely[1:], rest)]


def tested(mutant: Mutant, soak: bool, jobs: int) -> Caught:
    """Run the tests on a mutant. Returns what caught it."""
    with tempfile.TemporaryDirectory(prefix="ring1-mutant-") as name:
        mutated(mutant, Path(name))
        environment = {**os.environ, "PYTHONPATH": name, "RING1_CACHE": str(Path(name) / "build/cache")}
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider"]
        command += ["-m", "soak" if soak else "not soak", f"--ignore=tests/{HERE}"]
        command += ["-n", str(jobs), "--dist", "load"] if jobs > 1 else []
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        for some in stages(mutant):
            process = subprocess.Popen(
                [*command, *some],
                cwd=name,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
            try:
                out, _ = process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return Caught(mutant, PATIENCE, "the tests come to no end")
            if process.returncode not in (0, NOTHING):
                now = resource.getrusage(resource.RUSAGE_CHILDREN)
                took = now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime
                failed = re.search(r"^(?:FAILED|ERROR) (.*)", out, re.MULTILINE)
                return Caught(mutant, took, failed[1] if failed else out.strip().splitlines()[-1])
        return Caught(mutant, None, "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--by", choices=("fuzz", "tests", "soak"), default="fuzz")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each processor, for each mutant")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("what", nargs="*", help="those mutants whose name has this")
    arguments = parser.parse_args()
    chosen = [m for m in mutants() if not arguments.what or any(word in m.what for word in arguments.what)]
    results = []
    for mutant in chosen:
        if arguments.by == "fuzz":
            result = tried(mutant, arguments.seed, arguments.seconds, arguments.jobs)
        else:
            result = tested(mutant, arguments.by == "soak", arguments.jobs)
        results.append(result)
        took = "not caught" if result.seconds is None else f"{result.seconds:8.1f} s"
        print(f"{result.mutant.what:56} {took:>10}  {result.how[:100]}", flush=True)
    times = [c.seconds for c in results if c.seconds is not None]
    share = 100 * len(times) / len(results)
    print(f"{len(times)} of {len(results)} mutants caught, {share:.0f} %; median {median(times or [0]):.1f} s")
    return 0 if share >= 95 else 1


if __name__ == "__main__":
    sys.exit(main())
