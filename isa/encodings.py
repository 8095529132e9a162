"""Readers of the items of a description that define encodings and syntax: operands, formats, instructions and
aliases."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Container

from lark import Token, Tree

from ring1.isa import check
from ring1.isa import semantics as s
from ring1.isa.elaborate import Node, Stop, Unit, integer, literal, parameter_names
from ring1.isa.expansion import expansion, placed
from ring1.isa.model import WORD, Alias, Instruction, Modifier, Operand, Part, Words
from ring1.isa.names import Names
from ring1.isa.python import pure_function
from ring1.isa.record import replace

Item = tuple[Unit, Tree[Token]]
MOST_ASKED = 8
"""Most bits of a word that say how long it is."""


def operand(names: Names, unit: Unit, item: Tree[Token], registers: int) -> None:
    """Read operands of one kind, on a machine with `registers` registers."""
    *called, kind, without = item.children
    assert isinstance(kind, Tree)
    form = str(kind.data).removesuffix("_kind")
    numbers = [c.number for c in names.controls.values() if c.number is not None]
    width = {"register": registers - 1, "control": max(numbers, default=0)}.get(form, 0).bit_length()
    letters, first, last, written = "", 0, 0, WORD
    if form == "letters":
        form, letters = "unsigned", literal(kind.children[0])
        width = len(letters)
        if not re.fullmatch("[a-z]{1,32}", letters) or len({*letters}) < width:
            unit.fault(kind, "letters are small ones, each for one bit")
            width = min(max(width, 1), WORD)
    elif form == "register":
        if kind.children[0] is not None:
            first, last = map(integer, kind.children)
            if not first < last < registers:
                unit.fault(kind, f"registers {first} to {last}, of {registers}")
                first, last = 0, registers - 1
            width = (last - first).bit_length()
    elif kind.children:
        width = integer(kind.children[0])
        if not 0 < width <= WORD:
            unit.fault(kind, f"an operand of {width} bits")
            width = WORD
        if kind.children[1:] and kind.children[1] is not None:
            written = integer(kind.children[1])
            if not width <= written <= WORD:
                unit.fault(kind.children[1], f"{width} bits of {written}")
                written = WORD
    for name in called:
        with contextlib.suppress(Stop):
            names.scope(unit).fresh(name)
        kind_name = "signed" if form == "relative" else form
        made = Operand(str(name), kind_name, width, form == "relative", letters, first, written)
        low, high = made.range
        excluded = list(range(last + 1, high + 1)) if last else []
        for token in without.children if isinstance(without, Tree) else ():
            excluded.append(integer(token))
            if not low <= excluded[-1] <= high:
                unit.fault(token, f"{name} is {low} to {high} anyway")
        names.operands[str(name)] = replace(made, excluded=tuple(excluded))


def words(names: Names, unit: Unit, item: Tree[Token]) -> None:
    """Read how long instructions are."""
    short, rule, long = item.children
    lengths = integer(short), integer(long)
    if sorted(lengths) != [WORD // 2, WORD]:
        raise names.scope(unit).fail(short, f"instructions have {WORD // 2} bits and {WORD}, one length each")
    made = names.scope(unit, (), {"word": WORD // 2}).expr(rule, 1)
    asked, whole = 0, 0
    for node in s.walk(made):
        match node:
            case s.Slice(_, s.Local(), hi, lo):
                asked |= (1 << hi + 1) - (1 << lo)
                whole -= 1
            case s.Local():
                whole += 1
            case s.Const() | s.Unary() | s.Binary() | s.Slice() | s.Select() | s.Concat() | s.Extend():
                pass
            case _:
                raise names.scope(unit).fail(rule, "only the word says how long it is")
    if whole or not asked or asked.bit_count() > MOST_ASKED:
        raise names.scope(unit).fail(rule, f"slices of the word, of 1 to {MOST_ASKED} bits, say how long it is")
    is_first = pure_function(["word"], made)
    values = [value for value in range(asked + 1) if not value & ~asked]
    sizes = tuple((value, lengths[0 if is_first(value) else 1] // 8) for value in values)
    names.words = Words(asked, sizes, made, lengths[0] // 8)


def insn(
    names: Names,
    unit: Unit,
    item: Tree[Token],
    formats: dict[str, Item],
    guards: list[Item],
    known: dict[str, Instruction],
) -> None:
    """Read an instruction and add it to `known`; what it expands to must be there. See `finished` for the rest."""
    name, text, form, ints, block = item.children
    scope = names.scope(unit)
    if str(form) not in formats:
        raise scope.fail(form, f"unknown format {form}")
    format_unit, format_item = formats[str(form)]
    _, _, *parts, syntax = format_item.children
    parameters = parameters_of(format_unit, format_item)
    given = [integer(i) for i in ints.children] if isinstance(ints, Tree) else []
    if len(parameters) != len(given):
        raise scope.fail(name, f"format {form} takes {len(parameters)} numbers, {len(given)} given")
    values = dict(zip(parameters, given, strict=True))
    made = tuple(part(names, format_unit, bits, values) for bits in parts)
    operands = check.operands(format_unit, format_item, made, literal(syntax), names)
    body: s.Body = ()
    for guard_unit, guard in guards:
        if name in guard.children[:-1]:
            body += names.scope(guard_unit, operands, guards=lets(body), executed=True).body(guard.children[-1])
    scope = names.scope(unit, operands, guards=lets(body), executed=True)
    body += expansion(scope, block, made, known, lets(body)) if expands(item) else scope.body(block)
    where = unit.position(name)
    known[str(name)] = Instruction(str(name), made, operands, literal(syntax), body, literal(text), where)


def expands(item: Tree[Token]) -> bool:
    """Is an instruction said to be another?"""
    meaning = item.children[-1]
    return isinstance(meaning, Tree) and meaning.data == "expansion"


def finished(known: dict[str, Instruction]) -> None:
    """Have all instructions say where they end, and each which others are more specific."""
    for name, insn in known.items():
        known[name] = placed(insn)
    for name, insn in known.items():
        others = tuple((other.name, other.mask, other.match) for other in known.values() if other.refines(insn))
        if others:
            known[name] = replace(insn, refined=others)


def lets(body: s.Body) -> frozenset[str]:
    """Return the locals of a body that are in scope at its end."""
    return frozenset(stmt.name for stmt in body if isinstance(stmt, s.Let))


def parameters_of(unit: Unit, item: Tree[Token]) -> list[str]:
    """Return the parameters of a format, each of which is used in its parts."""
    _, listed, *parts, _ = item.children
    parameters = parameter_names(unit, listed)
    used = {str(p.children[0]) for p in parts if isinstance(p, Tree) and p.data == "parameter_part"}
    for name in parameters:
        if name not in used and used <= set(parameters):  # otherwise it is misspelt, which is reported where it is used
            unit.fault(listed or item, f"{name} is no part of this format")
    return parameters


def unused(names: Names, unit: Unit, item: Tree[Token]) -> None:
    """Check a format that no instruction uses: its faults would show only once one does."""
    _, _, *parts, syntax = item.children
    values = dict.fromkeys(parameters_of(unit, item), 0)
    with contextlib.suppress(Stop):
        made = tuple(part(names, unit, bits, values) for bits in parts)
        check.operands(unit, item, made, literal(syntax), names)


def part(names: Names, unit: Unit, node: Node, values: dict[str, int]) -> Part:
    """Read a part of a format whose parameters have the given values."""
    assert isinstance(node, Tree)
    kids, fail = node.children, names.scope(unit).fail
    if node.data in ("constant_part", "parameter_part", "any_part"):
        if node.data == "parameter_part" and str(kids[0]) not in values:
            raise fail(node, f"{kids[0]} is not a parameter of this format")
        width = integer(kids[-1])
        value = 0
        if node.data != "any_part":
            value = values[str(kids[0])] if node.data == "parameter_part" else integer(kids[0])
        if width > WORD:
            raise fail(node, f"{width} bits of a word of {WORD}")
        if value >> width:
            raise fail(node, f"{value:#x} does not fit in {width} bits")
        return Part(width, value, any=node.data == "any_part")
    operand = names.operands.get(str(kids[0]))
    if operand is None:
        raise fail(node, f"unknown operand {kids[0]}")
    hi, lo = operand.width - 1, 0
    if node.data == "slice_part":
        hi = integer(kids[1])
        lo = integer(kids[2]) if kids[2] is not None else hi
        if not operand.width > hi >= lo:
            raise fail(node, f"bits {hi}:{lo} of {operand.name}, which has {operand.width}")
    return Part(hi - lo + 1, 0, operand.name, hi, lo)


def alias(names: Names, unit: Unit, item: Tree[Token]) -> Alias:
    """Read a pseudo-instruction."""
    syntax, condition, *lines = item.children
    given = dict.fromkeys(check.placeholders(literal(syntax)), WORD)
    when = names.scope(unit, (), given).expr(condition, 1) if condition is not None else None
    name = literal(syntax).split()[0] if literal(syntax).split() else ""
    return Alias(name, literal(syntax), when, tuple(map(literal, lines)), unit.position(item))


def hint(mnemonics: Container[str], unit: Unit, item: Tree[Token]) -> list[tuple[str, str]]:
    """Read the names that other machines have for instructions, which must be among `mnemonics`."""
    words, name = item.children
    if name not in mnemonics:
        unit.fault(name, f"there is no instruction {name}")
    return [(word, str(name)) for word in literal(words).split()]


def modifier(placed: Container[str], names: Names, unit: Unit, item: Tree[Token]) -> Modifier:
    """Read a function of the assembler's expressions; `placed` are those that are given the instruction's address."""
    name, parameter, place, of, value = item.children
    if of is not None and (of not in placed or place is None):
        unit.fault(of, f"{of} is no modifier of two parameters" if of not in placed else f"{name} needs both, too")
    made = names.scope(unit, (), {str(p): WORD for p in (parameter, place) if p is not None}).expr(value, None)
    return Modifier(str(name), str(parameter), made, str(place or ""), str(of or ""))
