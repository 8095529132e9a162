"""Memory whose writes can be undone."""

from __future__ import annotations

from ring1.dbt.machine.memory import Memory


class Undoable(Memory):
    """Memory that logs writes by `write` and `mark`, and others announced by `note`."""

    def __init__(self, size: int, base: int = 0) -> None:
        """See Memory. Raises OSError."""
        super().__init__(size, base)
        self.overwritten: list[tuple[int, bytes]] = []
        """Address and old bytes of each write since `keep`."""
        self.written: set[int] = set()
        """Pages written to since the set was last cleared."""

    def note(self, address: int, length: int) -> None:
        """Log bytes that are about to be written."""
        self.overwritten.append((address, self.read(address, length)))
        self.written.add(address >> 12)
        self.written.add(address + length - 1 >> 12)

    def write(self, address: int, data: bytes) -> None:
        self.note(address, len(data))
        super().write(address, data)

    def mark(self, address: int, entry: int) -> None:
        self.note(address, 4)
        super().mark(address, entry)

    def put(self, address: int, data: bytes) -> None:
        """Write without logging."""
        super().write(address, data)

    def keep(self) -> None:
        """Make the present contents those that `undo` restores."""
        self.overwritten.clear()

    def undo(self) -> None:
        """Restore the contents of the last `keep`."""
        while self.overwritten:
            self.put(*self.overwritten.pop())
