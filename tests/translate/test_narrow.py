"""Writes of whole control registers that leave most bits as they are."""

from __future__ import annotations

import pytest

from ring1.dbt.ir.bind import bind
from ring1.dbt.ir.narrow import narrowed
from ring1.isa import semantics as s
from ring1.isa.asm.assemble import assemble
from ring1.isa.codec import Decoder
from ring1.isa.model import WORD
from tests.machine.builder import machine

MSTATUS, MIE = (s.Control(WORD, name) for name in ("mstatus", "mie"))


def bound(text: str) -> s.Body:
    """The body of an instruction of RV32, in M."""
    isa = machine("rv32")
    word = int.from_bytes(assemble(isa, [("a.s", text + "\n")]).image[:4], "little")
    decoded = Decoder(isa).decode(word)
    assert decoded is not None
    return bind(isa, decoded, word, 0x80000000, 3)


def const(value: int) -> s.Const:
    return s.Const(WORD, value)


def to(control: s.Control, value: s.Expr) -> s.SetControl:
    return s.SetControl(control, WORD - 1, 0, value)


def bit(control: s.Control, n: int, value: int) -> s.SetControl:
    return s.SetControl(control, n, n, s.Const(1, value))


@pytest.mark.parametrize(("text", "body"), [
    ("csrsi mstatus, 8", (bit(MSTATUS, 3, 1),)),
    ("csrci mstatus, 10", (bit(MSTATUS, 1, 0), bit(MSTATUS, 3, 0))),
    ("csrsi sstatus, 2", (bit(MSTATUS, 1, 1),)),
    ("csrsi sstatus, 8", ()),  # M's own
    ("csrsi mie, 2", (bit(MIE, 1, 1),)),
])  # fmt: skip
def test_single_bits(text: str, body: s.Body) -> None:
    assert bound(text) == body


@pytest.mark.parametrize("text", ["csrs mstatus, a0", "csrwi mstatus, 8", "csrw sstatus, zero", "csrsi sie, 2"])
def test_what_is_not_known_stays_whole(text: str) -> None:
    """What `csrsi sie` changes, mideleg says."""
    writes = [stmt for stmt in bound(text) if isinstance(stmt, s.SetControl)]
    assert len(writes) == 1 and (writes[0].hi, writes[0].lo) == (WORD - 1, 0)


def test_bits_of_another_register_are_its_own() -> None:
    kept, other = (s.Binary(WORD, "&", e, const(mask)) for e, mask in ((MSTATUS, 0xFFFFFFF7), (MIE, 8)))
    body = (to(MSTATUS, s.Binary(WORD, "|", kept, other)),)
    assert narrowed(machine("rv32"), body) == body


LOCAL = s.Local(WORD, "old")
OR = s.Binary(WORD, "|", LOCAL, const(8))


@pytest.mark.parametrize(("before", "narrow"), [
    ((s.Let("old", MSTATUS),), True),
    ((s.Let("old", MIE),), False),
    ((s.Let("old", MSTATUS), bit(MSTATUS, 1, 1)), False),  # `old` is what was there before
    ((s.Let("old", MSTATUS), bit(MIE, 1, 1)), True),
    ((s.Let("old", MSTATUS), s.If(s.Register(WORD, 1), (bit(MSTATUS, 1, 1),), ())), False),
    ((s.Let("old", MSTATUS), to(MSTATUS, s.Register(WORD, 1))), False),
])  # fmt: skip
def test_a_name_is_what_it_was(before: s.Body, narrow: bool) -> None:
    body = (*before, to(MSTATUS, OR))
    made = narrowed(machine("rv32"), body)
    assert (made[-1] == bit(MSTATUS, 3, 1)) == narrow
    assert narrow or made == body
