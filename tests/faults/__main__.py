"""`python -m tests.faults --runs N`: random faults of the host, a run for each. Exit status 1 with findings."""

from __future__ import annotations

import argparse
import concurrent.futures
import errno
import os
import resource
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.faults.host import INTERRUPTED, LIMITED, REFUSED, TERMINATED, Fault, refusal, run, undisturbed
from tests.faults.refusing.sitecustomize import CALLS

TECHNIQUES = (
    *(("--engine", engine) for engine in ("interp", "bare", "bt", "trap", "hybrid")),
    *(("--mmu", mmu, "--shadow", shadow) for mmu in ("shadow", "softtlb") for shadow in ("lazy", "traced")),
    ("--check",),
)


def refused(r: Random, cache: Path) -> Fault:
    """Some calls of one kind."""
    call, first = r.choice(CALLS), r.choice((1, 2, 3, r.randint(1, 30), r.randint(1, 3000)))
    number = r.choice((errno.ENOMEM, errno.EMFILE, errno.ENOSPC))
    return refusal(call, first, number, r.choice((1, 1, 2, 50, 1 << 30)), *r.choice(TECHNIQUES))


def limited(r: Random, cache: Path) -> Fault:
    """Few descriptors or little address space, from before Python has begun on."""
    if r.random() < 0.5:
        few = r.randint(6, 24)
        return Fault(f"{few} descriptors", (LIMITED, REFUSED), limits={resource.RLIMIT_NOFILE: few})
    size = r.choice((r.randint(200, 1000), r.randint(1000, 20000))) << 20
    return Fault(f"{size >> 20} MiB of addresses", (LIMITED, REFUSED), limits={resource.RLIMIT_AS: size})


def signalled(r: Random, cache: Path) -> Fault:
    """A signal at any moment from where Python has come up."""
    number, end = r.choice(
        (
            (signal.SIGINT, INTERRUPTED),
            (signal.SIGTERM, TERMINATED),
            (signal.SIGSTOP, LIMITED),
            (signal.SIGWINCH, LIMITED),
        )
    )
    after = r.uniform(0.0, 1.5)
    signals = ((after, int(number)), *(((0.05, int(signal.SIGCONT)),) if number == signal.SIGSTOP else ()))
    # Before ring1 has the process, Ctrl-C and SIGTERM do to it what they do to Python.
    ends = (LIMITED, end, 1, -int(number)) if end != LIMITED else (LIMITED,)
    return Fault(f"{number.name} after {after:.3f} s", ends, signals=signals, options=r.choice(TECHNIQUES))


def spoilt(r: Random, cache: Path) -> Fault:
    """Cache entries that are not what was written."""
    entries = [path for path in cache.rglob("*") if path.is_file()]
    for path in r.sample(entries, min(len(entries), r.randint(1, 8))):
        spoil(r, path, entries)
    return Fault("entries spoilt", options=r.choice(TECHNIQUES))


def spoil(r: Random, path: Path, others: list[Path]) -> None:
    """Change an entry, as a crash, a full disk or a bad one does, or whoever tidies up."""
    try:
        data = bytearray(path.read_bytes())
        change = r.randrange(6)
        if change == 0:
            del data[r.randrange(len(data) + 1) :]
        elif change == 1 and data:
            data[r.randrange(len(data))] ^= 1 << r.randrange(8)
        elif change == 2:
            data[:] = bytes(len(data))
        elif change == 3:
            data[:] = r.choice(others).read_bytes()
        path.unlink()
        if change == 4:
            path.mkdir()
        elif change != 5:
            path.write_bytes(data)
    except OSError:  # others are at it as well
        pass


def nowhere(r: Random, cache: Path) -> Fault:
    """No cache directory to be had."""
    theirs = [str(cache / name) for name in ("file", "\n", "new")]
    place = r.choice(("/dev/null", "/dev/null/x", "/proc/self", "/proc/nothing", "/dev/full", *theirs))
    return Fault(f"cache in {place}", environment={"RING1_CACHE": place})


FAULTS: dict[str, Callable[[Random, Path], Fault]] = {
    made.__name__: made for made in (refused, limited, signalled, spoilt, nowhere)
}


def one(name: str, seed: int, number: int, folder: str, expected: object) -> tuple[str, str]:
    """One run: how it ended, and what is wrong with that. Runs share a cache, a few at a time."""
    r = Random(f"{seed} {name} {number}")
    cache = Path(folder) / str(r.randrange(3))
    cache.mkdir(exist_ok=True)
    (cache / "file").touch()
    try:
        return str(run(FAULTS[name](r, cache), cache, expected)), ""
    except AssertionError as error:
        return "finding", f"{name} {number}: {error}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("faults", metavar="FAULT", nargs="*", help=f"of {', '.join(FAULTS)}; all of them if none")
    parser.add_argument("--runs", type=int, default=50, help="for each kind of fault (default: 50)")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        expected = undisturbed(Path(folder) / "0")
        for name in arguments.faults or FAULTS:
            ends: Counter[str] = Counter()
            with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
                numbers = range(arguments.first, arguments.first + arguments.runs)
                done = pool.map(lambda n, name=name: one(name, arguments.seed, n, folder, expected), numbers)
                for end, finding in done:
                    ends[end] += 1
                    failed |= bool(finding)
                    print(finding, end="\n" if finding else "", flush=True)
            print(f"{name:10} {arguments.runs:6}  {dict(ends)}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
