"""The contents of the panels, made of a debugging session: texts with marks for what is here, stops, or has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from rich.text import Text

from ring1.dbt.api.errors import MachineError
from ring1.dbt.debug import info
from ring1.dbt.debug.session import Session
from ring1.dbt.report.place import physical
from ring1.dbt.report.sweep import around, sweep
from ring1.dbt.screen.seen import Seen
from ring1.isa.asm.disassemble import Disassembler

HERE, STOP, DIM, NAME = "reverse", "bold red", "dim", "cyan"
SIZE = 4
ROW = 8
"""Bytes of memory in a row."""
COLUMNS = 2
"""Registers side by side."""


def joined(lines: list[Text]) -> Text:
    made = Text("\n").join(lines)
    made.no_wrap, made.overflow = True, "ellipsis"
    return made


def begun(text: str, style: str) -> Text:
    """Return a line that begins so; what is appended has a style of its own."""
    return Text().append(text, style)


def source(session: Session, height: int) -> Text:
    """Return the source around pc; instructions where there is none."""
    program, pc = session.machine.program, session.machine.pc
    at = physical(session.timeline.body.cpu, pc)
    here = None if at is None else program.where(at)
    text = next((text for name, text in program.sources if here is not None and name == here.file), "")
    if here is None or not text:
        return instructions(session, height)
    stops = {
        found.line
        for point in session.points.enabled(False)
        if (found := program.where(point.place)) is not None and found.file == here.file
    }
    lines = text.split("\n")
    first = max(min(here.line - height // 2, len(lines) - height + 1), 1)
    made = []
    for number in range(first, min(first + height, len(lines) + 1)):
        line = begun("o" if number in stops else " ", STOP)
        line.append(f"{number:5}  ", DIM)
        line.append(lines[number - 1].expandtabs(), HERE if number == here.line else "")
        made.append(line)
    return joined(made)


def instructions(session: Session, height: int) -> Text:
    """Return the instructions around pc."""
    machine, pc = session.machine, session.machine.pc
    words = machine.isa.words
    found = around(words, session.fetch, pc, height // 2, height - height // 2 - 1)
    if not found:
        return Text(f"nothing can be fetched from {pc:#010x}", STOP)
    disassembler, stops = Disassembler(machine.isa), {point.place for point in session.points.enabled(False)}
    last, word = found[-1]
    missing = islice(sweep(words, session.fetch, last + words.size(word), 1 << 32), height - len(found))
    made = []
    for at, word in (*found, *missing):
        line = begun("o" if at in stops else " ", STOP)
        line.append(f" {at:08x}  ", DIM)
        line.append(disassembler.text(word, at), HERE if at == pc else "")
        symbol = machine.program.symbol(at)
        line.append("" if symbol.startswith("0x") else f"   {symbol}", NAME)
        made.append(line)
    return joined(made)


def registers(session: Session, seen: Seen) -> Text:
    """Return the general registers, pc, and the control registers."""
    machine = session.machine
    rows = []
    for values in ({**machine.reg, "pc": machine.pc}, dict(machine.control)):
        cells = list(values.items())
        count = -(-len(cells) // COLUMNS)
        for row in range(count):
            line = Text()
            for name, value in cells[row::count]:
                line.append(f"{name:<9}", NAME)
                seen.add(line, name, value, f"{value:08x}")
                line.append("   ")
            rows.append(line)
        rows.append(Text())
    return joined(rows[:-1])


def memory(session: Session, seen: Seen, first: int, height: int) -> Text:
    """Return rows of memory from an address on, as the guest would read it."""
    made = []
    for row in range(height):
        at = first + ROW * row
        line = begun(f"{at & 0xFFFFFFFF:08x}  ", DIM)
        shown = ""
        for place in range(at, at + ROW):
            try:
                value = session.machine.mem.byte(place)
            except MachineError:
                line.append("-- ", DIM)
                shown += " "
                continue
            seen.add(line, place, value, f"{value:02x}")
            line.append(" ")
            shown += chr(value) if 32 <= value < 127 else "."
        line.append(f" {shown}", DIM)
        made.append(line)
    return joined(made)


def stack(session: Session, seen: Seen, height: int) -> Text:
    """Return the words from the stack pointer on, and where those lead that may be return addresses."""
    machine = session.machine
    if "sp" not in machine.reg.numbers:
        return Text("this machine has no stack pointer", DIM)
    sp, made = machine.reg["sp"], []
    for row in range(height):
        at = (sp & ~(SIZE - 1)) + SIZE * row
        try:
            value = machine.mem.word(at)
        except MachineError:
            break
        line = begun(f"{at:08x}", HERE if at == sp else DIM)
        line.append("  ")
        seen.add(line, at, value, f"{value:08x}")
        if value and value % machine.isa.words.least == 0 and machine.program.is_code(value):
            line.append(f"  {machine.program.symbol(value)}", NAME)
        made.append(line)
    return joined(made) if made else Text(f"there is no memory at {sp:#010x}", DIM)


def told(part: Callable[[Session, str], Iterator[str]]) -> Callable[[Session], Text]:
    """Return a panel of what a part of `info` says."""

    def shown(session: Session) -> Text:
        try:
            return Text("\n".join(part(session, "")))
        except MachineError as error:
            return Text(str(error), DIM)

    return shown


PARTS: dict[str, Callable[[Session], Text]] = {
    "Console": told(info.console),
    "Page tables": told(info.pages),
    "Exits": told(info.exits),
    "Devices": told(info.devices),
    "Breakpoints": told(info.breakpoints),
}
"""Panels of which one is shown at a time."""


class Extent:
    """From which count to which the run is known."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.latest = 0
        self.entries = 0
        """Changes from outside that there were: another one makes another future."""

    def counts(self) -> tuple[int, int, int]:
        """Return the counts at which the run begins, is, and up to which it is known."""
        timeline = self.session.timeline
        now = timeline.now.retired
        if len(timeline.journal) != self.entries:
            self.entries, self.latest = len(timeline.journal), now
        self.latest = max(self.latest, now)
        return timeline.start.retired, now, self.latest

    def caption(self) -> str:
        return f" after {self.session.timeline.now} under {self.session.machine.engine}"

    def bar(self, width: int) -> Text:
        """Return the run as a line of so many cells, with the present moment."""
        first, now, last = self.counts()
        caption = self.caption()
        width = max(width - len(caption), 1)
        at = (now - first) * (width - 1) // max(last - first, 1)
        line = begun("━" * at, NAME)
        line.append("●", "bold")
        line.append("─" * (width - 1 - at), DIM)
        return line.append(caption)

    def count(self, width: int, cell: int) -> int:
        """Return the count at a cell of the line that `bar` has made."""
        first, _, last = self.counts()
        width = max(width - len(self.caption()), 1)
        return first + (last - first) * min(cell, width - 1) // max(width - 1, 1)
