"""interp: no virtualization. The bare machine, interpreted; the reference to which every other engine is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ring1.dbt.machine.memory import GUARDED
from ring1.dbt.machine.step import Cpu
from ring1.dbt.translate.tally import Tally
from ring1.dbt.vmm.engine import Attention

if TYPE_CHECKING:
    from ring1.dbt.cache.block import Place


class Interp:
    """Executes every instruction by the interpreter: there is no VMM, and nothing is translated."""

    name = "interp"
    callouts = 0
    lost = False

    def __init__(self, cpu: Cpu) -> None:
        self.cpu = cpu
        self.began = cpu.retired
        self.work = Tally()
        self.observed: frozenset[int] = frozenset()

    def prepare(self) -> None:
        """Do nothing."""

    def burst(self, until: int) -> None:
        self.cpu.burst(until)

    def visit(self, until: int, back: int) -> bool:
        """Do nothing: there is no generated code."""
        return False

    def singly(self) -> None:
        """Do nothing: each instruction is executed by itself already."""

    def attend(self, attention: Attention) -> None:
        """Have stores to the observed frames seen; each instruction is interpreted already."""
        watch = self.cpu.memory.watch
        for frame in self.observed - attention.frames:
            watch[frame] &= ~GUARDED
        for frame in attention.frames:
            watch[frame] |= GUARDED
        self.observed = attention.frames

    def exits(self) -> dict[str, int]:
        return {}

    def events(self) -> dict[str, int]:
        return {}

    def modelled(self) -> dict[str, int]:
        return {}

    def control_structure(self) -> dict[str, int]:
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

    def rest(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
