"""A finding as a file: the smallest program that shows it, both final states, and the command that does it again."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from dbt.fuzz.case import Case
from dbt.fuzz.compare import Difference
from dbt.fuzz.listing import Listing
from dbt.fuzz.ways import Way, way
from dbt.machine.saved import Saved

MARK = "// ring1 fuzz "
CASE = re.compile(rf"^{MARK}--replay (\S+) (\S+)$", re.MULTILINE)


def text(d: Difference, file: str, lost: Saved | None = None) -> str:
    """Assembly with comments: what `--replay` reads, and people."""
    case, width = d.case, max([len(name) for name, _, _ in d.rows], default=0)
    encoded = base64.urlsafe_b64encode(case.to_bytes()).decode()
    looked = ", ".join(str(stop) for stop in case.stops if stop <= d.stop)
    machine = [f"isa {case.isa}", f"console {case.source!r}", f"disk {case.disk}", f"entropy {case.seed}"]
    machine += [f"{case.facts.isa.registers[n][0]} = {value:#x}" for n, value in case.registers]
    rows = [f"//   {name:{width}}  {want}  {got}" for name, want, got in d.rows]
    reproduce = [f"//   ring1 fuzz --replay {file}"]
    if not case.registers and not case.disk and not case.source:
        plain = f"{d.way.engine} --mmu {d.way.mmu.technique}" + " --shadow traced" * d.way.mmu.traced
        reproduce.append(
            f"//   ring1 compare --isa {case.isa} --mem 64K --engines interp,{plain} {file}, if it needs no more"
        )
    head = [
        f"// {d.way.name} differs from interp after {looked} instructions",
        f"// {', '.join(machine)}",
        f"//   {'':{width}}  interp  {d.way.name}",
        *rows,
        "// to see it again:",
        *reproduce,
        f"{MARK}--replay {d.way.name} {encoded}",
    ]
    return "\n".join(head) + "\n\n" + Listing(case.facts, case.lines).text()


def read(path: Path) -> tuple[Case, Way]:
    """The case and the way of a finding's file. Raises ValueError if it is none; OSError."""
    match = CASE.search(path.read_text())
    if match is None:
        raise ValueError(f"{path} is no finding of ring1 fuzz")
    return Case.from_bytes(base64.urlsafe_b64decode(match[2])), way(match[1])
