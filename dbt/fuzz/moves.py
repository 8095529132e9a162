"""How programs get at control registers: instructions that write them, read them, or allow and forbid interrupts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ring1.dbt.fuzz.probe import Probe
from ring1.dbt.fuzz.shapes import Move, Shape, span
from ring1.dbt.machine.state import ONES
from ring1.isa import semantics as s
from ring1.isa.model import Isa
from ring1.isa.record import Record
from ring1.isa.simplify import assuming


class Allowance(Record):
    """An instruction with operands that changes whether interrupts are allowed."""

    form: Shape
    given: Mapping[str, int]
    allows: bool
    """It allows them; else it forbids them."""


def file(isa: Isa, control: s.Control | s.ControlFile) -> list[tuple[str, dict[str, int]]]:
    """Return the control registers that an instruction may access, each with the operands that select it."""
    if isinstance(control, s.Control):
        return [(control.name, {})]
    return [(c.name, {control.operand: number}) for number, c in isa.control_numbers.items()]


def idle(form: Shape, used: str, zero: int | None) -> dict[str, int]:
    """Return values for the other registers of a move, where there is a register that is always zero: what is read
    is 0, and what is written is lost."""
    return {} if zero is None else {name: zero for name in (*form.reads, *form.writes) if name != used}


def writes(isa: Isa, forms: Sequence[Shape], zero: int | None) -> dict[str, Move]:
    """Return control register -> an instruction that writes all or some bits of a general register to it."""
    found: dict[str, Move] = {}
    for form in (form for form in forms if not form.effects.waits):
        for n in s.walk(*form.insn.body):
            if not isinstance(n, s.SetControl) or (n.hi, n.lo) != (31, 0):
                continue
            control = n.control
            match assuming(n.value, {}):
                case s.Register(_, str(register)) | s.Binary(_, "&", s.Register(_, str(register)), s.Const()):
                    for name, fixed in file(isa, control):
                        if isinstance(control, s.Control) or name not in found:
                            found[name] = Move(form, register, {**idle(form, register, zero), **fixed})
    return found


def reads(isa: Isa, forms: Sequence[Shape], zero: int | None, probe: Probe) -> dict[str, Move]:
    """Return control register -> an instruction that reads it into a general register. It may write to the control
    register as well, where no other does not."""
    found: dict[str, Move] = {}
    for changes in (False, True):
        for form in forms:
            for register, control in read_by(form):
                own = dict.fromkeys((o.name for o in form.insn.operands if o.kind in ("signed", "unsigned")), 0)
                made = [
                    (name, Move(form, register, {**own, **idle(form, register, zero), **fixed}))
                    for name, fixed in file(isa, control)
                ]
                if changes == any(changing(isa, move, name, probe) for name, move in made):
                    for name, move in made:
                        if (isinstance(control, s.Control) and not changes) or name not in found:
                            found[name] = move
    return found


def read_by(form: Shape) -> Iterator[tuple[str, s.Control | s.ControlFile]]:
    """Yield the register operand and the control register of each move from one to the other."""
    lets = {n.name: n.value for n in s.walk(*form.insn.body) if isinstance(n, s.Let)}
    for n in s.walk(*form.insn.body):
        if isinstance(n, s.SetRegister) and isinstance(n.index, str):
            value = lets.get(n.value.name) if isinstance(n.value, s.Local) else n.value
            if isinstance(value, s.Control | s.ControlFile):
                yield n.index, value


def changing(isa: Isa, move: Move, name: str, probe: Probe) -> bool:
    """Does reading a control register change it?"""
    form, control = move.form, isa.controls[name]
    if not (control.stored and form.effects.files and form.control):
        return False
    values = {**dict.fromkeys((*form.reads, *form.writes), probe.free[0]), **move.fixed}
    probe.attempt(form, values, {probe.free[0]: 0}, controls={name: ONES})
    return probe.stored_in(name) != control.stored


def allowances(isa: Isa, forms: Sequence[Shape], enabling: Mapping[str, int], probe: Probe) -> list[Allowance]:
    """Return the instructions that change whether interrupts are allowed, and read no register in order to do so."""
    found = list[Allowance]()
    for form in forms:
        if form.effects.jumps or form.effects.waits or form.reads:
            continue
        for given in settings(isa, form, enabling):
            values = {**dict.fromkeys(form.writes, 0), **given}
            number = given.get(form.control or "")
            own = None if number is None else isa.control_numbers[number].name
            changes = {
                after & ~before != 0
                for name, mask in enabling.items()
                for state in (states(mask) if own in (None, name) else ())
                for before, after in [lines_let_in(form, values, {name: state}, probe)]
                if before != after
            }
            found += [Allowance(form, given, allows) for allows in sorted(changes)[:1]]
    return found


def states(mask: int) -> Iterator[int]:
    """Yield some combinations of bits: none, each alone, all but one, all."""
    bits = [1 << n for n in range(32) if mask >> n & 1]
    yield from dict.fromkeys((0, *bits, *(mask ^ bit for bit in bits), mask))


def lines_let_in(form: Shape, values: Mapping[str, int], controls: Mapping[str, int], probe: Probe) -> tuple[int, int]:
    """Return the lines that are let in before an instruction and behind it, from these control registers."""
    probe.reset()
    for name, value in controls.items():
        probe.cpu.s[probe.isa.slots[name]] = value & probe.isa.controls[name].stored
    before = probe.cpu.enabled()
    done = probe.attempt(form, values, {}, controls=controls)
    return before, before if done is None else probe.cpu.enabled()


def settings(isa: Isa, form: Shape, enabling: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield operands for an instruction that may change one of these control registers: none at all, or the register
    and an immediate that is one of its bits."""
    operands = [o for o in form.insn.operands if o.name not in form.writes]
    if not operands:
        yield {}
    kinds = sorted(o.kind for o in operands)
    if form.control is None or len(operands) != 2 or kinds[0] != "control":
        return
    [immediate] = [o for o in operands if o.kind != "control"]
    _, most = span(immediate)
    for number, control in isa.control_numbers.items():
        mask = enabling.get(control.name, 0)
        for bit in (1 << n for n in range(32) if mask >> n & 1):
            if bit <= most:
                yield {form.control: number, immediate.name: bit}
