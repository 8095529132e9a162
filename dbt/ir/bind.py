"""Binding: an instruction's body -> its semantics with operands, pc and processor mode filled in, simplified."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ring1.dbt.ir.fold import binary, extend, fold, part, rebuild
from ring1.dbt.ir.narrow import narrowed
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded
from ring1.isa.file_write import file_write
from ring1.isa.model import WORD, Bits, Handler, Isa
from ring1.isa.record import fields, replace

ONES = (1 << WORD) - 1
CODE = s.Local(WORD, "the word")
"""An instruction word; no description has such a name."""
ONCE = frozenset((s.Load, s.Port, s.Call))
"""Expressions whose value can change from one evaluation to the next."""
NONE_GIVEN: Mapping[str, s.Expr] = {}


class Binder:
    """Binds expressions and statements of an instruction at one place."""

    def __init__(
        self,
        isa: Isa,
        values: dict[str, int],
        word: int,
        pc: int | s.Expr,
        mode: int | None,
        given: Mapping[str, s.Expr] = NONE_GIVEN,
    ) -> None:
        """`given`: operands that are expressions."""
        self.isa = isa
        self.values = values
        self.word = word
        self.pc = pc
        self.given = given
        self.fetched: s.Expr | None = None
        """The word at pc, for a body that asks what has been fetched."""
        self.mode = mode
        """The processor mode, tracked through the body. None where the machine has no modes, or after the body has
        changed it to something unknown."""

    def expr(self, e: s.Expr) -> s.Expr:
        # Frequent cases come first.
        match e:
            case s.Register(width, index):
                number = index if isinstance(index, int) else self.values[index]
                fixed = self.isa.hardwired.get(number)
                return s.Register(width, number) if fixed is None else s.Const(width, fixed)
            case s.Operand(width, name):
                if name in self.given:
                    return part(self.given[name], width - 1, 0)
                return s.Const(width, self.values[name] & (1 << width) - 1)
            case s.Const() | s.Local():
                return e
            case s.Binary(width, op, a, b):
                return binary(op, self.expr(a), self.expr(b), width)
            case s.Load(width, address, size, write):
                return s.Load(width, self.expr(address), size, write)
            case s.Slice(width, s.Control(_, name), hi, lo):
                mode = self.isa.mode
                if mode and self.mode is not None and (name, hi, lo) == (mode.control, mode.bits.hi, mode.bits.lo):
                    return s.Const(width, self.mode)
                return part(self.control(name), hi, lo)
            case s.Slice(_, a, hi, lo):
                return part(self.expr(a), hi, lo)
            case s.Extend(width, a, is_signed):
                return extend(self.expr(a), width, is_signed)
            case s.Pc(width):
                return self.pc if isinstance(self.pc, s.Expr) else s.Const(width, self.pc)
            case s.Word(width):
                return s.Const(width, self.word)
            case s.ControlFile(_, operand):
                return self.control(self.isa.control_numbers[self.values[operand]].name)
            case s.Control(_, name):
                return self.control(name)
            case s.Port(_, port):
                return replace(e, port=self.expr(port))
            case s.Unary(_, _, a):
                return fold(replace(e, a=self.expr(a)))
            case s.Select(_, condition, a, b):
                return fold(replace(e, condition=self.expr(condition), a=self.expr(a), b=self.expr(b)))
            case s.Concat(_, parts):
                return fold(replace(e, parts=tuple(map(self.expr, parts))))
            case s.Call(_, "fetched", ()) if self.fetched is not None:
                return self.fetched
            case s.Call(_, _, args):
                return replace(e, args=tuple(map(self.expr, args)))
        return e

    def control(self, name: str) -> s.Expr:
        """Return a control register with its computed bits as expressions."""
        control = self.isa.controls[name]
        made: s.Expr = s.Control(WORD, name) if control.stored else s.Const(WORD, 0)
        for bits in control.fields:
            if bits.source is not None:
                wide = fold(s.Extend(WORD, self.expr(bits.source), False))
                shifted = fold(s.Binary(WORD, "<<", wide, s.Const(8, bits.lo)))
                made = fold(s.Binary(WORD, "|", made, shifted))
        return made

    def body(self, body: s.Body) -> s.Body:
        made: list[s.Stmt] = []
        for stmt in body:
            made += self.stmt(stmt)
            if made and isinstance(made[-1], s.Raise):
                break  # nothing after it happens
        return tuple(made)

    def stmt(self, stmt: s.Stmt) -> s.Body:
        match stmt:
            case s.SetRegister(index, value):
                number = index if isinstance(index, int) else self.values[index]
                return (s.SetRegister(number, self.expr(value)),)
            case s.SetPc(value):
                return (s.SetPc(self.expr(value)),)
            case s.Let(name, value):
                return (s.Let(name, self.expr(value)),)
            case s.SetControl(s.ControlFile(_, operand), _, _, value):
                return self.body(file_write(self.isa.control_numbers[self.values[operand]], value))
            case s.SetControl(control, hi, lo, value):
                made = s.SetControl(control, hi, lo, self.expr(value))
                self.note(made)
                return (made,)
            case s.Store(address, size, value):
                return (s.Store(self.expr(address), size, self.expr(value)),)
            case s.StorePhysical(address, value):
                return (s.StorePhysical(self.expr(address), self.expr(value)),)
            case s.Out(port, value):
                return (s.Out(self.expr(port), self.expr(value)),)
            case s.Raise(cause, value):
                return (s.Raise(self.expr(cause), self.expr(value)),)
            case s.Flush(addresses):
                return (s.Flush(tuple(map(self.expr, addresses))),)
            case s.If(condition, then, otherwise):
                test = self.expr(condition)
                if isinstance(test, s.Const):
                    return self.body(then if test.value else otherwise)
                before = self.mode
                first = self.body(then)
                after, self.mode = self.mode, before
                second = self.body(otherwise)
                self.mode = self.mode if self.mode == after else None
                return (s.If(test, first, second),)
        return (stmt,)

    def note(self, write: s.SetControl) -> None:
        """Track the mode through a write to the control register that holds it."""
        mode = self.isa.mode
        if mode and write.control == s.Control(WORD, mode.control):
            if (write.hi, write.lo) == (mode.bits.hi, mode.bits.lo) and isinstance(write.value, s.Const):
                self.mode = write.value.value
            elif write.hi >= mode.bits.lo and write.lo <= mode.bits.hi:
                self.mode = None


def bind(isa: Isa, decoded: Decoded, word: int, pc: int, mode: int) -> s.Body:
    """Return the bound body of the instruction `word` at `pc` in a processor mode."""
    known = mode if isa.mode else None
    binder = Binder(isa, dict(decoded.values), word, pc, known)
    return forward(narrowed(isa, binder.body(decoded.instruction.body)))


def bind_varying(isa: Isa, decoded: Decoded, pc: int, mode: int, bits: int) -> tuple[int, s.Body] | None:
    """Return the bound body of an instruction with a constant operand that is taken from the word CODE, and the mask of
    that operand in the word. None if no operand has these bits of the word and is there in one piece, or if other words
    may be other instructions."""
    if decoded.instruction.refined:
        return None
    at, places = 8 * decoded.instruction.size, dict[str, list[tuple[int, int, int]]]()
    for part_ in decoded.instruction.parts:
        at -= part_.width
        if part_.operand is not None:
            places.setdefault(part_.operand, []).append((at, part_.width, part_.lo))
    for operand in decoded.instruction.operands:
        (at, width, lo), *more = places[operand.name]
        mask = (1 << width) - 1 << at
        if operand.kind in ("signed", "unsigned") and not (more or lo or bits & ~mask) and operand.width == width:
            value = extend(part(CODE, at + width - 1, at), WORD, operand.kind == "signed")
            known = mode if isa.mode else None
            binder = Binder(isa, dict(decoded.values), 0, pc, known, {operand.name: value})
            return mask, binder.body(decoded.instruction.body)
    return None


def bind_undefined(isa: Isa, word: int, pc: int, mode: int) -> s.Body:
    """Return the bound body of executing a word that is no instruction."""
    handler = isa.undefined
    assert handler is not None
    return Binder(isa, {}, word, pc, mode if isa.mode else None).body(handler.body)


def bind_trap(
    isa: Isa, cause: s.Expr, value: s.Expr, pc: int | s.Expr, mode: int | None
) -> tuple[s.Expr | None, s.Body]:
    """Return the condition under which a trap at `pc` has no handler (None: never), and the bound body of taking it in
    a mode (None: the one that the processor status says)."""
    handler = isa.trap
    assert handler is not None
    present = given(handler, cause, value)
    binder = Binder(isa, {}, 0, pc, mode if isa.mode else None)
    unless = None if handler.unless is None else binder.expr(rebuild(handler.unless, present))
    return unless, binder.body(tuple(substitute(stmt, present) for stmt in handler.body))


def bind_exit(isa: Isa, cause: s.Expr, value: s.Expr, pc: int | s.Expr, mode: int | None) -> s.Expr:
    """Return the condition under which a trap at `pc`, in a mode as above, is an exit."""
    if isa.exit is None or isa.exit.when is None:
        return s.Const(1, 0)
    binder = Binder(isa, {}, 0, pc, mode if isa.mode else None)
    return binder.expr(rebuild(isa.exit.when, given(isa.exit, cause, value)))


def bind_exit_body(
    isa: Isa, cause: s.Expr, value: s.Expr, pc: int | s.Expr, mode: int | None, fetched: s.Expr | None
) -> s.Body:
    """Return the bound body of an exit. `fetched`: the word at pc; None if it is not known."""
    assert isa.exit is not None
    present = given(isa.exit, cause, value)
    binder = Binder(isa, {}, 0, pc, mode if isa.mode else None)
    binder.fetched = fetched
    return binder.body(tuple(substitute(stmt, present) for stmt in isa.exit.body))


def given(handler: Handler, cause: s.Expr, value: s.Expr) -> Callable[[s.Expr], s.Expr]:
    """Return a function that gives a trap's handler, or an exit's, its parameters."""
    known = dict(zip(handler.parameters, (cause, value), strict=True))
    return lambda leaf: known.get(leaf.name, leaf) if isinstance(leaf, s.Local) else leaf


def written_out(isa: Isa, e: s.Expr) -> s.Expr:
    """Return an expression over control registers as one over their stored bits."""
    return Binder(isa, {}, 0, 0, None).expr(e)


def rebuild_fields(e: s.Expr, named: Iterable[Bits], whole: s.Expr) -> s.Expr:
    """Return an expression over the fields of a word as one over the word."""
    fields_of = {bits.name: s.Slice(bits.hi - bits.lo + 1, whole, bits.hi, bits.lo) for bits in named}

    def present(leaf: s.Expr) -> s.Expr:
        return fields_of.get(leaf.name, leaf) if isinstance(leaf, s.Local) else leaf

    return rebuild(e, present)


def substitute(stmt: s.Stmt, present: Callable[[s.Expr], s.Expr]) -> s.Stmt:
    """Return the statement with each leaf of its expressions replaced by `present` of it."""
    if isinstance(stmt, s.If):
        then, otherwise = (tuple(substitute(inner, present) for inner in b) for b in (stmt.then, stmt.otherwise))
        return s.If(rebuild(stmt.condition, present), then, otherwise)
    parts = {name: getattr(stmt, name) for name in fields(type(stmt)) if name != "control"}
    return replace(stmt, **{name: rebuild(e, present) for name, e in parts.items() if isinstance(e, s.Expr)})


def forward(body: s.Body) -> s.Body:
    """Drop each `let` whose value can as well be computed in the one statement that merely copies it."""
    made = list(body)
    for i, stmt in enumerate(made):
        if type(stmt) is not s.Let or s.has(ONCE, stmt):
            continue
        rest = made[i + 1 :]
        local = s.Local(stmt.value.width, stmt.name)
        takers = [j for j, r in enumerate(rest) if isinstance(r, s.SetPc | s.SetRegister) and r.value == local]
        read = {n.index for n in s.walk(stmt) if isinstance(n, s.Register)}
        written = {n.index for n in s.walk(*rest) if isinstance(n, s.SetRegister)}
        fixed = not read & written and not any(isinstance(n, s.Control) for n in s.walk(stmt))
        if fixed and len(takers) == sum(n == local for n in s.walk(*rest)) == 1:
            rest[takers[0]] = replace(rest[takers[0]], value=stmt.value)
            return forward((*made[:i], *rest))
    return tuple(made)
