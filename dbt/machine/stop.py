"""Reasons for which a machine stops."""

from __future__ import annotations

from ring1.isa.record import Record


class TrapInfo(Record):
    """A trap as the machine took it, or would have."""

    cause: int
    value: int
    pc: int


class Stop(Record):
    """Why a machine has stopped. reason: "exit" (the guest powered the machine off, with `code`), "trap" (`trap` has no
    handler), "double-fault" (`trap` would change nothing, and no instruction has retired since `first`), "halt" (the
    guest waits for an interrupt that cannot come), "limit" (the instruction limit was reached), "timeout" (its wall
    time is over), "output" (the limit on console output is reached, and the next instruction would write more),
    "interrupt" (the user stopped it), "refused" (a paravirtualized kernel executed a privileged instruction, which
    raised `trap`) or "input" (the guest waits for console input that is still to be fed). More are those of who
    observes a run (ring1.dbt.travel.probe)."""

    reason: str
    code: int | None = None
    trap: TrapInfo | None = None
    first: TrapInfo | None = None


class Intercepted(Exception):
    """Raised where a supervisor intercepts an instruction, a trap or an access, before any of it has been done."""


class Stopped(Exception):
    """Raised to stop a machine from within its run loop."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        super().__init__(stop.reason)
