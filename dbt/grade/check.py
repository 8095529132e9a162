"""What is looked at before a case is run: that what it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ring1.dbt.api.errors import MachineError
from ring1.dbt.api.places import Place, address
from ring1.dbt.engines.registry import Registry
from ring1.dbt.grade.case import Case
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.judge import Wanted
from ring1.dbt.toml.places import Path
from ring1.isa.asm.near import suggestion
from ring1.isa.asm.program import Program
from ring1.isa.files import contents
from ring1.isa.load import shipped
from ring1.isa.model import Isa
from ring1.isa.record import Record
from ring1.isa.source import Fault

MOST_OUTPUT = 1 << 26
NUMBER = re.compile(r"0[xX][0-9a-fA-F]+|[1-9][0-9]*|0")


class Problem(Record):
    """Something that a case names and that is not there. `path` leads to it in the case."""

    path: Path
    text: str
    by_key: bool = False
    """Is it the key that is wrong?"""

    def fault(self, case: Case) -> Fault:
        return Fault(case.key(*self.path) if self.by_key else case.value(*self.path), self.text)


def names(case: Case, files: Files, registry: Registry) -> Iterator[Problem]:
    """Yield what is wrong with the engines and the files that a case names."""
    for n, name in enumerate(case.engines):
        if name not in registry:
            said = suggestion(name, registry) or f"; there are {', '.join(registry)}"
            yield Problem(("engines", n), f"there is no engine {name!r}{said}")
        elif registry[name].build:
            yield Problem(("engines", n), f"{name} runs a build of its own, which agrees with no other")
    wanted: list[tuple[Path, str]] = [(("program", n), name) for n, name in enumerate(case.program)]
    wanted += [((key,), getattr(case, key)) for key in ("stdin_file", "output_file", "disk") if getattr(case, key)]
    for path, name in wanted:
        if name not in files.others and not files.path(name).is_file():
            yield Problem(path, f"there is no file {name}{suggestion(name, listed(files))}")
    if case.isa not in files.others and not files.path(case.isa).is_file() and case.isa not in shipped():
        known = [*shipped(), *(name for name in listed(files) if name.endswith(".isa"))]
        yield Problem(("isa",), f"there is no machine {case.isa}{suggestion(case.isa, known)}")


def listed(files: Files) -> list[str]:
    return [entry.name for entry in files.folder.iterdir()] if files.folder.is_dir() else []


def registers(case: Case, isa: Isa) -> Iterator[Problem]:
    """Yield registers and instructions that a machine does not have."""
    known = {*isa.register_numbers, *isa.controls, "pc"}
    for name, _ in case.registers:
        if name not in known:
            yield Problem(("registers", name), f"{isa.name} has no register {name}{suggestion(name, known)}", True)
    for n, name in enumerate(case.holes or ()):
        if name not in isa.instructions:
            meant = suggestion(name, isa.instructions)
            yield Problem(("holes", n), f"{isa.name} has no instruction {name}{meant}")


def placed(text: str, program: Program) -> int:
    """Return the address that a text names: a number, or a label with an offset. Raises MachineError."""
    place: Place = int(text, 0) if NUMBER.fullmatch(text) else text
    return address(place, program.symbols)


def labels(case: Case, program: Program) -> Iterator[Problem]:
    """Yield labels that a program does not have."""
    for key, pairs in (("registers", case.registers), ("memory", case.memory)):
        for name, value in pairs:
            label = value if key == "registers" else name
            if isinstance(label, str):
                try:
                    placed(label, program)
                except MachineError as error:
                    yield Problem((key, name), str(error), key == "memory")


def wanted(case: Case, program: Program, files: Files) -> Wanted:
    """Return what a case expects of a program whose labels have been checked. Raises OSError."""
    return Wanted(
        contents(files.path(case.output_file), MOST_OUTPUT) if case.output_file else case.output,
        tuple((name, placed(value, program) if isinstance(value, str) else value) for name, value in case.registers),
        tuple((name, placed(name, program), expected) for name, expected in case.memory),
    )
