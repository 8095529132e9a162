"""The operands for registers and slots of a machine, common to all blocks of a target."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ring1.dbt.host.interface import NOWHERE
from ring1.dbt.host.target import Target
from ring1.dbt.host.x86_64.operations import Memory, state
from ring1.dbt.host.x86_64.registers import Register, sized
from ring1.dbt.machine.state import State


class Local(NamedTuple):
    """A named value in scratch memory: its operand, and its bound."""

    at: Memory
    most: int
    wide: bool = False
    """Has it 64 bits?"""


class Places:
    """The operands of a target's guest registers, pc and control registers."""

    def __init__(self, target: Target, elsewhere: Mapping[str, int] = NOWHERE) -> None:
        """`elsewhere`: displacements of the control registers that are not in their own words."""
        isa, pinned = target.isa, target.pinned
        at = {name: State.displacement(slot) for name, slot in isa.slots.items()} | dict(elsewhere)
        self.slots = {name: state(4, displacement) for name, displacement in at.items()}
        """Name -> its word of the state block."""
        self.registers: list[Register | Memory] = [
            sized(pinned[n], 32) if n in pinned else self.slots[f"{isa.file}{n}"] for n in range(len(isa.registers))
        ]
        self.bmi2 = "bmi2" in target.features
