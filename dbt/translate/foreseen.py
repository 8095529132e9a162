"""Lowering of what has to be settled before an instruction changes anything: the pages that it accesses by physical
address, and flushes; and of traps, which routines are told of as they are over the state before the instruction."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping

from ring1.dbt.host.block import STEP
from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.machine.state import CAUSE, FETCHED, VALUE
from ring1.dbt.native import slots
from ring1.dbt.translate.foresight import INCONSTANT, TRUE, Foresight, changeless, refuses, resolved
from ring1.dbt.translate.policy import FLUSHED
from ring1.dbt.translate.ports import Ports
from ring1.isa import semantics as s
from ring1.isa.model import WORD

TRANSIENT = INCONSTANT | {s.Local}
"""Expressions whose values cannot be computed again where a block is left."""


class Foreseen(Ports):
    """Lowers flushes, accesses by physical address, and traps."""

    def __init__(self, target: Target, host: Assembler, mode: int, count: int, frames: Mapping[int, int]) -> None:
        """See WaysOut."""
        super().__init__(target, host, mode, count, frames)
        self.inline, self.otherwise = False, ""
        """See Lowering.instruction."""
        self.body: s.Body = ()
        self.pc, self.word = 0, 0
        """Where the instruction is, and its word."""
        self.inconstant = False
        """See Lowering.instruction."""
        self.ahead = False
        """What has to come before all changes has been lowered (see Foresight)."""
        self.unreached: int | None = None
        """Label to which an access by physical address leads that would fault; None: it faults."""
        self.lets: dict[str, s.Expr] = {}
        """Name -> its value over the state before the instruction, as long as nothing has changed."""

    @abstractmethod
    def statements(self, body: s.Body, pc: int) -> None:
        """Lower statements of the instruction at pc."""

    def foreseen(self, body: s.Body, pc: int) -> None:
        """Lower a body that accesses physical memory or flushes: what may have to be left to others comes before all
        changes."""
        at, ahead = changeless(body), Foresight(body, False)
        self.statements(body[:at], pc)
        self.reach_pages(ahead)
        for condition, flush in () if self.target.traced else ahead.flushes:
            if self.target.hardware is not None or (condition == TRUE and ahead.stores):
                raise Unsupported("flush")
            otherwise = self.exit(STEP, pc, self.otherwise if self.inline else FLUSHED, self.index)
            if condition == TRUE:
                self.host.flush(otherwise, self.later.use(flush.addresses[0]) if flush.addresses else None)
            else:
                self.host.jump(otherwise, self.host.compare(condition))
        self.statements(body[at:], pc)

    def reach_pages(self, ahead: Foresight) -> None:
        """Reach the pages that are accessed by physical address, before anything changes."""
        if ahead.pages and not self.target.whole_machine:
            raise Unsupported("physical memory")
        for page, stores in ahead.pages.items():
            self.host.reach_physical(page, stores, self.unreached)
        self.ahead = True

    @property
    def fetched(self) -> tuple[tuple[int, s.Expr], ...]:
        """What a routine that takes a trap of the instruction is told besides."""
        if not self.target.fetches:
            return ()
        if self.inconstant:
            raise Unsupported("versions")
        return ((FETCHED, s.Const(WORD, self.word)),)

    def raising(self, t: s.Raise, pc: int, reason: str, retired: int) -> int:
        """Add the exit for a trap, which a routine takes if it can be told which it is; return its label."""
        told = ((CAUSE, resolved(t.cause, self.lets)), (VALUE, resolved(t.value, self.lets)))
        if not self.target.whole_machine or s.has(TRANSIENT, *(e for _, e in told)):
            return self.exit(STEP, pc, reason, retired)
        label = self.exit(STEP, pc, reason, retired, slots.TAKE)
        self.handed[label] = (*told, *self.fetched)
        return label

    def do_trap(self, t: s.Raise, pc: int) -> None:
        self.host.jump(self.raising(t, pc, "trap", self.index))

    def do_storephysical(self, t: s.StorePhysical, pc: int) -> None:
        if not self.ahead:
            raise Unsupported("physical memory")
        self.host.store_physical(t)

    def do_flush(self, t: s.Flush, pc: int) -> None:
        if not (self.ahead or self.target.traced):
            raise Unsupported("flush")

    def alone(self, stmt: s.Stmt) -> bool:
        """Is a statement the only one of the instruction that does anything but to trap?"""
        return self.body[-1] == stmt and all(map(refuses, self.body[:-1]))
