"""SiFive's test finisher, by which a guest powers the machine off: a register of 32 bits (QEMU's
hw/misc/sifive_test.c)."""

from __future__ import annotations

from ring1.dbt.machine.bus import Bus, Device

FAIL, PASS, RESET = 0x3333, 0x5555, 0x7777


class Finisher(Device):
    """A write stops the machine: PASS with the exit code 0, FAIL with the code in the upper half, RESET with 0, as a
    machine is not started again."""

    def __init__(self, name: str, window: range, bus: Bus) -> None:
        self.name, self.window, self.bus = name, window, bus

    def read(self, port: int, now: int) -> int:
        return 0

    def write(self, port: int, value: int, now: int) -> None:
        status = value & 0xFFFF
        if port == 0 and status in (FAIL, PASS, RESET):
            self.bus.power, self.attention = value >> 16 & 0xFF if status == FAIL else 0, True

    def off(self, code: int) -> tuple[int, int] | None:
        return 0, FAIL | (code & 0xFF) << 16
