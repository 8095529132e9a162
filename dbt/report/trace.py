"""Traces: one line for each instruction that a guest executes, with what it changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from ring1.dbt.engines.interp import Interp
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stopped, TrapInfo
from ring1.dbt.report.place import cause_name, physical, word_at
from ring1.isa.asm.disassemble import Disassembler
from ring1.isa.asm.program import Program

HEADER = "#     time mode pc       symbol               instruction                      changes"


class Tracer(Interp):
    """An engine that executes one instruction at a time in the reference interpreter and writes each down. The guest
    behaves as under the technique whose platform stands over the CPU, if there is one."""

    def __init__(self, cpu: Cpu, program: Program, file: TextIO) -> None:
        """Write the header. Raises OSError, here and in bursts, if the file cannot be written."""
        super().__init__(cpu)
        self.program = program
        self.file = file
        self.traps = cpu.traps
        isa = cpu.isa
        self.names = [names[0] for names in isa.registers] + list(isa.slots)[len(isa.registers) :]
        self.words = len(self.names)
        self.mode: Callable[[], str] = lambda: "-"
        if isa.mode is not None:
            slot, bits = isa.slots[isa.mode.control], isa.mode.bits
            self.mode = lambda: str((cpu.s[slot] & bits.mask) >> bits.lo)
        self.disassembler = Disassembler(isa)
        self.texts: dict[tuple[int, int], str] = {}
        self.file.write(HEADER + "\n")

    def burst(self, until: int) -> None:
        """Execute until the CPU's time reaches `until`, or interrupts or devices have to be looked at again."""
        cpu = self.cpu
        if (trap := self.new_trap()) is not None:
            name = cause_name(cpu.isa, trap.cause)
            self.file.write(f"{cpu.time:>10} {self.mode():<4} {cpu.pc:08x} -- taken: {name}\n")
        while cpu.time < until:
            start = self.begin()
            before = cpu.s[: self.words].tolist()
            note = ""
            try:
                cpu.burst(cpu.time + 1)
            except Stopped as stopped:
                note = f"! the machine stops: {stopped.stop.reason}"
                raise
            finally:
                if (trap := self.new_trap()) is not None:
                    note = f"! {cause_name(cpu.isa, trap.cause)} {trap.value:#x}"
                self.file.write(f"{start} {self.changes(before)}{note}".rstrip() + "\n")
            if not cpu.until:
                return

    def new_trap(self) -> TrapInfo | None:
        """Return the trap that was taken since the last call; None if there was none."""
        new, self.traps = self.cpu.traps != self.traps, self.cpu.traps
        return self.cpu.latest if new else None

    def begin(self) -> str:
        """Return the part of a line that is known before the instruction executes."""
        cpu, pc = self.cpu, self.cpu.pc
        at, word = physical(cpu, pc), word_at(cpu, pc)
        symbol, text = "", "(cannot be fetched)"
        if at is not None and word is not None:
            symbol = self.program.symbol(at)
            text = self.text(pc, word)
        return f"{cpu.time:>10} {self.mode():<4} {pc:08x} {symbol:<20} {text:<32}"

    def text(self, pc: int, word: int) -> str:
        found = self.texts.get((pc, word))
        if found is None:
            found = self.texts[pc, word] = self.disassembler.text(word, pc)
        return found

    def changes(self, before: list[int]) -> str:
        """Return the changes to registers and control registers."""
        after = self.cpu.s[: self.words].tolist()
        return "".join(
            f"{name}={new:#x} "
            for name, old, new in zip(self.names, before, after, strict=True)
            if old != new and name != "pc"
        )
