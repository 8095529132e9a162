"""A finding as a file: the smallest program that shows it, what it needs, both final states, and the command that does
it again. Any assembly file is one, with what its comments do not say as usual.
"""

from __future__ import annotations

import re
from pathlib import Path

from dbt.fuzz.case import LIMITS, Case, facts
from dbt.fuzz.compare import Difference
from dbt.fuzz.listing import DATA, Line, Listing
from dbt.fuzz.ways import Way, way
from isa.asm.assemble import assemble_files
from isa.files import text as text_of

SETTING = re.compile(r"^// (isa|way|stops|console|disk|entropy|registers): *(.*)$", re.MULTILINE)


def text(d: Difference, file: str) -> str:
    """A difference as assembly with comments."""
    case, width = d.case, max([len(name) for name, _, _ in d.rows], default=0)
    settings = {"isa": case.isa, "way": d.way.name, "stops": " ".join(map(str, case.stops))}
    if case.source:
        settings["console"] = case.source.hex()
    if case.disk:
        settings["disk"] = "yes"
    if case.disk or case.seed:
        settings["entropy"] = str(case.seed)
    if case.registers:
        settings["registers"] = " ".join(f"{n}={value:#x}" for n, value in case.registers)
    states = [f"//   {name:{width}}  {want}  {got}" for name, want, got in [("", "interp", d.way.engine), *d.rows]]
    head = [
        f"// {d.way.name} is not as interp after {d.stop} instructions{f', at {d.at}' if d.at else ''}:",
        *states,
        "//",
        f"// ring1 fuzz --replay {file}",
        *([f"// {compared(d, file)}"] if alone(d) else []),
        *(f"// {name}: {value}" for name, value in settings.items()),
    ]
    return "\n".join(head) + "\n\n" + Listing(case.facts, case.lines).text()


def alone(d: Difference) -> bool:
    """Does it need nothing but the engine and its way of translating addresses?"""
    way, case = d.way, d.case
    return way == Way(way.engine, way.mmu) and not (case.source or case.disk or case.registers or len(case.stops) > 1)


def compared(d: Difference, file: str) -> str:
    """The command that compares the engines on it."""
    mmu = " --mmu softtlb" * (d.way.mmu.technique == "softtlb") + " --shadow traced" * d.way.mmu.traced
    isa = "" if d.case.isa == "pg32" else f" --isa {d.case.isa}"
    return f"ring1 compare{isa} --mem 64K --engines interp,{d.way.engine}{mmu} --max-insns {d.stop} {file}"


def read(path: Path) -> tuple[Case, Way | None]:
    """The case that a file is, and the way in which it was found. Raises ValueError, OSError, AsmError."""
    said = dict(SETTING.findall(text_of(path)))
    isa = said.get("isa", "pg32")
    program = assemble_files(facts(isa).isa, [str(path)])
    image = program.image.ljust(-(-len(program.image) // 4) * 4, b"\0")
    words = tuple(int.from_bytes(image[at : at + 4], "little") for at in range(0, len(image), 4))
    pairs = (pair.split("=") for pair in said.get("registers", "").split())
    case = Case(
        isa,
        (Line(DATA, words),),
        tuple((int(n), int(value, 0)) for n, value in pairs),
        bytes.fromhex(said.get("console", "")),
        said.get("disk") == "yes",
        int(said.get("entropy", "0")),
        tuple(map(int, said.get("stops", str(LIMITS[-1])).split())),
    )
    return case, way(said["way"]) if "way" in said else None
