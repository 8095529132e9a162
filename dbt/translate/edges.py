"""The edges of a block: how it is entered, what becomes of an instruction that is left to others, and what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ring1.dbt.host.block import BUDGET, NEXT, STALE, STEP
from ring1.dbt.machine.state import INEXACT
from ring1.dbt.native.slots import MISS, VMM
from ring1.dbt.translate.handler import take_trap
from ring1.dbt.translate.lower import Lowering
from ring1.dbt.translate.policy import Action
from ring1.dbt.translate.translation import GuestInsn
from ring1.isa import semantics as s
from ring1.isa.model import WORD

ONES = (1 << WORD) - 1


class Entries(NamedTuple):
    """Labels of a block: its body, the entry that first checks its page, and the jump taken if another block is
    wanted."""

    body: int
    page: int
    miss: int


def enter(lowering: Lowering, pc: int, count: int, checked: Sequence[GuestInsn] = ()) -> Entries:
    """Begin the block at `pc`: make sure that it is wanted, that memory holds the `checked` instructions, and pay."""
    host = lowering.host
    miss, body = host.label(), host.label()
    page = host.label() if lowering.frames else body
    host.expect_pc(pc, miss)
    lowering.check_page(pc, miss)
    host.place(body)
    if checked:
        stale = lowering.exit(STALE, pc, "stale", count)
        for guest in checked:
            lowering.check_word(guest.pc, guest.word, guest.size, stale, guest.varies, guest.kept)
    if count:
        host.pay(count, lowering.exit(BUDGET, pc, "budget", 0, lowering.time_up))
    return Entries(body, page, miss)


def amid(lowering: Lowering, pc: int, count: int) -> None:
    """Begin the stepping twin of the block at `pc`, which comes here if the budget is less than its `count`: leave as
    the block would unless the budget ends exactly."""
    lowering.host.refund(count)
    lowering.host.unless_zero(INEXACT, lowering.exit(BUDGET, pc, "budget", count))


def step(lowering: Lowering, pc: int, index: int) -> None:
    """Pay for the one instruction at `pc`, in a stepping twin; leave if the budget is used up."""
    lowering.host.pay(1, lowering.exit(BUDGET, pc, "budget", index, lowering.time_up))


def left(lowering: Lowering, guest: GuestInsn, count: int) -> None:
    """End the block with an instruction that the VMM or the interpreter executes, or that always traps."""
    host, decision = lowering.host, guest.decision
    host.mark(count)
    by = lowering.operate(guest.body) if decision.action is Action.CALLOUT else VMM
    trap = guest.body[-1] if decision.action is Action.TRAP and guest.body else None
    if isinstance(trap, s.Raise) and lowering.isa.exit is not None:
        lowering.word, lowering.inconstant, lowering.lets = guest.word, False, {}
        step = lowering.raising(trap, guest.pc, decision.reason, count)
    else:
        step = lowering.exit(STEP, guest.pc, decision.reason, count, by)
    if trap is not None:
        take_trap(lowering, guest.pc, guest.body, step)
    else:
        host.jump(step)


def follow(lowering: Lowering, pc: int, count: int) -> None:
    """End the block by going on to the one at `pc`."""
    lowering.host.jump(lowering.exit(NEXT, pc, "jump", count))


def jumps_at_end(guest: GuestInsn) -> bool:
    """Does the last statement of an instruction say where the guest goes on?"""
    return bool(guest.body) and isinstance(guest.body[-1], s.SetPc)


def ways_in(lowering: Lowering, pc: int, entries: Entries) -> None:
    """Write the parts of the entry that are seldom used."""
    host = lowering.host
    host.place(entries.miss)
    host.go(MISS)
    if lowering.frames:
        host.place(entries.page)
        lowering.moved(pc, entries.body)
