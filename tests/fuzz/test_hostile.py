"""Files that are made up: a corpus and a replay may come from anywhere, and reach nothing but an error."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.fuzz.case import LIMITS, Case
from ring1.dbt.fuzz.finding import read
from ring1.dbt.fuzz.ways import way
from ring1.isa.source import IsaError

FIELDS = ["pg32", [["addi", 1, 0, 5]], [[1, 7]], "00", False, 0, [3], 0]
"""A case: machine, lines, registers, console, disk, entropy, stops, time."""


def packed(fields: Any) -> bytes:
    return zlib.compress(json.dumps(fields).encode())


def test_a_case() -> None:
    assert Case.from_bytes(packed(FIELDS)).registers == ((1, 7),)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, "no such machine"),
        (0, 7),
        (0, 'isa x "broken"\n'),
        (1, [["addi", 1, 0]]),
        (1, [["addi", 1, 0, 5, 5]]),
        (1, [["addi", 99, 0, 5]]),
        (1, [["addi", -1, 0, 5]]),
        (1, [["addi", 1, 0, 1.5]]),
        (1, [["addi", 1, 0, True]]),
        (1, [["addi", 1, 0, None]]),
        (1, [["nothing", 1]]),
        (1, [["=", -1, 5]]),
        (1, [["=", 16, 5]]),
        (1, [["=", "x", 5]]),
        (1, [["="]]),
        (1, [[".org", -4], ["addi", 1, 0, 5]]),
        (1, [[".org", 2], ["addi", 1, 0, 5]]),
        (1, [[".org", 1 << 40], ["addi", 1, 0, 5]]),
        (1, [[".org", "x"], ["addi", 1, 0, 5]]),
        (1, [[".word", "nowhere"]]),
        (1, [[]]),
        (1, 5),
        (2, [[-1, 5]]),
        (2, [[0, 5]]),
        (2, [[16, 5]]),
        (2, [[1 << 40, 5]]),
        (2, [[1, 1 << 32]]),
        (2, [[1, -1]]),
        (2, [[1, "5"]]),
        (2, [[1.0, 5]]),
        (2, [[1]]),
        (3, "0"),
        (3, 5),
        (3, "00" * 70_000),
        (5, -1),
        (5, 1 << 70),
        (6, []),
        (6, [0]),
        (6, [-5]),
        (6, [5, 5]),
        (6, [7, 5]),
        (6, [1 << 60]),
        (6, [1.5]),
        (6, list(range(1, 3000))),
        (7, -1),
        (7, 1 << 200),
        (7, "0"),
    ],
)
def test_a_case_is_refused(at: int, value: Any) -> None:
    """Field by field."""
    with pytest.raises(ValueError):
        Case.from_bytes(packed([*FIELDS[:at], value, *FIELDS[at + 1 :]]))


@pytest.mark.parametrize(
    "data", [b"", b"nothing", packed([]), packed(5), packed({}), zlib.compress(b"[" * 100_000), packed(FIELDS)[:-9]]
)
def test_no_case_at_all(data: bytes) -> None:
    with pytest.raises(ValueError):
        Case.from_bytes(data)


def test_a_case_without_an_end() -> None:
    """A gigabyte of zeros packs to a megabyte."""
    with pytest.raises(ValueError):
        Case.from_bytes(zlib.compress(bytes(1 << 30), 1))


@pytest.mark.parametrize(
    "settings",
    [
        "registers: -1=5",
        "registers: 0=5",
        "registers: 16=5",
        "registers: 99999999999999999999999=5",
        "registers: 1=0x100000000",
        "registers: 1=-1",
        "registers: 1",
        "registers: a=5",
        f"registers: 1={'9' * 5000}",
        "stops: 0",
        "stops: -4",
        "stops: 5 3",
        "stops: x",
        "stops: 99999999999",
        "console: 0",
        "console: zz",
        "entropy: -1",
        "entropy: x",
        "time: -1",
        f"time: {1 << 80}",
        "disk: perhaps",
        "way: vax",
        "way: bt/then=vax",
        "way: bt/uses=-5",
        "way: bt/most_blocks=99999999999999999999",
        "way: bt/remember=1",
        "way: bt/fast",
        "way: bt/steps=x",
        "isa: described below",
        'isa: described below\n//| isa x "no registers";',
    ],
)
def test_a_replay_is_refused(settings: str, tmp_path: Path) -> None:
    path = tmp_path / "case.s"
    path.write_text(f"// {settings}\nnop\n")
    with pytest.raises((ValueError, IsaError)):
        read(path)


def test_a_replay_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "case.s"
    path.write_text(".org 0x20000\nnop\n")
    with pytest.raises(ValueError, match="0x20004"):
        read(path)


def test_the_command(tmp_path: Path) -> None:
    """It names file and fault, and nothing else."""
    for text in ("// registers: -1=5\nnop\n", "// isa: described below\nnop\n", "// way: bt/then=x\nnop\n"):
        path = tmp_path / "case.s"
        path.write_text(text)
        done = subprocess.run(
            [sys.executable, "-m", "ring1", "fuzz", "--replay", str(path)], capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 2 and "Traceback" not in done.stderr and str(path) in done.stderr, done.stderr


def test_numbers_are_what_they_were(tmp_path: Path) -> None:
    """And whatever is said rightly is taken."""
    path = tmp_path / "case.s"
    path.write_text(
        "// way: bt/traced/uses=5/room=16/hot/then=interp\n// stops: 3 9\n// registers: 1=0xffffffff\n"
        '// time: 18446744073709551610\n// isa: described below\n//| isa x extends pg32 "x";\n'
        "//| insn two : R(0xa0) { rd = rs1 + rs1; }\n two a0, a1, zero\n"
    )
    case, found_in = read(path)
    assert found_in == way("bt/traced/uses=5/room=16/hot/then=interp") and "two" in case.facts.forms
    assert (case.stops, case.time, case.registers) == ((3, 9), (1 << 64) - 6, ((1, 0xFFFFFFFF),))
    assert LIMITS
