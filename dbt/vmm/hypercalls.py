"""What a paravirtualized guest asks its VMM for, in place of privileged instructions.

It is done to the virtual CPU and its devices by the functions that the privileged instructions call. Addresses that the
guest gives are physical, and checked before anything is done. The ABI is in docs/para.md.
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
"""The guest kernel's ring."""
FIRST, SECOND = "a4", "a5"
"""Registers of the arguments, and of the results."""
MODE, ENABLE, ORIGIN = "RING", "IE", "PRING"
"""Fields of the processor status."""
REGISTERS = (
    "tvec", "scratch", "epc", "cause", "tval", "ptb", "ie", "time", "timeh", "timecmp", "timecmph",
)  # fmt: skip
"""Control registers that hypercalls read and write."""
BAD_NUMBER, BAD_ADDRESS, TOO_MUCH = (-error & ONES for error in (1, 2, 3))
"""Errors."""
FLUSH = 1 << 31
"""In the count of a batch: flush the TLB behind it."""
MOST_UPDATES = PAGE // 8
MOST_BYTES = PAGE
"""What one hypercall takes at most: the VMM must not be kept busy."""
CONSOLE, CONSOLE_STATUS, POWER = 0x00, 0x01, 0xF0
"""Ports."""


class Hypercalls:
    """The calls of one guest."""

    def __init__(self, cpu: Cpu, machine: Supervisor, frame: SharedFrame) -> None:
        """`machine`: the bare one, whose devices and interrupts these are."""
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
        """By number, as in KINDS."""

    def call(self, number: int) -> int | None:
        """Do what is asked for. Where the guest goes on, if not behind the call. Raises Stopped."""
        words = self.cpu.s
        if number >= len(self.kinds):
            words[self.first] = BAD_NUMBER
            return None
        found = self.kinds[number](words[self.first], words[self.second])
        if KINDS[number] == "iret":
            return found
        words[self.first] = found
        return None

    # --- Each takes two arguments and gives a result, 0 or more or an error ---------------------

    def poll(self, _first: int, _second: int) -> int:
        """Nothing: behind every hypercall the VMM looks at the flag, and interrupts that have waited come."""
        return 0

    def register(self, handler: int, frame: int) -> int:
        if not frame or frame % 4 or not self.frame.within(frame, SIZE):
            return BAD_ADDRESS
        self.cpu.writers["tvec"](self.cpu, handler)
        self.cpu.writers["scratch"](self.cpu, frame)
        self.frame.put(PENDING, self.cpu.lines)
        return 0

    def iret(self, _first: int, _second: int) -> int:
        """Where the guest goes on, as the frame says: `rfe`, but never to ring 0. Without a frame, to ring 3 at 0."""
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
        """Write page-table entries: all of them, or none."""
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
            raise Stopped(Stop("output"))  # whoever resumes the machine writes the buffer once
        for byte in self.cpu.memory.read(buffer, length):
            self.machine.port_out(CONSOLE, byte)
        return length

    def read(self, buffer: int, length: int) -> int:
        """What is there, and at least a byte, for which it waits; 0 at the end of the input."""
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
            # What has been taken is the guest's; that somebody wants it to stop is seen behind the hypercall.
        cpu.memory.write(buffer, bytes(taken))
        return len(taken)

    def lines(self, enabled: int, _second: int) -> int:
        self.cpu.writers["ie"](self.cpu, enabled)
        return 0

    def idle(self, _first: int, _second: int) -> int:
        self.machine.wait()
        return 0

    def time(self, _first: int, _second: int) -> int:
        """The low word; the high one is the second result."""
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
"""What can be asked for, by number."""


def lacking(isa: Isa) -> str:
    """What a machine lacks of what the ABI is about, by the names that it has there; empty if nothing."""
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
    """What a word of the hypercall's instruction asks for."""
    instruction = isa.instructions[INSTRUCTION]
    number = word & ~instruction.mask
    return KINDS[number] if number < len(KINDS) else "unknown"
