"""VM entries in generated code: the routines that look at interrupts, for a guest that exits to have it done.

A guest in non-root operation exits when the preemption timer is 0, which is when the budget ends at a deadline; when it
has enabled interrupts while a line is pending, as the interrupt window opens then; or it has exited already, at a write
that decides on lines. The VMM injects an interrupt, if one is due, and enters the guest with the timer set anew. A
guest that looks, is not at its deadline, and has no interrupt to take has not exited.
"""

from __future__ import annotations

from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.present import present
from ring1.dbt.host.target import Target
from ring1.dbt.machine.state import ENTERED, EXITED, INJECTED, INJECTED_LINE, TIMER_EXITS, WINDOW_EXITS
from ring1.dbt.translate.emulation import ONES
from ring1.dbt.translate.interrupts import PRESENT, THE_END, TIME, less, less_or_equal
from ring1.dbt.translate.routine import Routine
from ring1.isa import semantics as s
from ring1.isa.model import WORD

LAST_ENTRY = s.Local(TIME, "the last entry")
HAS_EXITED = s.Local(WORD, "has exited")
RUNNING = s.Binary(1, "==", HAS_EXITED, s.Const(WORD, 0))
TIMER = s.Binary(1, "&", RUNNING, less_or_equal(THE_END, PRESENT))
WINDOW = s.Binary(1, "&", RUNNING, less(PRESENT, THE_END))


class EntryRoutine(Routine):
    """Lowers a routine that counts VM exits and VM entries as those of the VMM are."""

    @classmethod
    def of(cls, target: Target) -> EntryRoutine:
        """Return an empty one. Raises Unsupported."""
        return cls(target, present().assembler(target)(0, False, False))

    def __init__(self, target: Target, host: Assembler) -> None:
        super().__init__(target, host)
        host.name(HAS_EXITED.name, EXITED)
        host.name(LAST_ENTRY.name, ENTERED, wide=True)

    def count_if(self, place: int, happens: s.Expr) -> None:
        """Add 1 to a quadword if something happens."""
        host, name = self.host, f"count {place}"
        host.name(name, place, wide=True)
        host.fresh()
        one = s.Select(TIME, happens, s.Const(TIME, 1), s.Const(TIME, 0))
        host.keep(place, s.Binary(TIME, "+", s.Local(TIME, name), one), wide=True)

    def interrupts(self, line: s.Local) -> None:
        self.count_if(WINDOW_EXITS, WINDOW)
        self.host.tally(INJECTED)
        self.host.keep(INJECTED_LINE, line)
        self.host.keep(ENTERED, PRESENT, wide=True)

    def looked(self, lines: s.Local) -> None:
        self.count_if(TIMER_EXITS, TIMER)
        enters = s.Binary(1, "|", less_or_equal(THE_END, PRESENT), s.Unary(1, "!", RUNNING))
        self.host.keep(ENTERED, s.Select(TIME, enters, PRESENT, LAST_ENTRY), wide=True)
        self.host.set_word(EXITED, ONES, 0)
        self.host.fresh()
