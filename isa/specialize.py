"""Bodies of instructions with the processor mode known, and simplified by what that decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from isa import semantics as s
from isa.model import WORD, Bits, Isa
from isa.python import control_bits, ones, pure_function
from isa.record import fields, replace

Node = TypeVar("Node", s.Expr, s.Stmt)


class Specialization:
    """Bodies with the processor mode known, as far as that decides anything.

    `mode` is None where there are no modes, or once the body has changed it to something unknown.
    """

    def __init__(self, isa: Isa, mode: int | None) -> None:
        self.isa = isa
        self.mode = mode
        self.locals: dict[str, s.Const] = {}
        p = isa.paging
        rights = [p.when, p.root, p.denied, p.invalid, p.leaf, p.load.allowed] if p else []
        used = control_bits(isa, *rights).get(isa.mode.control, 0) if isa.mode else 0
        self.mapped_by_mode = isa.mode is not None and bool(used & isa.mode.bits.mask)

    def body(self, body: s.Body) -> s.Body:
        made: list[s.Stmt] = []
        for stmt in body:
            made += self.stmt(stmt)
            if made and s.always_traps((made[-1],)):
                break  # nothing after it happens
        return tuple(made)

    def stmt(self, stmt: s.Stmt) -> s.Body:
        match stmt:
            case s.Let(name, value):
                known = self.expr(value)
                self.locals.pop(name, None)
                if isinstance(known, s.Const):
                    self.locals[name] = known
                    return ()
                return (s.Let(name, known),)
            case s.SetControl(control, hi, lo, value):
                made = s.SetControl(control, hi, lo, self.expr(value))
                self.note(made)
                return (made,)
            case s.If(condition, then, otherwise):
                test = self.expr(condition)
                if isinstance(test, s.Const):
                    return self.body(then if test.value else otherwise)
                before, lets = self.mode, dict(self.locals)
                first = self.body(then)
                after, self.mode, self.locals = self.mode, before, dict(lets)
                second = self.body(otherwise)
                self.locals = lets
                # The mode behind it, by the ways that get there.
                if s.always_traps(second):
                    self.mode = after
                elif not s.always_traps(first) and self.mode != after:
                    self.mode = None
                return (s.If(test, first, second),)
        return (rebuilt(stmt, self.expr),)

    def note(self, write: s.SetControl) -> None:
        """Keep track of the mode through a write to the control register that holds it."""
        mode = self.isa.mode
        if mode is None or not written(self.isa, write).get(mode.control, 0) & mode.bits.mask:
            return
        exact = isinstance(write.control, s.Control) and (write.hi, write.lo) == (mode.bits.hi, mode.bits.lo)
        self.mode = write.value.value if exact and isinstance(write.value, s.Const) else None

    def expr(self, e: s.Expr) -> s.Expr:
        match e:
            case s.Local(_, name):
                return self.locals.get(name, e)
            case s.Control(_, name):
                return self.bits(name, WORD - 1, 0)
            case s.Slice(_, s.Control(_, name), hi, lo):
                return self.bits(name, hi, lo)
            case s.ControlFile(width, operand):
                files = (self.bits(c.name, WORD - 1, 0) for c in self.isa.control_numbers.values())
                return s.Call(width, f"csr[{operand}]", tuple(files))
            case s.Call(_, "physical", args) if self.mapped_by_mode and self.mode is not None:
                return replace(e, args=(*map(self.expr, args), s.Const(8, self.mode)))
        return folded(rebuilt(e, self.expr))

    def bits(self, name: str, hi: int, lo: int) -> s.Expr:
        """Bits hi..lo of a control register, field by field: the mode known, computed ones as they are computed."""
        parts: list[s.Expr] = []
        at = hi
        for f in sorted(self.isa.controls[name].fields, key=lambda f: -f.hi):
            top, bottom = min(f.hi, hi), max(f.lo, lo)
            if top < bottom:
                continue
            if at > top:
                parts.append(s.Const(at - top, 0))
            parts.append(folded(s.Slice(top - bottom + 1, self.field(name, f), top - f.lo, bottom - f.lo)))
            at = bottom - 1
        if at >= lo:
            parts.append(s.Const(at - lo + 1, 0))
        return parts[0] if len(parts) == 1 else folded(s.Concat(hi - lo + 1, tuple(parts)))

    def field(self, name: str, f: Bits) -> s.Expr:
        mode, width = self.isa.mode, f.hi - f.lo + 1
        if f.source is not None:
            return self.expr(f.source)
        if mode and self.mode is not None and (name, f) == (mode.control, mode.bits):
            return s.Const(width, self.mode)
        return s.Slice(width, s.Control(WORD, name), f.hi, f.lo)


def rebuilt(node: Node, change: Callable[[s.Expr], s.Expr]) -> Node:
    """The node with `change` made of each expression directly below it."""
    changed: dict[str, object] = {}
    for name in fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, s.Expr):
            changed[name] = change(value)
        elif isinstance(value, tuple):
            changed[name] = tuple(map(change, value))
    return replace(node, **changed) if changed else node


def folded(e: s.Expr) -> s.Expr:
    """A constant where the parts are, and the choice or the logic that constants decide."""
    match e:
        case s.Select(_, s.Const(_, value), a, b):
            return a if value else b
        case s.Slice(width, a, _, _) if width == a.width:
            return a
        case s.Slice(width, s.Slice(_, a, _, inner), hi, lo):
            return folded(s.Slice(width, a, hi + inner, lo + inner))
        case s.Binary(width, "&" | "|" as op, a, b):
            for one, other in ((a, b), (b, a)):
                if isinstance(one, s.Const) and one.value in (0, ones(width)):
                    return one if (op == "&") == (one.value == 0) else other
    below = s.children(e)
    if below and all(isinstance(n, s.Const) for n in below) and not isinstance(e, s.Load | s.Port | s.Call):
        return s.Const(e.width, int(pure_function((), e)()))
    return e


def written(isa: Isa, write: s.SetControl) -> dict[str, int]:
    """The bits that a write reaches, by control register."""
    if isinstance(write.control, s.Control):
        control = isa.controls[write.control.name]
        return {control.name: control.writable & mask_of(write.hi, write.lo)}
    return {control.name: control.writable for control in isa.control_numbers.values()}


def mask_of(hi: int, lo: int) -> int:
    return (1 << hi + 1) - (1 << lo)
