"""The hypercalls that a paravirtualized guest makes in place of privileged instructions.

They act on the virtual CPU and its devices by the functions that privileged instructions call. Addresses that the guest
passes are physical, and checked before anything is done. The ABI is in docs/para.md.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.machine.supervisor import Supervisor
from ring1.dbt.vmm.shared_frame import MASKED, PC, PENDING, SIZE, STATUS, SharedFrame
from ring1.isa.model import Isa

INSTRUCTION, RETURN = "hcall", "rfe"
KERNEL = 1
"""The ring that the guest's kernel runs in."""
FIRST, SECOND = "a4", "a5"
"""Registers of the two arguments, and of the two results."""
MODE, ENABLE, ORIGIN = "RING", "IE", "PRING"
"""Fields of the processor status."""
REGISTERS = (
    "tvec", "scratch", "epc", "cause", "tval", "ptb", "ie", "time", "timeh", "timecmp", "timecmph",
)  # fmt: skip
"""Control registers that hypercalls read and write."""
BAD_NUMBER, BAD_ADDRESS, TOO_MUCH = (-error & ONES for error in (1, 2, 3))
"""Results that are errors."""
FLUSH = 1 << 31
"""Flag in the count of a batch: flush the TLB after it."""
MOST_UPDATES = PAGE // 8
MOST_BYTES = PAGE
"""Limits of one hypercall, in updates and bytes, so that it cannot keep the VMM busy."""
CONSOLE, CONSOLE_STATUS, POWER = 0x00, 0x01, 0xF0
"""I/O ports of the console and of the power switch."""


class Hypercalls:
    """The hypercalls of one guest."""

    def __init__(self, cpu: Cpu, machine: Supervisor, frame: SharedFrame) -> None:
        """`machine`: the bare machine, whose devices and interrupts the calls act on."""
        isa = cpu.isa
        assert isa.mode is not None
        self.cpu = cpu
        self.machine = machine
        self.frame = frame
        self.psw = isa.mode.control
        fields = {bits.name: bits for bits in isa.controls[self.psw].fields}
        self.ring, self.origin = fields[MODE], fields[ORIGIN]
        self.first, self.second = isa.register_numbers[FIRST], isa.register_numbers[SECOND]
        self.kinds: tuple[Callable[[int, int], int], ...] = (
            self.poll, self.register, self.iret, self.update, self.space, self.write, self.read, self.lines, self.idle,
            self.time, self.timer, self.port_in, self.port_out, self.off,
        )  # fmt: skip
        """The functions by number, in the order of KINDS."""

    def call(self, number: int) -> int | None:
        """Execute a hypercall. Return the pc at which the guest goes on, None for the instruction after the call.
        Raises Stopped."""
        words = self.cpu.s
        if number >= len(self.kinds):
            words[self.first] = BAD_NUMBER
            return None
        found = self.kinds[number](words[self.first], words[self.second])
        if KINDS[number] == "iret":
            return found
        words[self.first] = found
        return None

    # --- Each takes two arguments and returns a result, or an error as a negative number ---------------------

    def poll(self, _first: int, _second: int) -> int:
        """Do nothing: after every hypercall the VMM looks at the flag in the frame, and delivers interrupts that are
        waiting."""
        return 0

    def register(self, handler: int, frame: int) -> int:
        if not frame or frame % 4 or not self.frame.within(frame, SIZE):
            return BAD_ADDRESS
        self.cpu.writers["tvec"](self.cpu, handler)
        self.cpu.writers["scratch"](self.cpu, frame)
        self.frame.put(PENDING, self.cpu.lines)
        return 0

    def iret(self, _first: int, _second: int) -> int:
        """Return from a trap as the frame says, as `rfe` does but never to ring 0; without a frame, to ring 3 at pc
        0."""
        cpu = self.cpu
        pc, status = (self.frame.get(PC), self.frame.get(STATUS)) if self.frame.address else (0, self.origin.mask)
        if not status & self.origin.mask:
            status |= KERNEL << self.origin.lo
        cpu.writers["epc"](cpu, pc)
        cpu.writers[self.psw](cpu, status & ~self.ring.mask)
        following = cpu.instructions[RETURN](cpu, 0, pc)
        if self.frame.address:
            self.frame.put(MASKED, 0 if self.machine.enabled() else 1)
        return following

    def update(self, batch: int, count: int) -> int:
        """Write a batch of page-table entries: all of them, or none."""
        count, flush = count & ~FLUSH, count & FLUSH
        if count > MOST_UPDATES:
            return TOO_MUCH
        if batch % 4 or not self.frame.within(batch, 8 * count):
            return BAD_ADDRESS
        words = self.cpu.ram[batch >> 2 : (batch >> 2) + 2 * count].tolist()
        pairs = list(zip(words[::2], words[1::2], strict=True))
        if any(address % 4 or not self.frame.within(address, 4) for address, _ in pairs):
            return BAD_ADDRESS
        for address, entry in pairs:
            self.cpu.memory.write(address, entry.to_bytes(4, "little"))
        if flush:
            self.cpu.flush()
        return count

    def space(self, ptb: int, _second: int) -> int:
        if not self.frame.within(ptb & -PAGE, PAGE):
            return BAD_ADDRESS
        self.cpu.writers["ptb"](self.cpu, ptb)
        return 0

    def write(self, buffer: int, length: int) -> int:
        if length > MOST_BYTES:
            return TOO_MUCH
        if not self.frame.within(buffer, length):
            return BAD_ADDRESS
        room = self.cpu.bus.room(CONSOLE)
        if room is not None and room < length:
            raise Stopped(Stop("output"))  # when the machine is resumed, the buffer is written once
        for byte in self.cpu.memory.read(buffer, length):
            self.machine.port_out(CONSOLE, byte)
        return length

    def read(self, buffer: int, length: int) -> int:
        """Read the available input, waiting for at least one byte; 0 at the end of the input."""
        cpu = self.cpu
        if length > MOST_BYTES:
            return TOO_MUCH
        if not self.frame.within(buffer, length):
            return BAD_ADDRESS
        taken = bytearray()
        try:
            while len(taken) < length and (not taken or self.machine.port_in(CONSOLE_STATUS) & 1):
                byte = self.machine.port_in(CONSOLE)
                if byte == ONES:
                    break
                taken.append(byte)
        except Stopped:
            if not taken:
                raise
            # The guest gets the bytes that were read; the request to stop is seen after the hypercall.
        cpu.memory.write(buffer, bytes(taken))
        return len(taken)

    def lines(self, enabled: int, _second: int) -> int:
        self.cpu.writers["ie"](self.cpu, enabled)
        return 0

    def idle(self, _first: int, _second: int) -> int:
        self.machine.wait()
        return 0

    def time(self, _first: int, _second: int) -> int:
        """Return the low word of the time; the high word is the second result."""
        self.cpu.s[self.second] = self.cpu.control("timeh")
        return self.cpu.control("time")

    def timer(self, low: int, high: int) -> int:
        self.cpu.writers["timecmp"](self.cpu, low)
        self.cpu.writers["timecmph"](self.cpu, high)
        return 0

    def port_in(self, port: int, _second: int) -> int:
        return self.machine.port_in(port & 0xFFFF)

    def port_out(self, port: int, value: int) -> int:
        self.machine.port_out(port & 0xFFFF, value)
        return 0

    def off(self, code: int, _second: int) -> int:
        self.machine.port_out(POWER, code)
        return 0


KINDS = (
    "poll", "register", "iret", "update", "space", "write", "read", "lines", "idle", "time", "timer", "port_in",
    "port_out", "off",
)  # fmt: skip
"""Names of the hypercalls, by number."""


def lacking(isa: Isa) -> str:
    """Return what a machine lacks that the ABI needs, in words; empty if nothing."""
    for name, operands in ((INSTRUCTION, 1), (RETURN, 0)):
        insn = isa.instructions.get(name)
        if insn is None or len(insn.operands) != operands:
            return f"instruction {name} of {operands} operands" if insn else f"instruction {name}"
    if isa.mode is None:
        return "processor modes"
    for name in REGISTERS:
        if name not in isa.controls or (name in REGISTERS[:2] and not isa.controls[name].stored):
            return f"control register {name}"
    status = isa.controls[isa.mode.control]
    for name in (MODE, ENABLE, ORIGIN):
        if not any(bits.name == name and bits.mask & status.stored for bits in status.fields):
            return f"field {status.name}.{name}"
    if isa.mode.bits.name != MODE or isa.mode.supervisor or isa.mode.user <= KERNEL:
        return f"{status.name}.{MODE} with a ring between the supervisor's, 0, and the user's"
    for name in (FIRST, SECOND):
        if name not in isa.register_numbers:
            return f"register {name}"
    return ""


def kind(isa: Isa, word: int) -> str:
    """Return the name of the hypercall that an instruction word makes."""
    instruction = isa.instructions[INSTRUCTION]
    number = word & ~instruction.mask
    return KINDS[number] if number < len(KINDS) else "unknown"
