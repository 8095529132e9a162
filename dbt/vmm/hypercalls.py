"""What a paravirtualized guest has in place of privileged instructions: hypercalls, and a frame that it shares.

The guest's kernel runs in ring 1 and knows it; none of its code is ever executed in ring 0. What the kernel asks for is
done to the virtual CPU and its devices by the functions that the privileged instructions call. All that the VMM keeps
of a guest is in control registers that the guest cannot reach: the trap handler in `tvec`, the address of its frame in
`scratch`, and in `psw.IE` whether a line that rises makes it look at the guest's flag. So a snapshot has it too.

Addresses that the guest gives are physical, and checked before anything is done. The ABI is in docs/para.md.
(The shared flag, batches and error returns are Xen's: Barham et al., "Xen and the art of virtualization", 2003.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.step import ONES, Cpu, Instruction
from ring1.dbt.machine.stop import Stop, Stopped, TrapInfo
from ring1.dbt.translate.real import Real
from ring1.isa.effects import effects
from ring1.isa.model import Isa
from ring1.isa.python import Trap

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
MASKED, PENDING, PC, CAUSE, VALUE, STATUS = range(0, 24, 4)
"""Words of the frame."""
FRAME = 24
"""Its size in bytes."""
BAD_NUMBER, BAD_ADDRESS, TOO_MUCH = (-error & ONES for error in (1, 2, 3))
"""Errors."""
FLUSH = 1 << 31
"""In the count of a batch: flush the TLB behind it."""
MOST_UPDATES = PAGE // 8
MOST_BYTES = PAGE
"""What one hypercall takes at most: the VMM must not be kept busy."""
CONSOLE, CONSOLE_STATUS, POWER = 0x00, 0x01, 0xF0
"""Ports."""


class Hypercalls(Real):
    """The VMM of one paravirtualized guest."""

    def __init__(self, cpu: Cpu) -> None:
        isa = cpu.isa
        assert isa.mode is not None
        self.cpu = cpu
        self.psw, self.status = isa.mode.control, isa.slots[isa.mode.control]
        fields = {bits.name: bits for bits in isa.controls[self.psw].fields}
        self.ring, self.enable, self.origin = fields[MODE], fields[ENABLE].mask, fields[ORIGIN]
        self.handler, self.place = isa.slots["tvec"], isa.slots["scratch"]
        self.first, self.second = isa.register_numbers[FIRST], isa.register_numbers[SECOND]
        self.kinds: dict[int, Callable[[int, int], int]] = {
            number: getattr(self, kind) for number, kind in enumerate(KINDS)
        }
        self.sensitive = cache(lambda name: effects(isa, isa.instructions[name].body).sensitive)
        self.bind_bare, self.trap_entry, self.enabled_bare, self.look_bare = (
            cpu.bind,
            cpu.trap_entry,
            cpu.enabled,
            cpu.look,
        )
        cpu.bind = self.bind  # type: ignore[method-assign]
        cpu.look = self.look  # type: ignore[method-assign]
        cpu.trap_entry, cpu.enabled = self.trapped, self.enabled
        cpu.bound.clear()
        if not self.mode():
            self.enter(KERNEL)

    # --- The virtual CPU ------------------------------------------------------------------

    def mode(self) -> int:
        return (self.cpu.s[self.status] & self.ring.mask) >> self.ring.lo

    def enter(self, ring: int) -> None:
        self.cpu.s[self.status] = self.cpu.s[self.status] & ~self.ring.mask | ring << self.ring.lo
        self.cpu.changed()

    def bind(self, word: int) -> Instruction:
        """The function of an instruction word: a hypercall's, or that of the bare machine, which the kernel is refused
        where it is privileged."""
        made, decoded = self.bind_bare(word), self.cpu.decoder.decode(word)
        if decoded is None:
            return made
        name = decoded.instruction.name
        if name == INSTRUCTION:
            (number,) = decoded.values.values()
            made = self.cpu.bound[word] = partial(self.hypercall, made, number)
        elif self.sensitive(name):
            made = self.cpu.bound[word] = partial(self.refuse, made)
        return made

    def refuse(self, instruction: Instruction, pc: int) -> int:
        """A sensitive instruction. If the kernel is told that it is privileged, nobody has paravirtualized it."""
        try:
            return instruction(pc)
        except Trap as trap:
            if self.mode() == KERNEL:
                raise Stopped(Stop("refused", trap=TrapInfo(trap.cause, trap.value, pc))) from None
            raise

    def hypercall(self, instruction: Instruction, number: int, pc: int) -> int:
        if self.mode() != KERNEL:
            return instruction(pc)
        words = self.cpu.s
        kind = self.kinds.get(number)
        following = pc + 4 & ONES
        if kind == self.iret:
            following = self.iret(words[self.first], words[self.second])
        else:
            words[self.first] = BAD_NUMBER if kind is None else kind(words[self.first], words[self.second])
        self.arm(True)
        return following

    # --- Traps, and interrupts by a flag in memory ----------------------------------------------

    def trapped(self, cpu: Cpu, cause: int, value: int, pc: int) -> int:
        """A trap or an interrupt, to the handler in ring 1, with all that it needs to know in the frame."""
        self.arm(not self.masked())
        handler = self.trap_entry(cpu, cause, value, pc)
        self.enter(KERNEL)
        if self.frame:
            pc, cause, value = (cpu.control(name) for name in ("epc", "cause", "tval"))
            for offset, word in ((MASKED, 1), (PC, pc), (CAUSE, cause), (VALUE, value), (STATUS, cpu.s[self.status])):
                self.put(offset, word)
        self.arm(not cpu.lines)
        return handler

    def enabled(self, cpu: Cpu) -> bool:
        """May a line that is pending interrupt?"""
        return bool(self.enabled_bare(cpu)) and not self.masked()

    def look(self) -> int:
        """The pending lines, which the guest is told when they change. If they are masked, it has to ask once they no
        longer are: when a store to the frame would be seen depends on when the host looks, which must not matter."""
        before, lines = self.cpu.lines, self.look_bare()
        if self.frame and lines != before:
            self.put(PENDING, lines)
        if lines and self.masked():
            self.arm(False)
        return lines

    def masked(self) -> bool:
        return not self.frame or bool(self.get(MASKED))

    def arm(self, on: bool) -> None:
        """Look at the flag when a line is pending, or do not before the next hypercall or trap."""
        self.cpu.s[self.status] = self.cpu.s[self.status] & ~self.enable | (self.enable if on else 0)
        self.cpu.changed()

    # --- Memory that is shared ------------------------------------------------------------------

    @property
    def frame(self) -> int:
        """Where the guest's frame is; 0 before it has registered one. A snapshot may say anything."""
        at = self.cpu.s[self.place]
        return at if not at % 4 and self.within(at, FRAME) else 0

    def get(self, offset: int) -> int:
        return self.cpu.ram[self.frame + offset >> 2]

    def put(self, offset: int, value: int) -> None:
        self.cpu.memory.write(self.frame + offset, value.to_bytes(4, "little"))

    def within(self, address: int, length: int) -> bool:
        """Does the guest have this memory?"""
        return address + length <= self.cpu.memory.size

    # --- What can be asked for: each takes two arguments and gives a result, 0 or more or an error -----

    def poll(self, _first: int, _second: int) -> int:
        """Nothing: behind every hypercall the VMM looks at the flag, and interrupts that have waited come."""
        return 0

    def register(self, handler: int, frame: int) -> int:
        if not frame or frame % 4 or not self.within(frame, FRAME):
            return BAD_ADDRESS
        self.cpu.writers["tvec"](self.cpu, handler)
        self.cpu.writers["scratch"](self.cpu, frame)
        self.put(PENDING, self.cpu.lines)
        return 0

    def iret(self, _first: int, _second: int) -> int:
        """Where the guest goes on, as the frame says: `rfe`, but never to ring 0. Without a frame, to ring 3 at 0."""
        cpu = self.cpu
        pc, status = (self.get(PC), self.get(STATUS)) if self.frame else (0, self.origin.mask)
        if not status & self.origin.mask:
            status |= KERNEL << self.origin.lo
        cpu.writers["epc"](cpu, pc)
        cpu.writers[self.psw](cpu, status & ~self.ring.mask)
        following = cpu.instructions[RETURN](cpu, 0, pc)
        if self.frame:
            self.put(MASKED, 0 if self.enabled_bare(cpu) else 1)
        return following

    def update(self, batch: int, count: int) -> int:
        """Write page-table entries: all of them, or none."""
        count, flush = count & ~FLUSH, count & FLUSH
        if count > MOST_UPDATES:
            return TOO_MUCH
        if batch % 4 or not self.within(batch, 8 * count):
            return BAD_ADDRESS
        words = self.cpu.ram[batch >> 2 : (batch >> 2) + 2 * count].tolist()
        pairs = list(zip(words[::2], words[1::2], strict=True))
        if any(address % 4 or not self.within(address, 4) for address, _ in pairs):
            return BAD_ADDRESS
        for address, entry in pairs:
            self.cpu.memory.write(address, entry.to_bytes(4, "little"))
        if flush:
            self.cpu.flush()
        return count

    def space(self, ptb: int, _second: int) -> int:
        if not self.within(ptb & -PAGE, PAGE):
            return BAD_ADDRESS
        self.cpu.writers["ptb"](self.cpu, ptb)
        return 0

    def write(self, buffer: int, length: int) -> int:
        if length > MOST_BYTES:
            return TOO_MUCH
        if not self.within(buffer, length):
            return BAD_ADDRESS
        room = self.cpu.bus.room(CONSOLE)
        if room is not None and room < length:
            raise Stopped(Stop("output"))  # whoever resumes the machine writes the buffer once
        for byte in self.cpu.memory.read(buffer, length):
            self.cpu.port_out(CONSOLE, byte)
        return length

    def read(self, buffer: int, length: int) -> int:
        """What is there, and at least a byte, for which it waits; 0 at the end of the input."""
        cpu = self.cpu
        if length > MOST_BYTES:
            return TOO_MUCH
        if not self.within(buffer, length):
            return BAD_ADDRESS
        taken = bytearray()
        try:
            while len(taken) < length and (not taken or cpu.port_in(CONSOLE_STATUS) & 1):
                byte = cpu.port_in(CONSOLE)
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
        self.cpu.wait()
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
        return self.cpu.port_in(port & 0xFFFF)

    def port_out(self, port: int, value: int) -> int:
        self.cpu.port_out(port & 0xFFFF, value)
        return 0

    def off(self, code: int, _second: int) -> int:
        self.cpu.port_out(POWER, code)
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
