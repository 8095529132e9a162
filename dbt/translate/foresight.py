"""What is settled of an instruction before it changes anything, so that it can still be left to the interpreter: which
pages it accesses by physical address, and whether it flushes the TLB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ring1.dbt.host.target import Unsupported
from ring1.dbt.ir.fold import fold, possible, rebuild
from ring1.dbt.machine.memory import PAGE
from ring1.isa import semantics as s

CONCERNED = frozenset((s.StorePhysical, s.Flush, s.Call))
"""What has to be foreseen, and calls, which may be loads from physical memory."""
MEMORY, STORES = frozenset((s.Load, s.Store)), frozenset((s.Store, s.StorePhysical))
INCONSTANT = frozenset((s.Load, s.Port, s.Call))
TRUE = s.Const(1, 1)
Known = Mapping[str, s.Expr]
"""Name -> its value over the state before the instruction, as far as that is known."""


class Flushing(NamedTuple):
    """A flush, and the innermost condition on which it depends."""

    condition: s.Expr
    flush: s.Flush


class Foresight:
    """What a body accesses by physical address, and flushes. Raises Unsupported where the state before the body does
    not say what that will be."""

    def __init__(self, body: s.Body, all_loads: bool) -> None:
        """`all_loads`: those count as well that come before all changes."""
        self.pages: dict[s.Expr, bool] = {}
        """Address in a page -> whether something is stored there; else it is loaded from."""
        self.flushes: list[Flushing] = []
        self.written: set[str | int] = set()
        """The control registers and registers written so far."""
        self.changed = all_loads
        self.stores = s.has(STORES, *body)
        if s.has(MEMORY, *body) and any(isinstance(n, s.StorePhysical) for n in s.walk(*body)):
            raise Unsupported("two kinds of accesses")
        self.follow(body, {}, TRUE)

    def follow(self, body: s.Body, known: Known, condition: s.Expr) -> None:
        """Go through statements that are executed under a condition."""
        for stmt in body:
            if isinstance(stmt, s.If):
                self.loads(stmt.condition, known)
                self.follow(stmt.then, known, stmt.condition)
                self.follow(stmt.otherwise, known, fold(s.Unary(1, "!", stmt.condition)))
                continue
            self.loads(stmt, known)
            match stmt:
                case s.Let(name, value):
                    known = {**known, name: self.before(value, known)} if self.fixed(value, known) else known
                case s.StorePhysical(address, _):
                    self.reach(address, known, True)
                case s.Flush(addresses):
                    if not all(map(self.unchanged, (condition, *addresses))):
                        raise Unsupported("flush")
                    self.flushes.append(Flushing(condition, stmt))
                case s.SetControl(s.Control(_, name)):
                    self.written.add(name)
                case s.SetRegister(int(number)):
                    self.written.add(number)
            self.changed = self.changed or not isinstance(stmt, s.Let | s.Raise | s.Flush)

    def loads(self, node: s.Node, known: Known) -> None:
        """Reach what is loaded at and below a node."""
        if self.changed:
            for n in s.walk(node):
                if isinstance(n, s.Call) and n.name == "phys":
                    self.reach(n.args[0], known, False)

    def reach(self, address: s.Expr, known: Known, stores: bool) -> None:
        if not self.fixed(address, known):
            raise Unsupported("an address that is known too late")
        place = page(self.before(address, known))
        self.pages[place] = self.pages.get(place, False) or stores

    def unchanged(self, e: s.Expr) -> bool:
        """Is nothing written so far that an expression reads?"""
        nodes = s.walk(e)
        read = {n.name for n in nodes if isinstance(n, s.Control)}
        return self.written.isdisjoint(read | {n.index for n in nodes if isinstance(n, s.Register)})

    def fixed(self, e: s.Expr, known: Known) -> bool:
        """Does the state before the instruction say what a value is?"""
        named = {n.name for n in s.walk(e) if isinstance(n, s.Local)}
        return self.unchanged(e) and not s.has(INCONSTANT, e) and named <= known.keys()

    @staticmethod
    def before(e: s.Expr, known: Known) -> s.Expr:
        """Return a value over the state before the instruction."""
        return resolved(e, known)


def resolved(e: s.Expr, known: Known) -> s.Expr:
    """Return an expression with the names that are known exchanged."""
    return rebuild(e, lambda leaf: known.get(leaf.name, leaf) if isinstance(leaf, s.Local) else leaf)


def page(address: s.Expr) -> s.Expr:
    """Return an address in the page of a physical address, the page's own if it can be told."""
    match address:
        case s.Binary(_, "+", base, offset) if not possible(base) & PAGE - 1 and possible(offset) < PAGE:
            return base
    return address


def changeless(body: s.Body) -> int:
    """Return how many statements at the beginning of a body do nothing but to name values and to trap."""
    return next((n for n, stmt in enumerate(body) if not (isinstance(stmt, s.Let) or refuses(stmt))), len(body))


def refuses(stmt: s.Stmt) -> bool:
    """Does a statement nothing but to trap, if it does anything?"""
    return isinstance(stmt, s.If) and all(isinstance(n, s.Raise) for n in (*stmt.then, *stmt.otherwise))
