"""Assignments put off: a register's new value is computed where it is needed, or never.

Two names for registers matter here. A guest register has a *place*, a host register or a word of memory. While its
value is put off the place holds an older one, and `values` says how to get the present value from places. Rules that
keep this simple:

- A value that is put off depends on one place at most.
- No value depends on the place of another register whose own value is put off, unless that one is a constant or
  depends on its own place (`x = x + 4`): so there are no circles.
- Before a place is written, values of other registers that depend on it are computed (`overwrite`).
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.ir.fold import rebuild
from ring1.isa import semantics as s
from ring1.isa.model import WORD

Held = tuple[tuple[int, s.Expr], ...]
"""Registers and their values from places, in an order in which they can be assigned one by one."""


def can_wait(value: s.Expr) -> bool:
    """May this value be put off? It is a constant, or one register with an offset or shifted."""
    match value:
        case s.Const() | s.Register():
            return True
        case s.Binary(_, "+", s.Register(), s.Const()):
            return True
        case s.Binary(_, "<<" | ">>u", s.Register(), s.Const(_, count)):
            return count < WORD
    return False


def source(value: s.Expr) -> int | None:
    """The register whose place the value, one that can wait, depends on."""
    leaf = value.a if type(value) is s.Binary else value
    return leaf.index if type(leaf) is s.Register else None  # type: ignore[return-value]


class Deferred:
    """The registers of a block whose values are put off. `write` emits the assignment of a value to a place."""

    def __init__(self, write: Callable[[int, s.Expr], None]) -> None:
        self.values: dict[int, s.Expr] = {}
        self.write = write

    def resolve(self, e: s.Expr) -> s.Expr:
        """`e`, over registers, as an expression over places."""
        if not self.values:
            return e

        def present(leaf: s.Expr) -> s.Expr:
            return self.values.get(leaf.index, leaf) if type(leaf) is s.Register else leaf  # type: ignore[arg-type]

        return rebuild(e, present)

    def use(self, e: s.Expr) -> s.Expr:
        """The same, with every value computed first that is more than a constant or a copy."""
        if self.values:
            for n in s.walk(e):
                if isinstance(n, s.Register) and isinstance(n.index, int):
                    value = self.values.get(n.index)
                    if value is not None and not isinstance(value, s.Const | s.Register):
                        self.settle(n.index)
        return self.resolve(e)

    def put_off(self, number: int, value: s.Expr) -> None:
        """From now on the register has this value, which is over places."""
        if source(value) not in (None, number):
            self.overwrite(number)
        if value == s.Register(WORD, number):
            self.values.pop(number, None)
        else:
            self.values[number] = value

    def overwrite(self, number: int) -> None:
        """The place of a register is about to be written: compute what else depends on it."""
        for other in [n for n, value in self.values.items() if n != number and source(value) == number]:
            self.settle(other)

    def assigned(self, number: int) -> None:
        """The place of a register has its present value."""
        self.values.pop(number, None)

    def settle(self, number: int) -> None:
        """Compute a register's value into its place."""
        self.overwrite(number)
        self.write(number, self.values.pop(number))

    def flush(self) -> None:
        """Compute every value."""
        for number, _ in self.held():
            if number in self.values:
                self.settle(number)

    def held(self) -> Held:
        """What is put off: what depends on other places first, since nothing depends on theirs."""
        if not self.values:
            return ()
        own = {n: source(value) in (None, n) for n, value in self.values.items()}
        return tuple(sorted(self.values.items(), key=lambda item: own[item[0]]))
