"""The hypervisor under the eyes of the interpreter: its guest does what the bare machine does."""

from __future__ import annotations

from ring1.dbt.engines.hw.hypervisor import Hypervisor
from ring1.dbt.vmm.check import Checker
from ring1.dbt.vt.exits import Exit


class CheckedHypervisor(Hypervisor, Checker):
    """Entries, exits and events are the hypervisor's; whatever the guest executes meanwhile is done once more."""

    left_by = (*Checker.left_by, Exit)

    def enter_guest(self) -> None:
        """Taking an injected event is no instruction of the guest's: the shadow is told of it."""
        super().enter_guest()
        self.shadow.adopt()
