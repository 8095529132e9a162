"""What the reference observes besides its state: the cells of the machine that a program has reached.

A cell is an instruction, one of its operands with the class of its value, the outcome, and the processor mode.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop
from ring1.dbt.machine.supervisor import Instruction, Layer
from ring1.dbt.machine.traps import MOST_TRAPS
from ring1.isa.codec import Decoded
from ring1.isa.model import Isa, Operand
from ring1.isa.python import Trap

RETIRED = "retired"
Cell = tuple[str, str, str, str, int]
"""Instruction, operand, class of its value, "retired" or the cause of its trap, processor mode."""
Event = tuple[str, tuple[str, ...], str, int]
"""Instruction, the classes of all its operands, outcome, mode: what is recorded during a run."""


def word_class(value: int) -> str:
    """Return the class of a register's contents."""
    if value == 0:
        return "0"
    return "-" if value >> 31 else "+"


def immediate_class(operand: Operand, value: int) -> str:
    top = (1 << operand.width - (operand.kind == "signed")) - 1
    if value in (0, 1, -1):
        return str(value)
    if value == top:
        return "max"
    return "min" if value == -top - 1 else "-" if value < 0 else "+"


def fixed_class(isa: Isa, operand: Operand, value: int, reads: tuple[str, ...]) -> str | None:
    """Return the class of an operand; None if it depends on the contents of a register."""
    if operand.kind == "register":
        if value in isa.hardwired:
            return "hardwired"
        return None if operand.name in reads else "written"
    if operand.kind == "control":
        return isa.control_numbers[value].name
    return "distance" if operand.relative else immediate_class(operand, value)


class Observer(Layer):
    """A supervisor that watches an interpreting CPU."""

    def __init__(self, cpu: Cpu, reads: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(cpu.supervisor)
        self.cpu = cpu
        self.reads = reads
        self.events: set[Event] = set()
        self.last: tuple[int, list[str]] = -1, []
        """The time, and the instructions that began at that time."""
        self.doubts: list[tuple[str, str, str]] = []
        """Contradictions between reference and manual: what, the manual's value, the reference's value."""
        self.times: dict[str, list[int]] = {}
        """Instruction -> how many had retired each time it began."""
        self.causes = {cause.number: cause.name for cause in cpu.isa.causes.values()}
        mode = cpu.isa.mode
        self.mode = (cpu.isa.slots[mode.control], mode.bits.lo, mode.count - 1) if mode else (0, 0, 0)
        cpu.supervise(self)

    def bind(self, word: int, decoded: Decoded | None) -> Instruction:
        made = super().bind(word, decoded)
        return made if decoded is None else self.watched(decoded, made)

    def ended(self, stop: Stop) -> None:
        """Check a stop: after a double fault, another trap must not change anything, unless there were too many."""
        cpu, trap, length = self.cpu, stop.trap, len(self.cpu.isa.slots)
        if stop.reason == "double-fault" and trap is not None and cpu.repeats < MOST_TRAPS:
            before = cpu.s[:length].tobytes()
            cpu.pc = cpu.supervisor.trap_entry(trap.cause, trap.value, trap.pc)
            if cpu.s[:length].tobytes() != before:
                self.doubts.append(("double-fault", f"goes on at {cpu.pc:#x}", f"stops at {trap.pc:#x}"))

    def watched(self, decoded: Decoded, made: Instruction) -> Instruction:
        """Return the instruction with its outcome recorded."""
        insn, isa, s, cpu = decoded.instruction, self.cpu.isa, self.cpu.s, self.cpu
        name, reads, values = insn.name, self.reads(insn.name), decoded.values
        classes = [fixed_class(isa, o, values[o.name], reads) for o in insn.operands]
        numbers = [values[o.name] for o in insn.operands]
        slot, low, mask = self.mode
        times = self.times.setdefault(name, [])
        events, pairs = self.events, list(zip(classes, numbers, strict=True))

        def run(pc: int) -> int:
            ring = s[slot] >> low & mask
            found = tuple([word_class(s[number]) if known is None else known for known, number in pairs])
            times.append(cpu.time - cpu.idle)
            if self.last[0] == cpu.time:
                self.last[1].append(name)
            else:
                self.last = cpu.time, [name]
            try:
                after = made(pc)
            except Trap as trap:
                events.add((name, found, self.causes.get(trap.cause, str(trap.cause)), ring))
                raise
            events.add((name, found, RETIRED, ring))
            return after

        return run


def cells(isa: Isa, event: Event) -> list[Cell]:
    """Return the cells that an event reaches."""
    name, classes, outcome, ring = event
    operands = [o.name for o in isa.instructions[name].operands] or [""]
    return [(name, operand, kind, outcome, ring) for operand, kind in zip(operands, classes or ("",), strict=True)]
