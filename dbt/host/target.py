"""The target of translation: the machine, and which of its registers are pinned to host registers."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa.context import space_bits, space_control
from ring1.isa.controls import control_bits
from ring1.isa.model import Isa
from ring1.isa.record import Record
from ring1.isa.switches import needed


class Unsupported(Exception):
    """Host code cannot do this; the reference interpreter does it instead."""


class Hardware(Record):
    """Says that the guest's code runs on a KVM virtual CPU, at its privilege levels."""

    user: frozenset[int]
    """Processor modes that run at CPL 3; all others run at CPL 0."""
    emulated: frozenset[int]
    """Processor modes whose code KVM emulates, without BMI2 and SSE."""


class Target:
    """The parameters that all blocks of a machine have in common.

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
        """`lookup`: with paging on, addresses are looked up in the software TLB. `traced`: page tables are traced, so
        that a TLB flush does nothing. `features`: optional features of the host's processor
        (interface.Host.features)."""
        self.isa = isa
        self.lookup = lookup
        self.traced = traced
        self.space = space_control(isa)
        """The control register that selects the address space, or None."""
        self.pinned = pinned
        self.features = features
        self.hardware = hardware
        self.enable = control_bits(isa, isa.interrupts.enable) if isa.interrupts else {}
        """Control register -> its bits that may enable interrupts."""
        self.needed = needed(isa)
        """The bits of `enable` without which interrupts are off."""
        self.switch = self.enable if self.enable == self.needed and one_bit(self.enable) else {}
        """`enable`, if it is a single bit that alone decides; else empty."""
        self.watched = watched(isa, self.space)
        """Control register -> its bits whose change the VMM must see: those that affect which interrupt lines are
        pending or how addresses are translated, except for the processor mode and the register that selects the address
        space."""


def one_bit(masks: Mapping[str, int]) -> bool:
    return len(masks) == 1 and all(not mask & mask - 1 for mask in masks.values())


def watched(isa: Isa, space: str | None) -> dict[str, int]:
    """See Target."""
    masks = control_bits(isa, isa.interrupts.pending) if isa.interrupts else {}
    for name, mask in space_bits(isa).items():
        if name != space:
            masks[name] = masks.get(name, 0) | mask
    return masks
