"""Hot code runs in traces, and seldom leaves them: that is counted by interpreting on from where a run stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.heat import Heat, Sampling
from ring1.dbt.vmm.vm import Vm
from ring1.isa.record import replace
from tests.machine.builder import HERE, Program, started

WARM, LOOKED_AT = 400_000, 5_000
"""Instructions before it is counted how often traces are left, and those that are looked at then."""


def two_callers() -> Program:
    """Two loops, one after the other in an endless one, that call the same function."""
    p = Program()
    p.label("begin")
    for name, rounds in (("one", 40), ("two", 60)):
        p.li("a1", rounds)
        p.label(name)
        p("addi", "a2", "a2", 3)
        p("jal", "ra", "function")
        p("xor", "a3", "a3", "a2")
        p("addi", "a1", "a1", -1)
        p("bne", "a1", "zero", name)
    p("jal", "zero", "begin")
    p.label("function")
    p("slli", "a4", "a2", 1)
    p("add", "a3", "a3", "a4")
    p("jalr", "zero", 0, "ra")
    return p


def two_ways() -> Program:
    """An endless loop with two branches on bits of s0 = 1103515245 * s0 + 1234."""
    p = Program()
    p.li("s1", 1103515245)
    p.li("s0", 12345)
    p.label("again")
    p("mul", "s0", "s0", "s1")
    p("addi", "s0", "s0", 1234)
    for bit in (20, 23):
        p("srli", "a0", "s0", bit)
        p("andi", "a0", "a0", 1)
        p("beq", "a0", "zero", f"even{bit}")
        p("addi", "a2", "a2", bit)
        p.label(f"even{bit}")
        p("xor", "a3", "a3", "s0")
    p("jal", "zero", "again")
    return p


def interpreter() -> Program:
    """An endless loop that dispatches on a table of 40 handlers' addresses, of which there are four."""
    p = Program()
    p.li("a4", 0)
    p.label("loop")
    p("addi", "a4", "a4", 4)
    p("sltiu", "a5", "a4", 4 * 41)
    p("bne", "a5", "zero", "go")
    p.li("a4", 4)
    p.label("go")
    p("lw", "a5", 0x3FC, "a4")
    p("jalr", "zero", 0, "a5")
    handlers = []
    for n in range(4):
        handlers.append(p.at)
        p("addi", "a2", "a2", n)
        p("xor", "a3", "a3", "a2")
        p("jal", "zero", "loop")
    p.org(0x400)
    p.word(*(handlers[(n * n // 3 + n // 5) % 4] for n in range(40)))
    return p


@contextmanager
def warm(p: Program, sampling: Sampling | None = None) -> Iterator[tuple[Vm, Executor]]:
    options = replace(HERE, sampling=sampling or Sampling())
    with started("bt", p, options=options) as (vm, _):
        assert vm.run(WARM).reason == "limit" and isinstance(vm.engine, Executor)
        yield vm, vm.engine


def left(vm: Vm, engine: Executor) -> tuple[int, int, int]:
    """Interpret on. Returns how often the guest entered a trace, left one in its middle, and how many instructions it
    executed in none."""
    path = [vm.cpu.pc]
    for _ in range(LOOKED_AT):
        vm.cpu.step()
        path.append(vm.cpu.pc)
    entered = strayed = outside = i = 0
    while i < LOOKED_AT:
        place = engine.place_of(path[i])
        block = engine.blocks.table.get(place) if place else None
        if block is None or not block.traced:
            outside, i = outside + 1, i + 1
            continue
        trace = block.translation.trace
        i, last = trace.follow(path, i)
        entered += 1
        strayed += i < len(path) and last + 1 not in trace.ends()
    return entered, strayed, outside


def beginnings(engine: Executor) -> set[int]:
    return {block.translation.pc for block in engine.blocks.table.values() if block.traced}


def test_a_function_is_part_of_the_loops_that_call_it() -> None:
    p = two_callers()
    with warm(p) as (vm, engine):
        begun = beginnings(engine)
        assert {p.labels["one"], p.labels["two"]} <= begun
        assert not [pc for pc in begun if pc >= p.labels["function"]]
        _, strayed, outside = left(vm, engine)
        assert strayed <= LOOKED_AT / 300 and outside <= LOOKED_AT / 20


def test_both_ways_through_a_loop_are_in_its_trace() -> None:
    with warm(two_ways()) as (vm, engine):
        entered, strayed, outside = left(vm, engine)
        assert entered >= LOOKED_AT / 40 and strayed <= LOOKED_AT / 500 and outside <= LOOKED_AT / 100
        assert any(len(block.translation.branches) >= 2 for block in engine.blocks.table.values())


def test_an_interpreter_is_followed_from_handler_to_handler() -> None:
    with warm(interpreter()) as (vm, engine):
        entered, _, outside = left(vm, engine)
        assert entered <= LOOKED_AT / 30 and outside <= LOOKED_AT / 10


def test_traces_lead_to_traces() -> None:
    """Where the end of a trace, or its exit, is the beginning of another, it is chained to it at once."""
    with warm(two_callers()) as (_, engine):
        blocks = engine.blocks
        joined = {site for block in blocks.table.values() for _, site, _ in block.incoming}
        for block in blocks.table.values():
            for exit_, site in block.translation.host.exits.values() if block.traced else ():
                there = blocks.table.get((block.translation.mode, exit_.pc or 0, -1))
                if exit_.kind == "next" and there is not None and there.traced:
                    assert block.base + site in joined


def test_traces_are_kept_when_registers_are_pinned_again() -> None:
    """A loop that uses registers which the program's words name least often: the cache begins anew, with the trace."""
    p = Program()
    for n in range(40):
        p("addi", "a0", "a1", n)
    p.label("again")
    for register in ("s0", "s1", "t2", "t1", "t0"):
        p("addi", register, register, 1)
    p("jal", "zero", "again")
    with started("bt", p, options=replace(HERE, most_pinned=2, sampling=Sampling(pinned=(3,)))) as (vm, _):
        engine = vm.engine
        assert isinstance(engine, Executor)
        while not engine.pinnings:
            assert vm.run(vm.cpu.time + 1000).reason == "limit" and vm.cpu.time < WARM
        assert beginnings(engine) == {p.labels["again"]}


@pytest.mark.parametrize("minutes", [1, 60])
def test_few_paths_are_recorded_in_vain(minutes: int) -> None:
    """At 4 G instructions/s, from a trace that the guest never leaves, and from many that it does."""
    place, now, end = (0, 0, -1), 0, minutes * 60 * 4_000_000_000
    heat = Heat(Sampling())
    while now < end:
        now += heat.interval
        heat.take(place)
        if heat.hot(place, True, now):
            heat.recorded(place, now, 0)
        else:
            heat.later()
    assert heat.paths < 12
    busy, now = Heat(Sampling()), 0
    while now < end // 100:
        now += 1 << 22
        for n in range(3):
            busy.take((0, now + n, -1))
            busy.take((0, now + n, -1))
            if busy.hot((0, now + n, -1), False, now):
                busy.recorded((0, now + n, -1), now, 1)
    assert busy.paths <= 5 + (now >> 21) ** 0.5
