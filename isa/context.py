"""What an address means depends on control registers, beside the tables: which bits of them, by the description."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa.controls import control_bits
from ring1.isa.derived import derived
from ring1.isa.model import Isa


@derived
def paging_bits(isa: Isa) -> Mapping[str, int]:
    """Every control bit that the meaning of an address depends on: register -> mask.

    All bits of a register that says which address space it is, so that an address-space identifier is among them; but
    not of the one with the processor mode.
    """
    p, mode = isa.paging, isa.mode
    if p is None:
        return {}
    masks = control_bits(isa, *p.rights)
    for name, mask in control_bits(isa, p.when, p.root).items():
        whole = mask if mode and mode.control == name else isa.controls[name].stored
        masks[name] = masks.get(name, 0) | whole
    return masks


@derived
def space_bits(isa: Isa) -> Mapping[str, int]:
    """The same, but for the processor mode: what says, beside it, which translations and rights there are."""
    masks = dict(paging_bits(isa))
    if isa.mode and isa.mode.control in masks:
        masks[isa.mode.control] &= ~isa.mode.bits.mask
    return {name: mask for name, mask in masks.items() if mask}


@derived
def space_control(isa: Isa) -> str | None:
    """The one control register that says which address space there is, if it is one, and none that has the mode.

    Its name; None if several have a say, or there is no paging.
    """
    names = space_bits(isa)
    if isa.mode is None or len(names) != 1 or isa.mode.control in names:
        return None
    return next(iter(names))
