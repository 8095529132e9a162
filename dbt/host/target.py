"""The target of translation: the machine, and which of its registers are pinned to host registers."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.ir.bind import written_out
from ring1.isa import semantics as s
from ring1.isa.context import context, space_bits
from ring1.isa.controls import control_bits
from ring1.isa.model import WORD, Isa
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
        looks: bool = False,
        whole_machine: bool = False,
    ) -> None:
        """`lookup`: with paging on, addresses are looked up in the software TLB. `traced`: page tables are traced, so
        that a TLB flush does nothing. `looks`, `whole_machine`: see Policy. `features`: optional features of the host's
        processor (interface.Host.features)."""
        self.isa = isa
        self.lookup = lookup
        self.traced = traced
        self.space = context_word(isa, hardware)
        """The context word, over stored bits of control registers; None if generated code cannot switch by it."""
        self.moving: Mapping[str, int] = {} if self.space is None else space_bits(isa)
        """Control register -> its bits that the context word is made of."""
        self.pinned = pinned
        self.features = features
        self.hardware = hardware
        self.looks = looks
        self.whole_machine = whole_machine
        self.enable = control_bits(isa, isa.interrupts.enable) if isa.interrupts else {}
        """Control register -> its bits that may enable interrupts."""
        self.needed = needed(isa)
        """The bits of `enable` without which interrupts are off."""
        self.switch = self.enable if self.enable == self.needed and one_bit(self.enable) else {}
        """`enable`, if it is a single bit that alone decides; else empty."""
        lines = control_bits(isa, isa.interrupts.pending) if isa.interrupts else {}
        self.lines = lines if looks else {}
        """Control register -> its bits on which pending interrupt lines depend, and behind whose writes generated code
        looks around."""
        self.asserted = asserted(isa) if looks else frozenset[int]()
        """Lines of devices whose levels are kept in the state block."""
        self.fetches = isa.exit is not None and any(
            isinstance(n, s.Call) and n.name == "fetched" for n in s.walk(*isa.exit.body)
        )
        """Exits of the description's (`on exit`) ask for the word of the instruction."""
        self.watched = watched(isa, self.space, {} if looks else lines)
        """Control register -> its bits whose change the VMM must see: those that affect which interrupt lines are
        pending or, without a context word, how addresses are translated."""

    def pinning(self, pinned: Mapping[int, str]) -> Target:
        """Return the target with other registers pinned."""
        return Target(
            self.isa, pinned, self.features, self.lookup, self.traced, self.hardware, self.looks, self.whole_machine
        )

    def moves(self, body: s.Body) -> bool:
        """May an instruction change the context word?"""
        writes = [n for n in s.walk(*body) if isinstance(n, s.SetControl)] if self.moving else []
        return any(isinstance(n.control, s.Control) and self.switches(n.control.name, n.hi, n.lo) for n in writes)

    def switches(self, control: str, hi: int, lo: int) -> bool:
        """May a write to these bits of a control register change the context word?"""
        reach = self.isa.controls[control].writable & (1 << hi + 1) - (1 << lo)
        return bool(reach & self.moving.get(control, 0))

    def asks(self, body: s.Body) -> bool:
        """May an instruction change which interrupt lines are pending, so that generated code looks around behind
        it?"""
        if not self.lines:
            return False
        writes = [n for n in s.walk(*body) if isinstance(n, s.SetControl)]
        return any(isinstance(n.control, s.Control) and self.changes(n.control.name, n.hi, n.lo) for n in writes)

    def changes(self, control: str, hi: int, lo: int) -> bool:
        """May a write to these bits of a control register change which interrupt lines are pending?"""
        reach = self.isa.controls[control].writable & (1 << hi + 1) - (1 << lo)
        return bool(reach & self.lines.get(control, 0))


def one_bit(masks: Mapping[str, int]) -> bool:
    return len(masks) == 1 and all(not mask & mask - 1 for mask in masks.values())


def asserted(isa: Isa) -> frozenset[int]:
    """Return the lines that pending interrupts depend on, as far as they are kept in the state block."""
    parts = s.walk(written_out(isa, isa.interrupts.pending)) if isa.interrupts else []
    named = [e.args[0] for e in parts if isinstance(e, s.Call) and e.name == "line"]
    return frozenset(e.value for e in named if isinstance(e, s.Const) and e.value < WORD)


def context_word(isa: Isa, hardware: Hardware | None) -> s.Expr | None:
    """See Target.space. A virtual CPU's monitor knows address spaces that one register names."""
    word = context(isa)
    return None if word is None or (hardware and not isinstance(word, s.Control)) else written_out(isa, word)


def watched(isa: Isa, space: s.Expr | None, lines: Mapping[str, int]) -> dict[str, int]:
    """See Target."""
    masks = dict(lines)
    for name, mask in space_bits(isa).items() if space is None else ():
        masks[name] = masks.get(name, 0) | mask
    return masks
