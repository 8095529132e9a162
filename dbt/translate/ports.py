"""Lowering of accesses to ports, and to devices in memory: answers that are read, writes that are posted, and what the
VMM is asked for."""

from __future__ import annotations

from ring1.dbt.host.block import LEAVE, READ, STEP, WRITE
from ring1.dbt.host.target import Unsupported
from ring1.dbt.native import slots
from ring1.dbt.translate.bodies import ACCESSES, with_load
from ring1.dbt.translate.exits import READ_WORD, Request, WaysOut
from ring1.dbt.translate.policy import MAPPED
from ring1.isa import semantics as s
from ring1.isa.model import WORD


class Ports(WaysOut):
    """Lowers accesses to ports and devices."""

    def request(
        self,
        kind: str,
        pc: int,
        reason: str,
        kept: tuple[tuple[int, s.Expr], ...],
        number: int | None,
        back: int,
        read: s.Expr = READ_WORD,
    ) -> int:
        """Add an exit at which the VMM is asked for a port access (see Request); return its label."""
        ask = self.exit(kind, pc, reason, self.index)
        away = self.exit(LEAVE, self.after, "attention", self.index + 1)
        self.requests[ask] = Request(kept, number, back, away, read)
        return ask

    def access_device(self, stmt: s.Stmt, pc: int) -> None:
        """Lower the one load or store of an instruction that does nothing else (see bodies.accesses_once), to a
        register of a device: what generated code cannot do the VMM is asked for; any other address is left to the
        interpreter."""
        self.later.flush()
        host, back = self.host, self.host.label()
        unknown = self.exit(STEP, pc, MAPPED, self.index)
        if isinstance(stmt, s.Store):
            host.keep(slots.VALUE, stmt.value)
            host.keep(slots.PORT, stmt.address)
            host.store_device(stmt.size, unknown, self.request(WRITE, pc, MAPPED, (), None, back))
            host.place(back)
            return
        assert isinstance(stmt, s.SetRegister) and isinstance(stmt.index, int)
        load = stmt.value.a if isinstance(stmt.value, s.Extend) else stmt.value
        assert isinstance(load, s.Load)
        number = None if stmt.index in self.isa.hardwired else stmt.index
        bits = 8 * load.size
        read = with_load(stmt.value, READ_WORD if bits == WORD else s.Slice(bits, READ_WORD, bits - 1, 0))
        host.keep(slots.PORT, load.address)
        host.load_device(load.size, unknown, self.request(READ, pc, MAPPED, (), number, back, read))
        if number is not None:
            self.assign_read(number, read)
            self.later.assigned(number)
        host.place(back)

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
