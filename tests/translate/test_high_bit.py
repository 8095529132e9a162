"""The highest bit of a control register, written by itself (found by ARM's N flag: the constant had no place in an
instruction)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.theory.machines import ended, extended

TOP = """
control top @12 { HIGH 31; MIDDLE 30:1; LOW 0; }
insn sethigh : X(0xa0) { top.HIGH = rs1[0]; }
insn high    : Z(0xa1) { top.HIGH = 1; }
insn low     : Z(0xa2) { top.HIGH = 0; }
insn rest    : X(0xa3) { top.MIDDLE = rs1[29:0]; }
"""


@pytest.mark.parametrize("engine", ["bare", "bt", "trap", "hybrid", "hw"])
@pytest.mark.parametrize(("code", "expected"), [("high", 0xAAAAAAAB), ("low", 0x2AAAAAAB), ("sethigh a0", 0xAAAAAAAB)])
def test_it_alone_is_written(engine: str, code: str, expected: int, tmp_path: Path) -> None:
    isa = extended(tmp_path, TOP)
    source = f"li t0, 0x2aaaaaab\nwrcr top, t0\nli a0, 0x7\n{code}\nrdcr a1, top\nli a2, 0x15555555\nrest a2\nhlt\n"
    state, _ = ended(isa, engine, source)
    assert state.registers["a1"] == expected
    assert state.control["top"] == expected
