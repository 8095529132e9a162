"""Programs for the tests of the page."""

from __future__ import annotations

from tests.cli.conftest import OFF

COUNT = f"""_start: li a0, 0
        li a1, 100
        la a2, counter
loop:   addi a0, a0, 1
        sw a0, 0(a2)
        bne a0, a1, loop
{OFF}        .data
counter: .word 0
"""
FOREVER = "_start: addi a0, a0, 1\n        j _start\n"
ECHO = f"""_start: in t0, zero
        li t1, -1
        beq t0, t1, done
        out zero, t0
        j _start
done:
{OFF}"""
HOLE = f"""_start: la t0, handler
        wrcr tvec, t0
        getpsw a1
        addi a2, a1, 1
{OFF}handler:
{OFF}"""
BAD = "_start: addi a0, a0\n        nonsense\n"
