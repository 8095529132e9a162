"""The checks that VM entry makes before anything else. docs/vt.md lists them.

If a check of controls or host state does not hold, the VM instruction fails with the error number given here; if one of
guest state does not hold, there is a VM exit with the number as qualification. The first check that does not hold
counts.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.machine.step import Cpu
from ring1.dbt.vt import controls, exits, fields
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.vmcs import INVALID_CONTROLS, INVALID_HOST, Vmcs
from ring1.isa.model import WORD, Isa
from ring1.isa.outcome import aligned
from ring1.isa.record import Record

LINES = WORD
"""Most interrupt lines."""


class Present:
    """A VMCS that is about to be entered, with the CPU and host memory."""

    def __init__(self, vmcs: Vmcs, cpu: Cpu, host: HostMemory) -> None:
        self.values = vmcs.values
        self.cpu = cpu
        self.isa: Isa = cpu.isa
        self.host = host
        self.numbers = fields.registers(cpu.isa)
        self.stored = [(2 * self.numbers[n], ~c.stored) for n, c in cpu.isa.controls.items() if c.stored]
        self.enabled = cpu.enable
        self.grain = self.isa.words.least if aligned(self.isa) else 1
        """What a pc is a multiple of."""

    def __getitem__(self, encoding: int) -> int:
        return self.values[encoding]

    def primary(self, bit: int) -> bool:
        return bool(self[fields.PRIMARY] & bit)

    def secondary(self, bit: int) -> bool:
        return self.primary(controls.SECONDARY_CONTROLS) and bool(self[fields.SECONDARY] & bit)

    def register(self, area: int, name: str) -> int:
        """Return a register of guest or host state."""
        return self.values[area + 2 * self.numbers[name]]

    def words(self, area: int) -> list[int]:
        """Return the architectural words with the values of guest or host state; general registers are 0."""
        made = [0] * len(self.isa.slots)
        for name, number in self.numbers.items():
            made[self.isa.slots[name]] = self[area + 2 * number]
        return made

    def stray(self, area: int) -> bool:
        """Does a control register have a bit set that the machine lacks?"""
        values = self.values
        return any(values[area + offset] & others for offset, others in self.stored)

    def control_registers(self, encoding: int) -> bool:
        """Does a bitmap have bits only for control registers that exist?"""
        return not self[encoding] >> len(self.isa.controls)

    def even(self, area: int) -> bool:
        """Can an instruction stand where the pc of the host or the guest is?"""
        return self.register(area, "pc") % self.grain == 0

    def ports(self) -> bool:
        used = self.primary(controls.PORT_BITMAPS)
        return not used or all(self.own(at) for at in (fields.PORTS_LOW, fields.PORTS_HIGH))

    def own(self, encoding: int) -> bool:
        return self.host.own(self[encoding])

    def event(self) -> bool:
        """Is there no event to deliver, or a valid one?"""
        event = self[fields.ENTRY_EVENT]
        if not event & exits.VALID:
            return True
        number, kind, value = event & exits.NUMBER, event & exits.TYPE, bool(event & exits.HAS_VALUE)
        if event & ~exits.EVENT or kind not in (exits.INTERRUPT, exits.TRAP):
            return False
        if kind == exits.INTERRUPT:
            return self.isa.interrupts is not None and number < LINES and not value
        return value and any(cause.number == number for cause in self.isa.causes.values())

    def open(self) -> bool:
        """Does the guest take interrupts, if one is to be delivered?"""
        event = self[fields.ENTRY_EVENT]
        if event & (exits.VALID | exits.TYPE) != exits.VALID | exits.INTERRUPT:
            return True
        cpu, kept = self.cpu, self.cpu.s[: len(self.isa.slots)].tobytes()
        for slot, word in enumerate(self.words(fields.GUEST_REGISTERS)):
            cpu.s[slot] = word
        try:
            return bool(self.enabled(cpu) >> (event & exits.NUMBER) & 1)
        finally:
            cpu.state.bytes[: len(kept)] = kept

    def supervisor(self) -> bool:
        """Is the host in supervisor mode?"""
        mode = self.isa.mode
        return mode is None or self.register(fields.HOST_REGISTERS, mode.control) & mode.bits.mask == (
            mode.supervisor << mode.bits.lo
        )


class Check(Record):
    number: int
    text: str
    holds: Callable[[Present], bool]


def control(number: int) -> int:
    return number << 8 | INVALID_CONTROLS


def host(number: int) -> int:
    return number << 8 | INVALID_HOST


CONTROLS = (
    Check(
        control(1),
        "pin-based controls: external interrupts exit, reserved bits are 0",
        lambda p: p[fields.PIN] & ~controls.PREEMPTION_TIMER == controls.EXTERNAL_INTERRUPT_EXITING,
    ),
    Check(control(2), "primary controls: reserved bits are 0", lambda p: not p[fields.PRIMARY] & ~controls.PRIMARY),
    Check(
        control(3),
        "secondary controls, if they are activated: reserved bits are 0",
        lambda p: not (p.primary(controls.SECONDARY_CONTROLS) and p[fields.SECONDARY] & ~controls.SECONDARY),
    ),
    Check(control(4), "exit controls: reserved bits are 0", lambda p: not p[fields.ON_EXIT] & ~controls.ON_EXIT),
    Check(control(5), "entry controls: reserved bits are 0", lambda p: not p[fields.ON_ENTRY] & ~controls.ON_ENTRY),
    Check(
        control(6),
        "if I/O bitmaps are used: each address is that of a page of the VMM's memory",
        lambda p: p.ports(),
    ),
    Check(
        control(7),
        "the bitmaps of control registers have bits only for registers that there are",
        lambda p: p.control_registers(fields.READS) and p.control_registers(fields.WRITES),
    ),
    Check(
        control(8),
        "if the TLB is tagged: the virtual-processor identifier is not 0",
        lambda p: not p.secondary(controls.TAGGED_TLB) or bool(p[fields.VPID]),
    ),
    Check(
        control(9),
        "if paging is nested: the root is a page of the VMM's memory, and the machine has paging",
        lambda p: not p.secondary(controls.NESTED_PAGING) or (p.own(fields.NESTED_TABLE) and p.isa.paging is not None),
    ),
    Check(
        control(10),
        "the preemption timer is saved only if it is activated",
        lambda p: bool(p[fields.PIN] & controls.PREEMPTION_TIMER) or not p[fields.ON_EXIT] & controls.SAVE_TIMER,
    ),
    Check(
        control(11),
        "the event to deliver, if valid, is a line below 32 without a value, or a cause of the machine's with one",
        lambda p: p.event(),
    ),
)

HOST = (
    Check(
        host(1),
        "host pc is a multiple of 4, or of 2 where instructions have 2 bytes; not where a machine lets it be none",
        lambda p: p.even(fields.HOST_REGISTERS),
    ),
    Check(
        host(2),
        "host control registers have only bits that the machine has",
        lambda p: not p.stray(fields.HOST_REGISTERS),
    ),
    Check(host(3), "the host's processor mode is the supervisor's", lambda p: p.supervisor()),
)

GUEST = (
    Check(
        1,
        "guest pc is a multiple of 4, or of 2 where instructions have 2 bytes; not where a machine lets it be none",
        lambda p: p.even(fields.GUEST_REGISTERS),
    ),
    Check(
        2,
        "guest control registers have only bits that the machine has",
        lambda p: not p.stray(fields.GUEST_REGISTERS),
    ),
    Check(3, "trap shadow: reserved bits are 0", lambda p: not p[fields.TRAP_SHADOW] & ~1),
    Check(4, "an interrupt is delivered only to a guest that takes interrupts", lambda p: p.open()),
)


def first_failing(checks: tuple[Check, ...], present: Present) -> int:
    """Return the number of the first check that does not hold; 0 if all hold."""
    return next((check.number for check in checks if not check.holds(present)), 0)
