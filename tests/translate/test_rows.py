"""Blocks whose pcs share an entry of the jump caches: each is found, and none that has gone."""

from __future__ import annotations

import pytest

from ring1.dbt.cache.blocks import MOST_SHARING
from ring1.dbt.mmu.view import JUMP_ENTRIES
from ring1.dbt.vmm.execute import Executor
from tests.machine.builder import HERE, Program, run_all, started
from tests.machine.tables import ALL, ROOT, Space, image

APART = 4 * JUMP_ENTRIES
"""Bytes between places that share an entry."""
FIRST = 0x1000
ROUNDS = 200


def calls(functions: int) -> Program:
    """Calls to functions that share an entry, in an order that no trace follows: s0 is 1103515245 * s0 + 1234."""
    p = Program()
    p.li("s1", 1103515245)
    p.li("s0", 12345)
    p.li("a1", ROUNDS)
    p.li("a3", functions - 1)
    p.li("a2", APART)
    p.li("a5", FIRST)
    p.label("again")
    p("mul", "s0", "s0", "s1")
    p("addi", "s0", "s0", 1234)
    p("srli", "a0", "s0", 16)
    p("and", "a0", "a0", "a3")
    p("mul", "a0", "a0", "a2")
    p("add", "a0", "a0", "a5")
    p("jalr", "ra", 0, "a0")
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    for n in range(functions):
        p.org(FIRST + APART * n)
        p("addi", "a4", "a4", n + 1)
        p("jalr", "zero", 0, "ra")
    return p


@pytest.mark.parametrize("functions", [2, 8, 16, 64])
def test_functions_that_share_an_entry_are_all_found(functions: int) -> None:
    p = calls(functions)
    run_all(p, memory=2 << 20)
    with started("bt", p, memory=2 << 20) as (vm, _):
        assert vm.run(100_000).reason == "exit"
        assert isinstance(vm.engine, Executor)
        assert vm.engine.counts["indirect"] <= 2 * functions + 4  # the traces of some are others' successors


def test_more_than_stand_in_a_row() -> None:
    p = calls(2 * MOST_SHARING)
    run_all(p, memory=2 * MOST_SHARING * APART + (1 << 20))


def test_one_of_a_row_is_changed() -> None:
    """Each round writes another constant into a function in the middle of a row of three, and calls all."""
    p = Program()
    p.li("a1", 40)
    p.li("s0", FIRST + APART)
    p("lw", "s1", 0, "s0")
    p.li("a2", 1 << 20)  # the immediate's lowest bit is there or above: whatever it changes, all engines agree
    p.label("again")
    for n in (0, 1, 2, 1, 0, 2):
        p.li("a0", FIRST + APART * n)
        p("jalr", "ra", 0, "a0")
    p("addi", "s1", "s1", 1)
    p("sw", "s1", 0, "s0")
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    for n in range(3):
        p.org(FIRST + APART * n)
        p("addi", "a4", "a4", 1 << 2 * n)
        p("jalr", "zero", 0, "ra")
    got = run_all(p, memory=1 << 20)
    # The immediate is in the low bits: 4, 5, 6 ... is added, twice a round.
    assert got.state.registers["a4"] == 40 * 2 * (1 + 16) + 2 * sum(range(4, 44))


def test_paging_leads_elsewhere() -> None:
    """The same pc with paging off and on, in other frames: both are jumped to in turns."""
    p = Program()
    p.li("a1", 20)
    p.li("a0", 0x3000)
    p.li("s0", ROOT | 1)
    p.label("again")
    p("jalr", "ra", 0, "a0")
    p("setptb", "s0")
    p("jalr", "ra", 0, "a0")
    p("setptb", "zero")
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p.off()
    for page, added in ((0x3000, 1), (0x6000, 256)):
        p.org(page)
        p("addi", "a4", "a4", added)
        p("jalr", "zero", 0, "ra")
    got = run_all(image(Space({0xF0: 0xF0 << 12 | ALL, 3: 0x6000 | ALL}), p), memory=1 << 20, options=HERE)
    assert got.state.registers["a4"] == 20 * 257
