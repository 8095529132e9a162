"""Records which page-table entries the pages shown in views come from, so that pages are hidden when entries change.

Lazily: the value of each used entry is kept, and compared with memory when the guest flushes its TLB; pages whose
entries still hold stay. Traced: every write to a table is reported at once.

Invariant: the kept value of an entry permits every page recorded as shown through it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.machine.memory import PAGE, Memory
from ring1.dbt.mmu.relied import Relied
from ring1.dbt.mmu.view import View

Use = tuple[View, int]
"""A page that a view shows."""

ENTRY = 4
"""Granularity, in bytes, at which changes of a table are seen."""


class Table:
    """A frame with entries in use: a copy of it, and the uses of each entry by its physical address."""

    def __init__(self, copy: bytearray) -> None:
        self.copy = copy
        self.words = memoryview(copy).cast("I")
        self.users: dict[int, set[Use]] = {}


class Tables:
    """All page tables in use."""

    def __init__(self, memory: Memory, marks: int, relied: Relied) -> None:
        """`marks`: the bits of an entry that the machine sets by itself and that affect no right (accessed, dirty).
        `relied` is told of entries."""
        self.memory = memory
        self.marks = marks
        self.relied = relied
        self.pages: dict[int, Table] = {}
        """Frame -> its table."""
        self.uses = 0
        """Number of recorded uses."""

    def rely(self, path: tuple[int, ...], use: Use, values: Sequence[int] | None = None) -> set[Use]:
        """Record a use of these entries, whose values were `values` then, if not what memory holds now. Return the uses
        that the entries no longer permit, which must be hidden."""
        gone: set[Use] = set()
        words = self.memory.words
        for n, at in enumerate(path):
            table = self.pages.get(at // PAGE)
            if table is None:
                table = self.pages[at // PAGE] = Table(bytearray(self.now(at // PAGE)))
            value, place = words[at >> 2] if values is None else values[n], at % PAGE // ENTRY
            before = table.words[place]
            if not self.holds(before, value):
                gone |= self.take(table, at)
            if before != value or at not in table.users:
                table.words[place] = value
                self.relied.note(at, value)
            users = table.users.setdefault(at, set())
            if use not in users:
                users.add(use)
                self.uses += 1
        return gone

    def holds(self, before: int, now: int) -> bool:
        """Does an entry still hold? It does if it has lost no accessed or dirty bit and differs in nothing else."""
        return not (before ^ now) & ~(now & self.marks)

    def take(self, table: Table, at: int) -> set[Use]:
        """Remove and return the uses of an entry."""
        users = table.users.pop(at, set())
        self.uses -= len(users)
        self.relied.drop(at)
        return users

    def now(self, page: int) -> bytes:
        """Return the present contents of a frame."""
        return self.memory.map[page * PAGE : (page + 1) * PAGE]

    def changed(self) -> set[Use]:
        """Compare all tables with memory; remove and return the uses whose entries no longer hold."""
        gone: set[Use] = set()
        for page, table in list(self.pages.items()):
            now = self.now(page)
            if now == table.copy:
                continue
            words = memoryview(now).cast("I")
            for at in list(table.users):
                place = at % PAGE // ENTRY
                if not self.holds(table.words[place], words[place]):
                    gone |= self.take(table, at)
                elif table.words[place] != words[place]:
                    self.relied.note(at, words[place])
            table.words[:] = words
            if not table.users:
                del self.pages[page]
        if not self.relied.known and sum(len(table.users) for table in self.pages.values()) <= self.relied.most // 2:
            self.relied.again(self.entries())
        return gone

    def entries(self) -> dict[int, int]:
        """Return the entries in use, by physical address, and what was made of them."""
        return {at: table.words[at % PAGE // ENTRY] for table in self.pages.values() for at in table.users}

    def written(self, page: int, address: int, length: int) -> set[Use]:
        """Remove and return the uses of entries whose bytes are about to be written."""
        gone: set[Use] = set()
        table = self.pages[page]
        for at in range(max(address, page * PAGE) & -ENTRY, min(address + length, (page + 1) * PAGE), ENTRY):
            gone |= self.take(table, at)
        if not table.users:
            del self.pages[page]
        return gone

    def clear(self) -> None:
        self.pages.clear()
        self.relied.none()
        self.uses = 0
