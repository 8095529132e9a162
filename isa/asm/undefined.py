"""Undefined symbols: each is reported once, at its first use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ring1.isa.asm.expressions import Undefined
from ring1.isa.asm.globals import Globals, meaning, origin
from ring1.isa.asm.lines import Mistake, Piece, head
from ring1.isa.asm.misfit import might_be_register
from ring1.isa.asm.near import Vocabulary, suggestion
from ring1.isa.asm.nodes import Symbol
from ring1.isa.asm.unit import Unit

MOST_HINTS = 200
"""The most names of one program for which hints are computed, which is all that are reported."""


@dataclass(slots=True, eq=False)
class Uses:
    """The first use of a name, and the number of uses."""

    unit: Unit
    piece: Piece
    mistake: Undefined
    count: int = 0
    last: tuple[Piece, int | None] | None = None
    """The last use counted; an instruction that stands for two uses a name once."""


class Missing:
    """Collects the uses of undefined symbols in a program."""

    def __init__(self, units: Sequence[Unit], shared: Globals) -> None:
        self.units = units
        self.shared = shared
        self.uses: dict[tuple[str, str], Uses] = {}
        self.known: dict[str, Vocabulary] = {}
        """By file, the names that it could have used."""

    def add(self, unit: Unit, piece: Piece, name: str, at: int | None, code: bool = False) -> None:
        """Note a use at offset `at` of a statement; `code` says whether the statement is an instruction."""
        mistake, local = Undefined(name, at), "\0" in name
        if name in unit.language.forms.registers:
            # Each use is a mistake of its own.
            message = f"register {name} cannot stand here, and there is no symbol {name}"
            unit.report(piece, Mistake(message, at))
            return
        uses = self.uses.setdefault((unit.file if local else "", name), Uses(unit, piece, mistake))
        if uses.last == (piece, at):
            return
        uses.count, uses.last = uses.count + 1, (piece, at)
        if uses.count == 1 and code and not local and at is not None:
            begin = head(piece.text)
            if might_be_register(unit.language.forms, begin, unit.operands(begin), Symbol(name, at)):
                mistake.message = f"{name} is neither a register nor a symbol"

    def report(self) -> None:
        """Report the collected uses."""
        for n, ((_, name), uses) in enumerate(self.uses.items()):
            if uses.count > 1:
                uses.mistake.message += f", used {uses.count} times"
            uses.mistake.message += self.hint(uses.unit, name) if n < MOST_HINTS else ""
            uses.unit.report(uses.piece, uses.mistake)

    def hint(self, unit: Unit, name: str) -> str:
        """Suggest how to define the name, or which other one was meant."""
        if "\0" in name:
            return ""
        for other in self.units:
            if other is not unit and meaning(other, name) is not None:
                place = origin(other, name)[0].start()
                return f"; {place.file}:{place.line} defines it without .globl {name}"
        register = {name.lower()} & unit.language.forms.registers.keys()
        return suggestion(name, register) or self.vocabulary(unit).suggestion(name)

    def vocabulary(self, unit: Unit) -> Vocabulary:
        """Return the names that a file could have used."""
        if unit.file not in self.known:
            scope = unit.scope
            names = {*scope.labels, *scope.assigned, *scope.commons, *self.shared}
            # Local labels have internal names, and the compiler's labels are not written by authors.
            self.known[unit.file] = Vocabulary(name for name in names if "\0" not in name and not name.startswith(".L"))
        return self.known[unit.file]
