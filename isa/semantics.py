"""Instruction semantics: typed expressions and statements.

Every expression has a width in bits; values are unsigned integers below 2**width and signedness is in the
operators. Only a load, a store, `Raise` and the primitives that say so can end an instruction early: bodies
never pass errors along.
"""

from __future__ import annotations

from ring1.isa.record import Kind, Record, fields


class Expr(Record):
    width: int


class Const(Expr):
    value: int


class Operand(Expr):
    """The value of an encoded operand, or as many of its low bits; of one that names a register or a control register,
    the number. It becomes a Const once the body is bound to an instruction word."""

    name: str


class Register(Expr):
    """A general register, by the operand that names it or by number."""

    index: str | int


class Pc(Expr):
    """The address of the current instruction."""


class Next(Expr):
    """The address behind the current instruction: pc and its length. A body has it only until its description is
    read."""


class Word(Expr):
    """The current instruction word."""


class Control(Expr):
    """A control register as the guest reads it, with computed bits."""

    name: str


class ControlFile(Expr):
    """The control register whose number an operand holds; bound, it becomes a Control."""

    operand: str


class Load(Expr):
    """A little-endian load, width = 8 * size. It translates the address, checks rights, and may trap.

    With `write`, the access also requires write permission, and faults as a store does.
    """

    address: Expr
    size: int
    write: bool


class Port(Expr):
    """A read of an I/O port, with its side effects."""

    port: Expr


class Local(Expr):
    name: str


class Unary(Expr):
    """`~` and `-` keep the width; `!` maps one bit to one bit."""

    op: str
    a: Expr


class Binary(Expr):
    """`+ - * & | ^` and `/s /u %s %u` keep the width of both sides. Division truncates toward zero and wraps; by zero
    the quotient is all ones and the remainder the dividend. `<< >>u >>s` shift by an unsigned count, whatever its
    width: by the value's own width or more, all bits are 0, or copies of the sign. `== != <s <u <=s <=u` give one
    bit."""

    op: str
    a: Expr
    b: Expr


class Slice(Expr):
    """Bits hi..lo of `a`."""

    a: Expr
    hi: int
    lo: int


class Concat(Expr):
    """Concatenation of `parts`, the first one most significant."""

    parts: tuple[Expr, ...]


class Extend(Expr):
    a: Expr
    signed: bool


class Select(Expr):
    """`a` if the one-bit `condition` holds, else `b`."""

    condition: Expr
    a: Expr
    b: Expr


class Call(Expr):
    """A call of a primitive of the machine: see PRIMITIVES."""

    name: str
    args: tuple[Expr, ...]


PRIMITIVES: dict[str, tuple[tuple[int, ...], int, str]] = {
    "physical": ((32,), 32, "physical address that a load would use here, or all ones if it would fault"),
    "time": ((), 64, "instructions retired since reset, plus the time skipped while waiting"),
    "reached": ((64,), 1, "time has reached this deadline"),
    "line": ((32,), 1, "level of an interrupt line that a device drives"),
    "memory_size": ((), 32, "bytes of RAM"),
    "phys": (
        (32,),
        32,
        "word of RAM at this physical address, whatever its low two bits; all ones where there is no RAM",
    ),
    "fetched": ((), 32, "instruction word at pc, which has been fetched"),
}
"""Primitive -> widths of its arguments, width of its result, meaning."""


class Stmt(Record):
    pass


class Let(Stmt):
    name: str
    value: Expr


class SetRegister(Stmt):
    index: str | int
    value: Expr


class SetControl(Stmt):
    """Write bits hi..lo of a control register, as far as the guest may write them."""

    control: Control | ControlFile
    hi: int
    lo: int
    value: Expr


class SetPc(Stmt):
    value: Expr


class Store(Stmt):
    address: Expr
    size: int
    value: Expr


class StorePhysical(Stmt):
    """Store a word in RAM at a physical address, whatever its low two bits; do nothing where there is no RAM."""

    address: Expr
    value: Expr


class Out(Stmt):
    port: Expr
    value: Expr


class If(Stmt):
    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...]


class Raise(Stmt):
    """End the instruction with a trap; it has no other effect."""

    cause: Expr
    value: Expr


class Wait(Stmt):
    """Wait until an enabled interrupt line is pending."""


class Flush(Stmt):
    """Invalidate all cached address translations, or, given an address, that of its page."""

    addresses: tuple[Expr, ...] = ()


Node = Expr | Stmt
Body = tuple[Stmt, ...]


class Below(dict[type[Node], tuple[str, ...]]):
    """Class of node -> its fields that hold nodes, computed once to make walks cheap."""

    def __missing__(self, kind: type[Node]) -> tuple[str, ...]:
        self[kind] = tuple(name for name, is_ in fields(kind).items() if is_ not in ("str", "int", "bool", "str | int"))
        return self[kind]


_below = Below()


def children(node: Node) -> list[Node]:
    """Return the nodes directly below a node, in evaluation order."""
    found: list[Node] = []
    for name in _below[type(node)]:
        value = getattr(node, name)
        if type(value) is tuple:
            found += value
        else:
            found.append(value)
    return found


def walk(*nodes: Node) -> list[Node]:
    """Return every node at and below `nodes`, parents first."""
    found: list[Node] = []
    stack = list(nodes[::-1])
    while stack:
        node = stack.pop()
        found.append(node)
        for name in reversed(_below[type(node)]):
            value = getattr(node, name)
            if type(value) is tuple:
                stack += value[::-1]
            else:
                stack.append(value)
    return found


def has(kinds: frozenset[Kind], *nodes: Node) -> bool:
    """Is any node at or below `nodes` of one of these kinds?"""
    return not kinds.isdisjoint(map(type, walk(*nodes)))


LOADS, STORES = frozenset((Load,)), frozenset((Store,))


def atomic(body: Body) -> bool:
    """Does a body both load and store, or load with write permission? Its accesses share one translation."""
    return has(LOADS, *body) and (has(STORES, *body) or any(isinstance(n, Load) and n.write for n in walk(*body)))


def always_traps(body: Body) -> bool:
    """Does every path through a body end in a trap?"""
    return any(
        isinstance(stmt, Raise) or (isinstance(stmt, If) and always_traps(stmt.then) and always_traps(stmt.otherwise))
        for stmt in body
    )
