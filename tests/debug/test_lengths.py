"""Debugging code whose instructions have two lengths: what stands before and behind an instruction, calls, returns."""

from __future__ import annotations

import pytest

from tests.debug.sessions import debugging

BASE = 0x80000000
PROGRAM = """
_start: li sp, 0x80008000
        c.li a0, 3
        c.jal f
        addi a1, a0, 1
        c.jal f
        c.mv s0, a0
        wfi
f:      c.addi sp, -4
        c.swsp ra, 0(sp)
        c.add a0, a0
        jal ra, g
behind: c.lwsp ra, 0(sp)
        c.addi sp, 4
        c.jr ra
g:      c.addi a0, 1
        c.jr ra
"""


@pytest.mark.parametrize("engine", ["interp", "bt"])
def test_over_calls_and_back(engine: str) -> None:
    with debugging(PROGRAM, engine, "rv32") as bench:
        bench.do("break f", "continue")
        assert bench.at("f") and bench.machine.count == 3
        bench.do("next", "next", "next")
        assert bench.pc == bench.machine.labels["f"] + 6
        bench.do("next")
        assert bench.at("behind") and bench.machine.reg["a0"] == 7
        bench.do("reverse-next")
        assert bench.pc == bench.machine.labels["f"] + 6
        bench.do("stepi", "reverse-finish")
        assert bench.pc == bench.machine.labels["f"] + 6
        bench.do("finish")
        assert bench.pc == BASE + 8 and bench.machine.reg["ra"] == BASE + 8
        bench.do("reverse-next")
        assert bench.at("f")  # the breakpoint
        bench.do("delete", "finish", "reverse-next")
        assert bench.pc == BASE + 6


def test_instructions_around_a_place() -> None:
    with debugging(PROGRAM, "interp", "rv32") as bench:
        bench.do("break behind", "continue")
        shown = [line[35:] for line in bench.do("disassemble").splitlines()]
        assert shown[3:7] == ["c.add a0, a0", "jal ra, 0x80000024", "c.lwsp ra, 0(sp)", "c.addi sp, 4"]
        assert "c.swsp ra, 0(sp)" in bench.do("x/2i f")
        assert bench.do("disassemble f, +6").count("\n") == 2
        assert "multiple of 2" in bench.fails("break *0x80000001")
        assert bench.machine.mem.instruction("f") == 0x1171 and bench.machine.mem.instruction(BASE + 8) == 0x00150593
