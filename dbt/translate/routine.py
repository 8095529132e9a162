"""Routines: what the VMM does with the virtual CPU at an exit, lowered from the description once for a machine.

A routine is called through its slot of the state block in the place of the VMM's, with the return address of an exit on
the stack, the guest at the pc in the state block, and time at END less the budget. It decides everything before it
changes anything: either it goes on with the guest in generated code, or it leaves to the VMM by that exit, and all is
as if the exit had led there. So whatever a routine does not do is done as it would be without it.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.values import NEGATED
from ring1.dbt.ir.fold import binary, fold
from ring1.dbt.machine.state import CAUSE, PENDING, VALUE, WORK, WORKS, State
from ring1.dbt.native import slots
from ring1.dbt.translate.behind import enabled_behind
from ring1.dbt.translate.handler import enter
from ring1.dbt.translate.lower import Lowering
from ring1.isa import semantics as s
from ring1.isa.model import WORD

ANY_MODE = -1
GIVEN, PC, LINES = {"the cause": CAUSE, "the value": VALUE}, "the pc", "the pending lines"
"""Names, which no description can have, of words of the state block."""
MEMORY = frozenset((s.Load, s.Store))


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
        self.quiet = False
        """No interrupt line is pending."""
        self.away = host.label()
        """Where it leaves to the VMM, as long as nothing has changed."""
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
        raise Unsupported(reason)

    def elsewhere(self, after: int | None, looked: bool) -> int:
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
        """End the routine with its ways to the VMM."""
        if self.lost is not None:
            self.host.place(self.lost)
            self.host.go(slots.MISS)
        self.host.place(self.away)
        self.host.leave_routine()

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
            self.enter(s.Raise(cause, value), pc)
        except Unsupported:
            if not self.recheck:
                raise
            # The entry may enable interrupts: it is not for the routine then, unless none of those lines is pending.
            self.host.back(written)
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
        enter(self, trap, pc, None, self.away, decided)

    def go_on(self) -> None:
        """Go on at the pc in the state block, in the mode that the processor status says."""
        self.host.find_block_in_mode(self.host.pc_value(), self.unknown)


def zero_extended(e: s.Expr) -> s.Expr:
    return e if e.width == WORD else s.Extend(WORD, e, False)
