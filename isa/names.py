"""The names of a description, as far as it has been read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ring1.isa import semantics as s
from ring1.isa.elaborate import Scope, Unit
from ring1.isa.model import Cause, Control, Operand


@dataclass
class Names:
    """What there is so far, by name; every name of a register leads to its number."""

    registers: dict[str, int] = field(default_factory=dict)
    hardwired: dict[int, int] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    operands: dict[str, Operand] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)

    def scope(
        self,
        unit: Unit,
        operands: Iterable[Operand] = (),
        given: Mapping[str, int] | None = None,
        guards: frozenset[str] = frozenset(),
    ) -> Scope:
        """The names of the machine, `operands`, and locals given with their widths. `guards`: locals of guards before
        this place."""
        known: dict[str, s.Expr] = {name: s.Local(width, name) for name, width in (given or {}).items()}
        called = {operand.name: operand for operand in operands}
        return Scope(unit, self.registers, self.controls, self.causes, self.hardwired, called, known, guards)
