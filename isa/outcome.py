"""Symbolic execution of an instruction in one mode, over the state before it: whether it traps, what it asks of memory
and devices, and what registers hold afterwards.

Where operands may name the same register, each such case has an outcome of its own. Outcomes are normalized, so that
two that cannot be told apart (see isa/virtual.py) compare equal, as far as what is known of values shows
(isa/known.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.codec import alignment
from ring1.isa.demand import needed, set_ever
from ring1.isa.derived import derived
from ring1.isa.file_write import file_write
from ring1.isa.known import FALSE, TRUE, Known, any_of, chosen
from ring1.isa.model import WORD, Bits, Control, Instruction, Isa
from ring1.isa.record import Record, replace
from ring1.isa.simplify import folded, pure, rebuilt
from ring1.isa.specialize import Specialization, assembled

Target = tuple[str, str, int, int]
"""An assignable place: its kind, its name or number, and its bits hi and lo."""
PC: Target = ("pc", "", WORD - 1, 0)
NEXT = s.Local(WORD, "next pc")
"""The address of the next instruction, to which pc advances unless the body sets it."""
Same = Mapping[str | int, str | int]
"""Registers, by operand or number -> the one that represents all that are the same register; operands that name control
registers -> their numbers."""


class Event(Record):
    """An interaction with something other than registers: memory, a port, waiting, a flush."""

    guard: s.Expr
    """The condition under which it happens."""
    kind: type[s.Node]
    values: tuple[s.Expr, ...]
    """The address or port, and the value written."""
    size: int
    result: str = ""
    """The name of the value read."""


class Outcome(Record):
    trap: s.Expr
    """The condition under which it traps. All traps are equal: the monitor that takes one emulates the instruction."""
    events: tuple[Event, ...]
    finals: tuple[tuple[Target, s.Expr], ...]
    """Places that change -> what they hold afterwards, if it does not trap."""

    @property
    def always_traps(self) -> bool:
        return self.trap == TRUE

    def without(self, *targets: Target) -> Outcome:
        """Return the outcome without some targets."""
        return replace(self, finals=tuple(final for final in self.finals if final[0] not in targets))

    def untrapped(self, known: Known) -> Outcome:
        """Return the outcome where it does not trap. `known` is what is known before the instruction."""
        return Outcome(FALSE, tuple(happening(known.where(self.trap, False), self.events)), self.finals)


def outcomes(isa: Isa, insn: Instruction, mode: int | None) -> list[tuple[Same, Outcome]]:
    """Return the outcomes of an instruction in a mode: one for each control register that it may name and each way in
    which its operands may name the same register, with these names."""
    found, known = list[tuple[Same, Outcome]](), beginning(isa, insn)
    for number, body in by_control(isa, insn):
        special = Specialization(isa, mode).body(body)
        for registers in aliases(body):
            same: Same = {**registers, **number}
            found.append((same, Execution(isa, mode, same, known).outcome(special)))
    return found


# --- What operands may name ------------------------------------------------------------------


def by_control(isa: Isa, insn: Instruction) -> list[tuple[Same, s.Body]]:
    """Return an instruction's bodies, one for each control register that an operand may name, with its number fixed."""
    bodies: list[tuple[Same, s.Body]] = [({}, insn.body)]
    for operand in insn.operands:
        if operand.kind == "control":
            bodies = [
                ({**same, operand.name: number}, named(body, operand.name, number, control))
                for same, body in bodies
                for number, control in isa.control_numbers.items()
            ]
    return bodies


def named(body: s.Body, operand: str, number: int, control: Control) -> s.Body:
    """Return a body in which an operand names the control register of this number."""

    def expr(e: s.Expr) -> s.Expr:
        match e:
            case s.ControlFile(_, called) if called == operand:
                return s.Control(WORD, control.name)
            case s.Operand(width, called) if called == operand:
                return s.Const(width, number)
        return rebuilt(e, expr)

    def within(body: s.Body) -> s.Body:
        return tuple(chain.from_iterable(map(stmt, body)))

    def stmt(made: s.Stmt) -> s.Body:
        match made:
            case s.If(condition, then, otherwise):
                return (s.If(expr(condition), within(then), within(otherwise)),)
            case s.SetControl(s.ControlFile(_, called), _, _, value) if called == operand:
                return file_write(control, expr(value))
        return (rebuilt(made, expr),)

    return within(body)


def aliases(body: s.Body) -> Iterator[Same]:
    """Yield the ways in which the registers that a body names may coincide, as far as that makes a difference."""
    names: list[str | int] = []
    if told_apart(body, set()):
        names += dict.fromkeys(n.index for n in s.walk(*body) if isinstance(n, s.Register | s.SetRegister))
    for blocks in partitions(names):
        if all(sum(isinstance(name, int) for name in block) < 2 for block in blocks):
            yield {name: block[0] for block in blocks for name in block}


def told_apart(body: s.Body, written: set[str | int]) -> bool:
    """Does a body read a register after an assignment to another, or assign to two? `written` holds those assigned
    before it, and its own are added."""
    for stmt in body:
        nodes = s.walk(stmt.condition if isinstance(stmt, s.If) else stmt)
        if any(isinstance(n, s.Register) and written - {n.index} for n in nodes):
            return True
        if isinstance(stmt, s.If) and (told_apart(stmt.then, written) or told_apart(stmt.otherwise, written)):
            return True
        written |= {n.index for n in nodes if isinstance(n, s.SetRegister)}
    return len(written) > 1


def partitions(names: Sequence[str | int]) -> Iterator[list[list[str | int]]]:
    """Yield all partitions of the names into blocks."""
    if not names:
        yield []
        return
    first, rest = names[0], names[1:]
    for blocks in partitions(rest):
        yield [[first], *blocks]
        for n, block in enumerate(blocks):
            yield [*blocks[:n], [first, *block], *blocks[n + 1 :]]


# --- Execution -------------------------------------------------------------------------------


class Execution:
    """Executes one body symbolically, on a state of which nothing but the mode is known."""

    def __init__(self, isa: Isa, mode: int | None, same: Same, known: Known) -> None:
        self.isa = isa
        self.mode = mode
        self.same = same
        self.state: dict[Target, s.Expr] = {}
        self.locals: dict[str, s.Expr] = {}
        self.events: list[Event] = []
        self.guard: s.Expr = TRUE
        self.start = self.known = known
        """What the tests on the current path have established."""

    def outcome(self, body: s.Body) -> Outcome:
        trap = self.body(body)
        events = tuple(happening(self.start, self.events))
        if trap == TRUE:
            return Outcome(TRUE, events, ())
        known = self.start.where(trap, False)
        finals = {target: plain(known, value) for target, value in self.state.items()}
        changed = tuple(sorted((t, value) for t, value in finals.items() if value != self.before(t)))
        return Outcome(trap, events, changed)

    def body(self, body: s.Body) -> s.Expr:
        """Execute a body. Returns the condition under which it traps, given that it is reached."""
        trap: s.Expr = FALSE
        outer, known = self.guard, self.known
        for stmt in body:
            ends = self.stmt(stmt)
            if ends != FALSE:
                trap = known.decided(either(trap, ends))
                going_on = folded(s.Unary(1, "!", ends))
                self.guard, self.known = both(self.guard, going_on), self.known.where(ends, False)
            if trap == TRUE or ends == TRUE:
                trap = TRUE
                break
        self.guard, self.known = outer, known
        return trap

    def stmt(self, stmt: s.Stmt) -> s.Expr:
        """Execute a statement. Returns the condition under which it traps."""
        match stmt:
            case s.Let(name, value):
                self.locals[name] = self.value(value)
            case s.SetRegister(index, value):
                made, register = self.value(value), self.same.get(index, index)
                if not (isinstance(register, int) and register in self.isa.hardwired):
                    self.state["register", str(register), WORD - 1, 0] = made
            case s.SetPc(value):
                self.state[PC] = self.value(value)
            case s.SetControl(s.Control(_, name), hi, lo, value):
                self.write(name, hi, lo, self.value(value))
            case s.Store(address, size, value):
                self.happens(s.Store, (self.value(address), self.value(value)), size)
            case s.StorePhysical(address, value):
                self.happens(s.StorePhysical, (self.value(address), self.value(value)))
            case s.Out(port, value):
                self.happens(s.Out, (self.value(port), self.value(value)))
            case s.Wait():
                self.happens(s.Wait)
            case s.Flush(addresses) if self.isa.paging:
                self.happens(s.Flush, tuple(map(self.value, addresses)))
            case s.Raise(_, value):
                self.value(value)
                return TRUE
            case s.If(condition, then, otherwise):
                return self.branch(self.known.decided(self.value(condition)), then, otherwise)
        return FALSE

    def branch(self, test: s.Expr, then: s.Body, otherwise: s.Body) -> s.Expr:
        """Execute one of two bodies. Returns the condition under which it traps."""
        if isinstance(test, s.Const):
            return self.body(then if test.value else otherwise)
        before, guard, known, names = dict(self.state), self.guard, self.known, dict(self.locals)
        ways, traps = [], []
        for way, holds in ((then, True), (otherwise, False)):
            self.state, self.locals = dict(before), dict(names)
            self.guard, self.known = both(guard, test if holds else negated(test)), known.where(test, holds)
            traps.append(self.body(way))
            ways.append(self.state)
        self.guard, self.known, self.locals = guard, known, names
        if TRUE in traps:
            self.state = ways[traps[0] == TRUE]
        else:
            self.state = {
                target: known.simplified(chosen(value.width, test, *(way.get(target, value) for way in ways)))
                for target in dict.fromkeys((*ways[0], *ways[1]))
                for value in (self.before(target),)
            }
        return known.decided(chosen(1, test, *traps))

    def happens(self, kind: type[s.Node], values: tuple[s.Expr, ...] = (), size: int = 0) -> None:
        self.events.append(Event(self.guard, kind, values, size))

    # --- Values --------------------------------------------------------------------------

    def value(self, e: s.Expr) -> s.Expr:
        """Return the current value of an expression over the state before the instruction."""
        return self.known.simplified(self.here(e))

    def here(self, e: s.Expr) -> s.Expr:
        match e:
            case s.Local(_, name):
                return self.locals.get(name, e)
            case s.Register(_, index):
                register = self.same.get(index, index)
                if isinstance(register, int) and register in self.isa.hardwired:
                    return s.Const(WORD, self.isa.hardwired[register])
                place = "register", str(register), WORD - 1, 0
                return self.state.get(place, self.before(place))
            case s.Control(_, name):
                return self.bits(name, WORD - 1, 0)
            case s.Slice(_, s.Control(_, name), hi, lo):
                return self.bits(name, hi, lo)
            case s.Load(width, address, size, write):
                return self.read(s.Store if write else s.Load, width, self.here(address), size)
            case s.Port(width, port):
                return self.read(s.Port, width, self.here(port))
            case s.Select(width, condition, a, b) if not (pure(a) and pure(b)):
                test, guard = self.here(condition), self.guard
                ways = []
                for way, here in ((a, test), (b, negated(test))):
                    self.guard = both(guard, here)
                    ways.append(self.here(way))
                self.guard = guard
                return chosen(width, test, *ways)
            case s.Call(_, "physical", args):
                # Earlier writes may have changed what an address means.
                written = [value for target, value in self.state.items() if target[0] == "control"]
                return replace(e, args=(*map(self.here, args), *written))
        return folded(rebuilt(e, self.here))

    def read(self, kind: type[s.Node], width: int, at: s.Expr, size: int = 0) -> s.Local:
        """Return a fresh value, of which nothing is known, for a read of memory or of a port."""
        name = f"{PORT if kind is s.Port else MEMORY}{len(self.events)}"
        self.events.append(Event(self.guard, kind, (at,), size, name))
        return s.Local(width, name)

    def bits(self, name: str, hi: int, lo: int) -> s.Expr:
        """Return the current bits hi..lo of a control register."""
        return assembled(self.isa.controls[name], hi, lo, lambda f: self.field(name, f))

    def field(self, name: str, f: Bits) -> s.Expr:
        place = "control", name, f.hi, f.lo
        return self.state.get(place, self.before(place))

    def write(self, name: str, hi: int, lo: int, value: s.Expr) -> None:
        """Write bits hi..lo of a control register, as far as they are writable."""
        for f in self.isa.controls[name].fields if not self.isa.controls[name].readonly else ():
            top, bottom = min(f.hi, hi), max(f.lo, lo)
            if top < bottom or f.source is not None:
                continue
            old = self.field(name, f)
            parts = [folded(s.Slice(top - bottom + 1, value, top - lo, bottom - lo))]
            if top < f.hi:
                parts.insert(0, folded(s.Slice(f.hi - top, old, f.hi - f.lo, top + 1 - f.lo)))
            if bottom > f.lo:
                parts.append(folded(s.Slice(bottom - f.lo, old, bottom - 1 - f.lo, 0)))
            whole = parts[0] if len(parts) == 1 else folded(s.Concat(old.width, tuple(parts)))
            self.state["control", name, f.hi, f.lo] = whole

    def before(self, target: Target) -> s.Expr:
        """Return the value of a target before the instruction."""
        kind, name, hi, lo = target
        if kind == "pc":
            return NEXT
        if kind == "register":
            return s.Register(WORD, int(name) if name.isdigit() else name)
        m = self.isa.mode
        if m is not None and self.mode is not None and (name, hi, lo) == (m.control, m.bits.hi, m.bits.lo):
            return s.Const(hi - lo + 1, self.mode)
        return folded(s.Slice(hi - lo + 1, s.Control(WORD, name), hi, lo))


PORT, MEMORY = "port ", "memory "
"""Prefixes of the names of values that were read."""


def beginning(isa: Isa, insn: Instruction | None) -> Known:
    """Return what is known before an instruction: that pc is a multiple of the shortest one's length, if nothing can
    make it otherwise, and the omitted low bits of distances."""
    known = operands_known(insn)
    if aligned(isa):
        known.note(s.Pc(WORD), any_of(WORD, -isa.words.least))
    return known


def operands_known(insn: Instruction | None) -> Known:
    known = Known()
    if insn is not None:
        for operand in insn.operands:
            if alignment(insn, operand) > 1:
                known.note(s.Operand(operand.width, operand.name), any_of(operand.width, -alignment(insn, operand)))
    return known


@derived
def aligned(isa: Isa) -> bool:
    """Do reset, every instruction and every trap leave pc a multiple of the shortest instruction's length if it was one
    before?"""
    bodies: list[tuple[s.Body, Instruction | None]] = [(insn.body, insn) for insn in isa.instructions.values()]
    handlers = isa.reset, isa.trap, isa.exit, isa.undefined, *isa.absent
    bodies += [(handler.body, None) for handler in handlers if handler]
    return not any(strays(isa, body, insn) for body, insn in bodies)


def strays(isa: Isa, body: s.Body, insn: Instruction | None) -> bool:
    """Can a body set pc to something other than a multiple of the shortest instruction's length?"""
    if not s.has(frozenset((s.SetPc,)), *body):
        return False
    known = operands_known(insn)
    for place in (s.Pc(WORD), NEXT):
        known.note(place, any_of(WORD, -isa.words.least))
    execution = Execution(isa, None, {}, known)
    execution.body(Specialization(isa, None).body(body))
    return bool(set_ever(known, execution.state.get(PC, NEXT)) & isa.words.least - 1)


def both(a: s.Expr, b: s.Expr) -> s.Expr:
    return folded(s.Binary(1, "&", a, b))


def either(a: s.Expr, b: s.Expr) -> s.Expr:
    return folded(s.Binary(1, "|", a, b))


def negated(a: s.Expr) -> s.Expr:
    return folded(s.Unary(1, "!", a))


def happening(known: Known, events: Sequence[Event]) -> Iterator[Event]:
    """Yield the events that can happen under these facts."""
    for event in events:
        guard = known.decided(event.guard)
        if guard != FALSE:
            there = known.where(guard)
            yield replace(event, guard=guard, values=tuple(plain(there, value) for value in event.values))


def plain(known: Known, e: s.Expr) -> s.Expr:
    """Simplify a value under these facts, without what makes no difference to it."""
    return known.simplified(needed(known.simplified(e), ones(e.width), known))
