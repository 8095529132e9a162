"""Theorem 2, running: the hypervisor as a guest of itself, as a guest of ring1's own VMM."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.recursion import tower
from tests.hypervisor.machines import REPORT, Ended, needs_gcc, run

pytestmark = needs_gcc
KEYS = b"hello\ncrash hlt\nhalt\n"


def unpacked(output: bytes) -> tuple[bytes, list[int]]:
    """What the innermost guest has shown, and the instructions that each level tells of its guest, innermost first."""
    reports = list(REPORT.finditer(output))
    return output[: reports[0].start()].rstrip(b"\n"), [int(report[4]) for report in reports]


@pytest.mark.parametrize(
    ("engine", "depth"),
    [
        ("interp", 1),
        ("bt", 2),
        *(pytest.param(*t, marks=pytest.mark.soak) for t in (("trap", 2), ("trap", 3), ("hw", 2))),
    ],
)
def test_tower(engine: str, depth: int, tmp_path: Path) -> None:
    """At each depth the innermost guest shows the same, and each level executes as many instructions as where it is the
    outermost one."""
    levels: list[Ended] = [run(tower(n), KEYS, tmp_path).ended for n in range(depth)]
    ran = run(tower(depth), KEYS, tmp_path, engine)
    assert ran.ended.code == 0
    output, counts = unpacked(ran.output)
    assert output == levels[0].output
    assert counts == [level.instructions for level in levels]
