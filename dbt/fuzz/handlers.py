"""Trap handlers: where traps go, and what a handler has to do. A machine has one, or one for each of some modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ring1.dbt.fuzz.probe import Probe
from ring1.dbt.fuzz.shapes import Move, Shape
from ring1.dbt.machine.state import ONES
from ring1.isa import semantics as s
from ring1.isa.controls import control_bits
from ring1.isa.model import Isa
from ring1.isa.record import Record

Arm = tuple[tuple[s.Stmt, ...], tuple[s.Expr, ...]]
"""The statements of one way through a body, and the conditions that decide on it."""


class Handling(Record):
    """What a trap does that goes to one handler."""

    mode: int
    """The processor mode of the handler."""
    vector: str
    """The control register with the handler's address ..."""
    epc: str
    """... the one with the address of the instruction that trapped ..."""
    cause: str | None
    """... and the one with the cause."""
    previous: tuple[str, int, int] | None
    """Where the processor mode is kept meanwhile: control register, bits hi and lo."""
    status: str | None
    """The control register by which the handler itself reaches these bits."""
    returns: Shape
    """The instruction that returns from it."""
    quiets: tuple[str, ...]
    """The control registers in which it can take back lines that software has asserted."""
    deciding: tuple[str, ...]
    """The control registers that decide whether a trap goes to it."""


Prologue = Callable[[Any, Handling], None]
"""Writes what a handler begins with, given a writer and what it handles."""


def handlings(isa: Isa, systems: Sequence[Shape], writes: Mapping[str, Move], probe: Probe) -> list[Handling]:
    """Return what there is of handlers that programs can have, that of the supervisor's mode first."""
    found = list[Handling]()
    if isa.trap is None:
        return found
    for statements, conditions in arms(isa.trap.body):
        made = handling(isa, statements, conditions, systems, writes, probe)
        if made is not None:
            found.append(made)
    supervisor = isa.mode.supervisor if isa.mode else 0
    return sorted(found, key=lambda each: each.mode != supervisor)


def arms(body: s.Body, before: tuple[s.Stmt, ...] = (), conditions: tuple[s.Expr, ...] = ()) -> Iterator[Arm]:
    """Yield the ways through a body, in the order of its text."""
    for at, stmt in enumerate(body):
        if isinstance(stmt, s.If):
            for branch in (stmt.then, stmt.otherwise):
                yield from arms((*branch, *body[at + 1 :]), before, (*conditions, stmt.condition))
            return
        before = *before, stmt
    yield before, conditions


def handling(
    isa: Isa,
    statements: Sequence[s.Stmt],
    conditions: Sequence[s.Expr],
    systems: Sequence[Shape],
    writes: Mapping[str, Move],
    probe: Probe,
) -> Handling | None:
    """Return what is done by one way through the body of a trap; None if a program cannot have a handler there."""
    assert isa.trap is not None
    number, lets, kept = isa.trap.parameters[0], dict[str, s.Expr](), dict[str, str]()
    mode, previous, vector = isa.mode.supervisor if isa.mode else 0, None, None
    for n in statements:
        match n:
            case s.Let(name, value):
                lets[name] = value
            case s.SetControl(s.Control(_, name), _, _, s.Pc()):
                kept["epc"] = name
            case s.SetControl(s.Control(_, name), _, _, s.Local(_, local)) if local == number:
                kept["cause"] = name
            case s.SetControl(s.Control(_, name), hi, lo, value):
                if isa.mode and (name, hi, lo) == (isa.mode.control, isa.mode.bits.hi, isa.mode.bits.lo):
                    mode = value.value if isinstance(value, s.Const) else mode
                elif isa.mode and low_bits_of(value) == (isa.mode.control, isa.mode.bits.lo):
                    previous = previous or (name, hi, lo)
            case s.SetPc(value):
                named = [c.name for c in s.walk(value) if isinstance(c, s.Control)]
                vector = next((name for name in named if name in writes), None)
    epc = kept.get("epc")
    back = next((form for form in systems if returns_to(form, epc)), None)
    if vector is None or epc is None or epc not in writes or back is None:
        return None
    read = [lets.get(n.name, n) if isinstance(n, s.Local) else n for n in s.walk(*conditions)]
    deciding = dict.fromkeys(n.name for e in read for n in s.walk(e) if isinstance(n, s.Control))
    return Handling(
        mode,
        vector,
        epc,
        kept.get("cause"),
        previous,
        status(isa, mode, previous, writes, probe),
        back,
        quiets(isa, mode, writes, probe),
        tuple(name for name in deciding if name in writes),
    )


def low_bits_of(value: s.Expr) -> tuple[str, int] | None:
    """Return the control register of which a value is some bits, and the lowest of them."""
    low = 0
    while isinstance(value, s.Slice | s.Extend):
        low, value = low + (value.lo if isinstance(value, s.Slice) else 0), value.a
    return (value.name, low) if isinstance(value, s.Control) else None


def returns_to(form: Shape, epc: str | None) -> bool:
    """Does an instruction continue at the address in this control register?"""
    return any(
        isinstance(n, s.SetPc) and isinstance(n.value, s.Control) and n.value.name == epc
        for n in s.walk(*form.insn.body)
    )


def reached(mode: int, move: Move, value: int, probe: Probe, controls: Mapping[str, int]) -> bool:
    """Write a word to a control register in a mode. Returns whether the machine lets it."""
    number = probe.free[0]
    values = {**dict.fromkeys((*move.form.reads, *move.form.writes), number), **move.fixed}
    return probe.attempt(move.form, values, {number: value}, mode, controls) is not None


def status(
    isa: Isa, mode: int, previous: tuple[str, int, int] | None, writes: Mapping[str, Move], probe: Probe
) -> str | None:
    """Return the control register by which a mode reaches the bits in which the previous mode is kept."""
    if previous is None:
        return None
    kept, hi, lo = previous
    mask = (1 << hi + 1) - (1 << lo)
    for name in sorted(writes, key=lambda name: name != kept):
        if reached(mode, writes[name], mask, probe, {kept: 0}) and probe.stored_in(kept) & mask:
            return name
    return None


def returns_into(isa: Isa, h: Handling, mode: int, writes: Mapping[str, Move], probe: Probe) -> bool:
    """Can a program return from a trap into this mode?"""
    assert isa.mode is not None
    if h.previous is None or h.status is None:
        return False
    kept, hi, lo = h.previous
    reached(h.mode, writes[h.status], mode << lo & (1 << hi + 1) - (1 << lo), probe, {kept: 0})
    done = probe.attempt(h.returns, {}, {}, h.mode, {kept: probe.stored_in(kept)})
    slot, bits = isa.slots[isa.mode.control], isa.mode.bits
    return done is not None and (probe.cpu.s[slot] & bits.mask) >> bits.lo == mode


def deadline(isa: Isa) -> tuple[str, ...]:
    """Return the control registers with the timer's deadline, the high word first."""
    for control in isa.controls.values():
        for f in control.fields:
            for n in s.walk(f.source) if f.source is not None else ():
                if isinstance(n, s.Call) and n.name == "reached":
                    return tuple(c.name for c in s.walk(*n.args) if isinstance(c, s.Control))
    return ()


def quiets(isa: Isa, mode: int, writes: Mapping[str, Move], probe: Probe) -> tuple[str, ...]:
    """Return the control registers by which a mode takes back lines that software has asserted. What enables lines,
    the first of those that `pending` names, is none, nor is what no instruction names and nothing is stored in."""
    i, controls = isa.interrupts, isa.controls
    told = [n for n in s.walk(i.pending) if isinstance(n, s.Control)] if i else []
    told = [n for n in told if controls[n.name].stored or controls[n.name].number is not None]
    bits, named = control_bits(isa, *told), [n.name for n in told]
    asserted = {name: mask for name, mask in bits.items() if name not in (*named[:1], *deadline(isa))}
    kept = isa.mode.control if isa.mode else ""
    everything = {c.name: ONES for c in isa.controls.values() if c.stored and c.name != kept}
    found = list[str]()
    for name, move in writes.items():
        if name in named[:1] or not asserted or not reached(mode, move, 0, probe, everything):
            continue
        if any(probe.stored_in(each) & mask != mask & isa.controls[each].stored for each, mask in asserted.items()):
            found.append(name)
    return tuple(found)
