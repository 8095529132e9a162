"""What translation is for: the machine, and where host code finds what it has."""

from __future__ import annotations

from collections.abc import Mapping

from dbt.machine.state import State
from dbt.mmu.spaces import space_control
from dbt.translate.host import sized
from dbt.translate.policy import Hardware
from isa.model import Isa
from isa.python import control_bits, watched_controls


class Unsupported(Exception):
    """Host code cannot do this: the reference interpreter will."""


class Target:
    """What the host code of every block of a machine has in common.

    `pinned` maps guest register numbers to host registers; the others are words of the state block.
    """

    def __init__(
        self,
        isa: Isa,
        pinned: Mapping[int, str],
        bmi2: bool,
        lookup: bool = False,
        traced: bool = False,
        hardware: Hardware | None = None,
    ) -> None:
        """`lookup`: with paging on, addresses are looked up in the software's look-aside buffer. `traced`: writes to
        page tables are seen, so that there is nothing to flush."""
        self.isa = isa
        self.lookup = lookup
        self.traced = traced
        self.space = space_control(isa)
        """The control register that says which address space there is."""
        self.pinned = pinned
        self.bmi2 = bmi2
        self.hardware = hardware
        self.slots = {name: f"dword ptr [rbp{State.displacement(slot):+d}]" for name, slot in isa.slots.items()}
        self.registers = [
            sized(pinned[n], 32) if n in pinned else self.slots[f"{isa.file}{n}"] for n in range(len(isa.registers))
        ]
        self.enable = control_bits(isa.interrupts.enable) if isa.interrupts else {}
        """Control register -> the bits of it that switch interrupts on."""
        self.watched = watched_controls(isa)
