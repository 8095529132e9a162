"""Lock step beside what the manual leaves open: it is told, and whatever else differs is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ring1.dbt.compare.contender import Setup
from ring1.dbt.compare.lockstep import Lockstep
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.host.x86_64 import arithmetic, operations
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.mmu.spaces import Spaces
from ring1.dbt.report.comparison import as_object, describe, equivalent
from tests.machine.builder import Program, machine
from tests.machine.tables import ALL, RAM, TWO, A, D
from tests.vmm.test_open import BODIES, Body, guest, looped, moved, put
from tests.ways import present

ONCE = [body for body in BODIES if body is not looped]
"""Those that differ at a checkpoint: what happens many times may be equal there."""
LAZY = present(("bare", "bt", "kvm"))
"""Engines that keep what they have seen of a table until its flush."""


def told(p: Program) -> None:
    """The exit code says which frame was read."""
    put(p, TWO | ALL | A | D)
    p("lw", "a3", 4, "a1")
    p.li("t1", 0xF0)
    p("out", "t1", "a3")


def compared(
    body: Body, engines: Sequence[str], traced: bool = False, after: Body | None = None
) -> tuple[Lockstep, str, dict[str, Any]]:
    """A guest in lock step, what is told of it, and the same as an object."""

    def whole(p: Program) -> None:
        body(p)
        p.li("s1", 3000)
        p.label("rest")
        p("addi", "s1", "s1", -1)
        p("bne", "s1", "zero", "rest")
        if after is not None:
            after(p)

    done = Lockstep(
        Setup(machine(), guest(whole), 0, RAM, b"", None, 0, Mmu(traced=traced)), [ENGINES[name] for name in engines]
    )
    try:
        done.run(100_000)
        return done, describe(done, {}, None), as_object(done, {}, None)
    finally:
        done.close()


@pytest.mark.parametrize("body", (*ONCE, told))
def test_what_is_open_is_told(body: Body) -> None:
    done, text, object_ = compared(body, ["interp", *LAZY, "hw"])
    assert equivalent(done) and not done.untold
    assert {*LAZY} <= set(done.left_open)
    assert "left open: in 1 stretch bt did what it may without a tlbflush" in text
    assert object_["equivalent"] and object_["left_open"]["bare"] == 1
    if body is told:
        assert {party.stop.code for party in done.parties} == {0x1D, 0x2F}  # of the one page, and of the other


def test_the_reference_may_be_the_one_that_chooses() -> None:
    done, text, _ = compared(moved, ["bt", "interp", "bare"])
    assert equivalent(done) and set(done.left_open) == {"interp"}
    assert "left open: in 1 stretch interp" in text


def test_traced_tables_leave_nothing_open() -> None:
    for body in (*BODIES, told):
        done, text, _ = compared(body, ["interp", "bare", "bt"], traced=True)
        assert equivalent(done) and not done.left_open and "left open" not in text


@pytest.mark.parametrize("body", ONCE)
def test_behind_the_flush_it_is_exact(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spaces, "flush", lambda spaces, address=None: None)
    done, _, _ = compared(body, ["interp", "bt"])
    assert not equivalent(done) and set(done.divergences) == {"bt"}


@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_translator_is_found_behind_what_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once there is a witness it is the engine that is compared with it."""

    def wrong(p: Program) -> None:
        p("xor", "ra", "a3", "a5")  # both are odd

    monkeypatch.setitem(arithmetic.ARITHMETIC, "^", operations.OR)
    done, text, _ = compared(moved, ["interp", "bt"], after=wrong)
    assert set(done.divergences) == {"bt"} and done.left_open["bt"] == 1
    divergence = done.divergences["bt"]
    name, _, mine, theirs = divergence.apart.rows[0]
    assert (name, mine) == ("ra", theirs | 0x10001) and "ra" in text


def test_the_same_choice_may_be_impossible_later() -> None:
    """The first exchange reads and writes the old frame. When the second comes, the entry has been such that another
    frame may be read, but not written without a mark: a machine that chose by rote would be none."""

    def exchange(p: Program) -> None:
        p("lui", "t0", 0)
        p("swap", "a3", "t0", "a1")

    def first(p: Program) -> None:
        p("sw", "a3", 8, "a1")
        put(p, TWO | ALL | A | D)
        exchange(p)

    def second(p: Program) -> None:
        put(p, 0xA000 | ALL | A)
        put(p, TWO | ALL | A | D)
        exchange(p)

    done, _, _ = compared(first, ["interp", "bare"], after=second)
    assert equivalent(done) and done.left_open["bare"] >= 1


def test_it_ends_as_it_ends() -> None:
    done, _, _ = compared(moved, ["interp", "bt"])
    assert [party.stop for party in done.parties] == [Stop("exit", 1)] * 2
