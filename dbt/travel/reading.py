"""A CPU whose loads can be observed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ring1.dbt.machine.addressing import Addressing
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.dbt.travel.watch import Watch

Seen = Callable[[Watch, int, bytes], None]
"""Called with a watch that a load meets, and its physical address and bytes."""


class ReadingCpu(Cpu):
    """An interpreter that tells of loads that meet watches. Generated code does not: the engine has to leave every
    instruction to it."""

    def __init__(self, *parts: Any) -> None:
        """See Cpu."""
        self.reads: tuple[tuple[Watch, Seen], ...] = ()
        super().__init__(*parts)

    def load(self, address: int, size: int, write: bool = False) -> int:
        value = super().load(address, size, write)
        if self.reads:
            parts = self.parts(address, size)
            for watch, seen in self.reads:
                if any(watch.meets(at, length) for at, length in parts):
                    seen(watch, parts[0][0], value.to_bytes(size, "little"))
        return value

    def parts(self, address: int, size: int) -> list[tuple[int, int]]:
        """Return physical address and length of each part of a load, one for each page."""
        if self.flat:
            return [(address, size)]
        first = min(size, PAGE - address % PAGE)
        found = [(Addressing.physical(self, address), first)]
        if first < size:
            found.append((Addressing.physical(self, address + first & ONES), size - first))
        return found
