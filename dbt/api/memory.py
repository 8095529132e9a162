"""Memory as bytes and words: as the guest addresses it at the present moment, or physical."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import overload

from ring1.dbt.api.errors import BadAddress, BadValue
from ring1.dbt.api.places import Place
from ring1.dbt.api.registers import Now, changing
from ring1.dbt.api.values import counted, fitting
from ring1.dbt.machine.addressing import Addressing
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import ONES
from ring1.dbt.travel.journal import memory_set


class Memory:
    """Bytes by address or label. Looking at it changes nothing that the guest can see; writing to it neither asks for a
    right nor marks a page-table entry."""

    def __init__(self, now: Now, where: Callable[[Place], int], paged: bool) -> None:
        """`where` says what address a place has. `paged`: addresses go through the page tables, as the guest's do."""
        self.now = now
        self.where = where
        self.paged = paged

    def __len__(self) -> int:
        """Bytes of address space: 4 GiB, or those up to the end of RAM."""
        return 1 << 32 if self.paged else self.now().body.vm.memory.end

    def physical(self, place: Place) -> int:
        """Return the physical address of a place. Raises BadAddress if there is no memory."""
        at, cpu = self.where(place), self.now().body.cpu
        # A CPU's own tables: under a monitor that moves its guest's memory, still the guest's address.
        found = Addressing.physical(cpu, at) if self.paged else at
        if not cpu.memory.has(found) or (found == ONES and cpu.memory.end <= ONES):
            raise BadAddress(f"there is no memory at {at:#x}")
        return found

    def pieces(self, place: Place, length: int) -> Iterator[tuple[int, int]]:
        """Yield physical address and length of the parts of a range, which are within pages."""
        at = self.where(place)
        if counted(length, "number of bytes") > len(self) - at:
            raise BadAddress(f"there are no {length:,} bytes of memory from {at:#x} on")
        while length:
            part = min(length, PAGE - at % PAGE)
            yield self.physical(at), part
            at, length = at + part, length - part

    def read(self, place: Place, length: int) -> bytes:
        """Return `length` bytes. Raises BadAddress."""
        memory = self.now().body.vm.memory
        return b"".join([memory.read(at, part) for at, part in self.pieces(place, length)])

    def write(self, place: Place, data: bytes) -> None:
        """Write bytes; all of them, or none and BadAddress is raised."""
        timeline = changing(self.now)
        for at, part in list(self.pieces(place, len(data))):
            timeline.change(memory_set(at, data[:part]))
            data = data[part:]

    def word(self, place: Place) -> int:
        """Return the 32-bit word at a place."""
        return int.from_bytes(self.read(place, 4), "little")

    def instruction(self, place: Place) -> int:
        """Return the instruction word at a place, of as many bytes as the instruction has."""
        words = self.now().body.kind.isa.words
        word = int.from_bytes(self.read(place, words.least), "little")
        size = words.size(word)
        return word if size == words.least else int.from_bytes(self.read(place, size), "little")

    def half(self, place: Place) -> int:
        """Return the 16-bit half-word at a place."""
        return int.from_bytes(self.read(place, 2), "little")

    def byte(self, place: Place) -> int:
        return self.read(place, 1)[0]

    def words(self, place: Place, count: int) -> list[int]:
        """Return `count` words."""
        data = self.read(place, 4 * counted(count, "number of words"))
        return [int.from_bytes(data[at : at + 4], "little") for at in range(0, len(data), 4)]

    def set_word(self, place: Place, value: int) -> None:
        """Write a word. Raises BadValue if the value does not fit."""
        self.write(place, fitting(value).to_bytes(4, "little"))

    def string(self, place: Place, most: int = 4096) -> bytes:
        """Return the bytes before the first zero, at most `most`."""
        found, at = bytearray(), self.where(place)
        counted(most, "number of bytes")
        while len(found) < most:
            part = self.read(at, min(PAGE - at % PAGE, most - len(found)))
            head, zero, _ = part.partition(b"\0")
            found += head
            if zero:
                break
            at += len(part)
        return bytes(found)

    @overload
    def __getitem__(self, key: slice) -> bytes: ...

    @overload
    def __getitem__(self, key: int | str) -> int: ...

    def __getitem__(self, key: slice | int | str) -> bytes | int:
        """`mem[address]` and `mem["label"]` are a byte, `mem[first:end]` bytes."""
        if not isinstance(key, slice):
            return self.byte(key)
        return self.read(*self.range(key))

    def __setitem__(self, key: slice | int | str, value: bytes | int) -> None:
        if isinstance(key, slice):
            at, length = self.range(key)
            data = bytes(value) if not isinstance(value, int) else bytes([fitting(value, 8)]) * length
            if len(data) != length:
                raise BadValue(f"{len(data)} bytes where there is room for {length}")
            self.write(at, data)
        elif isinstance(value, int):
            self.write(key, bytes([fitting(value, 8)]))
        else:
            raise BadValue("a byte is a number; several are written to a slice")

    def range(self, key: slice) -> tuple[int, int]:
        """Return address and length of a slice. Raises BadValue for one with a step or without an end."""
        if key.step not in (None, 1) or key.stop is None:
            raise BadValue("a slice of memory has a beginning and an end, and no step")
        first = self.where(0 if key.start is None else key.start)
        end = key.stop if isinstance(key.stop, int) else self.where(key.stop)
        if end < first:
            raise BadValue(f"a slice of memory ends behind its beginning, not at {end:#x}")
        return first, end - first
