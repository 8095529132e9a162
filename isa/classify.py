"""Popek and Goldberg's classification of a machine's instructions, and what follows from it, by analysis of the bodies.

G. J. Popek, R. P. Goldberg, "Formal requirements for virtualizable third generation architectures", CACM 17(7), 1974.
Their state is (E, M, P, R): memory, mode, program counter, relocation-bounds register. Here E is memory as the program
sees it, with the general registers and the control bits that the machine itself has no use for; M is the field that
`mode` names; and R is all else, which a monitor has to keep to itself: see `machine_bits`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import TypeVar

from isa import semantics as s
from isa.model import WORD, Bits, Instruction, Isa
from isa.python import control_bits, ones, pure_function
from isa.record import Record, fields, replace

Node = TypeVar("Node", s.Expr, s.Stmt)

TIMED = ("time()", "reached()")
"""Primitives that show the time, which is no part of the paper's state."""


class Class(Record):
    """What an instruction is. `control`, `location` and `time` say by what; all are empty for a harmless one."""

    name: str
    privileged: bool
    """Traps in every mode but the supervisor's, and never there."""
    control: tuple[str, ...]
    """Parts of M and R that it changes without a trap."""
    mode: tuple[int, ...]
    """Two modes in which it completes and does different things."""
    location: tuple[str, ...]
    """Parts of R that its outcome depends on."""
    user: tuple[str, ...]
    """Which of "control", "mode", "location" it is in user mode."""
    time: tuple[str, ...]

    @property
    def behaviour(self) -> bool:
        return bool(self.mode or self.location)

    @property
    def sensitive(self) -> bool:
        return bool(self.control) or self.behaviour


class Verdict(Record):
    """Does a theorem's condition hold? None if the machine is none that it speaks of. `by`: the instructions in its
    way, or, where it holds, those that its reason is about."""

    theorem: int
    claim: str
    holds: bool | None
    reason: str
    by: tuple[str, ...]


def classify(isa: Isa) -> dict[str, Class]:
    """Every instruction's class, by its name."""
    machine = machine_bits(isa)
    return {name: classified(isa, machine, insn) for name, insn in isa.instructions.items()}


def classified(isa: Isa, machine: Mapping[str, int], insn: Instruction) -> Class:
    modes = range(isa.mode.count) if isa.mode else (0,)
    bodies = {mode: Specialization(isa, mode if isa.mode else None).body(insn.body) for mode in modes}
    done = {mode: completing(body) for mode, body in bodies.items() if not s.always_traps(body)}
    changed = {mode: changes(isa, machine, body, mode) for mode, body in done.items()}
    shown = {mode: shows(isa, machine, body) for mode, body in done.items()}
    compared = {mode: without_mode(isa, body) for mode, body in done.items()}
    differ = [pair for pair in combinations(done, 2) if compared[pair[0]] != compared[pair[1]]]
    privileged, user = False, []
    if isa.mode:
        supervisor, lowest = isa.mode.supervisor, isa.mode.user
        privileged = list(done) == [supervisor] and not any(isinstance(n, s.Trap) for n in s.walk(*bodies[supervisor]))
        if changed.get(lowest):
            user.append("control")
        if any(lowest in pair for pair in differ):
            user.append("mode")
        if shown.get(lowest, set()) - set(TIMED):
            user.append("location")
        # The pair to name: one with both of the paper's modes, if they differ.
        differ.sort(key=lambda pair: (supervisor not in pair) + (lowest not in pair))
    everything = set().union(*shown.values())
    return Class(
        insn.name,
        privileged,
        tuple(sorted(set().union(*changed.values()))),
        differ[0] if differ else (),
        tuple(sorted(everything - set(TIMED))),
        tuple(user),
        tuple(sorted(everything & set(TIMED))),
    )


def verdicts(isa: Isa, classes: Mapping[str, Class]) -> tuple[Verdict, Verdict, Verdict]:
    """What the three theorems say of the machine."""
    claims = (
        "a virtual machine monitor exists if every sensitive instruction is privileged",
        "the machine is recursively virtualizable if that holds and a monitor without timing dependence can be built",
        "a hybrid monitor exists if every user-sensitive instruction is privileged",
    )
    if isa.mode is None:
        reason = f"{isa.name} has no processor mode: the theorem does not speak of it"
        first, second, third = (Verdict(n, claim, None, reason, ()) for n, claim in enumerate(claims, 1))
        return first, second, third
    holes = tuple(c.name for c in classes.values() if c.sensitive and not c.privileged)
    open_to_user = tuple(c.name for c in classes.values() if c.user and not c.privileged)
    clocks = tuple(c.name for c in classes.values() if c.time and not c.privileged)
    because = "sensitive and not privileged"
    if holes:
        recursive = "theorem 1 does not hold"
    elif clocks:
        recursive = (
            "a monitor can be built from traps alone; it must not use what shows the time without a trap, because "
            "in a virtual machine that is the real machine's time"
        )
    else:
        recursive = "no instruction shows the time without trapping"
    return (
        Verdict(1, claims[0], not holes, because if holes else "every sensitive instruction is privileged", holes),
        Verdict(2, claims[1], not holes, recursive, holes or clocks),
        Verdict(
            3,
            claims[2],
            not open_to_user,
            f"user-{because}" if open_to_user else "every user-sensitive instruction is privileged",
            open_to_user,
        ),
    )


# --- The resources -------------------------------------------------------------


def machine_bits(isa: Isa) -> dict[str, int]:
    """M and R as far as they are in control registers: masks by name.

    Those that paging, interrupts and traps read or write, the mode, computed bits and what they are computed from, and
    registers that no program can write. What is left is the running program's, like its general registers.
    """
    masks: dict[str, int] = {}

    def add(found: Mapping[str, int]) -> None:
        for name, mask in found.items():
            masks[name] = masks.get(name, 0) | mask

    if isa.mode:
        add({isa.mode.control: isa.mode.bits.mask})
    if p := isa.paging:
        add(control_bits(p.when, p.root, p.denied, p.invalid, p.leaf))
        add(control_bits(p.fetch.allowed, p.load.allowed, p.store.allowed))
    if i := isa.interrupts:
        add(control_bits(i.enable, i.pending, i.cause, i.value))
    for handler in (isa.trap, isa.undefined, isa.absent):
        if handler:
            add(control_bits(*([handler.unless] if handler.unless else [])))
            for node in s.walk(*handler.body):
                if isinstance(node, s.SetControl) and isinstance(node.control, s.Control):
                    add({node.control.name: mask_of(node.hi, node.lo)})
                    add(control_bits(node.value))
                elif isinstance(node, s.Stmt):
                    add(control_bits(*(n for n in s.children(node) if isinstance(n, s.Expr))))
    for control in isa.controls.values():
        for f in control.fields:
            if f.source is not None:
                add({control.name: f.mask})
                add(control_bits(f.source))
        if control.readonly:
            add({control.name: control.stored})
    return masks


def mask_of(hi: int, lo: int) -> int:
    return (1 << hi + 1) - (1 << lo)


def bits_named(isa: Isa, name: str, mask: int) -> list[str]:
    """What the description calls the bits of a control register."""
    return [name if f.name == name else f"{name}.{f.name}" for f in isa.controls[name].fields if f.mask & mask]


# --- Bodies in a mode ----------------------------------------------------------


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
        used = control_bits(*rights).get(isa.mode.control, 0) if isa.mode else 0
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
        case s.Binary(_, "/u" | "/s" | "%u" | "%s", _, s.Const(_, 0)):
            return e
    below = s.children(e)
    if below and all(isinstance(n, s.Const) for n in below) and not isinstance(e, s.Load | s.Port | s.Call):
        return s.Const(e.width, int(pure_function((), e)()))
    return e


# --- What such a body does -----------------------------------------------------


def completing(body: s.Body) -> s.Body:
    """What a body does where it does not trap: an instruction that traps has changed nothing (see isa.check)."""
    made: list[s.Stmt] = []
    for stmt in body:
        if isinstance(stmt, s.If):
            ways = [completing(way) for way in (stmt.then, stmt.otherwise) if not s.always_traps(way)]
            made += ways[0] if len(ways) == 1 else [s.If(stmt.condition, *ways)]
        else:
            made.append(stmt)
    used: set[str] = set()
    for at in range(len(made) - 1, -1, -1):
        stmt = made[at]
        if isinstance(stmt, s.Let) and stmt.name not in used and not s.has(frozenset((s.Port,)), stmt):
            del made[at]
        else:
            used |= {n.name for n in s.walk(stmt) if isinstance(n, s.Local)}
    return tuple(made)


def written(isa: Isa, write: s.SetControl) -> dict[str, int]:
    """The bits that a write reaches, by control register."""
    if isinstance(write.control, s.Control):
        control = isa.controls[write.control.name]
        return {control.name: control.writable & mask_of(write.hi, write.lo)}
    return {control.name: control.writable for control in isa.control_numbers.values()}


def changes(isa: Isa, machine: Mapping[str, int], body: s.Body, mode: int) -> set[str]:
    """The parts of M and R that a body may change, run in a mode."""
    found: set[str] = set()
    for node in s.walk(*body):
        if isinstance(node, s.SetControl):
            for name, mask in written(isa, node).items():
                if not stays(isa, node, mode):
                    found.update(bits_named(isa, name, mask & machine.get(name, 0)))
        elif isinstance(node, s.Out | s.Port):
            found.add("devices")
        elif isinstance(node, s.Wait):
            found.add("processor")
        elif isinstance(node, s.Flush) and isa.paging:
            found.add("TLB")
    return found


def stays(isa: Isa, write: s.SetControl, mode: int) -> bool:
    """Does the write set the mode to what it is?"""
    return writes_mode(isa, write) and write.value == s.Const(write.value.width, mode)


def writes_mode(isa: Isa, write: s.SetControl) -> bool:
    """Does the write reach the mode, and nothing else?"""
    m = isa.mode
    return m is not None and (write.control, write.hi, write.lo) == (s.Control(WORD, m.control), m.bits.hi, m.bits.lo)


def without_mode(isa: Isa, body: s.Body) -> s.Body:
    """The body without its writes to the mode: what is compared between modes is everything else."""
    made: list[s.Stmt] = []
    for stmt in body:
        if isinstance(stmt, s.If):
            stmt = s.If(stmt.condition, without_mode(isa, stmt.then), without_mode(isa, stmt.otherwise))
            if not stmt.then and not stmt.otherwise:
                continue
        elif isinstance(stmt, s.SetControl) and writes_mode(isa, stmt):
            continue
        made.append(stmt)
    return tuple(made)


def shows(isa: Isa, machine: Mapping[str, int], body: s.Body) -> set[str]:
    """The parts of R, and the time, that registers, pc, memory and the program's control bits depend on after it."""
    known: dict[str, set[str]] = {}

    def sources(*nodes: s.Node) -> set[str]:
        found: set[str] = set()
        for node in s.walk(*nodes):
            match node:
                case s.Slice(_, s.Control(_, name), hi, lo):
                    found.update(bits_named(isa, name, mask_of(hi, lo) & machine.get(name, 0)))
                case s.Call(_, name, _) if name in s.PRIMITIVES:
                    found.add(f"{name}()")
                case s.Port():
                    found.add("devices")
                case s.Local(_, name):
                    found |= known.get(name, set())
        return found

    def visible(body: Iterable[s.Stmt]) -> tuple[set[str], bool]:
        """What is shown, and whether anything can be seen of the body at all."""
        found: set[str] = set()
        seen = False
        for stmt in body:
            match stmt:
                case s.Let(name, value):
                    known[name] = sources(value)
                case s.If(condition, then, otherwise):
                    ways = visible(then), visible(otherwise)
                    if any(way[1] for way in ways):
                        seen = True
                        found |= sources(condition).union(*(way[0] for way in ways))
                case s.SetControl():
                    if any(mask & ~machine.get(name, 0) for name, mask in written(isa, stmt).items()):
                        seen = True
                        found |= sources(stmt.value)
                case s.SetRegister() | s.SetPc() | s.Store():
                    seen = True
                    found |= sources(stmt)
        return found, seen

    return visible(body)[0]
