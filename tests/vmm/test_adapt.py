"""Adaptive translation: stores that keep faulting on traced page tables become calls, and stop being calls."""

from __future__ import annotations

from ring1.dbt.vmm.adapt import PATIENCE, PRESSED, Adaptation
from ring1.dbt.vmm.execute import Executor
from tests.machine.builder import Outcome, Program, run, started
from tests.machine.tables import ALL, ONE, RAM, ROOT, TABLE, TWO, A, D, Space

ROUNDS = 200


def program(stores_to: int, then: int) -> Program:
    """A loop that stores an entry to `stores_to` ROUNDS times, using its page, and then to `then`."""
    p = Program()
    p.li("a3", 0x5000)
    for at in (stores_to, then):
        p.li("a1", at)
        p.li("s0", ROUNDS)
        p("jal", "ra", "loop")
    p.off()
    p.label("loop")
    p("andi", "a4", "s0", 1)
    p("slli", "a4", "a4", 14)
    p.li("a2", ONE | ALL | A | D)
    p("add", "a2", "a2", "a4")
    p("sw", "a2", 0, "a1")
    p("tlbflush")
    p("lw", "a5", 0, "a3")
    p("add", "a0", "a0", "a5")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "loop")
    p("jalr", "zero", 0, "ra")
    Space({5: ONE | ALL, 6: TABLE | ALL | A | D, 7: 0x9000 | ALL}).put(p)
    p.org(ONE)
    p.word(3)
    p.org(TWO)
    p.word(5)
    return p


def executed(engine: str, p: Program) -> tuple[Executor, int]:
    with started(engine, p, memory=RAM, control={"ptb": ROOT | 1}) as (vm, _):
        vm.cpu.s[vm.isa.register_numbers["a0"]] = 0
        executor = vm.engine
        assert isinstance(executor, Executor)
        assert vm.run(100_000).reason == "exit"
        return executor, vm.state().registers["a0"]


def by_interp(p: Program) -> Outcome:
    return run("interp", p, memory=RAM, control={"ptb": ROOT | 1}, registers={"a0": 0})


def test_table_entries_through_calls() -> None:
    """The store faults until it is adapted, and then calls: both events are counted, and the sum of what was loaded
    through the changing entry is right."""
    p = program(0x6000 + 4 * 5, 0x6000 + 4 * 5)
    engine, total = executed("bt/traced", p)
    assert total == by_interp(p)["a0"]
    assert engine.adaptation.adapted == 1 and engine.adaptation.returned == 0
    assert engine.counts["adapted"] == 2 * ROUNDS - PRESSED
    assert not engine.counts["callout tlbflush"]  # what is traced needs no flush


def test_back_when_there_is_nothing_to_see() -> None:
    p = program(0x6000 + 4 * 5, 0x7000)
    engine, total = executed("bt/traced", p)
    assert total == by_interp(p)["a0"]
    assert (engine.adaptation.adapted, engine.adaptation.returned) == (1, 1)
    assert engine.counts["adapted"] == ROUNDS - PRESSED + PATIENCE


def test_nothing_is_adapted_that_nobody_traces() -> None:
    p = program(0x6000 + 4 * 5, 0x7000)
    engine, total = executed("bt", p)
    assert total == by_interp(p)["a0"]
    assert engine.adaptation.adapted == 0 and not engine.counts["adapted"]


def test_patience_and_pressure() -> None:
    made = Adaptation()
    assert [made.fault(8) for _ in range(PRESSED)] == [False] * (PRESSED - 1) + [True]
    assert not made.call(8, needed=True)
    assert [made.call(8, needed=False) for _ in range(PATIENCE)] == [False] * (PATIENCE - 1) + [True]
    assert not made.call(8, needed=False) and (made.adapted, made.returned) == (1, 1)
