"""Why a machine no longer runs."""

from __future__ import annotations

from ring1.isa.record import Record


class TrapInfo(Record):
    """A trap as the machine took it, or would have."""

    cause: int
    value: int
    pc: int


class Stop(Record):
    """reason: "exit" (the guest switched the power off, with `code`), "trap" (nobody handles `trap`), "double-fault"
    (`trap`, which would change nothing, with no instruction retired since `first`), "halt" (waiting for nothing),
    "limit" (the instruction limit was reached), "timeout" (its time is over), "output" (the console takes no more than
    it has been given, and the next instruction would write to it), "interrupt" (the host's user stopped it) or
    "refused" (a paravirtualized kernel must not execute what raised `trap`)."""

    reason: str
    code: int | None = None
    trap: TrapInfo | None = None
    first: TrapInfo | None = None


class Intercepted(Exception):
    """A supervisor wants to see what is about to happen: an instruction, a trap, an access. Nothing of it is done."""


class Stopped(Exception):
    """Raised where a machine stops in the middle of its run loop."""

    def __init__(self, stop: Stop) -> None:
        self.stop = stop
        super().__init__(stop.reason)
