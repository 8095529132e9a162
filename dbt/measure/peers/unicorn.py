"""A peer that is a library: Unicorn, QEMU's translator without the rest."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from ring1.dbt.measure.peers.build import USER_BASE
from ring1.dbt.measure.subject import Failed, Sample

MEMORY = 64 << 20
WRITE, EXIT = 64, 93


class Unicorn:
    """Runs a Linux program for RV32 that uses two system calls."""

    def __init__(self, image: bytes, times: int, output: bytes) -> None:
        """Raises ImportError if Unicorn is not installed."""
        import unicorn
        from unicorn import riscv_const

        self.library, self.registers = unicorn, riscv_const
        self.image, self.times, self.output = image, times, output
        self.written = b""

    def run(self, times: int) -> float:
        unicorn, registers = self.library, self.registers
        machine = unicorn.Uc(unicorn.UC_ARCH_RISCV, unicorn.UC_MODE_RISCV32)
        machine.mem_map(0, MEMORY)
        machine.mem_write(USER_BASE, self.image)
        machine.mem_write(MEMORY - 16, (times + 1).to_bytes(4, "little"))
        machine.reg_write(registers.UC_RISCV_REG_SP, MEMORY - 16)
        machine.hook_add(unicorn.UC_HOOK_INTR, self.called)
        self.written = b""
        began = time.process_time()
        try:
            machine.emu_start(USER_BASE, MEMORY)
        except unicorn.UcError as error:
            raise Failed(f"stopped: {error}") from None
        seconds = time.process_time() - began
        if self.written != self.output * times:
            raise Failed("another result")
        return seconds

    def called(self, machine: Any, number: int, data: object) -> None:
        """Handle a system call."""
        registers = self.registers
        if machine.reg_read(registers.UC_RISCV_REG_A7) == WRITE:
            at, size = (machine.reg_read(each) for each in (registers.UC_RISCV_REG_A1, registers.UC_RISCV_REG_A2))
            self.written += bytes(machine.mem_read(at, size))
        else:
            machine.emu_stop()

    def warm(self, seconds: float) -> None:
        self.run(self.times)

    def sample(self) -> Sample:
        nothing = self.run(0)
        return Sample(max(self.run(self.times) - nothing, 1e-9), self.times, 0)

    def events(self) -> Counter[str]:
        return Counter()

    def close(self) -> None:
        """Does nothing: there is nothing to release."""
