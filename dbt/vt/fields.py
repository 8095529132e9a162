"""The fields of a VMCS, with Intel's scheme of encodings (SDM vol. 3C, 24.11.2), and Intel's numbers where it has any:

    0  access type    9:1  index    11:10  area    14:13  width

The registers of guest and host state are those of the machine's description: control register n, in the order of the
description, is field n of its area; the program counter follows them.
"""

from __future__ import annotations

from ring1.isa.model import Isa
from ring1.isa.record import Record

CONTROL, EXIT, GUEST, HOST = range(4)
"""Areas of fields. Software cannot write exit information."""
AREA, WIDTH = 10, 13
"""Lowest bits of area and width in an encoding."""
AREAS = ("execution controls", "exit information", "guest state", "host state")
WIDTHS = (16, 64, 32, 32)
"""Bits of a field by the width code in its encoding; code 3 is "natural", a register's width."""

VPID = 0x0000
PORTS_LOW, PORTS_HIGH = 0x2000, 0x2002
NESTED_TABLE = 0x201A
PHYSICAL = 0x2400
PIN, PRIMARY, SECONDARY = 0x4000, 0x4002, 0x401E
EXCEPTIONS = 0x4004
ON_EXIT, ON_ENTRY = 0x400C, 0x4012
ENTRY_EVENT, ENTRY_VALUE = 0x4016, 0x4018
READS, WRITES = 0x4030, 0x4032
WINDOW_LINES = 0x4034
ERROR, REASON = 0x4400, 0x4402
EXIT_EVENT, EXIT_VALUE = 0x4404, 0x4406
LENGTH, INSTRUCTION = 0x440C, 0x440E
TRAP_SHADOW = 0x4824
TIMER = 0x482E
QUALIFICATION = 0x6400
LINEAR = 0x640A
GUEST_REGISTERS = 0x6800
HOST_REGISTERS = 0x6C00


class Field(Record):
    """A field of a VMCS. `register`: the architectural register that a field of guest or host state holds."""

    encoding: int
    name: str
    text: str
    register: str | None = None

    @property
    def area(self) -> int:
        return self.encoding >> AREA & 3

    @property
    def width(self) -> int:
        return WIDTHS[self.encoding >> WIDTH & 3]


FIXED = (
    Field(VPID, "vpid", "virtual-processor identifier: the tag of the guest's translations"),
    Field(PORTS_LOW, "ports_low", "host-physical address of the I/O bitmap for ports 0000-7fff"),
    Field(PORTS_HIGH, "ports_high", "the same for ports 8000-ffff"),
    Field(NESTED_TABLE, "nested_table", "host-physical address of the root of the nested page tables"),
    Field(PIN, "pin", "pin-based controls"),
    Field(PRIMARY, "primary", "primary processor-based controls"),
    Field(SECONDARY, "secondary", "secondary processor-based controls"),
    Field(EXCEPTIONS, "exceptions", "exception bitmap: causes of traps that exit"),
    Field(ON_EXIT, "on_exit", "exit controls"),
    Field(ON_ENTRY, "on_entry", "entry controls"),
    Field(ENTRY_EVENT, "entry_event", "the event that entry delivers"),
    Field(ENTRY_VALUE, "entry_value", "the value of a trap that entry delivers"),
    Field(READS, "reads", "control registers whose reading exits"),
    Field(WRITES, "writes", "control registers whose writing exits"),
    Field(WINDOW_LINES, "window_lines", "interrupt lines for whose being let in the guest exits; 0: any"),
    Field(PHYSICAL, "physical", "guest-physical address of a nested violation or misconfiguration"),
    Field(ERROR, "error", "why the last VM instruction has failed"),
    Field(REASON, "reason", "exit reason"),
    Field(EXIT_EVENT, "exit_event", "the event that has exited"),
    Field(EXIT_VALUE, "exit_value", "the value of a trap that has exited"),
    Field(LENGTH, "length", "bytes of the instruction that has exited"),
    Field(INSTRUCTION, "instruction", "the instruction word"),
    Field(QUALIFICATION, "qualification", "exit qualification"),
    Field(LINEAR, "linear", "guest address of a nested violation or misconfiguration"),
    Field(TRAP_SHADOW, "trap_shadow", "bit 0: no instruction has retired since the last trap"),
    Field(TIMER, "timer", "preemption timer: instructions until it is 0"),
)


def registers(isa: Isa) -> dict[str, int]:
    """Return control register or pc -> its number among the fields of guest and host state."""
    numbers = {name: n for n, name in enumerate(isa.controls) if isa.controls[name].stored}
    return numbers | {"pc": len(isa.controls)}


def fields(isa: Isa) -> dict[int, Field]:
    """Return all fields of a machine's VMCS, by encoding."""
    made = list(FIXED)
    for area, first in (("guest", GUEST_REGISTERS), ("host", HOST_REGISTERS)):
        made += [Field(first + 2 * n, f"{area}_{r}", f"{area}'s {r}", r) for r, n in registers(isa).items()]
    return {field.encoding: field for field in made}
