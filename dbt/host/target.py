"""What translation is for: the machine, and which of its registers are in host registers."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa.context import space_bits, space_control
from ring1.isa.controls import control_bits
from ring1.isa.model import Isa
from ring1.isa.record import Record
from ring1.isa.switches import needed


class Unsupported(Exception):
    """Host code cannot do this: the reference interpreter will."""


class Hardware(Record):
    """The guest's code runs on a virtual CPU of the host's, and has its privilege levels."""

    user: frozenset[int]
    """Processor modes that run at CPL 3; all others do at CPL 0."""
    emulated: frozenset[int]
    """Those whose code the host emulates, and has neither BMI2 nor SSE for."""


class Target:
    """What the host code of every block of a machine has in common.

    `pinned` maps guest register numbers to host registers by name; the others are words of the state block.
    """

    def __init__(
        self,
        isa: Isa,
        pinned: Mapping[int, str],
        features: frozenset[str],
        lookup: bool = False,
        traced: bool = False,
        hardware: Hardware | None = None,
    ) -> None:
        """`lookup`: with paging on, addresses are looked up in the software's look-aside buffer. `traced`: writes to
        page tables are seen, so that there is nothing to flush. `features`: what the host's processor has beyond
        what all of its kind do (interface.Host.features)."""
        self.isa = isa
        self.lookup = lookup
        self.traced = traced
        self.space = space_control(isa)
        """The control register that says which address space there is."""
        self.pinned = pinned
        self.features = features
        self.hardware = hardware
        self.enable = control_bits(isa, isa.interrupts.enable) if isa.interrupts else {}
        """Control register -> the bits of it that may switch interrupts on."""
        self.needed = needed(isa)
        """Those of them without which they are off."""
        self.switch = self.enable if self.enable == self.needed and one_bit(self.enable) else {}
        """The same, if it is one bit and there is nothing else to it."""
        self.watched = watched(isa, self.space)
        """Control register -> the bits of it whose change the VMM must see: those with a part in which interrupt lines
        are pending, and in what addresses mean, but for the processor mode and what a change of address space is."""


def one_bit(masks: Mapping[str, int]) -> bool:
    return len(masks) == 1 and all(not mask & mask - 1 for mask in masks.values())


def watched(isa: Isa, space: str | None) -> dict[str, int]:
    """See Target."""
    masks = control_bits(isa, isa.interrupts.pending) if isa.interrupts else {}
    for name, mask in space_bits(isa).items():
        if name != space:
            masks[name] = masks.get(name, 0) | mask
    return masks
