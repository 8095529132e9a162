"""A jump through a register whose value the block knows is a jump to a known place."""

from __future__ import annotations

from ring1.dbt.vmm.execute import Executor
from tests.machine.builder import Program, run_all, started


def through_registers() -> Program:
    p = Program()
    p.li("a1", 500)
    p.label("again")
    p("addi", "a0", "zero", 0x404)
    p("jalr", "ra", 2, "a0")  # its low bits are cleared
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    p.org(0x404)
    p("addi", "a2", "a2", 1)
    p("jalr", "zero", 0, "ra")
    return p


def test_no_place_is_looked_up() -> None:
    """But for the return, which is not in one piece with the call, and for the call as long as it is new."""
    p = through_registers()
    run_all(p)
    run_all(p, hot=True)
    with started("bt", p) as (vm, _):
        assert vm.run(10_000).reason == "exit" and vm.state().registers["a2"] == 500
        assert isinstance(vm.engine, Executor)
        assert vm.engine.counts["indirect"] == 2


def test_a_return_address_that_is_changed_is_heeded() -> None:
    """The callee goes on elsewhere every eighth time: what is known of the address when a path is recorded may be
    wrong."""
    p = Program()
    p.li("a1", 500)
    p.label("again")
    p("jal", "ra", "function")
    p("addi", "a3", "a3", 1)
    p.label("skipped")
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    p.label("function")
    p("andi", "a0", "a1", 7)
    p("bne", "a0", "zero", "back")
    p("addi", "ra", "ra", 4)
    p.label("back")
    p("jalr", "zero", 0, "ra")
    for hot in (False, True):
        got = run_all(p, hot=hot)
        assert got.state.registers["a3"] == 500 - 500 // 8
