"""Sections that the linker gathers from all files, and the symbols at their bounds.

Tables to which many files add: .init_array and its like, sorted by priority, with the older .ctors and .dtors among
them; and every section whose name is a C identifier, bounded by `__start_NAME` and `__stop_NAME` as in GNU ld.
Thread-local variables: .tdata ends the data, and .tbss begins what is not in the image. `__tls_base` is the address of
the first of them, from which all offsets to the thread pointer are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ring1.isa.asm.nodes import TLS_BASE, Place
from ring1.isa.asm.sections import Kind, Section
from ring1.isa.asm.unit import Unit

TABLES = {
    ".preinit_array": "preinit_array",
    ".init_array": "init_array",
    ".ctors": "init_array",
    ".fini_array": "fini_array",
    ".dtors": "fini_array",
}
"""Section -> the table that it belongs to, between `__NAME_start` and `__NAME_end`."""
LAST = 1 << 16
"""Priority of sections that name none: behind all that do."""
TABLE = re.compile(r"(\.\w+?)(?:\.(\d{1,5}))?")
THREAD = re.compile(r"\.(tdata|tbss)(\..*)?")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(slots=True, eq=False)
class Group:
    """Sections that are contiguous in memory; `first` and `behind` are their bounds, once these are known."""

    begin: str
    end: str
    kind: Kind
    first: Section = field(init=False)
    behind: Section = field(init=False)
    members: list[Section] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.first, self.behind = Section(self.begin, self.kind), Section(self.end, self.kind)

    def place(self) -> None:
        """Set the bounds from the members; a group without members is empty."""
        found = [(m.base, m.base + m.end) for m in self.members if m.base is not None]
        self.first.base = min((begin for begin, _ in found), default=0)
        self.behind.base = max((end for _, end in found), default=0)


def is_thread_local(section: Section) -> bool:
    """Does each thread have a copy of the section?"""
    return THREAD.fullmatch(section.name) is not None


def table_of(name: str) -> tuple[str, int] | None:
    """Return the table that a section belongs to and its priority there; lower priorities come first."""
    match = TABLE.fullmatch(name)
    if match is None or match[1] not in TABLES:
        return None
    if match[2] is None:
        return TABLES[match[1]], LAST
    number = int(match[2])
    return TABLES[match[1]], LAST - 1 - number if match[1] in (".ctors", ".dtors") else number


class Groups:
    """The groups of a program."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.tables = {
            table: Group(f"__{table}_start", f"__{table}_end", Kind.DATA) for table in dict.fromkeys(TABLES.values())
        }
        self.threads = Group(TLS_BASE, "__tls_end", Kind.BSS)
        self.named: dict[str, Group] = {}
        ranked: dict[str, list[tuple[int, Section]]] = {table: [] for table in self.tables}
        for unit in units:
            for section in unit.sections.values():
                table = table_of(section.name)
                if section.kind == Kind.UNLOADED:
                    continue
                if table is not None:
                    ranked[table[0]].append((table[1], section))
                elif is_thread_local(section):
                    self.threads.members.append(section)
                elif IDENTIFIER.fullmatch(section.name):
                    name = section.name
                    group = self.named.setdefault(name, Group(f"__start_{name}", f"__stop_{name}", section.kind))
                    group.members.append(section)
        for name, found in ranked.items():
            self.tables[name].members += [section for _, section in sorted(found, key=lambda pair: pair[0])]
        for group in self.named.values():
            kinds = {section.kind for section in group.members}
            # A group of several kinds gets the kind that permits what each of them does; one with bytes is in the
            # image.
            group.kind = Kind.DATA if Kind.BSS in kinds and len(kinds) > 1 else max(kinds)
            for section in group.members:
                section.kind = group.kind
        self.owner = {id(s): group for group in (*self.tables.values(), *self.named.values()) for s in group.members}

    def all(self) -> Iterator[Group]:
        yield from self.tables.values()
        yield from self.named.values()
        yield self.threads

    def symbols(self) -> Iterator[tuple[str, Place]]:
        """Yield the bounding symbols by name: places whose sections are laid out by `place`."""
        for group in self.all():
            yield group.begin, Place(group.first, 0)
            yield group.end, Place(group.behind, 0)

    def ordered(self, kind: Kind, sections: Iterable[Section]) -> list[Section]:
        """Return the sections of a kind in the order in which they are laid out."""
        found: list[Section] = []
        given = list(sections)
        done: set[int] = set()
        for section in given:
            if id(section) in done:
                continue
            group = self.owner.get(id(section))
            together = group.members if group is not None else [section]
            found += together
            done.update(map(id, together))
        # Thread-local variables are contiguous where .data ends and .bss begins.
        found.sort(key=is_thread_local, reverse=kind == Kind.BSS)
        return found

    def place(self) -> None:
        """Set the bounds of all groups, now that the sections have addresses."""
        for group in self.all():
            group.place()
