"""Lowering of accesses to ports: answers that are read, writes that are posted, and what the VMM is asked for."""

from __future__ import annotations

from ring1.dbt.host.block import LEAVE, READ, STEP, WRITE
from ring1.dbt.host.target import Unsupported
from ring1.dbt.native import slots
from ring1.dbt.translate.bodies import ACCESSES
from ring1.dbt.translate.exits import Request, WaysOut
from ring1.isa import semantics as s
from ring1.isa.model import WORD


class Ports(WaysOut):
    """Lowers accesses to ports."""

    def request(
        self, kind: str, pc: int, reason: str, kept: tuple[tuple[int, s.Expr], ...], number: int | None, back: int
    ) -> int:
        """Add an exit at which the VMM is asked for a port access (see Request); return its label."""
        ask = self.exit(kind, pc, reason, self.index)
        away = self.exit(LEAVE, pc + 4 & (1 << WORD) - 1, "attention", self.index + 1)
        self.requests[ask] = Request(kept, number, back, away)
        return ask

    def read_port(self, number: int, port: s.Expr, pc: int, reason: str, alone: bool, published: bool) -> None:
        """Assign what a port reads to a register. The VMM is asked unless there is a published answer, if such are
        used. `alone`: the instruction does nothing else."""
        self.later.flush()  # behind a request the instruction goes on, with nothing computed again
        host, value = self.host, self.later.use(port)
        loads, hardwired = s.has(ACCESSES, value), number in self.isa.hardwired
        if self.target.hardware or (loads and not published) or port.width > WORD:
            raise Unsupported("port")
        back = host.label()
        if not alone or loads:
            if not published:
                raise Unsupported("port")
            ask = self.exit(STEP, pc, reason, self.index)
        else:
            to = None if hardwired else number
            ask = self.request(READ, pc, reason, ((slots.PORT, value),), to, back)
        if published:
            answer = host.read_answer(value, ask)
            if not hardwired:
                host.assign_value(number, answer)
        else:
            host.jump(ask)
        host.place(back)
        if not hardwired:
            self.later.assigned(number)

    def write_port(self, port: s.Expr, value: s.Expr, pc: int, reason: str, alone: bool) -> None:
        """Post a write to a port, or ask the VMM for it."""
        wide = port.width > WORD or value.width > WORD
        if self.target.hardware or not alone or wide or s.has(ACCESSES, port, value):
            raise Unsupported("port")
        host, back = self.host, self.host.label()
        ask = self.request(WRITE, pc, reason, (), None, back)
        host.keep(slots.PORT, self.later.use(port))
        host.keep(slots.VALUE, self.later.use(value))
        host.post(ask)
        host.place(back)
