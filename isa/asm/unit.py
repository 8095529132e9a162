"""Pass one: the statements of a file are assembled into bytes in sections, with fixups for what is not known yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from ring1.isa.asm.choose import Choice, Misfit, choose
from ring1.isa.asm.expander import Expander
from ring1.isa.asm.expressions import Silent, Undefined, Unsettled, evaluate, number
from ring1.isa.asm.fixups import CodeFixup, Fixup, Spot, code
from ring1.isa.asm.forms import Forms
from ring1.isa.asm.lines import Head, Mistake, Piece, head
from ring1.isa.asm.misfit import explained
from ring1.isa.asm.nodes import Expr, Function, Modified, Place, Symbol, Use, Value, leaves
from ring1.isa.asm.scope import FileScope
from ring1.isa.asm.sections import Kind, Room, Section, kind_of
from ring1.isa.asm.sources import ANYWHERE, Reach
from ring1.isa.asm.syntax import Syntax
from ring1.isa.asm.trees import NO_EXPR, Operand
from ring1.isa.model import WORD, Isa
from ring1.isa.python import pure_function
from ring1.isa.source import Fault

NAME = re.compile(r"[A-Za-z_][\w.$]*")
MOST_FAULTS = 2000
"""The most faults of a file before assembly of it is abandoned."""
MOST_CODES = 100_000
"""The most statements whose code is memoized by text."""


class Language:
    """What the assembler knows of a machine, shared by all files of a program."""

    def __init__(self, isa: Isa, loose: bool = False) -> None:
        self.isa = isa
        self.loose = loose
        """As in RARS and Venus: blanks separate operands, and .word and its like align what they emit."""
        self.forms = Forms(isa)
        self.syntax = Syntax(isa.modifiers, loose=loose)
        self.modifiers: dict[str, Function] = {}
        for name, m in isa.modifiers.items():
            function = pure_function([p for p in (m.parameter, m.place) if p], m.value)
            made = signed(function) if m.value.width == WORD else function
            self.modifiers[name] = Function(made, bool(m.place), m.of)
        self.codes: dict[tuple[str, str], bytes] = {}
        """By mnemonic and operands, the code of statements that do not depend on where they stand."""

    def nops(self, count: int) -> bytes:
        """Return code of at most `count` bytes that does nothing, by the machine's instructions `nop` and, as shorter
        ones are called, `c.nop` and the like."""
        scope, kinds = FileScope(self.modifiers), set[bytes]()
        for name in self.forms.names():
            if name.rpartition(".")[2] == "nop":
                made = choose(self.forms, name, [], lambda e: number(e, scope))
                kinds.add(b"".join(code(c.instruction, c.values, c.places, 0, scope) for c in made))
        found = b""
        for nop in sorted(kinds, key=len, reverse=True):
            found = nop * ((count - len(found)) // len(nop)) + found
        return found


def signed(function: Callable[..., int]) -> Callable[..., int]:
    """Return the function with its result converted from a word to a signed number."""

    def made(*values: int) -> int:
        result = function(*values)
        return result - (result >> (WORD - 1) << WORD)

    return made


class Unit:
    """One file during assembly. Mistakes become faults, and assembly goes on with the next statement."""

    def __init__(self, language: Language, file: str, text: str, reach: Reach = ANYWHERE) -> None:
        self.language = language
        self.file = file
        self.text = text
        self.scope = FileScope(language.modifiers)
        self.sections: dict[str, Section] = {}
        """By name, in the order of first appearance."""
        self.room = Room()
        self.named = False
        """Has the file named a section? If not, its .org directives give addresses."""
        self.stack: list[tuple[Section, Section]] = []
        """Current and previous section at each .pushsection."""
        self.faults: list[Fault] = []
        self.fixups: list[Fixup] = []
        self.expander = Expander(self.constant_text, self.scope.defines, self.report, reach)
        self.section = self.previous = self.named_section(".text", None)

    def named_section(self, name: str, flags: str | None, nobits: bool = False) -> Section:
        """Return the section of this name, created on first use."""
        if name not in self.sections:
            self.sections[name] = Section(name, kind_of(name, flags, nobits), self.room)
        return self.sections[name]

    def enter(self, section: Section) -> None:
        """Switch to another section."""
        self.previous, self.section = self.section, section
        self.named = True

    def report(self, piece: Piece, mistake: Mistake) -> None:
        """Record a mistake as a fault of the statement that it belongs to."""
        if isinstance(mistake, Silent):
            return
        if isinstance(mistake, Undefined) and mistake.name in self.expander.skipped:
            return
        piece = mistake.piece or piece
        at = mistake.at if mistake.at is not None else word_at(piece)
        self.faults.append(piece.fault(mistake.message, at))
        if len(self.faults) == MOST_FAULTS:
            self.faults.append(piece.fault("too many faults: what follows is not looked at", at))
            self.expander.stop()

    # --- Values --------------------------------------------------------------

    def operands(self, begin: Head) -> list[Operand]:
        """Parse the operands of a statement. Raises Mistake."""
        found = self.language.syntax.operands(begin.rest, begin.rest_at)
        return [o for o in found if not is_mark(o)] if MARK in begin.rest else found

    def value(self, operand: Operand | None, what: str) -> Value:
        """Evaluate an operand now, to a number or a place. Raises Mistake."""
        e = expression(operand, what)
        try:
            return evaluate(self.scope.bind(e, self.section, self.section.offset), self.scope)
        except Undefined as mistake:
            message = f"{mistake.name} is not known yet, but is needed at once"
            raise Mistake(message, mistake.at, mistake.piece) from None
        except RecursionError:
            raise Mistake("this is nested too deeply", operand.at if operand else None) from None

    def constant(self, operand: Operand | None, what: str) -> int:
        """Evaluate an operand that must be a number now. Raises Mistake."""
        value = self.value(operand, what)
        if not isinstance(value, int):
            raise Mistake("this depends on an address, which is not known yet", operand.at if operand else None)
        return value

    def constant_text(self, piece: Piece, text: str, at: int) -> int:
        """Evaluate the expression in a text at offset `at` of a statement. Raises Mistake."""
        operands = self.language.syntax.operands(text, at)
        if len(operands) > 1:
            raise Mistake("one expression is enough", operands[1].at)
        return self.constant(operands[0] if operands else None, "an expression")

    # --- Statements ----------------------------------------------------------

    def label(self, piece: Piece, name: str, at: int) -> None:
        """Define a label at the current address."""
        try:
            self.scope.label(name, self.section, piece, at)
        except Mistake as mistake:
            self.report(piece, mistake)

    def assign(self, piece: Piece, name: str, at: int, text: str, text_at: int) -> None:
        """Assign the value of the expression `text` to a symbol named at offset `at`. Raises Mistake."""
        try:
            operands = self.language.syntax.operands(text, text_at)
            if len(operands) > 1:
                raise Mistake("one value is enough", operands[1].at)
            e = expression(operands[0] if operands else None, "a value")
            e = self.scope.bind(e, self.section, self.section.offset)
            if not any(isinstance(leaf, Use) for leaf in leaves(e)):
                # Within a Use it is not known yet, and searching long chains of them is slow.
                with suppress(Undefined, Unsettled):
                    e = evaluate(e, self.scope)
        except Mistake:
            if not self.scope.defines(name):
                self.scope.assign(name, None, piece, at)  # so that its uses are not reported
            raise
        self.scope.assign(name, e, piece, at)

    def align(self, size: int, piece: Piece) -> None:
        """Go on at a multiple of `size` bytes, and take the labels along that are here."""
        section, before = self.section, self.section.offset
        section.alignment = max(section.alignment, size)
        if before % size == 0:
            return
        section.skip(-before % size, piece)
        for name, place in self.scope.labels.items():
            if place.section is section and place.offset == before:
                self.scope.labels[name] = Place(section, section.offset)

    def define(self, definition: str) -> None:
        """Define a symbol given by the caller: NAME=VALUE, or NAME, which is 1."""
        name, _, value = definition.partition("=")
        piece = Piece(definition, "-D", 1, 1, definition)
        try:
            if not NAME.fullmatch(name):
                raise Mistake("a definition is NAME or NAME=VALUE", 0)
            self.assign(piece, name, 0, value or "1", len(name) + 1)
        except Mistake as mistake:
            self.report(piece, mistake)

    def instruction(self, piece: Piece, begin: Head) -> None:
        """Assemble an instruction or alias. Raises Mistake."""
        section, offset = self.section, self.section.offset
        if section.kind == Kind.BSS:
            raise Mistake(f"an instruction cannot stand in {section.name}")
        if section.kind == Kind.UNLOADED:
            name = section.name
            raise Mistake(f'an instruction cannot stand in {name}, which is not loaded; .section {name}, "ax" would be')
        least = self.language.isa.words.least
        if offset % least:
            self.report(piece, Mistake(f"an instruction stands at a multiple of {least}; write .align before it"))
            section.skip(-offset % least, piece)
            offset = section.offset
        section.alignment = max(section.alignment, least)
        data = self.language.codes.get((begin.word, begin.rest))
        if data is not None:
            section.put(data, piece)
            return
        # `fixed`: the code depends on nothing but the text of the statement.
        fixed = True

        def known(e: Expr) -> int:
            nonlocal fixed
            fixed &= isinstance(e, int)
            return number(self.scope.bind(e, section, offset), self.scope)

        try:
            choices = choose(self.language.forms, begin.word, self.operands(begin), known)
        except Misfit as misfit:
            raise explained(self.language.forms, misfit) from None
        parts: list[bytes] = []
        waiting: list[tuple[int, Choice]] = []
        at = 0
        for choice in choices:
            values, later = choice.values, any(o.relative for o in choice.instruction.operands)
            for name, e in values.items():
                if not isinstance(e, int):
                    fixed = False
                    values[name] = e = self.settled(self.scope.bind(e, section, offset))
                    later |= not isinstance(e, int)
            if later:
                fixed = False
                waiting.append((at, choice))
                parts.append(bytes(choice.instruction.size))
            else:
                parts.append(code(choice.instruction, values, choice.places, 0, self.scope))
            at += choice.instruction.size
        data = b"".join(parts)
        chunk, start = section.put(data, piece)
        for n, c in waiting:
            spot = Spot(chunk, start + n, section, offset + n, piece)
            self.fixups.append(CodeFixup(spot, c.instruction, c.values, c.places))
        if fixed and len(self.language.codes) < MOST_CODES:
            self.language.codes[begin.word, begin.rest] = data

    def settled(self, e: Expr) -> Expr:
        """Evaluate a bound expression, if that is possible now; else return it. Raises Mistake."""
        if isinstance(e, Symbol | Use):
            return e  # only the linker knows its value: another file's label may count
        try:
            value = evaluate(e, self.scope)
        except (Undefined, Unsettled, Silent):
            return e
        return value if isinstance(value, int) else e


def expression(operand: Operand | None, what: str) -> Expr:
    """Return the operand as an expression. Raises Mistake, which says that `what` is wanted, if it is something
    else."""
    if operand is None:
        raise Mistake(f"{what} is wanted here")
    if isinstance(operand.form, NO_EXPR):
        raise Mistake(f"{what} is wanted here", operand.at)
    return operand.form


MARK = "tprel_add"
"""A modifier with which GCC marks an addition that a linker may relax: not an operand."""


def is_mark(operand: Operand | None) -> bool:
    return operand is not None and isinstance(operand.form, Modified) and operand.form.name == MARK


def word_at(piece: Piece) -> int:
    """Return the offset of the first word of a statement."""
    try:
        return head(piece.text).word_at
    except Mistake:
        return len(piece.text) - len(piece.text.lstrip())
