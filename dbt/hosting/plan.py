"""Plans: which machines a host runs, and with what share of it. TOML, whose faults are all told at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.api.loading import described
from ring1.dbt.engines.registry import Registry
from ring1.dbt.toml.fields import Key, data, flag, names, one_of, scaled, text, whole
from ring1.dbt.toml.source import Source, ordered
from ring1.dbt.vmm.snapshot import SnapshotError, opened
from ring1.isa.asm.near import suggestion
from ring1.isa.record import Record, replace
from ring1.isa.source import Fault, Position, SourceError

MOST_MACHINES = 10_000
LEAST_MEMORY = 1 << 12
MOST_SHARE = 1_000_000
NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


class PlanError(SourceError):
    """Faults in a plan."""


class MachinePlan(Record):
    """A machine of a plan. Paths are absolute."""

    name: str
    place: Position
    """Where it stands in the plan."""
    program: tuple[str, ...] = ()
    template: str = ""
    """The snapshot that it begins from, which has its description and RAM as well."""
    isa: str = "pg32"
    """Empty: that of its template."""
    engine: str = ""
    """Empty: the default."""
    memory: int = 16 << 20
    """Bytes of RAM."""
    disk: str = ""
    share: int = 100
    seed: int = 0
    input: bytes = b""
    closed: bool = False
    """Is `input` all that there will be?"""
    limit: int = 0
    """Most instructions; 0 for any number."""
    paused: bool = False
    """Does it wait to be told to go on?"""


class Plan(Record):
    path: str
    machines: tuple[MachinePlan, ...]
    processors: int = 0
    """Machines that run at the same time; 0: as many as the host has processors."""
    memory: int = 0
    """Most bytes of RAM of all machines together; 0: what the host has."""


def keys(registry: Registry) -> Mapping[str, Key]:
    """Return the keys of a machine, in the order of the manual."""
    return {
        "program": Key(names, "the files of the program: assembly, one image or one linked file"),
        "template": Key(text, "a snapshot that it begins from, instead of a program"),
        "isa": Key(text, "the machine: a name, or a description's file"),
        "engine": Key(one_of(tuple(registry)), "how it is run"),
        "memory": Key(scaled(1024, '"64K" or "16M"'), "bytes of RAM"),
        "disk": Key(text, "a file that is its disk, read and written, and no other machine's"),
        "share": Key(whole(1, MOST_SHARE), "its share of the processors, beside those of the others (100)"),
        "seed": Key(whole(0, (1 << 32) - 1), "what the entropy device begins with"),
        "input": Key(data, "what is typed on its console at first"),
        "closed": Key(flag, "is that all that will be typed?"),
        "limit": Key(scaled(1000, '"500k" or "10M"'), "most instructions"),
        "paused": Key(flag, "does it wait for `ring1 host resume`?"),
        "count": Key(whole(1, MOST_MACHINES), "so many of them, called NAME-1, NAME-2, ..."),
    }


HOST: Mapping[str, Key] = {
    "processors": Key(whole(1, 1024), "machines that run at the same time; without it, the host's processors"),
    "memory": Key(scaled(1024, '"64K" or "16M"'), "most bytes of RAM of all machines together"),
}


class Reader:
    """Reads one plan."""

    tables: tuple[str, ...] = ("host", "machine")
    """What a plan may have."""

    def __init__(self, path: str, registry: Registry) -> None:
        self.faults: list[Fault] = []
        self.source = Source(path, self.faults)
        self.said: dict[str, Any] = {}
        """The plan as it is written."""
        self.folder = Path(path).absolute().parent
        self.registry = registry
        self.keys = keys(registry)

    def plan(self) -> Plan:
        """Return the plan. Raises PlanError."""
        source, made = self.source, self.source.parsed()
        self.said = made
        for name in made.keys() - set(self.tables):
            source.fault(source.key((name,)), f"there is no key {name} here{suggestion(name, self.tables)}")
        host = source.read(source.table(made.get("host", {}), ("host",)), ("host",), HOST) if "host" in made else {}
        machines = list[MachinePlan]()
        given = source.table(made["machine"], ("machine",)) if "machine" in made else {}
        for name, value in given.items():
            machines += self.machines(name, source.table(value, ("machine", name)))
        if not given and not self.faults:
            self.faults.append(Fault(Position(source.path), "there is no machine in it: [machine.NAME]"))
        self.together(machines, host.get("memory", 0))
        if self.faults:
            raise PlanError(ordered(self.faults))
        return Plan(source.path, tuple(machines), **host)

    def machines(self, name: str, given: Mapping[str, Any]) -> list[MachinePlan]:
        source, path = self.source, ("machine", name)
        place = source.key(path)
        if not name or set(name) - NAME:
            source.fault(place, f"{name!r} is no name: letters, digits, and - _ .")
        made = source.read(given, path, self.keys)
        count = made.pop("count", 1)
        if "template" in made:
            for key in ("program", "memory", "seed"):
                if key in given:
                    source.fault(source.key((*path, key)), f"{key}: the template of {name} has that")
            made.setdefault("isa", "")
        elif "program" not in given:
            source.fault(place, f"{name} has no program")
        elif made.get("program") == ():
            source.fault(source.value((*path, "program")), "program: no file is in it")
        for key in ("program", "disk", "template"):
            files = made.get(key, ())
            found = [self.file((*path, key), each) for each in ((files,) if isinstance(files, str) else files)]
            if key in made:
                made[key] = found[0] if isinstance(files, str) else tuple(found)
        if made.get("isa") and os.sep in made["isa"] + os.sep * made["isa"].endswith(".isa"):
            made["isa"] = self.file((*path, "isa"), made["isa"])
        if os.path.isfile(made.get("template", "")):
            made["memory"] = self.ram((*path, "template"), made["template"], made["isa"])
        if made.get("memory", LEAST_MEMORY) < LEAST_MEMORY:
            source.fault(source.value((*path, "memory")), f"memory: RAM is at least {LEAST_MEMORY:,} bytes")
        if count > 1 and "disk" in made:
            source.fault(source.key((*path, "disk")), f"{count} machines on one disk")
            del made["disk"]
        plan = MachinePlan(name, place, **made)
        return [replace(plan, name=f"{name}-{n}") for n in range(1, count + 1)] if "count" in given else [plan]

    def ram(self, path: tuple[str, ...], template: str, isa: str) -> int:
        """Return the bytes of RAM of a template's machine; LEAST_MEMORY if it is none."""
        try:
            with opened(template, described(isa) if isa else None) as found:
                return found.contents.machine.ram
        except (SnapshotError, MachineError, OSError) as error:
            self.source.fault(self.source.value(path), f"template: {error}")
        return LEAST_MEMORY

    def file(self, path: tuple[str, ...], name: str) -> str:
        """Return where a file is that the plan names, relative to its folder."""
        found = str(self.folder / name)
        if not os.path.isfile(found):
            self.source.fault(self.source.value(path), f"{path[-1]}: there is no file {name}")
        return found

    def together(self, machines: list[MachinePlan], most: int) -> None:
        """Look at what machines must not have in common."""
        source, disks, named = self.source, dict[str, str](), dict[str, MachinePlan]()
        for each in machines:
            if each.name in named:
                source.fault(each.place, f"{each.name} is the name of another machine")
            named[each.name] = each
            if each.disk:
                real = os.path.realpath(each.disk)
                if real in disks:
                    source.fault(each.place, f"{each.name} has the disk of {disks[real]}")
                disks[real] = each.name
        if len(machines) > MOST_MACHINES:
            source.fault(machines[-1].place, f"more than {MOST_MACHINES:,} machines")
        asked, there = sum(each.memory for each in machines), most or present_memory()
        if asked > there:
            of = "the plan allows" if most else "the host has"
            source.fault(machines[-1].place, f"the machines have {asked:,} bytes of RAM together, and {of} {there:,}")


def present_memory() -> int:
    """Return the bytes of RAM of the host."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def read(path: str, registry: Registry) -> Plan:
    """Return the plan in a file. Raises PlanError with every fault."""
    return Reader(path, registry).plan()
