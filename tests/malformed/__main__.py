"""`python -m tests.malformed [TARGET...] --cases N`: the campaign, over processes. Exit status 1 with findings."""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import sys
from pathlib import Path

from tests.malformed.campaign import Report, work
from tests.malformed.targets import TARGETS

CHUNK = 5000
"""Cases that one process does at most."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.malformed", description=__doc__)
    parser.add_argument("targets", metavar="TARGET", nargs="*", help=f"of {', '.join(TARGETS)}; all of them if none")
    parser.add_argument("--cases", type=int, default=1000, help="of each target (default: 1000)")
    parser.add_argument("--first", type=int, default=0, help="number of the first case (default: 0)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--findings", metavar="DIR", type=Path, default=Path("build/malformed"))
    arguments = parser.parse_args()
    unknown = set(arguments.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no target {', '.join(unknown)}")
    failed = False
    print(f"{'target':12} {'cases':>7} {'cpu s':>7} {'slowest s':>9} {'grown MiB':>9}  findings, ends", flush=True)
    for name in arguments.targets or TARGETS:
        report = Report()
        jobs = max(1, min(arguments.jobs, arguments.cases))
        size = min(CHUNK, -(-arguments.cases // jobs))
        end = arguments.first + arguments.cases
        with concurrent.futures.ProcessPoolExecutor(jobs, max_tasks_per_child=1) as pool:
            starts = range(arguments.first, end, size)
            parts = [pool.submit(work, name, arguments.seed, range(a, min(a + size, end))) for a in starts]
            for part in parts:
                report.add(part.result())
        ends = ", ".join(f"{count} {what}" for what, count in report.ends.most_common())
        slowest, number = report.slowest
        print(
            f"{name:12} {report.cases:7} {report.seconds:7.0f} {slowest:9.2f} {report.grown / (1 << 20):9.1f}"
            f"  {len(report.findings)}, {ends} (slowest: {number})",
            flush=True,
        )
        for finding in report.findings:
            failed = True
            print(f"    case {finding.case}: {finding.what}", flush=True)
            if finding.case >= 0:
                arguments.findings.mkdir(parents=True, exist_ok=True)
                (arguments.findings / f"{name}-{arguments.seed}-{finding.case}").write_bytes(finding.data)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
