"""Interrupts at every count from the last one, again and again, so that generated code takes them by itself.

Amid blocks and traces, in kernel and program, with paging on and off, while the kernel enables and disables interrupts,
changes lines, and waits: at each limit the machine is as under the interpreter, to the instruction.
"""

from __future__ import annotations

from functools import cache

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.ways import HOT
from ring1.dbt.host.present import present
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Snapshot
from tests.machine.builder import HERE, Program, machine, started
from tests.machine.tables import ALL, ROOT, Space, image

HANDLER, USER, DATA = 0x800, 0x1000, 0x4000
MEMORY = 1 << 17
LIMITS = (5_001, 5_002, 11_111, 30_000, 60_013)
UNPINNED = Options(code_size=1 << 20, most_pinned=0)
WITHOUT = Options(code_size=1 << 20, routines=False)
AT_ONCE = Options(code_size=1 << 20, patience=0)
CROWDED = Options(code_size=1 << 16, most_blocks=12)
WAYS = {
    **{name: (name, HERE, False) for name in ("bare", "bt", "bt/traced", "bt/softtlb", "bare/softtlb/traced")},
    "hot": ("bt", HERE, True),
    "hot softtlb": ("bare/softtlb", HERE, True),
    "unpinned": ("bt", UNPINNED, False),
    "unpinned hot softtlb": ("bt/softtlb", UNPINNED, True),
    "crowded": ("bt", CROWDED, True),
    "trap": ("trap", HERE, False),
    "trap at once": ("trap", AT_ONCE, True),
    "trap hot softtlb": ("trap/softtlb/traced", HERE, True),
    "hw": ("hw", HERE, False),
    "hw at once": ("hw", AT_ONCE, True),
    "hw hot softtlb": ("hw/softtlb/traced", HERE, True),
    "without routines": ("bt", WITHOUT, True),
}
"""Engine, options, and whether what is often executed becomes a trace after a few rounds already."""


@cache
def system(most: int, waits: bool, paged: bool) -> bytes:
    """A program in ring 3 that calls the kernel, which does what concerns interrupts in ring 0. Of each interrupt the
    handler works epc and time into gp; the next is due `tp` instructions later, which grows from 1 to `most` and then
    begins anew."""
    p = Program()
    p("wrcr", "timecmph", "zero")
    p.control("tvec", HANDLER)
    p.control("ie", 9)
    p.li("t0", 0x38)  # to ring 3 with interrupts
    p("setpsw", "t0")
    p.li("t0", USER)
    p("wrcr", "epc", "t0")
    p("rdtime", "t0")
    p("addi", "t0", "t0", 20)
    p("wrcr", "timecmp", "t0")
    p("rfe")
    p.org(HANDLER)
    p("wrcr", "scratch", "t0")
    p("rdcr", "t0", "cause")
    p("bge", "t0", "zero", "call")
    p("andi", "t0", "t0", 0xF)
    p("beq", "t0", "zero", "timer")
    p("wrcr", "ip", "zero")  # the line that the kernel has set
    p("xori", "gp", "gp", 0x55)
    p("jal", "zero", "note")
    p.label("timer")
    p("addi", "tp", "tp", 1)
    p("slti", "t0", "tp", most)
    p("bne", "t0", "zero", "next")
    p("addi", "tp", "zero", 1)
    p.label("next")
    p("rdtime", "t0")
    p("add", "t0", "t0", "tp")
    p("wrcr", "timecmp", "t0")
    p.label("note")
    p("rdcr", "t0", "ip")
    p("add", "gp", "gp", "t0")
    p("rdcr", "t0", "epc")
    p("slli", "t1", "gp", 5)
    p("add", "gp", "gp", "t1")
    p("xor", "gp", "gp", "t0")
    p("rdtime", "t0")
    p("add", "gp", "gp", "t0")
    p("rdcr", "t0", "scratch")
    p("rfe")
    p.label("call")
    p("rdcr", "t1", "epc")
    p("addi", "s1", "t1", 4)
    p("getpsw", "s0")
    p("sti")  # with an interrupt that is due, or will be
    p("addi", "a5", "a5", 1)
    p("rdtime", "t1")
    p("xor", "a4", "a4", "t1")
    p("cli")
    p("rdcr", "t1", "ip")
    p("add", "gp", "gp", "t1")
    p("wrcr", "ie", "zero")
    p("addi", "a5", "a5", 3)
    p.li("t1", 8)
    p("wrcr", "ip", "t1")
    p("sti")
    p("addi", "a5", "a5", 5)
    p.li("t1", 9)
    p("wrcr", "ie", "t1")  # the line's interrupt comes here
    p("addi", "a5", "a5", 7)
    if waits:
        p("andi", "t1", "a5", 0x70)
        p("bne", "t1", "zero", "awake")
        p("hlt")
        p("cli")
        p("hlt")
        p("sti")
        p.label("awake")
    p("cli")
    p("wrcr", "epc", "s1")
    p("setpsw", "s0")
    p("rdcr", "t0", "scratch")
    p("rfe")
    p.org(USER)
    p.li("a3", DATA)
    p.label("again")
    p.li("a0", 7)
    p.label("loop")
    p("sw", "a0", 0x10, "a3")
    p("lw", "a1", 0x12, "a3")
    p("add", "a2", "a2", "a1")
    p("mul", "a1", "a2", "a0")
    p("rdtime", "a4")
    p("divu", "a1", "a1", "a0")
    p("swap", "a1", "a2", "a3")
    p("addi", "a0", "a0", -1)
    p("bne", "a0", "zero", "loop")
    p("jal", "ra", "function")
    p("syscall", 3)
    p("andi", "a1", "a2", 1)
    p("beq", "a1", "zero", "again")
    p("sw", "a2", 0x20, "a3")
    p("jal", "zero", "again")
    p.label("function")
    p("lw", "a1", 0x20, "a3")
    p("xor", "a2", "a2", "a1")
    p("slli", "a1", "a2", 3)
    p("add", "a2", "a2", "a1")
    p("jalr", "zero", 0, "ra")
    return image(Space({1: USER | ALL, 4: DATA | ALL, 3: 0x3000 | ALL}), p) if paged else p.image()


def states(way: str, options: Options, hot: bool, program: bytes, paged: bool) -> list[Snapshot]:
    """The machine at each limit."""
    control = {"ptb": ROOT | 1} if paged else {}
    made = []
    isa = machine("pg32v")  # which does the same with these programs, and has no holes
    with started(way, program, isa=isa, memory=MEMORY, control=control, options=options, hot=hot) as (vm, _):
        for limit in LIMITS:
            assert vm.run(limit) == Stop("limit")
            assert vm.cpu.retired == limit
            made.append(vm.state())
        if isinstance(vm.engine, Executor) and options.routines and options.most_blocks is None:
            served(vm.engine)
    return made


def served(engine: Executor) -> None:
    """Generated code has taken interrupts by itself: there are far fewer exits than interrupts."""
    exits = engine.counts
    assert exits["budget"] + exits["lines"] + exits["interrupt"] < 1500, exits
    twins = [block.translation for block in engine.blocks.all() if block.translation.stepping]
    assert len(twins) > 5
    for twin in twins:
        present().verify(twin.host, (0,), set(engine.supply.pinned.values()))


@cache
def wanted(most: int, waits: bool, paged: bool) -> list[Snapshot]:
    return states("interp", HERE, False, system(most, waits, paged), paged)


@pytest.mark.parametrize("paged", [False, True], ids=["flat", "paged"])
@pytest.mark.parametrize("engine", ["bare", "bt", "trap", "hw"])
def test_the_follower_takes_the_same(engine: str, paged: bool) -> None:
    """`--check`, which compares after each stretch; it sees interrupts that generated code has taken, and waits."""
    program, control = system(90, True, paged), {"ptb": ROOT | 1} if paged else {}
    options = Options(code_size=1 << 20, sampling=HOT, patience=0)
    isa = machine("pg32v")
    with started("interp", program, isa=isa, memory=MEMORY, control=control) as (vm, _):
        checker = ENGINES[engine].checked(vm, program, options)
        vm.engine = checker
        for limit, want in zip(LIMITS[:3], wanted(90, True, paged), strict=False):
            assert vm.run(limit) == Stop("limit")
            assert vm.state() == want
        assert checker.counts["callout hlt"] + checker.counts["step hlt (wait)"] < 5


@pytest.mark.parametrize("paged", [False, True], ids=["flat", "paged"])
@pytest.mark.parametrize("waits", [False, True], ids=["busy", "waiting"])
@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=pytest.mark.soak) if way == "crowded" else way for way in WAYS]
)
def test_every_count(way: str, waits: bool, paged: bool) -> None:
    engine, options, hot = WAYS[way]
    got = states(engine, options, hot, system(90, waits, paged), paged)
    assert got == wanted(90, waits, paged)
