"""What counts as an exit to a VMM: what has called it or trapped, and not what the slow path does for the
translator."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.engines.table import make
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load

LOOP = """
    li t0, 100
0:  {what}
    addi t0, t0, -1
    bnez t0, 0b
    li t1, 0xf001
    li t2, 0xff00
    out t1, t2
    hlt
"""


def exits(engine: str, isa: str, what: str) -> int:
    machine = load(isa)
    program = assemble(machine, [("loop.s", LOOP.format(what=what))])
    with Vm(machine, 1 << 20, b"", io.BytesIO()) as vm:
        vm.load(program.image)
        vm.engine = make(engine, vm, program.image)
        vm.run(1000)
        return vm.engine.events()["exits"]


@pytest.mark.parametrize("what", ["lra a0, t0", "getpsw a0", "getptb a0"])
@pytest.mark.parametrize("engine", ["trap", "hybrid"])
def test_a_hole_is_no_exit(engine: str, what: str) -> None:
    """It runs on the real machine, and nobody is told; where it traps, everybody is, each time. (The kernel of the
    hybrid monitor is interpreted, and never leaves.)"""
    plain = exits(engine, "pg32", "nop")
    assert exits(engine, "pg32", what) == plain
    assert exits(engine, "pg32v", what) == plain + (100 if engine == "trap" else 0)


def test_what_calls_is_one() -> None:
    assert exits("bt", "pg32", "lra a0, t0") == exits("bt", "pg32", "nop") + 100
