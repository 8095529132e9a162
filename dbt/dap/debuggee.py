"""What a client debugs: a debugger's session, and what the client knows of it by numbers."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from ring1.dbt.api.machine import Machine
from ring1.dbt.dap.arguments import Arguments, BadRequest
from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.points import Point
from ring1.dbt.debug.session import Session
from ring1.isa.record import Record

Body = dict[str, Any]


class Container(Record):
    """Values that are shown together. `put` changes one of them."""

    children: Callable[[], list[Body]]
    put: Callable[[str, int], None] | None = None


class Debuggee:
    """A machine that a client debugs."""

    def __init__(self, machine: Machine, say: Callable[[str], None]) -> None:
        self.machine = machine
        self.session = Session(machine, say, lambda: b"")
        self.debugger = Debugger(self.session)
        self.points: dict[str, list[Point]] = {}
        """The client's points, by what it sets together: those of a file, of functions, of instructions, of data."""
        self.containers: list[Container] = []
        """What references stand for: the first is 1. They hold until the machine moves."""

    def refer(self, container: Container) -> int:
        self.containers.append(container)
        return len(self.containers)

    def container(self, reference: int) -> Container:
        """Return what a reference stands for. Raises BadRequest."""
        if not 0 < reference <= len(self.containers):
            raise BadRequest(f"there are no variables {reference} at this moment")
        return self.containers[reference - 1]

    # --- Sources -------------------------------------------------------------------------

    @property
    def sources(self) -> Sequence[tuple[str, str]]:
        """The program's files with their texts."""
        return self.machine.program.sources

    def source(self, file: str) -> Body:
        """Describe a source file: by its path, or where there is none by its number."""
        if os.path.isfile(file):
            return {"name": os.path.basename(file), "path": os.path.abspath(file)}
        names = [name for name, _ in self.sources]
        return {"name": file, "sourceReference": names.index(file) + 1 if file in names else 0}

    def file(self, source: Arguments) -> str:
        """Return the program's file that a client means. Raises BadRequest."""
        number = source.number("sourceReference", 0)
        if 0 < number <= len(self.sources):
            return self.sources[number - 1][0]
        path = source.text("path", "")
        real = os.path.realpath(path)
        for name, _ in self.sources:
            if path and os.path.realpath(name) == real:
                return name
        raise BadRequest(f"{path or source.text('name', 'the file')} is no file of the program")
