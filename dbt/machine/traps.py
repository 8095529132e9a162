"""Taking traps: entry to the handler, and detection of traps that recur for ever.

Generated code takes traps as well, using the same words of the state block, but only if an instruction has retired
since the last trap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ring1.dbt.machine.state import EXITED_THEN, TRAPPED, TRAPPED_AT, State
from ring1.dbt.machine.stop import Stop, Stopped, TrapInfo
from ring1.dbt.machine.supervisor import Supervisor
from ring1.isa.model import Isa

TIME_ONES = (1 << 64) - 1
MOST_TRAPS = 1 << 18
"""Most traps in a row without an instruction that retires: time must not stand still for ever."""


class Traps:
    """The part of a CPU that takes traps."""

    isa: Isa
    state: State
    s: memoryview
    time: int
    until: int
    pc: int
    supervisor: Supervisor
    handler: Callable[..., int]
    unhandled: Callable[..., Any]
    exits: Callable[..., Any]
    """Is this trap an exit (`on exit`), which cannot recur without an instruction that retires?"""
    leave: Callable[..., int]

    def no_traps(self) -> None:
        """Reset the record of traps: none has been taken yet."""
        self.trapped = False
        self.traps = 0
        """Traps and interrupts that the interpreter has taken."""
        self.latest: TrapInfo | None = None
        """The last trap or interrupt taken."""
        self.repeats = 0
        """Traps since an instruction last retired, not counting the first."""
        self.repeated: tuple[TrapInfo, bytes] | None = None
        """The last of these traps, and the architectural words before it."""

    def take(self, cause: int, value: int) -> None:
        """See Supervisor.take."""
        info = TrapInfo(cause, value, self.pc)
        if self.exits(self, cause, value, info.pc):
            self.traps, self.latest = self.traps + 1, info
            self.pc = self.leave(self, cause, value, info.pc)
            self.exited, self.until = True, 0
            return
        if self.unhandled(self, cause, value, info.pc):
            raise Stopped(Stop("trap", trap=info))
        if self.trapped:
            self.trap_again(info)
        else:
            self.trapped, self.first, self.repeats, self.repeated = True, info, 0, None
        self.traps, self.latest = self.traps + 1, info
        self.pc = self.supervisor.trap_entry(cause, value, info.pc)
        self.until = 0

    def trap_entry(self, cause: int, value: int, pc: int) -> int:
        """See Supervisor.trap_entry."""
        return self.handler(self, cause, value, pc)

    def trap_again(self, info: TrapInfo) -> None:
        """Count another trap with nothing retired since the last. Raises Stopped if the state is as it was before that
        one, since it would then recur for ever."""
        now = info, self.s[: len(self.isa.slots)].tobytes()
        if now == self.repeated or self.repeats >= MOST_TRAPS:
            raise Stopped(Stop("double-fault", trap=info, first=self.first))
        self.repeats, self.repeated = self.repeats + 1, now

    @property
    def trapped(self) -> bool:
        """Has nothing retired since a trap was taken?"""
        return self.trapped_at(self.time)

    @trapped.setter
    def trapped(self, value: bool) -> None:
        self.state.quads[State.quad(TRAPPED_AT)] = self.time & TIME_ONES
        self.s[State.word(TRAPPED) + 3] = not value

    @property
    def exited(self) -> bool:
        """Has nothing retired since an exit was taken?"""
        at = self.state.quads[State.quad(TRAPPED_AT)]
        return at == self.time & TIME_ONES and self.s[State.word(TRAPPED) + 3] == EXITED_THEN

    @exited.setter
    def exited(self, value: bool) -> None:
        self.trapped = False
        self.s[State.word(TRAPPED) + 3] = EXITED_THEN if value else 1

    def trapped_at(self, time: int) -> bool:
        """Was a trap taken at this time, and none later?"""
        at = self.state.quads[State.quad(TRAPPED_AT)]
        return at == time & TIME_ONES and not self.s[State.word(TRAPPED) + 3]

    @property
    def first(self) -> TrapInfo:
        """The first trap since an instruction last retired."""
        first = State.word(TRAPPED)
        return TrapInfo(*self.s[first : first + 3])

    @first.setter
    def first(self, info: TrapInfo) -> None:
        first = State.word(TRAPPED)
        self.s[first], self.s[first + 1], self.s[first + 2] = info.cause, info.value, info.pc
