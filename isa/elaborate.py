"""Elaboration: the syntax trees of bodies become typed semantics, with names resolved and widths inferred and
checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lark import Token, Tree

from ring1.isa import semantics as s
from ring1.isa.model import WORD, Bits, Cause, Control, Operand
from ring1.isa.source import Fault, Position

Node = Tree[Token] | Token


@dataclass
class Unit:
    """One source file of a description, with the faults found in it."""

    file: str
    lines: list[str]
    faults: list[Fault]

    def position(self, node: Node) -> Position:
        line, column = place(node)
        return Position(self.file, line, column, self.lines[line - 1] if line else "")

    def fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(self.position(node), message))


def place(node: Node) -> tuple[int, int]:
    """Return the line and column at which a node begins; (0, 0) for an empty one."""
    if isinstance(node, Token):
        return node.line or 0, node.column or 0
    return getattr(node.meta, "line", 0), getattr(node.meta, "column", 0)


def integer(token: Node) -> int:
    return int(str(token), 0)


def literal(node: Node | None) -> str:
    return str(node)[1:-1] if node is not None else ""


def parameter_names(unit: Unit, node: Node) -> list[str]:
    """Return the names in a parameter list, which may be absent."""
    names = node.children if isinstance(node, Tree) else []
    for n, name in enumerate(names):
        if name in names[:n]:
            unit.fault(name, f"two parameters are called {name}")
    return [str(name) for name in names]


MOST_WIDTH = 128
"""The most bits of a value, which bounds what an operator costs."""


class Stop(Exception):
    """The current statement cannot be elaborated; its fault has been noted."""


@dataclass
class Scope:
    """The names in scope of a body or an expression."""

    unit: Unit
    registers: Mapping[str, int]
    controls: Mapping[str, Control]
    causes: Mapping[str, Cause]
    hardwired: Mapping[int, int] = field(default_factory=dict)
    """Registers that are hardwired to a constant -> the constant."""
    operands: Mapping[str, Operand] = field(default_factory=dict)
    locals: dict[str, s.Expr] = field(default_factory=dict)
    executed: bool = False
    """Is this executed as part of an instruction, which has an end?"""
    guards: frozenset[str] = frozenset()
    """Locals of the guards that precede this body. They are not visible here, but their names cannot be reused."""

    def fail(self, node: Node, message: str) -> Stop:
        self.unit.fault(node, message)
        return Stop()

    def fresh(self, name: Node) -> str:
        """Return a name that is about to be defined. Raises Stop if it is already in use: a name has one meaning
        wherever it is visible."""
        known = self.locals, self.operands, self.guards, self.controls, self.registers, ("pc", "next", "word")
        if any(str(name) in names for names in known):
            raise self.fail(name, f"{name} is there already")
        return str(name)

    # --- Expressions ---------------------------------------------------------

    def expr(self, node: Node, want: int | None) -> s.Expr:
        """Elaborate the expression at `node`, which must be `want` bits wide if that is given."""
        assert isinstance(node, Tree)
        rule = getattr(self, "expr_" + node.data.removesuffix("_"), None)
        build: Callable[[list[Node], int | None, Tree[Token]], s.Expr] = rule or self.binary
        made = build(node.children, want, node)
        if made.width > MOST_WIDTH:
            raise self.fail(node, f"this is {made.width} bits wide, {MOST_WIDTH} are the most")
        if want is not None and made.width != want:
            raise self.fail(node, f"this is {made.width} bits wide, {want} are wanted here")
        return made

    def pair(self, a: Node, b: Node, want: int | None) -> tuple[s.Expr, s.Expr]:
        """Elaborate two expressions of the same width; a number literal takes the width of the other side."""
        if want is None and flexible(a):
            right = self.expr(b, None)
            return self.expr(a, right.width), right
        left = self.expr(a, want)
        return left, self.expr(b, left.width)

    def binary(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        rule = str(node.data)
        if rule in ("either", "xor", "both"):
            op = {"either": "|", "xor": "^", "both": "&"}[rule]
            kids = [kids[0], *(x for kid in kids[1:] for x in (Token("OP", op), kid))]
        if len(kids) == 3 and kids[1] is None:  # an optional tail is absent
            return self.expr(kids[0], want)
        head, rest = kids[0], kids[1:]
        made: s.Expr | None = None
        while rest:
            op, b, rest = str(rest[0]), rest[1], rest[2:]
            made = self.operator(op, made if made is not None else head, b, want)
        assert made is not None
        return made

    def operator(self, op: str, a: Node | s.Expr, b: Node, want: int | None) -> s.Expr:
        if op in ("<<", ">>u", ">>s"):
            left = a if isinstance(a, s.Expr) else self.expr(a, want)
            return s.Binary(left.width, op, left, self.expr(b, 8 if flexible(b) else None))
        inner = None if op[0] in "<>=!" else want
        left, right = (a, self.expr(b, a.width)) if isinstance(a, s.Expr) else self.pair(a, b, inner)
        if op[0] == ">":  # a > b is b < a
            op, left, right = "<" + op[1:], right, left
        return s.Binary(1 if op[0] in "<=!" else left.width, op, left, right)

    def expr_select(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        if kids[1] is None:
            return self.expr(kids[0], want)
        condition = self.expr(kids[0], 1)
        a, b = self.pair(kids[1], kids[2], want)
        return s.Select(a.width, condition, a, b)

    def expr_invert(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        a = self.expr(kids[0], want)
        return s.Unary(a.width, "~", a)

    def expr_negate(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        a = self.expr(kids[0], want)
        return s.Unary(a.width, "-", a)

    def expr_not(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        return s.Unary(1, "!", self.expr(kids[0], 1))

    def expr_integer(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        value = integer(kids[0])
        if want is None:
            raise self.fail(node, "nothing here says how wide this number is")
        if value >> want:
            raise self.fail(node, f"{value} does not fit in {want} bits")
        return s.Const(want, value)

    def expr_slice(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        a = self.expr(kids[0], None)
        hi = integer(kids[1])
        lo = integer(kids[2]) if kids[2] is not None else hi
        if not a.width > hi >= lo:
            raise self.fail(node, f"bits {hi}:{lo} of a value of {a.width} bits")
        return s.Slice(hi - lo + 1, a, hi, lo)

    def expr_field(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        a = self.expr(kids[0], None)
        if not isinstance(a, s.Control):
            raise self.fail(node, "only a control register has fields")
        bits = self.bits(a.name, kids[1])
        return s.Slice(bits.hi - bits.lo + 1, a, bits.hi, bits.lo)

    def bits(self, control: str, name: Node) -> Bits:
        for bits in self.controls[control].fields:
            if bits.name == name:
                return bits
        raise self.fail(name, f"{control} has no field {name}")

    def expr_name(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        name = str(kids[0])
        operand = self.operands.get(name)
        if name in self.locals:
            return self.locals[name]
        if operand is not None and operand.kind == "register":
            return s.Register(WORD, name)
        if operand is not None and operand.kind != "control":
            return s.Operand(WORD, name)
        if name in ("pc", "word"):
            return s.Pc(WORD) if name == "pc" else s.Word(WORD)
        if name == "next":
            if not self.executed:
                raise self.fail(node, "next is the address behind an instruction, and this is part of none")
            return s.Next(WORD)
        if name in self.controls:
            return s.Control(WORD, name)
        if name in self.registers:
            number = self.registers[name]
            return s.Const(WORD, self.hardwired[number]) if number in self.hardwired else s.Register(WORD, number)
        raise self.fail(node, f"unknown name {name}")

    def expr_ordinal(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        operand = self.operands.get(str(kids[0]))
        if operand is None:
            raise self.fail(kids[0], f"{kids[0]} is not an operand")
        return s.Operand(operand.bits, operand.name)

    def expr_csr(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        return s.ControlFile(WORD, self.control_operand(kids[0]))

    def control_operand(self, name: Node) -> str:
        operand = self.operands.get(str(name))
        if operand is None or operand.kind != "control":
            raise self.fail(name, f"{name} is not an operand that names a control register")
        return operand.name

    def expr_load(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        size = self.size(kids[1])
        return s.Load(8 * size, self.expr(kids[0], WORD), size, kids[2] is not None)

    def size(self, node: Node) -> int:
        if integer(node) not in (1, 2, 4):
            raise self.fail(node, "an access is of 1, 2 or 4 bytes")
        return integer(node)

    def expr_port(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        return s.Port(WORD, self.expr(kids[0], None))

    def expr_physical_word(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        return s.Call(WORD, "phys", (self.expr(kids[0], WORD),))

    def expr_sx(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        width = integer(kids[1]) if kids[1] is not None else WORD
        a = self.expr(kids[0], None)
        if a.width > width:
            raise self.fail(node, f"{a.width} bits cannot be extended to {width}")
        return s.Extend(width, a, node.data == "sx") if a.width < width else a

    expr_zx = expr_sx

    def expr_call(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        name, given = str(kids[0]), [kid for kid in kids[1:] if kid is not None]
        if name not in s.PRIMITIVES:
            raise self.fail(node, f"unknown function {name}")
        widths, width, _ = s.PRIMITIVES[name]
        if len(given) != len(widths):
            raise self.fail(node, f"{name} takes {len(widths)} arguments")
        return s.Call(width, name, tuple(self.expr(a, w) for a, w in zip(given, widths, strict=True)))

    def expr_concat(self, kids: list[Node], want: int | None, node: Tree[Token]) -> s.Expr:
        parts = tuple(self.expr(kid, None) for kid in kids)
        return s.Concat(sum(part.width for part in parts), parts)

    # --- Statements ----------------------------------------------------------

    def body(self, block: Node) -> s.Body:
        """Elaborate the statements of a block. A faulty one is dropped after its fault is noted, so that all faults are
        found."""
        assert isinstance(block, Tree)
        outer = dict(self.locals)
        made: list[s.Stmt] = []
        for node in block.children:
            assert isinstance(node, Tree)
            try:
                made += getattr(self, "stmt_" + node.data.removesuffix("_"))(node.children, node)
            except Stop:
                if node.data == "let":  # later statements may use its name
                    self.locals.setdefault(str(node.children[0]), s.Local(WORD, str(node.children[0])))
        self.locals = outer
        return tuple(made)

    def stmt_let(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        value, name = self.expr(kids[1], None), self.fresh(kids[0])
        self.locals[name] = s.Local(value.width, name)
        return (s.Let(name, value),)

    def stmt_assign(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        name, value = str(kids[0]), self.expr(kids[1], WORD)
        operand = self.operands.get(name)
        if operand is not None and operand.kind == "register":
            return (s.SetRegister(name, value),)
        if name == "pc":
            return (s.SetPc(value),)
        if name in self.controls:
            return (s.SetControl(s.Control(WORD, name), WORD - 1, 0, value),)
        if name in self.registers and name not in self.locals:
            return (s.SetRegister(self.registers[name], value),)
        raise self.fail(node, f"{name} cannot be assigned to")

    def stmt_assign_field(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        name = str(kids[0])
        if name not in self.controls:
            raise self.fail(kids[0], f"{name} is not a control register")
        bits = self.bits(name, kids[1])
        value = self.expr(kids[2], bits.hi - bits.lo + 1)
        return (s.SetControl(s.Control(WORD, name), bits.hi, bits.lo, value),)

    def stmt_assign_csr(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        control = s.ControlFile(WORD, self.control_operand(kids[0]))
        return (s.SetControl(control, WORD - 1, 0, self.expr(kids[1], WORD)),)

    def stmt_store(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        size = self.size(kids[1])
        return (s.Store(self.expr(kids[0], WORD), size, self.expr(kids[2], 8 * size)),)

    def stmt_store_physical(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        return (s.StorePhysical(self.expr(kids[0], WORD), self.expr(kids[1], WORD)),)

    def stmt_out(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        return (s.Out(self.expr(kids[0], None), self.expr(kids[1], WORD)),)

    def stmt_if(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        otherwise = kids[2]
        rest: s.Body = ()
        if otherwise is not None:
            assert isinstance(otherwise, Tree)
            nested = otherwise.data == "if_else"
            rest = self.stmt_if(otherwise.children, otherwise) if nested else self.body(otherwise)
        return (s.If(self.expr(kids[0], 1), self.body(kids[1]), rest),)

    def stmt_require(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        return (s.If(self.expr(kids[0], 1), (), self.stmt_trap(kids[1:], node)),)

    def stmt_trap(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        cause = self.causes.get(str(kids[0]))
        if cause is None:
            raise self.fail(kids[0], f"unknown cause {kids[0]}")
        argument = kids[1]
        value: s.Expr = s.Const(WORD, 0)
        if argument is not None:
            assert isinstance(argument, Tree)
            value = self.expr(argument.children[0], WORD)
        return (s.Raise(s.Const(WORD, cause.number), value),)

    def stmt_wait(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        return (s.Wait(),)

    def stmt_flush(self, kids: list[Node], node: Tree[Token]) -> s.Body:
        return (s.Flush(() if kids[0] is None else (self.expr(kids[0], WORD),)),)


def flexible(node: Node) -> bool:
    """Is this a number literal, whose width comes from its context?"""
    if isinstance(node, Token):
        return False
    if node.data in ("invert", "negate"):
        return flexible(node.children[0])
    if node.data == "select" and node.children[1] is None:
        return flexible(node.children[0])
    if node.data in ("equal", "order", "shift") and len(node.children) == 3 and node.children[1] is None:
        return flexible(node.children[0])
    return node.data == "integer"
