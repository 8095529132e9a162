"""What a page shows of a machine that is between two instructions, as objects for JSON."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Any

from ring1.dbt.api.errors import BadAddress, MachineError
from ring1.dbt.debug import expression, info
from ring1.dbt.debug.pages import joined, leaves, named, present, translated
from ring1.dbt.debug.point_commands import described
from ring1.dbt.debug.session import Session
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.report.place import physical
from ring1.isa.asm.program import Program
from ring1.isa.model import WORD

ROW = 16
"""Bytes of memory in a row."""
MOST_ROWS = 64
STACK = "sp"
MOST_STACK = 16
MOST_OUTPUT = 1 << 16
"""Bytes of console output that are shown, the last ones."""
MOST_RANGES = 1000
MOST_PLACES = 100
"""Most places of exits, and of heat."""
Object = dict[str, Any]


def source_line(program: Program, at: int | None) -> Object | None:
    """Return file and line that the bytes at a physical address come from."""
    found = None if at is None else program.where(at)
    return None if found is None else {"file": found.file, "line": found.line}


def overview(session: Session) -> Object:
    """Return where the machine is, its registers, stack and console."""
    machine, timeline = session.machine, session.timeline
    cpu, program = timeline.body.cpu, machine.program
    at = physical(cpu, machine.pc)
    output = machine.console.output
    return {
        "isa": machine.isa.name,
        "engine": machine.engine,
        "count": timeline.now.retired,
        "traps": timeline.now.entries,
        "pc": machine.pc,
        "physical": at,
        "where": machine.where(),
        "line": source_line(program, at),
        "listed": listed(session, at),
        "mode": mode(session),
        "registers": list(machine.reg.items()),
        "controls": controls(session),
        "stack": stack(session),
        "console": output[-MOST_OUTPUT:].decode(errors="replace"),
        "console_cut": max(len(output) - MOST_OUTPUT, 0),
        "input_ended": timeline.body.source.closed,
        "points": points(session),
    }


def listed(session: Session, at: int | None) -> bool:
    """Is the instruction at a physical address one of the program's, as it was assembled?"""
    machine = session.machine
    program = machine.program
    if at is None or not program.is_code(at):
        return False
    return program.image[at - program.base :][:4] == machine.ram.read(at, 4)


def mode(session: Session) -> int:
    """Return the guest's processor mode."""
    isa, cpu = session.machine.isa, session.timeline.body.cpu
    if isa.mode is None:
        return 0
    bits = isa.mode.bits
    return (cpu.s[isa.slots[isa.mode.control]] & bits.mask) >> bits.lo


def controls(session: Session) -> list[Object]:
    found = []
    for name, value in session.machine.control.items():
        control = session.machine.isa.controls[name]
        fields = [[f.name, (value & f.mask) >> f.lo] for f in control.fields if len(control.fields) > 1]
        found.append({"name": name, "value": value, "text": control.text, "fields": fields})
    return found


def stack(session: Session) -> list[Object]:
    """Return the words from the stack pointer on, with the code that they may lead back to."""
    machine = session.machine
    if STACK not in machine.reg.numbers:
        return []
    first, found = machine.reg[STACK] & -4, []
    for at in range(first, first + 4 * MOST_STACK, 4):
        try:
            value = machine.mem.word(at)
        except MachineError:
            break
        code = value and value % machine.isa.words.least == 0 and machine.program.is_code(value)
        found.append({"at": at, "value": value, "symbol": machine.program.symbol(value) if code else ""})
    return found


def points(session: Session) -> list[Object]:
    program = session.machine.program
    return [
        {
            "number": point.number,
            "text": described(session, point),
            "place": None if point.kind else point.place,
            "line": None if point.kind else source_line(program, point.place),
            "enabled": point.enabled,
        }
        for point in session.points.all.values()
    ]


def memory(session: Session, place: str, offset: int, rows: int) -> Object:
    """Return rows of memory from a place on, as the guest addresses it. Raises MachineError."""
    machine = session.machine
    first = (expression.value_or_place(place, machine) if place else default(session)) & -ROW
    first = (first + ROW * offset) % (1 << WORD)
    found = []
    for at in range(first, min(first + ROW * min(max(rows, 1), MOST_ROWS), 1 << WORD), ROW):
        try:
            data: str | None = machine.mem.read(at, ROW).hex()
        except BadAddress:
            data = None
        symbol = machine.program.symbol(at)
        found.append({"at": at, "bytes": data, "symbol": "" if symbol.startswith("0x") else symbol})
    return {"first": first, "rows": found}


def default(session: Session) -> int:
    """Return the address of the program's first data."""
    program = session.machine.program
    return min((at for at, _ in program.labels if at < program.size and not program.is_code(at)), default=0)


def pages(session: Session, place: str) -> Object:
    """Return what the page tables map, what the look-aside buffer has, and how one address is translated."""
    cpu = session.timeline.body.cpu
    walker = present(cpu)
    found: Object = {
        "paging": cpu.isa.paging is not None,
        "on": walker is not None,
        "ranges": [],
        "tlb": [],
        "walk": [],
    }
    if walker is not None:
        paging = walker.paging
        ranges = joined(leaves(walker, walker.table, 0, 0, WORD), walker.flags)
        found["root"] = walker.table
        found["ranges"] = [
            [first, size, at, named(entry, paging.fields, paging.frame)]
            for first, size, at, entry in islice(ranges, MOST_RANGES)
        ]
    if cpu.walker is not None:
        kinds = ("fetch", "load", "store", "update")
        entries = sorted(cpu.walker.tlb.items())[:MOST_RANGES]
        found["tlb"] = [[(key >> 2) * PAGE, frame, kinds[key & 3]] for key, frame in entries]
    if place:
        found["walk"] = list(translated(cpu, expression.value_or_place(place, session.machine)))
    return found


def spot(session: Session, pc: int) -> Object:
    """Return how a place in code is named, and where its source is."""
    program = session.machine.program
    if pc < 0:
        return {"pc": None, "symbol": "elsewhere", "line": None}
    return {"pc": pc, "symbol": program.symbol(pc), "line": source_line(program, pc)}


def exits(session: Session, places: Counter[tuple[str, int]]) -> Object:
    """Return exits to the VMM by reason, each with the places that it came from."""
    by_reason = sorted(session.machine.exits.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "reasons": [[reason, count] for reason, count in by_reason if count],
        "places": [
            {"reason": reason, "count": count, **spot(session, pc)}
            for (reason, pc), count in places.most_common(MOST_PLACES)
        ],
    }


def heat(session: Session) -> Object:
    """Return the places at which samples found translated code."""
    engine = session.timeline.body.engine
    shown = [
        {"mode": place[0], "share": share, **spot(session, place[1])} for place, share in engine.hottest(MOST_PLACES)
    ]
    work = engine.work
    figures = {
        "blocks translated": work.blocks,
        "their guest instructions": work.guest_insns,
        "their host bytes": work.host_bytes,
        "instructions interpreted": engine.interpreted,
        "callouts": engine.callouts,
        **engine.figures(),
    }
    return {"places": shown, "figures": list(figures.items()), "text": session.timeline.body.technique.text}


def devices(session: Session) -> Object:
    """Return devices with their state, and the fields of the VMCS if the engine has one."""
    structure = session.timeline.body.engine.control_structure()
    return {"lines": list(info.devices(session, "")), "vmcs": list(structure.items())}
