"""VM exits at accesses to ports for which nobody need look: the write is posted, or the read has a published answer.

The timer has as much left behind the entry as if the guest had not exited.
"""

from __future__ import annotations

from ring1.dbt.translate.emulation import Emulation
from ring1.dbt.vt import controls, fields
from ring1.dbt.vt.intercept import PORTS, Intercepts
from ring1.dbt.vt.setup import ALL
from ring1.isa import semantics as s


def all_exit(intercepts: Intercepts) -> bool:
    """Do accesses to all ports exit?"""
    values, memory = intercepts.values, intercepts.host.bytes
    if not values[fields.PRIMARY] & controls.PORT_BITMAPS:
        return bool(values[fields.PRIMARY] & controls.PORT_EXITING)
    halves = [values[at] for at in (fields.PORTS_LOW, fields.PORTS_HIGH)]
    return all(memory[at : at + PORTS // 16] == ALL * (PORTS // 16) for at in halves)


class PortExit(Emulation):
    """Lowers an access to a port."""

    def write(self) -> None:
        self.refuse_memory(self.body)
        self.host.pay(1, self.step())
        self.host.unless_left(self.step())  # the VMM has the processor then, and does not enter again
        self.instruction(0, self.pc, self.word, self.size, self.body, None, self.reason)
        self.ways_out()

    def enter_mode(self, mode: int) -> None:
        """Do nothing: the mode stays, and the guest's registers are its own."""

    def ask(self, kind: str, kept: tuple[tuple[int, s.Expr], ...], number: int | None, back: int) -> int:
        """Leave what neither can wait nor is known to the monitor."""
        return self.step()
