"""Partial evaluation of bodies for a known processor mode."""

from __future__ import annotations

from collections.abc import Callable

from ring1.isa import semantics as s
from ring1.isa.model import WORD, Bits, Control, Isa
from ring1.isa.record import replace
from ring1.isa.simplify import folded, implied, pure, rebuilt
from ring1.isa.virtual import read, written


class Specialization:
    """Specializes bodies to a processor mode.

    `mode` is None on a machine without modes, or once the body has set it to an unknown value.
    """

    def __init__(self, isa: Isa, mode: int | None) -> None:
        self.isa = isa
        self.mode = mode
        self.locals: dict[str, s.Expr] = {}
        """Name -> its value: a constant, or a let with a unique name."""
        self.lets: dict[str, int] = {}
        self.fields: dict[s.Expr, s.Expr] = {}
        """Fields of control registers whose values are known on the current path, from tests and assignments."""

    def body(self, body: s.Body) -> s.Body:
        made: list[s.Stmt] = []
        for stmt in body:
            made += self.stmt(stmt)
            if made and s.always_traps((made[-1],)):
                break  # what follows is unreachable
        return tuple(made)

    def stmt(self, stmt: s.Stmt) -> s.Body:
        match stmt:
            case s.Let(name, value):
                known = self.expr(value)
                if isinstance(known, s.Const):
                    self.locals[name] = known
                    return ()
                own = f"{name}'{self.lets[name]}" if name in self.locals and name in self.lets else name
                self.lets[name] = self.lets.get(name, 0) + 1
                self.locals[name] = s.Local(known.width, own)
                return (s.Let(own, known),)
            case s.SetControl(control, hi, lo, value):
                writes = self.by_fields(s.SetControl(control, hi, lo, self.expr(value)))
                for write in writes:
                    self.note(write)
                return writes
            case s.If(condition, then, otherwise):
                test = self.expr(condition)
                if isinstance(test, s.Const):
                    return self.body(then if test.value else otherwise)
                before, lets, here = self.mode, dict(self.locals), dict(self.fields)
                self.fields |= implied(test, True)
                first = self.body(then)
                after, self.mode, self.locals = self.mode, before, dict(lets)
                there, self.fields = self.fields, here | implied(test, False)
                second = self.body(otherwise)
                self.locals = lets
                # Afterwards is known what is known on every path that reaches here.
                if s.always_traps(second):
                    self.mode, self.fields = after, there
                elif not s.always_traps(first):
                    self.mode = self.mode if self.mode == after else None
                    self.fields = dict(self.fields.items() & there.items())
                return (s.If(test, first, second),)
        done = rebuilt(stmt, self.expr)
        if isinstance(stmt, s.SetRegister):
            self.fields = {e: value for e, value in self.fields.items() if not s.has(frozenset((s.Register,)), value)}
        return (done,)

    def by_fields(self, write: s.SetControl) -> tuple[s.SetControl, ...]:
        """Split a write into writes to each field, without those that change nothing. It stays whole if the value of
        one field depends on another, or if it does more than read registers."""
        whole = (write,)
        if not isinstance(write.control, s.Control) or not pure(write.value):
            return whole
        control, made = self.isa.controls[write.control.name], list[s.SetControl]()
        for f in control.fields:
            hi, lo = min(f.hi, write.hi), max(f.lo, write.lo)
            if hi < lo or f.source is not None or control.readonly:
                continue
            width = hi - lo + 1
            value = folded(s.Slice(width, write.value, hi - write.lo, lo - write.lo))
            if read(self.isa, (value,)).get(control.name, 0) & ~f.mask:
                return whole
            if value != folded(s.Slice(width, self.field(control.name, f, self.mode), hi - f.lo, lo - f.lo)):
                made.append(s.SetControl(write.control, hi, lo, value))
        return tuple(made)

    def note(self, write: s.SetControl) -> None:
        """Update the known mode and fields for a write to a control register."""
        reached = written(self.isa, write)
        self.fields = {
            e: value for e, value in self.fields.items() if not read(self.isa, (e, value)).keys() & reached.keys()
        }
        if isinstance(write.control, s.Control) and pure(write.value):
            name = write.control.name
            exact = any((f.hi, f.lo) == (write.hi, write.lo) for f in self.isa.controls[name].fields)
            if exact and name not in read(self.isa, (write.value,)):
                self.fields[s.Slice(write.value.width, write.control, write.hi, write.lo)] = write.value
        mode = self.isa.mode
        if mode is None or not written(self.isa, write).get(mode.control, 0) & mode.bits.mask:
            return
        exact = isinstance(write.control, s.Control) and (write.hi, write.lo) == (mode.bits.hi, mode.bits.lo)
        self.mode = write.value.value if exact and isinstance(write.value, s.Const) else None

    def expr(self, e: s.Expr) -> s.Expr:
        match e:
            case s.Local(_, name):
                return self.locals.get(name, e)
            case s.Operand(width, name) if self.isa.operands[name].width < width:
                operand = self.isa.operands[name]
                return s.Extend(width, s.Operand(operand.width, name), operand.kind == "signed")
            case s.Control(_, name):
                return self.bits(name, WORD - 1, 0)
            case s.Slice(_, s.Control(_, name), hi, lo):
                return self.bits(name, hi, lo)
            case s.ControlFile(width, operand):
                files = (self.bits(c.name, WORD - 1, 0) for c in self.isa.control_numbers.values())
                return s.Call(width, f"csr[{operand}]", tuple(files))
            case s.Call(_, "physical", args) if self.mode is not None and self.paged():
                return replace(e, args=(*map(self.expr, args), s.Const(8, self.first_like(self.mode))))
        return folded(rebuilt(e, self.expr))

    def paged(self) -> bool:
        """Can paging be on here?"""
        return self.isa.paging is not None and self.expr(self.isa.paging.when) != s.Const(1, 0)

    def first_like(self, mode: int) -> int:
        """Return the first mode in which addresses mean the same as in this one."""
        p = self.isa.paging
        rights = (p.load.when, p.root, p.load.denied, p.invalid, p.leaf, p.load.allowed) if p else ()
        means = [tuple(map(Specialization(self.isa, m).expr, rights)) for m in range(mode + 1)]
        return means.index(means[mode])

    def bits(self, name: str, hi: int, lo: int) -> s.Expr:
        """Return bits hi..lo of a control register, field by field, with the mode known and computed bits expanded."""
        return assembled(self.isa.controls[name], hi, lo, lambda f: self.field(name, f, self.mode))

    def field(self, name: str, f: Bits, known: int | None) -> s.Expr:
        """Return a field in mode `known`."""
        mode, width = self.isa.mode, f.hi - f.lo + 1
        if f.source is not None:
            return self.expr(f.source)
        if mode and known is not None and (name, f) == (mode.control, mode.bits):
            return s.Const(width, known)
        made = s.Slice(width, s.Control(WORD, name), f.hi, f.lo)
        return self.fields.get(made, made)


def assembled(control: Control, hi: int, lo: int, field: Callable[[Bits], s.Expr]) -> s.Expr:
    """Return bits hi..lo of a control register, from the value of each field; bits of no field are 0."""
    parts: list[s.Expr] = []
    at = hi
    for f in sorted(control.fields, key=lambda f: -f.hi):
        top, bottom = min(f.hi, hi), max(f.lo, lo)
        if top < bottom:
            continue
        if at > top:
            parts.append(s.Const(at - top, 0))
        parts.append(folded(s.Slice(top - bottom + 1, field(f), top - f.lo, bottom - f.lo)))
        at = bottom - 1
    if at >= lo:
        parts.append(s.Const(at - lo + 1, 0))
    return parts[0] if len(parts) == 1 else folded(s.Concat(hi - lo + 1, tuple(parts)))
