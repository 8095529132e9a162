"""Where host code finds what the machine has: operands that all blocks of a target have in common."""

from __future__ import annotations

from typing import NamedTuple

from ring1.dbt.host.target import Target
from ring1.dbt.host.x86_64.operations import Memory, state
from ring1.dbt.host.x86_64.registers import Register, sized
from ring1.dbt.machine.state import State


class Local(NamedTuple):
    """A value of the block's own in memory: its operand, and the most that it may be."""

    at: Memory
    most: int
    wide: bool = False
    """It has 64 bits."""


class Places:
    """The registers and slots of a target's machine."""

    def __init__(self, target: Target) -> None:
        isa, pinned = target.isa, target.pinned
        self.slots = {name: state(4, State.displacement(slot)) for name, slot in isa.slots.items()}
        """The words of the state block that hold the pc and the control registers."""
        self.registers: list[Register | Memory] = [
            sized(pinned[n], 32) if n in pinned else self.slots[f"{isa.file}{n}"] for n in range(len(isa.registers))
        ]
        self.bmi2 = "bmi2" in target.features
