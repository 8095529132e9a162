"""The control bits that address translation depends on, besides the page tables, as derived from the description."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa.controls import control_bits
from ring1.isa.derived import derived
from ring1.isa.model import Isa


@derived
def paging_bits(isa: Isa) -> Mapping[str, int]:
    """Return all control bits that the translation of an address depends on: register -> mask.

    For a register that selects the address space these are all of its bits, so that an address-space identifier is
    included, unless the register holds the processor mode as well.
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
    """Return `paging_bits` without the processor mode: the bits that, with the mode, select translations and rights."""
    masks = dict(paging_bits(isa))
    if isa.mode and isa.mode.control in masks:
        masks[isa.mode.control] &= ~isa.mode.bits.mask
    return {name: mask for name, mask in masks.items() if mask}


@derived
def space_control(isa: Isa) -> str | None:
    """Return the name of the one control register that selects the address space.

    None if several registers do, if that register holds the processor mode, or if there is no paging.
    """
    names = space_bits(isa)
    if isa.mode is None or len(names) != 1 or isa.mode.control in names:
        return None
    return next(iter(names))
