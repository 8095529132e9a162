"""A machine on which single instructions are tried, to find out what they do."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.fuzz.shapes import Shape
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped
from ring1.isa.codec import OperandError, encode
from ring1.isa.model import Isa
from ring1.isa.python import Trap

SIZE = 1 << 16
"""Bytes of its RAM."""
AT = 0x100
"""Where in RAM instructions are tried."""


class Probe:
    """An interpreting CPU that each trial brings back to reset."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.cpu = Cpu(isa, Memory(SIZE, isa.memory), Bus())
        self.pc = isa.memory + AT
        """The address of the instruction that is tried."""
        self.stored = [(isa.slots[c.name], c.reset & c.stored) for c in isa.controls.values() if c.stored]
        self.free = [n for n in range(len(isa.registers)) if n not in isa.hardwired]

    def reset(self, mode: int | None = None) -> None:
        """Bring the machine back to reset, in a mode, by default the supervisor's."""
        cpu, isa = self.cpu, self.isa
        for slot, value in self.stored:
            cpu.s[slot] = value
        cpu.reset(cpu, 0)
        for number in self.free:
            cpu.s[number] = 0
        if isa.mode:
            slot, bits = isa.slots[isa.mode.control], isa.mode.bits
            cpu.s[slot] = cpu.s[slot] & ~bits.mask | (isa.mode.supervisor if mode is None else mode) << bits.lo
        cpu.changed()

    def attempt(
        self,
        form: Shape,
        values: Mapping[str, int],
        registers: Mapping[int, int],
        mode: int | None = None,
        controls: Mapping[str, int] | None = None,
    ) -> int | None:
        """Execute one instruction, with these registers, others 0, and these stored control registers, others at their
        reset. Returns the next pc, None if it traps or stops the machine."""
        cpu = self.cpu
        self.reset(mode)
        for name, value in (controls or {}).items():
            cpu.s[self.isa.slots[name]] = value & self.isa.controls[name].stored
        for number, value in registers.items():
            cpu.s[number] = value & ONES
        cpu.changed()
        cpu.pc = self.pc
        try:
            return cpu.instruction(encode(form.insn, form.filled(values)))(self.pc)
        except (Trap, Stopped, OperandError):
            return None

    def stored_in(self, name: str) -> int:
        """Return the stored bits of a control register."""
        return self.cpu.s[self.isa.slots[name]] & self.isa.controls[name].stored
