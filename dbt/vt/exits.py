"""VM exits: reasons, with Intel's numbers; qualifications; events that cause exits or are injected."""

from __future__ import annotations

from ring1.dbt.machine.stop import Intercepted

EXCEPTION = 0
EXTERNAL_INTERRUPT = 1
TRIPLE_FAULT = 2
INTERRUPT_WINDOW = 7
HLT = 12
FLUSH = 14
TIME = 16
CONTROL = 28
IO = 30
INVALID_GUEST = 33
VIOLATION = 48
MISCONFIGURATION = 49
TIMER = 52

ENTRY_FAILURE = 1 << 31
"""Set in the reason of a VM exit by which a VM entry has failed."""

NAMES = {
    EXCEPTION: "exception",
    EXTERNAL_INTERRUPT: "external interrupt",
    TRIPLE_FAULT: "triple fault",
    INTERRUPT_WINDOW: "interrupt window",
    HLT: "hlt",
    FLUSH: "tlb flush",
    TIME: "time read",
    CONTROL: "control write",
    IO: "io",
    INVALID_GUEST: "invalid guest state",
    VIOLATION: "nested violation",
    MISCONFIGURATION: "nested misconfiguration",
    TIMER: "preemption timer",
}

# Qualification of CONTROL: 7:0 the register's number among the fields, 8 set if it is read.
READ = 1 << 8
# Qualification of IO: 2:0 bytes less one, 3 set for an input, 31:16 the port.
INPUT = 1 << 3
PORT_SHIFT = 16
# Qualification of VIOLATION: 2:0 the access (read, write, fetch), 5:3 what the nested tables allow, 7 set if there is a
# guest address, 8 set for the access itself, clear for one to the guest's page tables.
ALLOWED_SHIFT = 3
HAS_LINEAR = 1 << 7
FINAL = 1 << 8

# Events: 7:0 number of the line or cause, 10:8 type, 11 set if there is a value, 31 valid.
NUMBER = 0xFF
INTERRUPT = 0 << 8
TRAP = 3 << 8
TYPE = 7 << 8
HAS_VALUE = 1 << 11
VALID = 1 << 31
EVENT = NUMBER | TYPE | HAS_VALUE | VALID


class VmExit(Intercepted):
    """A VM exit from non-root operation, raised before anything of the instruction is done."""

    def __init__(
        self,
        reason: int,
        qualification: int = 0,
        instruction: int | None = None,
        linear: int = 0,
        physical: int = 0,
        event: int = 0,
        value: int = 0,
    ) -> None:
        self.reason = reason
        self.qualification = qualification
        self.instruction = instruction
        self.linear = linear
        self.physical = physical
        self.event = event
        self.value = value
        super().__init__(self.name)

    @property
    def name(self) -> str:
        """The name under which such exits are counted."""
        if self.reason == CONTROL and self.qualification & READ:
            return "control read"
        return NAMES[self.reason & ~ENTRY_FAILURE]
