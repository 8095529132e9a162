"""Routines: what the VMM does with the virtual CPU at an exit, lowered from the description once for a machine.

A routine is called through its slot of the state block in the place of the VMM's, with the return address of an exit on
the stack, the guest at the pc in the state block, and time at END less the budget. It decides everything before it
changes anything: either it goes on with the guest in generated code, or it leaves to the VMM by that exit, and all is
as if the exit had led there. So whatever a routine does not do is done as it would be without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ring1.dbt.host.block import LEAVE
from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.values import NEGATED
from ring1.dbt.ir.bind import bind_exit, bind_exit_body
from ring1.dbt.ir.fold import binary, fold
from ring1.dbt.machine.state import (
    CAUSE,
    EXITED_THEN,
    FETCHED,
    LEFT,
    PENDING,
    TRAPPED,
    TRAPPED_AT,
    VALUE,
    WORK,
    WORKS,
    State,
)
from ring1.dbt.native import slots
from ring1.dbt.translate.behind import enabled_behind
from ring1.dbt.translate.bodies import jump_last
from ring1.dbt.translate.foresight import Foresight, changeless
from ring1.dbt.translate.handler import NEVER, enter
from ring1.dbt.translate.lower import Lowering
from ring1.isa import semantics as s
from ring1.isa.model import WORD

ANY_MODE = -1
GIVEN, PC, LINES = {"the cause": CAUSE, "the value": VALUE}, "the pc", "the pending lines"
"""Names, which no description can have, of words of the state block."""
MEMORY = frozenset((s.Load, s.Store))
STATE = frozenset((s.Register, s.Control, s.Load, s.Port, s.Call))
"""Expressions that may have other values once the body has begun."""


class Routine(Lowering):
    """Lowers a routine, which serves all processor modes. It is no block: no access of it may fault, and it has no
    exits."""

    def __init__(self, target: Target, host: Assembler) -> None:
        """`host`: an assembler of its own. Raises Unsupported."""
        super().__init__(target, host, ANY_MODE, 0, {})
        if target.hardware is not None:
            raise Unsupported("routine")
        self.unknown = None if target.isa.mode else 0
        """The processor mode, as far as it is known where a routine is called."""
        self.mode = self.unknown
        self.kept: dict[s.Local, int] = {}
        """Name of a value that is kept -> its place."""
        self.exiting = False
        """What is lowered is an exit of the description's."""
        self.quiet = False
        """No interrupt line is pending."""
        self.away = self.unreached = host.label()
        """Where it leaves to the VMM, as long as nothing has changed."""
        self.behind: dict[int, int] = {}
        """Slot -> label where it goes there behind a trap that is taken, as somebody has to look at interrupts."""
        self.diverted: list[Diverted] = []
        """Traps that are exits."""
        self.lost: int | None = None
        """Where it leaves for the address space that it has gone to, if that has no row."""

    def begin(self) -> None:
        """Begin the routine: decide whether it is for it at all."""
        self.host.begin_routine()

    def taken_if(self, enabled: s.Expr) -> s.Expr:
        """Return the condition under which a pending interrupt is taken, given that of the description."""
        return enabled

    def interrupts(self, line: s.Local) -> None:
        """Do what the monitor does when it takes the interrupt of a line."""

    def looked(self, lines: s.Local) -> None:
        """Do what the monitor does when it has looked at interrupt lines, before it takes an interrupt or goes on."""

    def exit(self, kind: str, pc: int | None, reason: str, retired: int, by: int = slots.VMM) -> int:
        if self.target.whole_machine and kind == LEAVE and (self.looks or self.exiting):
            return self.unseen(slots.LOOK_AROUND)
        raise Unsupported(reason)

    def unseen(self, slot: int) -> int:
        """Return the label from which a slot is gone to with interrupts to be looked at."""
        return self.behind.setdefault(slot, self.host.label())

    def elsewhere(self, after: int | None, looked: bool) -> int:
        if not looked and self.target.whole_machine and (self.looks or self.exiting):
            return self.unseen(slots.VMM)
        if not looked and not self.quiet:
            raise Unsupported("address space and interrupts")
        self.lost = self.lost or self.host.label()
        return self.lost

    def enabled(self) -> None:
        if not self.quiet:
            super().enabled()

    def given(self) -> s.Local:
        """Name what the routine is given; return the name of the pc at which it was called."""
        for name, place in GIVEN.items():
            self.host.name(name, place)
        self.host.name(PC, State.displacement(self.isa.slots["pc"]))
        return s.Local(WORD, PC)

    def finish(self) -> None:
        """End the routine with its exits, and its ways to the VMM."""
        for each in self.diverted:
            self.take_exit(each)
        for slot, label in self.behind.items():
            self.host.place(label)
            self.host.keep(LEFT, s.Const(WORD, 1))
            self.host.leave_routine(slot)
        if self.lost is not None:
            self.host.place(self.lost)
            self.host.go(slots.MISS)
        self.host.place(self.away)
        self.host.leave_routine(slots.VMM)

    def let(self, name: str, e: s.Expr) -> s.Local:
        """Keep a value under a name, in a scratch quadword of routines."""
        made = s.Local(e.width, name)
        self.host.name(name, self.room(made), e.width > WORD)
        self.set(made, e)
        return made

    def room(self, kept: s.Local) -> int:
        """Return the place of a value that is about to be kept."""
        if len(self.kept) == WORKS:
            raise Unsupported("too many values")
        return self.kept.setdefault(kept, WORK + 8 * len(self.kept))

    def set(self, kept: s.Local, e: s.Expr) -> None:
        """Change a value that is kept."""
        self.host.fresh()
        wide = e.width > WORD
        self.host.keep(self.kept[kept], e if wide else zero_extended(e), wide)

    def unless(self, condition: s.Expr, label: int) -> None:
        """Go elsewhere unless a condition holds."""
        self.host.fresh()
        self.host.jump(label, NEGATED[self.host.compare(condition)])

    def take(self) -> None:
        """See slots.TAKE. Raises Unsupported."""
        pc = self.given()
        cause, value = (s.Local(WORD, name) for name in GIVEN)
        self.host.unless_left(self.away)
        written = self.host.position()
        try:
            self.divert(s.Raise(cause, value), pc, True)
            self.enter(s.Raise(cause, value), pc)
        except Unsupported:
            if not self.recheck:
                raise
            # The entry may enable interrupts: it is not for the routine then, unless none of those lines is pending.
            self.host.back(written)
            self.diverted.clear()
            self.divert(s.Raise(cause, value), pc, True)
            self.host.name(LINES, PENDING)
            self.unless_enabled(s.Raise(cause, value), s.Local(WORD, LINES))
            self.enter(s.Raise(cause, value), pc)

    def unless_enabled(self, trap: s.Raise, pending: s.Local) -> None:
        """Leave if entry to the handler lets in one of some pending lines. Raises Unsupported."""
        lets_in = enabled_behind(self.isa, trap)
        zero = s.Const(WORD, 0)
        if lets_in.width > 1:
            lets_in = binary("!=", binary("&", pending, lets_in, WORD), zero, 1)
        else:
            lets_in = binary("&", binary("!=", pending, zero, 1), lets_in, 1)
        if lets_in != s.Const(1, 0):
            self.unless(fold(s.Unary(1, "!", lets_in)), self.away)
        self.quiet = True

    def enter(self, trap: s.Raise, pc: s.Local, decided: Callable[[], None] = lambda: None) -> None:
        """Enter the handler for a trap at pc, from the mode that the processor status says. Raises Unsupported."""
        handler = self.isa.trap
        if handler is None or s.has(MEMORY, *handler.body):
            raise Unsupported("trap")
        self.mode = self.unknown
        enter(self, trap, pc, None, self.away, decided, diverted=True)

    # --- Exits of the description's ----------------------------------------------------------

    def divert(self, trap: s.Raise, pc: s.Local, fetched: bool) -> None:
        """Have a trap at pc that is an exit be taken as one. `fetched`: the word at pc is at FETCHED."""
        exits = bind_exit(self.isa, trap.cause, trap.value, pc, None)
        if exits != NEVER:
            label = self.host.label()
            self.host.fresh()
            self.host.jump(label, self.host.compare(exits))
            self.diverted.append(Diverted(label, trap, pc, fetched))

    def take_exit(self, at: Diverted) -> None:
        """Take an exit, and look at interrupts behind it; leave to the VMM where it cannot be taken here."""
        host = self.host
        host.place(at.label)
        written = host.position()
        try:
            self.exit_body(at)
        except Unsupported:
            host.back(written)
            host.jump(self.away)

    def exit_body(self, at: Diverted) -> None:
        host, word = self.host, s.Local(WORD, "the word")
        self.exiting = True
        self.follow, self.recheck, self.moves, self.looks, self.mode = None, False, False, False, self.unknown
        host.name(word.name, FETCHED)
        body = jump_last(bind_exit_body(self.isa, at.trap.cause, at.trap.value, at.pc, None, word))
        if not isinstance(body[-1], s.SetPc):
            raise Unsupported("an exit that does not jump")
        host.fresh()
        first, ahead = changeless(body), Foresight(body, True)
        self.reach_pages(ahead)
        self.statements(body[:first], 0)
        for condition, _ in () if self.target.traced else ahead.flushes:
            self.unless_known(condition)
        if not at.fetched:
            for condition in asking(body, word):
                self.unless_known(condition)
        host.keep(TRAPPED_AT, s.Call(2 * WORD, "time", ()), wide=True)
        host.keep(TRAPPED + 12, s.Const(WORD, EXITED_THEN))
        self.statements(body[first:], 0)

    def unless_known(self, condition: s.Expr) -> None:
        """Leave to the VMM if a condition holds, before anything changes."""
        self.host.jump(self.away, self.host.compare(condition))

    def go_on(self) -> None:
        """Go on at the pc in the state block, in the mode that the processor status says."""
        self.host.find_block_in_mode(self.host.pc_value(), self.unknown)


class Diverted(NamedTuple):
    """A trap that is an exit."""

    label: int
    trap: s.Raise
    pc: s.Local
    fetched: bool
    """The word at pc is known."""


def asking(body: s.Body, word: s.Local) -> list[s.Expr]:
    """Return the conditions under which a body uses a word. Raises Unsupported where it is not known before."""
    nodes = s.walk(*body)
    found = [n.condition for n in nodes if isinstance(n, s.Select) and n.a == word]
    if len(found) != nodes.count(word) or s.has(STATE, *found):
        raise Unsupported("fetched")
    return found


def zero_extended(e: s.Expr) -> s.Expr:
    return e if e.width == WORD else s.Extend(WORD, e, False)
