"""Which translations that a view holds come from which page-table entries, so that they go when the entries change.

Lazily: each entry that something was taken from is kept as it was then, and compared with memory when the guest says
that it has changed its tables (an instruction that flushes). What comes from entries that still say the same stays. Or
traced: whoever writes to the table says so at once.

Invariant: whatever is shown by way of an entry may be shown by what is kept of it, until the use is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.machine.memory import PAGE, Memory
from ring1.dbt.mmu.view import View

Use = tuple[View, int]
"""A page that a view shows."""

ENTRY = 4
"""Bytes in which a change of an entry is seen."""


class Table:
    """A physical page with entries in use, which are kept as they were; and who uses the entry at which address."""

    def __init__(self, copy: bytearray) -> None:
        self.copy = copy
        self.words = memoryview(copy).cast("I")
        self.users: dict[int, set[Use]] = {}


class Tables:
    """All tables in use."""

    def __init__(self, memory: Memory, marks: int) -> None:
        """`marks`: the bits of an entry that the machine sets by itself, and that grant nothing."""
        self.memory = memory
        self.marks = marks
        self.pages: dict[int, Table] = {}
        """By physical page number."""
        self.uses = 0
        """How many are noted."""

    def rely(self, path: tuple[int, ...], use: Use, values: Sequence[int] | None = None) -> set[Use]:
        """Note what these entries are used for; `values` is what they were then, if that may not be what they are now.
        The uses that they no longer grant, and that must go."""
        gone: set[Use] = set()
        words = self.memory.words
        for n, at in enumerate(path):
            table = self.pages.get(at // PAGE)
            if table is None:
                table = self.pages[at // PAGE] = Table(bytearray(self.now(at // PAGE)))
            value, place = words[at >> 2] if values is None else values[n], at % PAGE // ENTRY
            if table.words[place] != value:
                if not self.holds(table.words[place], value):
                    gone |= self.take(table, at)
                table.words[place] = value
            users = table.users.setdefault(at, set())
            if use not in users:
                users.add(use)
                self.uses += 1
        return gone

    def holds(self, before: int, now: int) -> bool:
        """Does an entry still grant what it did? It has lost no accessed or dirty bit, and differs in nothing else."""
        return not (before ^ now) & ~(now & self.marks)

    def take(self, table: Table, at: int) -> set[Use]:
        """The users of an entry, which are no longer noted."""
        users = table.users.pop(at, set())
        self.uses -= len(users)
        return users

    def now(self, page: int) -> bytes:
        """A page as it is."""
        return self.memory.map[page * PAGE : (page + 1) * PAGE]

    def changed(self) -> set[Use]:
        """The uses whose entries have changed. They are no longer noted."""
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
            table.words[:] = words
            if not table.users:
                del self.pages[page]
        return gone

    def written(self, page: int, address: int, length: int) -> set[Use]:
        """Bytes of a table are about to be written: the uses of their entries, which are no longer noted."""
        gone: set[Use] = set()
        table = self.pages[page]
        for at in range(max(address, page * PAGE) & -ENTRY, min(address + length, (page + 1) * PAGE), ENTRY):
            gone |= self.take(table, at)
        if not table.users:
            del self.pages[page]
        return gone

    def clear(self) -> None:
        self.pages.clear()
        self.uses = 0
