"""`python -m tests.isolation --programs N`: programs of generated machines under every engine, held against interp.

Batches run in processes of their own, so that one that is killed by a signal is a finding as well. Exit status 1 with
findings; `--first N --programs 1` shows one batch again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import traceback

from tests.isolation.run import PROGRAMS, Batch

CHUNK = 10
"""Batches of a process."""


def batches(seeds: range) -> int:
    """Run batches here, and say of each how it ended."""
    for seed in seeds:
        try:
            batch = Batch(seed)
            batch.check()
            print(f"batch {seed}: ok {batch.image.runs}", flush=True)
        except Exception:
            text = traceback.format_exc(limit=-3).replace("\n", " | ")
            print(f"batch {seed}: {text}", flush=True)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.isolation", description=__doc__)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first batch (default: 0)")
    parser.add_argument("--here", action="store_true", help="in this process")
    arguments = parser.parse_args()
    seeds = range(arguments.first, arguments.first + -(-arguments.programs // PROGRAMS))
    if arguments.here:
        return batches(seeds)
    done, findings, began = 0, 0, time.monotonic()
    for at in range(seeds.start, seeds.stop, CHUNK):
        part = range(at, min(at + CHUNK, seeds.stop))
        while part:
            command = [sys.executable, "-m", "tests.isolation", "--here"]
            command += ["--first", str(part.start), "--programs", str(len(part) * PROGRAMS)]
            ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            lines = [line for line in ran.stdout.splitlines() if line.startswith("batch ")]
            for line in lines:
                if ": ok " in line:
                    done += int(line.rpartition(" ")[2])
                else:
                    findings += 1
                    print(line, flush=True)
            part = part[len(lines) :]
            if part:  # the process has not come to its end
                findings += 1
                print(f"batch {part.start}: ended by {ran.returncode}: {ran.stdout[-2000:]}", flush=True)
                part = part[1:]
        if sys.stdout.isatty() or at + CHUNK >= seeds.stop or at // CHUNK % 5 == 4:
            print(f"{done} programs, {findings} findings, {time.monotonic() - began:.0f} s", flush=True)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
