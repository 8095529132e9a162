"""The command `info`: what there is to know of the machine and of the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ring1.dbt.debug import expression
from ring1.dbt.debug.command import BadCommand, Command
from ring1.dbt.debug.pages import mapped, translated
from ring1.dbt.debug.point_commands import described
from ring1.dbt.debug.session import Session
from ring1.dbt.machine.saved import Saved

COLUMNS = 4


def table(values: dict[str, int]) -> Iterator[str]:
    """Yield names and values side by side."""
    cells = [f"{name:<8} {value:08x}" for name, value in values.items()]
    for at in range(0, len(cells), COLUMNS):
        yield "   ".join(cells[at : at + COLUMNS])


def registers(session: Session, rest: str) -> Iterator[str]:
    machine = session.machine
    if not rest:
        yield from table({**machine.reg, "pc": machine.pc})
    for name in rest.split():
        value = expression.parsed(name, machine)(machine)
        yield f"{name:<8} {value:08x} {value - (value >> 31 << 32)}"


def control(session: Session, rest: str) -> Iterator[str]:
    """Yield the control registers with their fields."""
    machine = session.machine
    chosen = rest.split() or list(machine.control)
    for name in chosen:
        value = machine.control[name]
        fields = machine.isa.controls[name].fields
        parts = [f"{field.name}={(value & field.mask) >> field.lo:#x}" for field in fields if len(fields) > 1]
        yield f"{name:<8} {value:08x}  {' '.join(parts)}".rstrip()


def breakpoints(session: Session, rest: str) -> Iterator[str]:
    if not session.points.all:
        yield "there are no breakpoints or watchpoints"
    for point in session.points.all.values():
        yield described(session, point)


def symbol(session: Session, rest: str) -> Iterator[str]:
    if not rest:
        raise BadCommand("info symbol ADDRESS")
    at = expression.value_or_place(rest, session.machine)
    program = session.machine.program
    source = program.where(at)
    yield f"{at:#010x} is {program.symbol(at)}" + (f", {source.file}:{source.line}" if source else "")


def tlb(session: Session, rest: str) -> Iterator[str]:
    """Yield what the interpreter's look-aside buffer has for the present address space."""
    walker = session.timeline.body.cpu.walker
    if walker is None:
        raise BadCommand(f"{session.machine.isa.name} has no paging")
    kinds = ("fetch", "load", "store", "update")
    yield f"{len(walker.tlb)} translations are kept for this address space and mode"
    for key, frame in sorted(walker.tlb.items()):
        yield f"  {key >> 2 << 12:08x} -> {frame:08x} for {kinds[key & 3]}"


def pages(session: Session, rest: str) -> Iterator[str]:
    """Yield what the present page tables map, or the walk for one address."""
    cpu = session.timeline.body.cpu
    if rest:
        yield from translated(cpu, expression.value_or_place(rest, session.machine))
    else:
        yield from mapped(cpu)


def vmcs(session: Session, rest: str) -> Iterator[str]:
    structure = session.timeline.body.engine.control_structure()
    if not structure:
        raise BadCommand(f"the engine {session.machine.engine} has no VMCS")
    for name, value in structure.items():
        yield f"{name:<44} {value:#x}"


def exits(session: Session, rest: str) -> Iterator[str]:
    found = session.machine.exits
    yield f"{sum(found.values()):,} exits to the VMM under {session.machine.engine}, what was run again included"
    for reason, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {reason:<30} {count:,}"


def devices(session: Session, rest: str) -> Iterator[str]:
    bus = session.timeline.body.vm.bus
    saved: Saved = bus.save()["devices"]
    for device in bus.devices:
        yield f"{device.name}: {device.place()}"
        for name, value in saved[device.name].items():
            yield f"  {name}: {brief(value)}"


def brief(value: object) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:60]}... ({len(text):,} characters)"


def engine(session: Session, rest: str) -> Iterator[str]:
    body = session.timeline.body
    yield f"{body.technique.name}: {body.technique.text}"
    work = body.engine.work
    yield f"  {work.blocks:,} blocks translated, {work.guest_insns:,} guest instructions, {work.host_bytes:,} bytes"
    yield f"  {body.engine.interpreted:,} instructions interpreted, {body.engine.callouts:,} callouts"
    for label, count in body.engine.figures().items():
        yield f"  {label}: {count:,}"


def timeline(session: Session, rest: str) -> Iterator[str]:
    line = session.timeline
    kept = list(line.kept)
    yield f"after {line.now}; the run begins after {line.start}"
    yield f"it has been followed for {max(kept[-1].moment, line.now)}"
    yield f"{len(kept)} checkpoints, {line.kept.size:,} bytes of {line.kept.budget:,}"
    yield f"{len(line.journal)} changes from outside, of which {line.done} come before this moment"


def displays(session: Session, rest: str) -> Iterator[str]:
    yield from (f"{number}: {text}" for number, text in session.displays.items())


def console(session: Session, rest: str) -> Iterator[str]:
    yield from session.machine.console.text.splitlines()


PARTS: dict[str, tuple[str, Callable[[Session, str], Iterator[str]]]] = {
    "registers": ("the general registers and pc, or those named", registers),
    "control": ("the control registers and their fields", control),
    "breakpoints": ("breakpoints and watchpoints", breakpoints),
    "symbol": ("what is at an address", symbol),
    "tlb": ("what the interpreter's look-aside buffer has", tlb),
    "pages": ("what the page tables map, or the walk for an address", pages),
    "vmcs": ("the fields of the VMCS", vmcs),
    "exits": ("exits to the VMM by reason", exits),
    "devices": ("the devices and their state", devices),
    "engine": ("the engine and its counts", engine),
    "timeline": ("the moment, and the checkpoints", timeline),
    "display": ("what is displayed", displays),
    "console": ("all that the console has shown", console),
}
"""What `info` can be asked for."""
ALIASES = {"r": "registers", "b": "breakpoints", "watchpoints": "breakpoints", "page": "pages"}


def info(session: Session, rest: str) -> None:
    which, _, more = rest.strip().partition(" ")
    more = more.strip()
    if which == "page" and more.startswith("tables"):
        more = more.removeprefix("tables").strip()
    found = ALIASES.get(which) or next((name for name in PARTS if which and name.startswith(which)), "")
    if not found:
        raise BadCommand("info " + " | ".join(PARTS))
    for line in PARTS[found][1](session, more):
        session.say(line)


COMMANDS = (Command(("info", "i"), "registers | control | breakpoints | ...", "show what there is to know", info),)
