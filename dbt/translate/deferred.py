"""Deferred assignments: a register's new value is computed where it is needed, or never.

A guest register has a *place*, a host register or a word of the state block. While its value is deferred the place
holds an older one, and `values` has an expression over places for the present one. Rules that keep this simple:

- A deferred value depends on one place at most.
- No value depends on the place of another register whose own value is deferred, unless that one is a constant or
  depends on its own place (`x = x + 4`): so there are no cycles.
- Before a place is written, values of other registers that depend on it are computed (`overwrite`).
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.ir.fold import rebuild
from ring1.isa import semantics as s
from ring1.isa.model import WORD

Held = tuple[tuple[int, s.Expr], ...]
"""Registers and their values over places, in an order in which they can be assigned one by one."""


def can_wait(value: s.Expr) -> bool:
    """Can this value be deferred? It can if it is a constant, or one register with an offset or shifted."""
    match value:
        case s.Const() | s.Register():
            return True
        case s.Binary(_, "+", s.Register(), s.Const()):
            return True
        case s.Binary(_, "<<" | ">>u", s.Register(), s.Const(_, count)):
            return count < WORD
    return False


def source(value: s.Expr) -> int | None:
    """Return the register whose place a deferrable value depends on, or None."""
    leaf = value.a if type(value) is s.Binary else value
    return leaf.index if type(leaf) is s.Register else None  # type: ignore[return-value]


class Deferred:
    """The registers of a block whose values are deferred. `write` emits the assignment of a value to a place."""

    def __init__(self, write: Callable[[int, s.Expr], None]) -> None:
        self.values: dict[int, s.Expr] = {}
        self.write = write

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
        if self.values:
            for n in s.walk(e):
                if isinstance(n, s.Register) and isinstance(n.index, int):
                    value = self.values.get(n.index)
                    if value is not None and not isinstance(value, s.Const | s.Register):
                        self.settle(n.index)
        return self.resolve(e)

    def put_off(self, number: int, value: s.Expr) -> None:
        """Defer the assignment of a value, an expression over places, to a register."""
        if source(value) not in (None, number):
            self.overwrite(number)
        if value == s.Register(WORD, number):
            self.values.pop(number, None)
        else:
            self.values[number] = value

    def overwrite(self, number: int) -> None:
        """Compute all other values that depend on the place of a register, which is about to be written."""
        for other in [n for n, value in self.values.items() if n != number and source(value) == number]:
            self.settle(other)

    def assigned(self, number: int) -> None:
        """Record that the place of a register holds its present value."""
        self.values.pop(number, None)

    def settle(self, number: int) -> None:
        """Compute a register's deferred value into its place."""
        self.overwrite(number)
        self.write(number, self.values.pop(number))

    def flush(self) -> None:
        """Compute every deferred value."""
        for number, _ in self.held():
            if number in self.values:
                self.settle(number)

    def held(self) -> Held:
        """Return the deferred values, those that depend on other registers' places first, since nothing depends on
        theirs."""
        if not self.values:
            return ()
        own = {n: source(value) in (None, n) for n, value in self.values.items()}
        return tuple(sorted(self.values.items(), key=lambda item: own[item[0]]))
