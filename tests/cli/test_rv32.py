"""Assembly on RV32 and on the part of it that programs use: where it begins, and what nobody serves."""

from __future__ import annotations

import pytest

from ring1.isa.load import load
from tests.cli.conftest import Command

ENGINES = ["interp", "bt", *(pytest.param(name, marks=pytest.mark.soak) for name in ("bare", "trap", "hybrid", "hw"))]


def test_where_a_program_without_start_begins_is_said(ring1: Command) -> None:
    ring1.write("prog.s", "first: li a0, 0x5555\n li a1, 0x100000\n sw a0, 0(a1)\n")
    done = ring1("run", "--isa", "rv32", "prog.s", status=0)
    assert done.err == "ring1: warning: there is no _start: the program begins at address 0x80000000 (first)\n"
    done = ring1("asm", "--isa", "rv32", "--listing", "prog.s", status=0)
    assert "80000000  37 55 00 00 13 05 55 55      1  first: li a0, 0x5555" in done.out and done.err == ""
    ring1.write("late.s", " nop\n_start: nop\n")
    assert "as a raw image the program will begin at 0x80000000" in ring1("asm", "--isa", "rv32", "late.s").err


@pytest.mark.parametrize("engine", ENGINES)
def test_a_trap_that_leads_nowhere_stops_the_machine(ring1: Command, engine: str) -> None:
    ring1.write("prog.s", "_start: li t0, 3\n lw a0, 4(t0)\n")
    done = ring1("run", "--isa", "rv32", "--engine", engine, "prog.s", status=120)
    where = "unhandled trap: load_access (cause 5, value 0x7) at 0x80000004 (_start+0x4, prog.s:2): lw a0, 4(t0)"
    assert where in done.err
    ring1.write(
        "prog.s",
        "_start: la t0, there\n csrw mtvec, t0\n ebreak\nthere: csrr t0, mcause\n csrw mtvec, zero\n ecall\n",
    )
    done = ring1("run", "--isa", "rv32", "--engine", engine, "prog.s", status=120)
    assert "unhandled trap: ecall_m (cause 11, value 0x0) at 0x80000018" in done.err


@pytest.mark.parametrize("engine", ENGINES)
def test_programs_alone(ring1: Command, engine: str) -> None:
    ring1.write("prog.s", "_start: rdtime a0\n la a1, _start\n lw a2, (a1)\n ecall\n")
    done = ring1("run", "--isa", "rv32u", "--engine", engine, "--json", "--quiet", "prog.s", status=120)
    assert '"reason": "trap"' in done.out and f'"a2": {0xC0102573}' in done.out
    ring1.write("prog.s", " csrw cycle, a0\n")
    done = ring1("run", "--isa", "rv32u", "--engine", engine, "prog.s", status=120)
    assert "unhandled trap: illegal (cause 2, value 0xc0051073)" in done.err


def test_one_truth_for_both() -> None:
    whole, part = load("rv32"), load("rv32u")
    own = {name for name in whole.instructions if name not in part.instructions}
    assert own == {"mret", "sret", "wfi", "sfence.vma"}
    for name, insn in part.instructions.items():
        other = whole.instructions[name]
        assert (other.parts, other.syntax) == (insn.parts, insn.syntax)
        assert name.startswith(("csr", "ecall")) or other.body == insn.body
    assert whole.aliases[: len(part.aliases)] == part.aliases and whole.modifiers == part.modifiers
    assert {*whole.controls} >= {*part.controls} and part.mode is None and part.paging is None
