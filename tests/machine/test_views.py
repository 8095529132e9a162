"""Address spaces: fresh ones, more than are kept, more pages than are shown, and a host that has no more mappings.

The machine cannot tell: the program ends in the same state under every engine and each way to translate addresses.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any
from unittest import mock

import pytest

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu import shadow_paging
from ring1.dbt.mmu.choice import Limits, Mmu
from ring1.dbt.native.window import Window
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.look_ups import Pressing
from ring1.isa.record import replace
from tests.machine.builder import HERE, Outcome, Program, run, started
from tests.machine.tables import DATA, ONE, OTHER, RAM, ROOT, TABLE, TWO, R, Space, U, V, W, X, hotly, image
from tests.ways import PAGED

TABLES = 0x7000
"""Where the first table is seen."""
FIRST, SECOND = (int.from_bytes(data[0x10:0x14], "little") for data in (DATA, OTHER))
WAYS = [name for name in PAGED if name != "interp"]
OPTIONS: dict[str, Any] = {
    "registers": dict.fromkeys(("a0", "a1", "s0", "tp", "t2"), 0) | {"a5": 0x5000, "a3": 0x6000},
    "control": {"ptb": ROOT | 1},
}


def routines(p: Program) -> None:
    """In 0x9000 and 0xA000: a call adds 1 or 100 to t1. The kernel comes back from ring 3 behind its `jru`."""
    for page, value in ((0x9000, 1), (0xA000, 100)):
        p.org(page)
        p("addi", "tp", "tp", value)
        p("jalr", "zero", 0, "ra")
    p.org(0x1000)
    p("lw", "a1", 0x10, "a5")
    p("add", "t2", "t2", "a1")
    p("syscall", 0)


def visit(p: Program) -> None:
    """Use page 5 and call page 6 in the kernel, then use page 5 in ring 3."""
    p("lw", "a1", 0x10, "a5")
    p("add", "a0", "a0", "a1")
    p("sw", "s0", 0x20, "a5")
    p("jalr", "ra", 0, "a3")
    p.control("tvec", p.at + 16)
    p.li("t0", 0x1000)
    p("jru", "t0")


def counted(p: Program, rounds: int) -> None:
    p("addi", "s0", "s0", 1)
    p.li("t0", rounds)
    p("bne", "s0", "t0", "again")
    p.off()


@pytest.mark.parametrize("rounds", [100])
def test_fresh_address_spaces_need_no_flush(rounds: int) -> None:
    """Pages 5 and 6, data and code, change between ONE and TWO, 0x9000 and 0xA000; then comes an ASID that is new."""
    p = Program()
    p.li("s1", ONE ^ TWO)
    p.li("a2", ROOT | 1)
    p.label("again")
    p("lw", "t0", TABLES + 20, "zero")
    p("xor", "t0", "t0", "s1")
    p("sw", "t0", TABLES + 20, "zero")
    p("lw", "t0", TABLES + 24, "zero")
    p.li("a4", 0x9000 ^ 0xA000)
    p("xor", "t0", "t0", "a4")
    p("sw", "t0", TABLES + 24, "zero")
    p("addi", "a2", "a2", 2)
    p("setptb", "a2")
    visit(p)
    counted(p, rounds)
    routines(p)
    code = V | R | X | U
    pages = {1: 0x1000 | code, 5: ONE | V | R | W | U, 6: 0x9000 | code, 7: TABLE | V | R | W}
    got = hotly(image(Space(pages), p), **OPTIONS)
    assert got.stop == Stop("exit", 0)
    assert (got["tp"], got["a0"]) == (rounds // 2 * 101, rounds // 2 * (FIRST + SECOND) % 2**32)
    assert got["t2"] == got["a0"]


SPACES = 6
ROUNDS = 24


CALLS = {"map": 3, "protect": 1, "unmap": 1}
"""What takes mappings, and which argument is the length."""


@cache
def turns() -> bytes:
    """Address spaces with tables of their own, visited in turns; every fourth round changes the table of the next one
    and flushes. Each has pages 5 and 6, data and code, a superpage, and 24 more that it stores to, neighbours and not.
    """
    p = Program()
    p.label("again")
    p.li("t0", SPACES)
    p("remu", "a2", "s0", "t0")
    p("slli", "a2", "a2", 13)
    p.li("t0", ROOT | 3)
    p("add", "a2", "a2", "t0")
    p("setptb", "a2")
    p("andi", "t0", "s0", 3)
    p("bne", "t0", "zero", "keep")
    p("lw", "t0", TABLES + 4 * 0x44, "zero")
    p.li("a4", 0x8000 ^ 0xE000)
    p("xor", "t0", "t0", "a4")
    p("sw", "t0", TABLES + 4 * 0x44, "zero")
    p("tlbflush")
    p.label("keep")
    visit(p)
    p.li("a4", 0x404000)
    p("sw", "s0", 0x38, "a4")
    p.li("a4", 0x40000)
    p.label("touch")
    p("sw", "s0", 0x30, "a4")
    p("lw", "t0", 0x34, "a4")
    p("add", "a0", "a0", "t0")
    p.li("t0", 0x1000)
    p("add", "a4", "a4", "t0")
    p.li("t0", 0x58000)
    p("bne", "a4", "t0", "touch")
    counted(p, ROUNDS)
    routines(p)
    code = V | R | X | U
    for n in range(SPACES):
        root = ROOT + 0x2000 * n
        p.org(root)
        p.word(root + 0x1000 | V, V | R | W)
        data, function = ((ONE, 0x9000), (TWO, 0xA000))[n & 1]
        pages = {
            0: V | R | X,
            1: 0x1000 | code,
            5: data | V | R | W | U,
            6: function | code,
            7: root + 0x1000 | V | R | W,
        }
        # 12 pages that are neighbours, 12 that lie the other way round; code among them
        pages |= {0x40 + i: 0x4000 + 0x1000 * i | V | R | W for i in range(12)}
        pages |= {0x4C + i: 0xF000 - 0x1000 * i | V | R | W for i in range(12)}
        for page, entry in pages.items():
            p.org(root + 0x1000 + 4 * page)
            p.word(entry)
    memory = bytearray(p.image())
    memory[ONE : ONE + PAGE], memory[TWO : TWO + PAGE] = DATA, OTHER
    return bytes(memory)


@cache
def reference() -> Outcome:
    got = run("interp", turns(), **settings())
    assert got.stop == Stop("exit", 0)
    assert got["tp"] == ROUNDS // 2 * 101
    return got


def settings() -> dict[str, Any]:
    return OPTIONS | {"memory": RAM}


@pytest.mark.parametrize("hot", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize(
    "limits",
    [Limits(neighbours=1), Limits(views=3), Limits(views=2, shown=9), Limits(shown=1), Limits(uses=5)],
)
@pytest.mark.parametrize("engine", WAYS)
def test_bounds(engine: str, limits: Limits, hot: bool) -> None:
    """Whatever is kept of views and pages, and forgotten."""
    options = replace(HERE, mmu=Mmu(limits=limits))
    with started(engine, turns(), hot=hot, options=options, **settings()) as (vm, output):
        stop = vm.run(100_000)
        assert isinstance(vm.engine, Executor)
        assert len(vm.engine.spaces.views) <= limits.views
        technique = vm.engine.spaces.technique
        if isinstance(technique, shadow_paging.ShadowPaging):
            assert technique.count <= limits.shown + limits.neighbours
        got = Outcome(stop, output.getvalue(), vm.state(), vm.memory.read(0, RAM))
    assert got == reference()


@pytest.mark.soak
@pytest.mark.parametrize(("kinds", "every"), [(("map",), 1), (("protect",), 2), (("unmap",), 1), (CALLS, 3)])
@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize("engine", [name for name in WAYS if "softtlb" not in name and name != "kvm"])
def test_a_host_without_mappings(engine: str, hot: bool, kinds: Iterable[str], every: int) -> None:
    """Every so many calls fail of those that take mappings: as at the limit of vm.max_map_count."""
    calls = Counter[str]()

    def failing(name: str) -> Any:
        genuine = getattr(Window, name)

        def call(window: Window, *arguments: Any) -> None:
            if arguments[CALLS[name]] < RAM:  # not all of a window, which makes less of them
                calls[name] += 1
                if calls[name] % every == 0:
                    raise OSError(errno.ENOMEM, "no mappings")
            genuine(window, *arguments)

        return call

    options = replace(HERE, pressing=Pressing(1 << 20))  # where addresses are looked up, there are no calls
    with mock.patch.multiple(Window, **{name: failing(name) for name in kinds}):
        assert run(engine, turns(), hot=hot, **settings(), options=options) == reference()
    assert calls.total() >= 3 * every


@pytest.mark.parametrize("engine", WAYS)
def test_values_of_ptb_with_paging_off(engine: str) -> None:
    """A guest cannot fill the host's memory by setting a register."""
    p = Program()
    p.li("a0", 0x1000)
    p.label("again")
    p("setptb", "s0")
    p("addi", "s0", "s0", 2)
    p("bne", "s0", "a0", "again")
    p.off()
    options = replace(HERE, mmu=Mmu(limits=Limits(known=40)))
    with started(engine, p, registers={"s0": 0}, options=options) as (vm, _):
        assert vm.run() == Stop("exit", 0)
        assert isinstance(vm.engine, Executor)
        assert len(vm.engine.spaces.known) <= 40
