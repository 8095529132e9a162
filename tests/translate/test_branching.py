"""Traces of several ways are exact: at every instruction, at faults on any way, with every budget."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from ring1.dbt.fuzz.ways import HOT
from ring1.dbt.vmm.execute import Executor
from ring1.isa.record import replace
from tests.machine.builder import HERE, Program, run, run_all, started
from tests.machine.tables import ALL, ROOT, Space

FIRST, LAST = 300, 420
"""Limits between which every instruction is stopped at."""


def parted(ends: str = "off") -> Program:
    """A loop whose rounds take one of four ways, of different lengths, on bits of 1103515245 * s0 + 1234. Two of the
    ways load and store by a1, with values put off; at the last the address is bad, or the machine is switched off."""
    p = Program()
    p.li("s1", 1103515245)
    p.li("s0", 12345)
    p.li("a1", 0x2000)
    p.li("a5", 90)
    p.label("again")
    p("mul", "s0", "s0", "s1")
    p("addi", "s0", "s0", 1234)
    p("srli", "a0", "s0", 20)
    p("andi", "a2", "a0", 1)
    p("addi", "a3", "a3", 5)
    p("beq", "a2", "zero", "even")
    p("addi", "a4", "a3", 0)
    p("slli", "t0", "a3", 2)
    p("sw", "a3", 4, "a1")
    p("addi", "a3", "a3", 7)
    p("lw", "t1", 4, "a1")
    p("add", "t2", "t0", "t1")
    p.label("even")
    p("andi", "a2", "a0", 2)
    p("beq", "a2", "zero", "on")
    p("addi", "a3", "a4", 9)
    p("lw", "t1", 8, "a1")
    p("sb", "a3", 8, "a1")
    p.label("on")
    p("addi", "a5", "a5", -1)
    p("bne", "a5", "zero", "again")
    if ends == "fault":
        p("bne", "a4", "a5", "away")
        p.off()
        p.label("away")
        p.li("a1", -16)  # there is no memory
        p.li("a5", 40)
        p("jal", "zero", "again")
    p.off()
    return p


def calling() -> Program:
    """A loop that jumps through a table of three functions, which return."""
    p = Program()
    p.li("s1", 1103515245)
    p.li("s0", 54321)
    p.li("a5", 120)
    p.label("again")
    p("mul", "s0", "s0", "s1")
    p("addi", "s0", "s0", 1234)
    p("srli", "a0", "s0", 18)
    p("andi", "a0", "a0", 12)
    p("lw", "a0", 0x400, "a0")
    p("addi", "a3", "a3", 3)
    p("jalr", "ra", 0, "a0")
    p("addi", "a5", "a5", -1)
    p("bne", "a5", "zero", "again")
    p.off()
    functions = []
    for n in range(3):
        functions.append(p.at)
        for _ in range(n):
            p("addi", "a2", "a3", n)
        p("xor", "a4", "a4", "a2")
        p("jalr", "zero", 0, "ra")
    p.org(0x400)
    p.word(*functions, functions[0])
    return p


def branches(engine: Executor) -> int:
    return sum(len(block.translation.branches) for block in engine.blocks.table.values())


@pytest.mark.parametrize("p", [parted(), parted("fault"), calling()], ids=["parted", "fault", "calling"])
def test_every_way_ends_alike(p: Program) -> None:
    run_all(p, hot=True)


@pytest.mark.parametrize("p", [parted(), calling()], ids=["parted", "calling"])
def test_there_are_such_traces(p: Program) -> None:
    options = replace(HERE, sampling=replace(HOT, path=200))
    with started("bt", p, options=options) as (vm, _):
        assert vm.run(1200).reason in ("limit", "exit")
        assert isinstance(vm.engine, Executor) and branches(vm.engine) >= 2
        assert any(len(block.translation.branches) >= 2 for block in vm.engine.blocks.table.values())


@pytest.mark.parametrize("p", [parted(), parted("fault"), calling()], ids=["parted", "fault", "calling"])
@pytest.mark.parametrize("engine", ["bt", "hw"])
def test_it_stops_at_every_instruction(p: Program, engine: str) -> None:
    """The budget ends anywhere, on any way."""
    with started(engine, p, hot=True) as (vm, _), started("interp", p) as (other, _):
        for limit in range(FIRST, LAST):
            stops = vm.run(limit), other.run(limit)
            assert stops[0] == stops[1] and vm.state() == other.state(), limit


@pytest.mark.parametrize("seed", range(20))
def test_it_stops_anywhere(seed: int) -> None:
    """With pauses by chance, so that traces run in between."""
    random, p = Random(seed), parted("fault") if seed % 2 else calling()
    engine = random.choice(["bt", "bare", "hw"])
    options = replace(
        HERE, sampling=replace(HOT, path=random.choice((40, 70, 200))), most_pinned=random.choice((2, 11))
    )
    with started(engine, p, options=options) as (vm, _), started("interp", p) as (other, _):
        limit = 0
        while limit < 2400:
            limit += random.choice((1, 3, 17, 40, 160))
            stops = vm.run(limit), other.run(limit)
            assert stops[0] == stops[1] and vm.state() == other.state(), limit
            if stops[0].reason != "limit":
                break


def paged() -> Program:
    """The loop of `parted`, which loads from pages that are not shown when a way first touches them."""
    p = parted()
    Space({page: page << 12 | ALL for page in range(16)}).put(p)
    return p


@pytest.mark.parametrize("engine", ["bt", "bt/softtlb", "bt/traced", "hw"])
def test_pages_are_shown_in_the_middle_of_a_way(engine: str) -> None:
    p = paged()
    got = run(engine, p, hot=True, control={"ptb": ROOT | 1}, memory=1 << 20)
    other = run("interp", p, control={"ptb": ROOT | 1}, memory=1 << 20)
    assert (got.stop, got.state) == (other.stop, other.state) and got.memory == other.memory


def test_a_trace_leads_to_blocks_of_its_own_mode() -> None:
    """A loop runs in ring 0 five times, and then in ring 3; behind it is an instruction that traps there."""
    p = Program()
    p.control("tvec", 0x800)
    p.li("s0", 5)
    p.label("begin")
    p.li("a1", 80)
    p.label("again")
    p("addi", "a2", "a2", 3)
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p("rdcr", "a3", "epc")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "begin")
    p.li("a4", "begin")
    p("jru", "a4")
    p.org(0x800)
    p("rdcr", "a0", "epc")
    p.off()
    got = run_all(p, hot=True)
    assert got["a2"] == 6 * 80 * 3 and got["a0"] == got["epc"] and got["cause"] == 1


def across(first: int, last: int) -> bytes:
    """A loop that lies in two pages, from 0x4ff8 on."""
    p = Program()
    p.org(0x4FF4)
    p.li("a1", 80)
    p.label("again")
    p("addi", "a2", "a2", first)
    p("addi", "a2", "a2", 5)
    p("addi", "a2", "a2", last)
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    return p.image()


def test_a_trace_crosses_pages_in_frames_apart() -> None:
    """The pages' frames are in another order, and each frame has what could be the other's code."""
    q, words, wrong = Program(), across(3, 7), across(100, 100)
    Space({4: 0x8000 | ALL, 5: 0x7000 | ALL}).put(q)
    image = bytearray(q.image().ljust(0x9000, b"\0"))
    length = len(words) - 0x5000
    image[0x8000:0x9000], image[0x7000 : 0x7000 + length] = words[0x4000:0x5000], words[0x5000:]
    image[0x8000 : 0x8000 + length], image[0x7FF4:0x8000] = wrong[0x5000:], wrong[0x4FF4:0x5000]
    settings: dict[str, Any] = {"memory": 1 << 20, "control": {"ptb": ROOT | 1}, "registers": {"a2": 0}}
    other = run("interp", bytes(image), entry=0x4FF4, **settings)
    assert other["a2"] == 80 * 15
    for engine in ("bt", "bt/softtlb", "hw"):
        got = run(engine, bytes(image), hot=True, entry=0x4FF4, **settings)
        assert (got.stop, got.state) == (other.stop, other.state), engine
