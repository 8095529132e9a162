"""Exits whose work generated code does after a while, and counts of them as if it had left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ring1.dbt.machine.step import Cpu
from ring1.dbt.vmm.emulations import Emulations
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.port_calls import PortCalls


class EmulatedExits(PortCalls):
    """Has generated code emulate what a monitor is asked for again and again, unless somebody observes exits."""

    def __init__(
        self, cpu: Cpu, technique: Callable[[Cpu], Platform], image: bytes, options: Options | None = None
    ) -> None:
        """See Translations. Raises OSError if the host refuses memory."""
        super().__init__(cpu, technique, image, options)
        self.emulations = Emulations(cpu.state, self.platform.emulating)
        """What generated code emulates on the virtual CPU."""

    def emulate_from_now(self, way: int) -> None:
        """Have generated code emulate the instruction at which it has just left, if it may."""
        if self.options.routines and self.attention.exits is None and not self.platform.lost:
            self.emulations.consider(self.blocks, self.supply, way, self.spaces.mode(), self.options.patience)

    def attend(self, attention: Attention) -> None:
        """See Engine.attend."""
        super().attend(attention)
        if attention.exits is not None:
            self.emulations.remove()

    @property
    def interpreted(self) -> int:
        """Guest instructions that the VMM has executed."""
        return self.slow + self.emulations.retired()

    @property
    def callouts(self) -> int:
        """See Engine.callouts."""
        return self.calls_out + self.emulations.total()

    def emulated(self) -> Counter[str]:
        """See Translated.emulated."""
        return self.emulations.counts()

    def reasons(self) -> Counter[str]:
        """Return how many exits there were for each reason, those included that were not needed."""
        found = self.counts.copy()
        found.update(self.emulations.counts())
        return found
