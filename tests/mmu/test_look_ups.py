"""Page faults, flushes and the choice of the MMU technique in generated code: what the guest sees, and the VMM does."""

from __future__ import annotations

from functools import cache

import pytest

from ring1.dbt.machine.state import FILLED, MISSES, MOST_FILLS, State
from ring1.dbt.mmu.choice import Limits, Mmu
from ring1.dbt.translate.policy import PAGE_FAULT
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.look_ups import LookUps, Pressing
from ring1.dbt.vmm.vm import Snapshot
from ring1.isa.record import replace
from tests.machine.builder import HERE, Outcome, Program, run, started
from tests.machine.tables import ALL, HANDLER, ONE, RAM, ROOT, TABLE, TWO, A, D, Space

ROUNDS = 60
LOOKING = ("bare", "bt", "bare/softtlb", "bt/softtlb", "bt/traced", "bare/softtlb/traced", "hw", "hw/softtlb")
MISSING, TABLES = 0x5000, 0x6000
"""Pages: one that is there or not, and the one with the tables."""
ENTRY = TABLES + 4 * 5
LONG = replace(HERE, pressing=Pressing(1, 1 << 30, 1 << 30, 1 << 30))
"""An instruction looks up once it has missed, for good."""
USED = ALL | A | D


def faults(way: int) -> Program:
    """Page faults at every instruction that can have one, amid values that are put off. The handler mixes all it sees
    into a sum, and goes on behind the instruction, or, in the other `way`, maps the page and goes on with it."""
    p = Program()
    p.control("tvec", HANDLER)
    p.li("s0", ROUNDS)
    p.label("again")
    p.li("a1", MISSING)
    p("addi", "a2", "s0", 5)
    p("slli", "a3", "a2", 2)
    p("lw", "a4", 8, "a1")
    p("xori", "a4", "a4", 0x55)
    p("addi", "a1", "a1", 16)
    p("sltu", "a5", "a2", "a3")
    p("sw", "a3", 0, "a1")
    p("addi", "a3", "a3", 1)
    p("beq", "a5", "zero", "other")
    p("sb", "a3", 3, "a1")
    p("lbu", "a1", 5, "a1")
    p("addi", "a2", "a1", 3)
    p.li("a1", MISSING)
    p("swap", "a2", "a3", "a1") if "swap" in p.isa.instructions else None
    p("lh", "a0", 0x20, "a1")
    p.label("other")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(9)
    p.org(HANDLER)
    for n, register in enumerate(("a0", "a1", "a2", "a3", "a4", "a5", "s0")):
        p("slli", "t0", "gp", n % 3 + 1)
        p("xor", "gp", "t0", "gp")
        p("add", "gp", "gp", register)
    for control in ("cause", "tval", "epc"):
        p("rdcr", "t0", control)
        p("xor", "gp", "gp", "t0")
        p("slli", "t1", "gp", 1)
        p("add", "gp", "gp", "t1")
    if way:
        p.li("t1", ENTRY)
        p.li("t0", ONE | USED)
        p("sw", "t0", 0, "t1")
        p("andi", "t0", "gp", 3)
        p("bne", "t0", "zero", "back")
        p("sw", "zero", 0, "t1")
        p("tlbflush")
        p("rdcr", "t0", "epc")
        p("addi", "t0", "t0", 4)
        p("wrcr", "epc", "t0")
        p.label("back")
    else:
        p("rdcr", "t0", "epc")
        p("addi", "t0", "t0", 4)
        p("wrcr", "epc", "t0")
    p("rfe")
    Space({5: 0, 6: TABLE | USED}).put(p)
    return p


SETTINGS = {"memory": RAM, "control": {"ptb": ROOT | 1}, "registers": {"gp": 0}}


@cache
def reference(way: int, limit: int = 100_000) -> Outcome:
    return run("interp", faults(way), limit, **SETTINGS)


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("engine", LOOKING)
def test_a_fault_is_taken_as_the_interpreter_takes_it(engine: str, way: int, hot: bool) -> None:
    assert run(engine, faults(way), hot=hot, options=LONG, **SETTINGS) == reference(way)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("engine", ["bt", "bare/softtlb", "hw"])
def test_at_every_instruction(engine: str, way: int) -> None:
    """The machine stops after each of some hundred instructions, and is as the interpreter's."""
    with (
        started(engine, faults(way), options=LONG, **SETTINGS) as (vm, _),  # type: ignore[arg-type]
        started("interp", faults(way), **SETTINGS) as (other, _),  # type: ignore[arg-type]
    ):
        for n in (1500, *range(1501, 1620)):
            vm.run(n)
            other.run(n)
            assert vm.state() == other.state(), n
            assert vm.memory.read(0, RAM) == other.memory.read(0, RAM), n


def counted(engine: str, p: Program, hot: bool = False) -> tuple[dict[str, int], int, Snapshot]:
    """Exits by reason, and how often walks have been noted."""
    with started(engine, p, options=LONG, hot=hot, **SETTINGS) as (vm, _):  # type: ignore[arg-type]
        assert isinstance(vm.engine, Executor)
        assert vm.run(100_000).reason == "exit"
        return dict(vm.engine.counts), vm.cpu.state.quads[State.quad(MISSES)], vm.state()


@pytest.mark.parametrize("engine", ["bare", "bt", "bt/softtlb", "hw", "hw/softtlb"])
def test_without_the_vmm(engine: str) -> None:
    """Of hundreds of page faults, the VMM takes the first one of each instruction."""
    counts, misses, _ = counted(engine, faults(0))
    assert misses > 4 * ROUNDS
    assert counts.get(PAGE_FAULT, 0) < 20
    assert not counts.get("fault", 0) > 20 + ROUNDS * ("swap" in faults(0).isa.instructions)


def remapped(pages: int = 1) -> Program:
    """A page is mapped to another frame, the TLB flushed, the page loaded from and stored to; round after round."""
    p = Program()
    p.li("s0", ROUNDS)
    p.li("a2", ENTRY)
    p.li("a4", ONE | USED)
    p.li("a5", ONE ^ TWO)
    p.li("a1", MISSING)
    p.label("again")
    p("xor", "a4", "a4", "a5")
    p("sw", "a4", 0, "a2")
    p("tlbflush")
    p("lw", "a3", 0, "a1")
    p("add", "gp", "gp", "a3")
    p("add", "a3", "a3", "s0")
    p("sw", "a3", 0, "a1")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(3)
    Space({5: ONE | USED, 6: TABLE | USED}).put(p)
    p.org(ONE)
    p.word(3)
    p.org(TWO)
    p.word(0x50000)
    return p


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize("engine", [*LOOKING, "bt/shadow", "trap"])
def test_behind_a_flush_everything_is_as_the_tables_say(engine: str, hot: bool) -> None:
    want = run("interp", remapped(), **SETTINGS)  # type: ignore[arg-type]
    assert run(engine, remapped(), hot=hot, options=LONG, **SETTINGS) == want  # type: ignore[arg-type]


def test_flushes_without_the_vmm() -> None:
    counts, _, _ = counted("bt", remapped())
    assert counts["callout tlbflush"] < 12 < ROUNDS // 2
    counts, _, _ = counted("bt/softtlb", remapped())
    assert counts["callout tlbflush"] < 12


def test_a_flush_is_the_vmms_where_what_is_shown_may_have_changed() -> None:
    """Another instruction, which does not look up, uses the page by what shadow paging shows."""
    options = replace(HERE, pressing=Pressing(1 << 20))
    with started("bt", remapped(), options=options, **SETTINGS) as (vm, _):  # type: ignore[arg-type]
        assert isinstance(vm.engine, Executor)
        assert vm.run(100_000).reason == "exit"
        assert vm.engine.counts["callout tlbflush"] == ROUNDS


@pytest.mark.parametrize("limit", [Limits(shown=1), Limits(uses=2), Limits(views=3)])
@pytest.mark.parametrize("way", [0, 1])
def test_limits(limit: Limits, way: int) -> None:
    options = replace(LONG, mmu=Mmu(limits=limit))
    assert run("bt", faults(way), options=options, **SETTINGS) == reference(way)  # type: ignore[arg-type]


def test_more_is_filled_than_is_known() -> None:
    """A flush finds everything that has been filled, whether there is room to note it or not."""
    p = remapped()
    with started("bt/softtlb", p, options=LONG, **SETTINGS) as (vm, _):  # type: ignore[arg-type]
        vm.run(200)
        quads = vm.cpu.state.quads
        quads[State.quad(FILLED)] = MOST_FILLS
        vm.run(100_000)
        want = run("interp", p, **SETTINGS)  # type: ignore[arg-type]
        assert vm.state() == want.state and vm.memory.read(0, RAM) == want.memory


def test_when_an_instruction_looks_up() -> None:
    made = LookUps(Pressing(3, 100, 1000, 10))
    assert [made.missed(7, time) for time in (0, 50, 300, 350, 399, 420)] == [False, False, False, False, True, False]
    assert made.review([], 1399) == [] and made.due == 1409
    assert made.review([7], 1500) == [] and made.review([8], 2500) == [] and made.review([], 2501) == [7]
    assert [made.missed(7, 3000 + n) for n in range(3)] == [False, False, True]
    assert made.review([], 5002) == [] and made.review([], 5003) == [7]
    assert (made.adapted, made.returned) == (2, 2)


def test_back_when_look_ups_hit() -> None:
    """The same loop, which neither changes nor flushes anything from some round on."""
    p = Program()
    for rounds in (ROUNDS, 20 * ROUNDS):
        p.li("s0", rounds)
        p("jal", "ra", "again")
        p.li("s1", 1)
    p.off(3)
    p.label("again")
    p("bne", "s1", "zero", "use")
    p("sw", "a4", 0, "a2")
    p("tlbflush")
    p.label("use")
    p("lw", "a3", 0, "a1")
    p("add", "gp", "gp", "a3")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p("jalr", "zero", 0, "ra")
    Space({5: ONE | USED, 6: TABLE | USED}).put(p)
    p.org(ONE)
    p.word(3)
    options = replace(HERE, pressing=Pressing(1, 1 << 30, 200, 1))
    registers = {"gp": 0, "s1": 0, "a1": MISSING, "a2": ENTRY, "a4": ONE | USED}
    with started("bt", p, options=options, hot=True, **SETTINGS | {"registers": registers}) as (vm, _):  # type: ignore[arg-type]
        engine = vm.engine
        assert isinstance(engine, Executor)
        assert vm.run(100_000).reason == "exit"
        assert engine.look_ups.adapted == engine.look_ups.returned == 2 and not engine.look_ups.sites
        assert vm.state().registers["gp"] == 3 * 21 * ROUNDS
