"""Memory whose writes can be taken back."""

from __future__ import annotations

from ring1.dbt.machine.memory import Memory


class Undoable(Memory):
    """Notes what is written to it by `write`, `mark` and whoever calls `note` before."""

    def __init__(self, size: int) -> None:
        """See Memory. Raises OSError."""
        super().__init__(size)
        self.overwritten: list[tuple[int, bytes]] = []
        """Address, and the bytes that were there, since `keep`."""
        self.written: set[int] = set()
        """Pages that were written to since somebody emptied this."""

    def note(self, address: int, length: int) -> None:
        """Bytes are about to be written."""
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
        """Write what is not to be taken back."""
        super().write(address, data)

    def keep(self) -> None:
        """`undo` comes back to here."""
        self.overwritten.clear()

    def undo(self) -> None:
        """Hold what was held at the last `keep`."""
        while self.overwritten:
            self.put(*self.overwritten.pop())
