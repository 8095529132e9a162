"""interp: no technique at all. The bare machine, interpreted; the reference that every other engine is held against."""

from __future__ import annotations

from ring1.dbt.machine.step import Cpu


class Interp:
    name = "interp"
    lost = False

    def __init__(self, cpu: Cpu) -> None:
        self.burst = cpu.burst

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def exits(self) -> dict[str, int]:
        return {}

    def close(self) -> None:
        """There is nothing to release."""
