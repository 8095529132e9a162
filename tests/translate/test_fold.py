"""Simplifying an expression takes nothing away that the guest can see."""

from __future__ import annotations

import pytest

from ring1.isa.model import Isa
from tests.machine.builder import ENGINES, Program, run
from tests.vmm.believers import described

ABSENT = 0xFFFFFFF0
DROPPED = (
    "mem[rs1, 4] & 0",
    "0xffffffff | mem[rs1, 4]",
    "zx(mem[rs1, 1])[31:8] == 0 ? 1 : 2",
    "mem[rs1, 4] & rs2",
    "zx((mem[rs1, 4] & rs2)[3:0])",
)
"""Values that do not depend on what is loaded (rs2 is 0)."""


def loading(value: str) -> Isa:
    return described(f"insn probe : R(0xa3) {{ rd = {value}; }}")


@pytest.mark.parametrize("known", [True, False], ids=["constant", "loaded"])
@pytest.mark.parametrize("value", DROPPED)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_load_whose_value_does_not_matter_still_traps(engine: str, value: str, known: bool) -> None:
    """Whether the translator knows what the registers hold or not."""
    p = Program(loading(value))
    p.control("tvec", "handler")
    p.li("a0", ABSENT)
    if known:
        p.li("a1", 0)
    else:
        p("lw", "a1", 0x800, "zero")
    p("probe", "a2", "a0", "a1")
    p.off(1)
    p.label("handler")
    p("rdcr", "a3", "cause")
    p.off(2)
    outcome = run(engine, p)
    assert outcome.stop.code == 2
    assert outcome["a3"] == p.isa.causes["bus_error"].number
