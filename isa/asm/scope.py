"""The symbol table of one file: labels, local labels, assigned symbols and, once linked, other files' globals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.asm.nodes import (
    Assignment,
    Expr,
    Function,
    Here,
    Hole,
    Modified,
    Near,
    Place,
    Symbol,
    Use,
    Value,
    substitute,
)
from ring1.isa.asm.sections import Section


@dataclass(slots=True, eq=False)
class Common:
    """A common symbol (.comm): bytes in .bss, shared by all files that declare it unless one defines it."""

    size: int
    alignment: int
    piece: Piece


@dataclass(slots=True, eq=False)
class FileScope:
    modifiers: Mapping[str, Function]
    labels: dict[str, Place] = field(default_factory=dict)
    assigned: dict[str, Assignment] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)
    """Number of definitions of each local label so far."""
    origins: dict[str, tuple[Piece, int]] = field(default_factory=dict)
    """Where each label is defined: statement, and offset in it."""
    bindings: dict[str, str] = field(default_factory=dict)
    """Symbols declared "global", "weak" or "local"."""
    commons: dict[str, Common] = field(default_factory=dict)
    operands: dict[tuple[str, str, int], Expr] = field(default_factory=dict)
    """What a modifier is applied to that is given the instruction's address: by its name, section and offset."""
    others: Mapping[str, Place | Assignment] | None = None
    """The globals of all files; None until they are linked."""

    @property
    def linked(self) -> bool:
        return self.others is not None

    def find(self, name: str) -> Value | Assignment | None:
        """Return the meaning of a symbol; None if it has none, or none yet."""
        found = self.labels.get(name) or self.assigned.get(name)
        if found is None and self.others is not None:
            found = self.others.get(name)
            if found is None and self.bindings.get(name) == "weak":
                return 0  # ELF: an undefined weak symbol is 0
        return found

    def defines(self, name: str) -> bool:
        """Has this file defined the symbol so far?"""
        return name in self.labels or name in self.assigned or name in self.commons

    def label(self, name: str, section: Section, piece: Piece, at: int) -> None:
        """Define a label at the current address. Raises Mistake if the name is taken."""
        if name.isdigit():
            number = int(name)
            self.near[number] = self.near.get(number, 0) + 1
            self.labels[near_name(number, self.near[number])] = Place(section, section.offset)
            return
        self.free(name, at)
        if name == ".":
            raise Mistake("'.' is the current address", at)
        self.labels[name] = Place(section, section.offset)
        self.origins[name] = piece, at

    def free(self, name: str, at: int) -> None:
        """Raise Mistake if no label can be called `name`."""
        known = self.origins[name][0] if name in self.origins else None
        if known is None and name in self.assigned:
            known = self.assigned[name].piece
        if known is not None:
            raise Mistake(f"{name} is already defined at {known.file}:{known.line}", at)

    def assign(self, name: str, expr: Expr | None, piece: Piece, at: int) -> None:
        """Assign a value to a symbol, which may have another already. Raises Mistake if it is a label."""
        if name in self.origins:
            self.free(name, at)
        if name == ".":
            raise Mistake("write .org to move on", at)
        self.assigned[name] = Assignment(name, expr, self, piece, expr if isinstance(expr, int) else None)

    def modified(self, name: str, place: Place) -> Expr | None:
        """Return what the instruction at a place applies a modifier to; None if it does not."""
        return self.operands.get((name, place.section.name, place.offset))

    def bind(self, e: Expr, section: Section, offset: int) -> Expr:
        """Return the expression with everything resolved that depends on its place: `.`, 1b, what is given the address
        of its instruction, and symbols that may be assigned again. Raises Mistake."""
        if isinstance(e, int):
            return e

        def leaf(e: Symbol | Here | Near | Hole | Modified) -> Expr:
            if isinstance(e, Modified):
                function = self.modifiers[e.name]
                if function.placed and not function.of:
                    e.place = Place(section, offset)
                    self.operands[e.name, section.name, offset] = e.a
                return e
            if isinstance(e, Symbol):
                known = self.assigned.get(e.name)
                if known is None:
                    return e
                if known.value is not None:
                    return known.value
                return known.expr if isinstance(known.expr, Place) else Use(known, e.at)
            if isinstance(e, Here):
                return Place(section, offset)
            if isinstance(e, Near):
                count = self.near.get(e.number, 0)
                if not e.forward and not count:
                    raise Mistake(f"there is no label {e.number}: before this", e.at)
                return Symbol(near_name(e.number, count + e.forward), e.at)
            return e

        return leaf(e) if isinstance(e, Symbol) else substitute(e, leaf)


def near_name(number: int, count: int) -> str:
    """Return the internal name of the count-th local label `number`, which no source text can contain."""
    return f"{number}\0{count}"
