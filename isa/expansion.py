"""Expansions: instructions that are said to be others, with some of their own operands in the places of the others'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lark import Tree

from ring1.isa import semantics as s
from ring1.isa.codec import step
from ring1.isa.elaborate import Node, Scope, flexible
from ring1.isa.model import WORD, Instruction, Operand, Part
from ring1.isa.record import replace
from ring1.isa.simplify import rebuilt

Given = Mapping[str, s.Expr]
"""Operand of the other instruction -> what stands for it: Register, Const or Operand where it names a register, and
otherwise a word."""
NEXT = frozenset((s.Next,))


def expansion(
    scope: Scope, node: Node, parts: Sequence[Part], known: Mapping[str, Instruction], taken: frozenset[str]
) -> s.Body:
    """Return the body of an instruction with these parts that is said to be another of the `known` ones. `taken` are
    names that the other's locals cannot have. Raises Stop once faults are noted."""
    assert isinstance(node, Tree)
    name, listed = node.children
    other = known.get(str(name))
    if other is None:
        raise scope.fail(name, f"there is no instruction {name}")
    if other.picky:
        raise scope.fail(name, f"{name} has operands that exclude values")
    arguments = listed.children if isinstance(listed, Tree) else []
    if len(arguments) != len(other.operands):
        raise scope.fail(name, f"{name} has {len(other.operands)} operands, {len(arguments)} given")
    for local in (stmt.name for stmt in s.walk(*other.body) if isinstance(stmt, s.Let)):
        if local in taken or local in scope.operands:
            raise scope.fail(name, f"{local} is there already, and {name} has a value of this name")
    given = {
        operand.name: argument(scope, parts, other, operand, node_)
        for operand, node_ in zip(other.operands, arguments, strict=True)
    }
    return tuple(map(Replacement(given, scope.hardwired).stmt, other.body))


def argument(scope: Scope, parts: Sequence[Part], other: Instruction, operand: Operand, node: Node) -> s.Expr:
    """Return what stands for an operand of the other instruction. Raises Stop."""
    if operand.kind in ("register", "control"):
        return named(scope, operand, node)
    value = scope.expr(node, WORD if flexible(node) else None)
    low, high = bounds(scope, value)
    least, most = operand.range
    if not least <= low <= high <= most:
        raise scope.fail(node, f"this may be {low if low < least else high}, and {operand.name} is {least} to {most}")
    multiple = step(other.parts, operand.name)
    if steps(value, parts) % multiple:
        raise scope.fail(node, f"this may be no multiple of {multiple}, as {operand.name} is")
    return value if value.width == WORD else s.Extend(WORD, value, False)


def named(scope: Scope, operand: Operand, node: Node) -> s.Expr:
    """Return the register, or the operand, that an operand which names one is given. Raises Stop."""
    name = bare(node)
    own, (low, high) = scope.operands.get(name), operand.range
    if own is not None and own.kind == operand.kind:
        if operand.kind == "control" or low <= own.range[0] <= own.range[1] <= high:
            return s.Operand(WORD, name)
        raise scope.fail(node, f"{name} is a register {own.range[0]} to {own.range[1]}, {operand.name} {low} to {high}")
    if operand.kind == "register" and own is None and low <= scope.registers.get(name, -1) <= high:
        return s.Const(WORD, scope.registers[name])
    wanted = f"a register {low} to {high}" if operand.kind == "register" else "a control register"
    raise scope.fail(node, f"{operand.name} is {wanted}, and this is none")


def bare(node: Node) -> str:
    """Return the name that an expression consists of; empty if it is none."""
    while isinstance(node, Tree):
        kids = [kid for kid in node.children if kid is not None]
        if len(kids) != 1 or (node.data != "name" and not isinstance(kids[0], Tree)):
            return ""
        node = kids[0]
    return str(node)


def bounds(scope: Scope, value: s.Expr) -> tuple[int, int]:
    """Return the least and the greatest number that a value may be, as a number of 32 bits with a sign or without."""
    match value:
        case s.Operand(_, name) if value.width == WORD:
            return scope.operands[name].range
        case s.Const(_, number):
            signed = number - (number >> WORD - 1 << WORD)
            return signed, signed
        case s.Extend(_, a, True):
            return -1 << a.width - 1, (1 << a.width - 1) - 1
        case s.Extend(_, a, False):
            return 0, (1 << a.width) - 1
    return 0, (1 << value.width) - 1


def steps(value: s.Expr, parts: Sequence[Part]) -> int:
    """Return a number that a value is a multiple of."""
    match value:
        case s.Operand(_, name) if value.width == WORD:
            return step(parts, name)
        case s.Const(_, number):
            return number
    return 1


class Replacement:
    """Replaces the operands of another instruction in its body."""

    def __init__(self, given: Given, hardwired: Mapping[int, int]) -> None:
        self.given = given
        self.hardwired = hardwired

    def stmt(self, stmt: s.Stmt) -> s.Stmt:
        match stmt:
            case s.If(condition, then, otherwise):
                return s.If(self.expr(condition), tuple(map(self.stmt, then)), tuple(map(self.stmt, otherwise)))
            case s.SetRegister(str(index), value):
                return s.SetRegister(place(self.given[index]), self.expr(value))
        return rebuilt(stmt, self.expr)

    def expr(self, e: s.Expr) -> s.Expr:
        match e:
            case s.Operand(width, name):
                return self.operand(width, self.given[name])
            case s.Register(width, str(index)):
                number = place(self.given[index])
                if isinstance(number, int) and number in self.hardwired:
                    return s.Const(width, self.hardwired[number])
                return s.Register(width, number)
            case s.ControlFile(width, operand):
                return s.ControlFile(width, str(place(self.given[operand])))
        return rebuilt(e, self.expr)

    @staticmethod
    def operand(width: int, given: s.Expr) -> s.Expr:
        """Return as many low bits of what stands for an operand."""
        match given:
            case s.Operand(_, name):
                return s.Operand(width, name)
            case s.Const(_, value):
                return s.Const(width, value & (1 << width) - 1)
        return given if width == WORD else s.Slice(width, given, width - 1, 0)


def place(e: s.Expr) -> str | int:
    """Return what names a register: an operand, or its number."""
    if isinstance(e, s.Operand):
        return e.name
    assert isinstance(e, s.Const)
    return e.value


def placed(insn: Instruction) -> Instruction:
    """Return an instruction with the address behind it as its address and its length."""
    behind = s.Binary(WORD, "+", s.Pc(WORD), s.Const(WORD, insn.size))

    def expr(e: s.Expr) -> s.Expr:
        return behind if isinstance(e, s.Next) else rebuilt(e, expr)

    def stmt(stmt_: s.Stmt) -> s.Stmt:
        if isinstance(stmt_, s.If):
            return s.If(expr(stmt_.condition), tuple(map(stmt, stmt_.then)), tuple(map(stmt, stmt_.otherwise)))
        return rebuilt(stmt_, expr)

    return replace(insn, body=tuple(map(stmt, insn.body))) if s.has(NEXT, *insn.body) else insn
