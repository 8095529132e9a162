"""The symbol table of a description during reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ring1.isa import semantics as s
from ring1.isa.elaborate import Scope, Unit
from ring1.isa.model import Cause, Control, Operand, Words


@dataclass
class Names:
    """What has been defined so far, by name; every name of a register maps to its number."""

    registers: dict[str, int] = field(default_factory=dict)
    hardwired: dict[int, int] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    operands: dict[str, Operand] = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    words: Words = field(default_factory=Words)

    def scope(
        self,
        unit: Unit,
        operands: Iterable[Operand] = (),
        given: Mapping[str, int] | None = None,
        guards: frozenset[str] = frozenset(),
        executed: bool = False,
    ) -> Scope:
        """Return a scope of the machine's names, `operands`, and locals `given` with their widths. `guards` are the
        locals of guards that precede this place; `executed`: it is part of an instruction."""
        known: dict[str, s.Expr] = {name: s.Local(width, name) for name, width in (given or {}).items()}
        called = {operand.name: operand for operand in operands}
        return Scope(unit, self.registers, self.controls, self.causes, self.hardwired, called, known, executed, guards)
