"""VM exits at writes to control registers that decide which interrupt lines are pending."""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.values import NEGATED
from ring1.dbt.machine.state import EXITED, HARD
from ring1.dbt.translate.emulation import ONES, Emulation
from ring1.dbt.translate.interrupts import HARD_END, NOW, TIME, less
from ring1.isa import semantics as s


class LineExit(Emulation):
    """Lowers such a write. Behind it a routine looks at the lines and enters, as the VMM does. Where the host must see
    something before that, the exit is the VMM's from the beginning."""

    def write(self) -> None:
        host = self.host
        self.refuse_memory(self.body)
        host.pay(1, self.step())
        host.name(HARD_END.name, HARD, wide=True)
        after = s.Binary(TIME, "+", NOW, s.Const(TIME, 1))
        host.jump(self.step(), NEGATED[host.compare(less(after, HARD_END))])
        self.instruction(0, self.pc, self.word, self.size, self.body, None, self.reason)
        self.ways_out()

    def enter_mode(self, mode: int) -> None:
        """Do nothing: the mode stays, and the guest's registers are its own."""

    def conclude(self) -> None:
        if not self.looks or self.mode != self.block_mode:
            raise Unsupported("not a write that decides on lines alone")
        self.host.set_word(EXITED, ONES, 1)
