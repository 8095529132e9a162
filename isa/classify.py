"""Popek and Goldberg's classification of a machine's instructions, and what follows from it, by analysis of the bodies.

G. J. Popek, R. P. Goldberg, "Formal requirements for virtualizable third generation architectures", CACM 17(7), 1974.
Their state is (E, M, P, R): memory, mode, program counter, relocation-bounds register. Here E is memory as the program
sees it, with the general registers and the control bits that the machine itself has no use for; M is the field that
`mode` names; and R is all else, which a monitor has to keep to itself: see `machine_bits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from isa import semantics as s
from isa.model import WORD, Instruction, Isa
from isa.python import control_bits
from isa.record import Record
from isa.specialize import Specialization, mask_of, written

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
        add(control_bits(isa, p.when, p.root, p.denied, p.invalid, p.leaf))
        add(control_bits(isa, p.fetch.allowed, p.load.allowed, p.store.allowed))
    if i := isa.interrupts:
        add(control_bits(isa, i.enable, i.pending, i.cause, i.value))
    for handler in (isa.trap, isa.undefined, isa.absent):
        if handler:
            add(control_bits(isa, *([handler.unless] if handler.unless else [])))
            for node in s.walk(*handler.body):
                if isinstance(node, s.SetControl) and isinstance(node.control, s.Control):
                    add({node.control.name: mask_of(node.hi, node.lo)})
                    add(control_bits(isa, node.value))
                elif isinstance(node, s.Stmt):
                    add(control_bits(isa, *(n for n in s.children(node) if isinstance(n, s.Expr))))
    for control in isa.controls.values():
        for f in control.fields:
            if f.source is not None:
                add({control.name: f.mask})
                add(control_bits(isa, f.source))
        if control.readonly:
            add({control.name: control.stored})
    return masks


def bits_named(isa: Isa, name: str, mask: int) -> list[str]:
    """What the description calls the bits of a control register."""
    return [name if f.name == name else f"{name}.{f.name}" for f in isa.controls[name].fields if f.mask & mask]


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
