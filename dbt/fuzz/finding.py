"""Findings as files: the smallest program that shows a difference, what it needs, both final states, and the command
that replays it. Any assembly file can be read as one; settings that its comments do not give have their defaults."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.case import LIMITS, Case, facts, is_text
from ring1.dbt.fuzz.compare import Difference
from ring1.dbt.fuzz.layout import RAM
from ring1.dbt.fuzz.listing import DATA, Line, Listing
from ring1.dbt.fuzz.ways import Way, way
from ring1.dbt.mmu.choice import Mmu
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.files import text as text_of
from ring1.isa.source import IsaError

T = TypeVar("T")
MOST_DIGITS = 40
SETTING = re.compile(r"^// (isa|way|stops|console|disk|entropy|registers|time|build): *(.*)$", re.MULTILINE)
DESCRIBED = re.compile(r"^//\| ?(.*)$", re.MULTILINE)
BELOW = "described below"
"""In place of the name of a machine without one: its description follows, each line behind a bar."""


def text(d: Difference, file: str) -> str:
    """Return a difference as assembly with comments."""
    reference = ENGINES.reference.name
    case, width = d.case, max([len(name) for name, _, _ in d.rows], default=0)
    settings = {
        "isa": BELOW if is_text(case.isa) else case.isa,
        "way": d.way.name,
        "stops": " ".join(map(str, case.stops)),
    }
    if case.source:
        settings["console"] = case.source.hex()
    if case.disk:
        settings["disk"] = "yes"
    if case.disk or case.seed:
        settings["entropy"] = str(case.seed)
    if case.registers:
        settings["registers"] = " ".join(f"{n}={value:#x}" for n, value in case.registers)
    if case.time:
        settings["time"] = str(case.time)
    if case.build:
        settings["build"] = case.build
    machine = [f"//| {line}" for line in case.isa.splitlines()] if is_text(case.isa) else []
    heads = ("", reference, d.way.engine.name)
    states = [f"//   {name:{width}}  {want}  {got}" for name, want, got in (heads, *d.rows)]
    head = [
        f"// {d.way.name} is not as {reference} after {d.stop} instructions{f', at {d.at}' if d.at else ''}:",
        *states,
        "//",
        f"// ring1 fuzz --replay {file}",
        *([f"// {compared(d, file)}"] if alone(d) else []),
        *(f"// {name}: {value}" for name, value in settings.items()),
        *machine,
    ]
    return "\n".join(head) + "\n\n" + Listing(case.facts, case.lines).text()


def alone(d: Difference) -> bool:
    """Does it need nothing but the engine and its way of translating addresses?"""
    way, case = d.way, d.case
    peculiar = case.source or case.disk or case.registers or case.time or is_text(case.isa) or len(case.stops) > 1
    plain = way == Way(way.engine, Mmu(way.mmu.technique, way.mmu.traced))
    return plain and not peculiar and not case.build


def compared(d: Difference, file: str) -> str:
    """Return the command that compares the engines on it."""
    mmu = f" --mmu {d.way.mmu.technique}" * (d.way.mmu.technique != Mmu().technique)
    mmu += " --shadow traced" * d.way.mmu.traced
    isa = "" if d.case.isa == "pg32" else f" --isa {d.case.isa}"
    engines = f"{ENGINES.reference.name},{d.way.engine.name}"
    return f"ring1 compare{isa} --mem 64K --engines {engines}{mmu} --max-insns {d.stop} {file}"


def read(path: Path, registry: Registry = ENGINES) -> tuple[Case, Way | None]:
    """Read a finding: the case, and the way in which it was found. Raises ValueError, OSError, AsmError."""
    everything = text_of(path)
    said = dict(SETTING.findall(everything))
    isa = said.get("isa", "pg32")
    if isa == BELOW:
        isa = "\n".join(DESCRIBED.findall(everything)) + "\n"
    try:
        machine = facts(isa).isa
    except IsaError as error:
        raise ValueError(f"isa: {error}") from None
    program = assemble_files(machine, [str(path)])
    if len(program.image) > RAM:
        raise ValueError(f"the program ends at {len(program.image):#x}, and these machines have {RAM:#x} bytes")
    image = program.image.ljust(-(-len(program.image) // 4) * 4, b"\0")
    words = tuple(int.from_bytes(image[at : at + 4], "little") for at in range(0, len(image), 4))
    if said.get("disk", "no") not in ("yes", "no"):
        raise ValueError("disk: yes or no")
    case = Case(
        isa,
        (Line(DATA, words),),
        tuple(pair(text) for text in said.get("registers", "").split()),
        setting(said, "console", "", bytes.fromhex),
        said.get("disk") == "yes",
        setting(said, "entropy", "0", number),
        tuple(setting(said, "stops", str(LIMITS[-1]), lambda text: [number(word) for word in text.split()])),
        setting(said, "time", "0", number),
        said.get("build", ""),
    ).checked()
    return case, way(said["way"], registry) if "way" in said else None


def number(text: str) -> int:
    """Parse a number in a setting. Raises ValueError."""
    if len(text) > MOST_DIGITS:
        raise ValueError("too many digits")
    return int(text, 0)


def pair(text: str) -> tuple[int, int]:
    """Parse a register and its contents. Raises ValueError."""
    name, equals, value = text.partition("=")
    try:
        if equals:
            return number(name), number(value)
    except ValueError:
        pass
    raise ValueError(f"registers: {text!r:.40} is not NUMBER=VALUE")


def setting(said: dict[str, str], name: str, usual: str, meant: Callable[[str], T]) -> T:
    """Return the value of a setting. Raises ValueError."""
    try:
        return meant(said.get(name, usual))
    except ValueError:
        raise ValueError(f"{name}: {said[name]!r:.40} makes no sense") from None
