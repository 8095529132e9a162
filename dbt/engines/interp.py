"""interp: no technique at all. The bare machine, interpreted; the reference that every other engine is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ring1.dbt.machine.step import Cpu
from ring1.dbt.translate.tally import Tally

if TYPE_CHECKING:
    from ring1.dbt.cache.blocks import Place


class Interp:
    """Executes every instruction by the interpreter: nothing is left for a VMM, and nothing translated."""

    name = "interp"
    callouts = 0
    lost = False

    def __init__(self, cpu: Cpu) -> None:
        self.cpu = cpu
        self.began = cpu.retired
        self.work = Tally()

    def prepare(self) -> None:
        """There is nothing to prepare."""

    def burst(self, until: int) -> None:
        self.cpu.burst(until)

    def singly(self) -> None:
        """Each instruction is executed by itself."""

    def exits(self) -> dict[str, int]:
        return {}

    def events(self) -> dict[str, int]:
        return {}

    def modelled(self) -> dict[str, int]:
        return {}

    def figures(self) -> dict[str, int]:
        return {}

    def hottest(self, most: int) -> list[tuple[Place, float]]:
        return []

    @property
    def interpreted(self) -> int:
        return self.cpu.retired - self.began

    def rewritten(self) -> int:
        return 0

    def close(self) -> None:
        """There is nothing to release."""
