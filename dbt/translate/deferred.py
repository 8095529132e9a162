"""Deferred assignments: a register's new value is computed where it is needed, or never.

A guest register has a *place*, a host register or a word of the state block. While its value is deferred the place
holds an older one, and `values` has an expression over places for the present one. Rules that keep this simple:

- A deferred value is a constant, a *chain* of operators with constants on one place, or a comparison of two.
- Nothing depends on the place of a register whose deferred value depends on another place, when it is put off; later
  values may, if it depends on its own as well (`x = x + 4`). So there are no cycles.
- Before a place is written, what other registers' values need of it is saved (`overwrite`): a chain that is still to be
  computed needs no more than a copy, in the place of its own register, and others can depend on that place then.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from ring1.dbt.ir.fold import binary, possible, rebuild
from ring1.isa import semantics as s
from ring1.isa.model import WORD

Held = tuple[tuple[int, s.Expr], ...]
"""Registers and their values over places, in an order in which they can be assigned one by one."""

STEPS = frozenset(("+", "&", "|", "^", "<<", ">>u", ">>s"))
TESTS = frozenset(("==", "!=", "<u", "<=u", "<s", "<=s"))
MOST_STEPS = 4
"""Most operators of a chain: longer ones would be computed again in many exits."""


def can_wait(value: s.Expr) -> bool:
    """Can this value be deferred?"""
    match value:
        case s.Const() | s.Register():
            return True
        case s.Extend(_, s.Binary(_, op, a, b), False):
            return op in TESTS and is_leaf(a) and is_leaf(b)
    return 0 < steps(value) <= MOST_STEPS


def is_leaf(value: s.Expr) -> bool:
    return type(value) in (s.Register, s.Const)


def steps(value: s.Expr) -> int:
    """Return the number of operators of a chain on a register, or -1 if the value is no chain."""
    count = 0
    while type(value) is s.Binary and value.op in STEPS and type(value.b) is s.Const:
        value, count = value.a, count + 1
    return count if type(value) is s.Register else -1


def sources(value: s.Expr) -> frozenset[int]:
    """Return the registers whose places a deferrable value depends on."""
    while type(value) is s.Binary and type(value.b) is s.Const:
        value = value.a
    if type(value) is s.Register and isinstance(value.index, int):
        return frozenset((value.index,))
    return frozenset(n.index for n in s.walk(value) if type(n) is s.Register and isinstance(n.index, int))


def is_offset(value: s.Expr) -> bool:
    """Is this a register, or one with an offset? Such values cost one host instruction wherever they are computed."""
    match value:
        case s.Register() | s.Binary(_, "+", s.Register(), s.Const()):
            return True
    return False


class Deferred:
    """The registers of a block whose values are deferred. `write` emits the assignment of a value to a place;
    `pinned` has the registers whose places are host registers."""

    def __init__(self, write: Callable[[int, s.Expr], None], pinned: Container[int] = ()) -> None:
        self.values: dict[int, s.Expr] = {}
        self.write = write
        self.pinned = pinned

    def resolve(self, e: s.Expr) -> s.Expr:
        """Return `e`, an expression over registers, as one over places."""
        if not self.values:
            return e

        def present(leaf: s.Expr) -> s.Expr:
            return self.values.get(leaf.index, leaf) if type(leaf) is s.Register else leaf  # type: ignore[arg-type]

        return rebuild(e, present)

    def use(self, e: s.Expr) -> s.Expr:
        """Return `e` as an expression over places, having computed every deferred value in it that is more than a
        constant or a copy."""
        for number in self.used(e):
            if number in self.values and not is_leaf(self.values[number]):
                self.settle(number)
        return self.resolve(e)

    def used(self, e: s.Expr) -> Iterable[int]:
        """Return the registers in `e` whose values are deferred."""
        if not self.values:
            return ()
        named = (n.index for n in s.walk(e) if type(n) is s.Register)
        return [index for index in named if isinstance(index, int) and index in self.values]

    def peel(self, e: s.Expr, outer: Callable[[s.Expr], s.Expr | None]) -> s.Expr:
        """Return `e` as an expression over places, having computed of each deferred chain in it what lies below its
        outermost operators; `outer` returns what it has below them, or None if it is to be computed as a whole."""
        for number in self.used(e):
            value = self.values.get(number)
            if value is None or is_leaf(value):
                continue
            below = outer(value)
            if below is None:
                self.settle(number)
            elif type(below) is not s.Register:
                self.overwrite(number)
                self.write(number, below)
                self.values[number] = on(value, below, s.Register(WORD, number))
        return self.resolve(e)

    def put_off(self, number: int, e: s.Expr) -> bool:
        """Defer the assignment of a value, an expression over registers, if it can wait. True if it is deferred."""
        value = self.resolve(e)
        if not can_wait(value):
            return False
        if sources(value) - {number}:
            self.overwrite(number)
            value = self.resolve(e)
        self.values.pop(number, None)
        if value != s.Register(WORD, number):
            self.values[number] = value
        return True

    def learn(self, condition: s.Expr, holds: bool) -> None:
        """Make a deferred value the constant that a condition over registers, known to hold or not, shows it to be."""
        match condition:
            case s.Unary(_, "!", inner):
                self.learn(inner, not holds)
            case s.Binary(_, "==" | "!=" as op, s.Register(_, int(number)), s.Const() as constant):
                if number not in self.values:
                    return
                if holds == (op == "=="):
                    self.values[number] = constant
                elif constant.value == 0 and (bit := possible(self.values[number])).bit_count() == 1:
                    self.values[number] = s.Const(WORD, bit)

    def above(self, number: int) -> list[int]:
        """Return the registers whose deferred values depend on the place of another."""
        return [n for n, value in self.values.items() if n != number and number in sources(value)]

    def overwrite(self, number: int) -> set[int]:
        """Save what the deferred values of other registers need of the place of a register, which is about to be
        written. Return the registers whose places have been written for that."""
        written = set()
        for other in self.above(number):
            if other in self.values and steps(self.values[other]) < 0:
                written |= self.settle(other)
        chains = self.above(number)
        if not chains:
            return written
        keeper = min(chains, key=lambda n: (n not in self.pinned, steps(self.values[n])))
        if len(chains) == 1 and (is_offset(self.values[keeper]) or keeper not in self.pinned):
            return written | self.settle(keeper)
        place, kept = s.Register(WORD, number), s.Register(WORD, keeper)
        self.write(keeper, place)
        for other in chains:
            value = self.values.pop(other)
            if value != place or other != keeper:
                self.values[other] = on(value, place, kept)
        return written | {keeper}

    def assigned(self, number: int) -> None:
        """Record that the place of a register holds its present value."""
        self.values.pop(number, None)

    def settle(self, number: int) -> set[int]:
        """Compute a register's deferred value into its place. Return the registers whose places have been written."""
        written = self.overwrite(number)
        self.write(number, self.values.pop(number))
        return written | {number}

    def flush(self) -> None:
        """Compute every deferred value."""
        for number, _ in self.held():
            if number in self.values:
                self.settle(number)

    def held(self) -> Held:
        """Return the deferred values, each before those whose places it depends on."""
        if len(self.values) < 2:
            return tuple(self.values.items())
        left, order = {n: sources(value) for n, value in self.values.items()}, []
        while left:
            free = [n for n in left if not any(n in needs for other, needs in left.items() if other != n)]
            assert free, "deferred values in a circle"
            for number in free:
                del left[number]
            order += free
        return tuple((n, self.values[n]) for n in order)


def on(value: s.Expr, below: s.Expr, place: s.Expr) -> s.Expr:
    """Return a chain with what lies `below` replaced by a place."""
    if value == below:
        return place
    assert isinstance(value, s.Binary)
    return binary(value.op, on(value.a, below, place), value.b, value.width)
