"""Which translations that a view holds come from which page-table entries, so that they go when the entries change.

Lazily: each table that anything was taken from is kept as it was then, and compared with memory when the guest says
that it has changed its tables (an instruction that flushes). What comes from other entries stays. Or traced: whoever
writes to the table says so at once.
"""

from __future__ import annotations

from dbt.machine.memory import PAGE, Memory
from dbt.mmu.view import View

Use = tuple[View, int]
"""A page that a view shows."""

ENTRY = 4
"""Bytes in which a change of an entry is seen."""


class Table:
    """A physical page with entries in use, as it was; and who uses the entry at which physical address."""

    def __init__(self, copy: bytearray) -> None:
        self.copy = copy
        self.users: dict[int, set[Use]] = {}


class Tables:
    """All tables in use."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.pages: dict[int, Table] = {}
        """By physical page number."""
        self.uses = 0
        """How many are noted."""

    def rely(self, path: tuple[int, ...], use: Use) -> set[Use]:
        """Note what these entries are used for. The uses that have found them otherwise, and must go."""
        gone: set[Use] = set()
        for at in path:
            table = self.pages.get(at // PAGE)
            if table is None:
                table = self.pages[at // PAGE] = Table(bytearray(self.now(at // PAGE)))
            elif self.differs(table, at):
                gone |= self.take(table, at)
                self.learn(table, at)
            users = table.users.setdefault(at, set())
            if use not in users:
                users.add(use)
                self.uses += 1
        return gone

    def take(self, table: Table, at: int) -> set[Use]:
        """The users of an entry, which are no longer noted."""
        users = table.users.pop(at, set())
        self.uses -= len(users)
        return users

    def now(self, page: int) -> bytes:
        """A page as it is."""
        return self.memory.map[page * PAGE : (page + 1) * PAGE]

    def differs(self, table: Table, at: int) -> bool:
        """Has the entry changed since the table was kept?"""
        place = at % PAGE
        return table.copy[place : place + ENTRY] != self.memory.map[at : at + ENTRY]

    def learn(self, table: Table, at: int) -> None:
        """Keep the entry as it is now."""
        place = at % PAGE
        table.copy[place : place + ENTRY] = self.memory.map[at : at + ENTRY]

    def marked(self, at: int) -> None:
        """The machine itself has set accessed or dirty bits of an entry: what came from it still holds."""
        table = self.pages.get(at // PAGE)
        if table is not None:
            self.learn(table, at)

    def changed(self) -> set[Use]:
        """The uses whose entries have changed. They are no longer noted."""
        gone: set[Use] = set()
        for page, table in list(self.pages.items()):
            now = self.now(page)
            if now == table.copy:
                continue
            for at in list(table.users):
                if self.differs(table, at):
                    gone |= self.take(table, at)
            table.copy[:] = now
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
