"""How a CPU addresses memory: through its TLB, by a page walk, or physically."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ring1.dbt.machine.memory import SEALED, TABLE, Memory
from ring1.dbt.machine.paging import FETCH, LOAD, STORE, UPDATE, Walk, Walker
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.supervisor import Supervisor
from ring1.isa.model import Words
from ring1.isa.python import Trap

if TYPE_CHECKING:
    from ring1.dbt.machine.bus import Bus

HALF = 2
"""Bytes of the shorter instructions where there are two lengths."""
NOWHERE = -1
"""Stands for "no physical address"."""


class Addressing:
    """The part of a CPU that fetches, loads and stores."""

    pc: int
    memory: Memory
    bus: Bus
    ram: memoryview
    halves: memoryview
    lengths: Words
    watch: bytearray
    walker: Walker | None
    tlb: dict[int, int]
    flat: int
    supervisor: Supervisor
    absent: tuple[Callable[..., Any], ...]
    """What an access to an absent address does, by kind of access."""
    device_accesses: int
    """How often registers of devices in memory have been read or written."""

    def fetch(self, pc: int) -> int:
        """Return the instruction at pc. Raises Trap."""
        return self.fetch_parts(pc) if self.lengths.mixed else self.fetch_word(pc)

    def fetch_parts(self, pc: int) -> int:
        """Return the instruction at pc, of a machine with several lengths of instructions. Raises Trap, for the page of
        its second half as well."""
        at = NOWHERE  # or where both halves are, if that is in one page of RAM
        if self.flat:
            at = pc if self.memory.base <= pc <= self.flat - 2 * HALF else NOWHERE
        elif pc & 0xFFF <= 0x1000 - 2 * HALF:
            page = self.tlb.get(pc >> 12 << 2 | FETCH, NOWHERE)
            at = page | pc & 0xFFF if page >= 0 else NOWHERE
        if at >= 0:
            halves, at = self.halves, at >> 1
            first = halves[at]
            return first if self.lengths.size(first) == HALF else first | halves[at + 1] << 8 * HALF
        first = self.fetch_half(pc)
        if self.lengths.size(first) == HALF:
            return first
        return first | self.fetch_half(pc + HALF & ONES) << 8 * HALF

    def fetch_half(self, pc: int) -> int:
        page = self.tlb.get(pc >> 12 << 2 | FETCH)
        if page is not None:
            return self.halves[(page | pc & 0xFFF) >> 1]
        return self.halves[self.physical_of(pc, FETCH) >> 1]

    def fetch_word(self, pc: int) -> int:
        """Return the instruction at pc, of a machine whose instructions are aligned words. Raises Trap."""
        page = self.tlb.get(pc >> 12 << 2 | FETCH)
        if page is not None:
            return self.ram[(page | pc & 0xFFF) >> 2]
        return self.memory.words[self.physical_of(pc, FETCH) >> 2]

    def physical_of(self, address: int, kind: int) -> int:
        """Return the physical address, which lies in RAM, of an access within one page. Raises Trap."""
        if self.flat:
            physical = address
        else:
            assert self.walker is not None
            physical = self.walker.translate(address, kind)
        if not self.memory.has(physical):
            self.absent[kind](self, address, 0)
        return physical

    def load(self, address: int, size: int, write: bool = False) -> int:
        flat = self.memory.base <= address and address + size <= self.flat
        at = address if flat else NOWHERE if write else self.found(address, size, LOAD)
        if at >= 0:
            if size == 4 and not at & 3:
                return self.ram[at >> 2]
            return int.from_bytes(self.memory.bytes[at : at + size], "little")
        pieces = self.pieces(address, size, UPDATE if write else LOAD)
        return int.from_bytes(b"".join(self.got(at, n) for at, n in pieces), "little")

    def store(self, address: int, size: int, value: int) -> None:
        flat = self.memory.base <= address and address + size <= self.flat
        at = address if flat else self.found(address, size, STORE)
        if at >= 0:
            if size == 4 and not at & 3 and not self.watch[at >> 12]:
                self.ram[at >> 2] = value
                return
            if not self.memory.sealed(at, size):
                self.memory.write(at, value.to_bytes(size, "little"))
                return
        data = value.to_bytes(size, "little")
        for at, n in self.pieces(address, size, STORE):
            self.put(at, data[:n])
            data = data[n:]

    def got(self, at: int, size: int) -> bytes:
        """Return the bytes at a physical address, of RAM or of a device."""
        if self.memory.has(at):
            return self.memory.read(at, size)
        self.device_accesses += 1
        registers, port_in = self.bus.registers(at, size), self.supervisor.port_in
        width, first = registers.step, at - registers.start
        data = b"".join((port_in(register) & (1 << 8 * width) - 1).to_bytes(width, "little") for register in registers)
        return data[first : first + size]

    def put(self, at: int, data: bytes) -> None:
        """Write bytes at a physical address, to RAM or to a device."""
        if self.memory.has(at):
            self.memory.write(at, data)
            return
        self.device_accesses += 1
        registers = self.bus.registers(at, len(data))
        for n, register in enumerate(registers):
            width = registers.step
            self.supervisor.port_out(register, int.from_bytes(data[n * width : (n + 1) * width], "little"))

    def reaches(self, physical: int, size: int, kind: int) -> bool:
        """Is there RAM at a physical address, or a device that takes the access? None takes what reads in order to
        write, and nobody what is sealed."""
        if self.memory.has(physical):
            return kind not in (STORE, UPDATE) or not self.watch[physical >> 12] & SEALED
        return kind != UPDATE and self.bus.serves(physical, size, kind == STORE)

    def found(self, address: int, size: int, kind: int) -> int:
        """Return the physical address of an access if it lies in one page that the TLB holds, else NOWHERE."""
        page = self.tlb.get(address >> 12 << 2 | kind)
        return NOWHERE if page is None or (address & 0xFFF) + size > 0x1000 else page | address & 0xFFF

    def pieces(self, address: int, size: int, kind: int) -> list[tuple[int, int]]:
        """Return physical address and length, in bytes, of each piece of an access, one piece per page but where RAM
        goes on: what sees stores sees one then, whether anything has translated the addresses or not.

        All pieces or none: raises the Trap of the lowest address that faults, with no entry marked.
        """
        first = min(size, 0x1000 - (address & 0xFFF))
        parts = [(address, first)] + ([((address + first) & ONES, size - first)] if first < size else [])
        found: list[tuple[int, int]] = []
        walks: list[tuple[int, Walk]] = []
        faults: list[tuple[int, Trap]] = []
        for at, n in parts:
            try:
                physical = at
                if not self.flat:
                    assert self.walker is not None
                    walk = self.walker.walk(at, kind)
                    walks.append((at, walk))
                    physical = walk.physical
                if not self.reaches(physical, n, kind):
                    self.absent[kind](self, at, 0)
                found.append((physical, n))
            except Trap as trap:
                faults.append((at, trap))
        if faults:
            raise min(faults, key=lambda fault: fault[0])[1]
        if self.walker is not None:
            for at, walk in walks:
                self.walker.commit(at, kind, walk)
        at = found[0][0]
        return [(at, size)] if sum(found[0]) == found[-1][0] and self.memory.has(at, size) else found

    def physical(self, address: int) -> int:
        if self.flat:
            return address if self.memory.has(address) else ONES
        assert self.walker is not None
        try:
            walk = self.walker.walk(address, LOAD)
        except Trap as trap:
            if trap.cause in self.walker.beyond:
                raise
            return ONES
        return self.walker.reported(walk) if self.memory.has(walk.physical) else ONES

    def load_physical(self, address: int) -> int:
        """Return the word of RAM at a physical address, whatever its low two bits; all ones where there is no RAM."""
        return self.ram[address >> 2] if self.memory.has(address & ~3, 4) else ONES

    def store_physical(self, address: int, value: int) -> None:
        """Store a word in RAM in the same way."""
        if self.memory.has(address & ~3, 4):
            self.put(address & ~3, value.to_bytes(4, "little"))

    def fetched(self) -> int:
        """Return the instruction word at pc, which has been fetched."""
        return self.fetch(self.pc)

    def watched_write(self, address: int, length: int) -> None:
        """Handle a write to watched pages: flush the TLB if they hold page tables, and tell the supervisor."""
        watch, last = self.memory.watch, (address + length - 1) >> 12
        for page in range(address >> 12, last + 1):
            if watch[page] & TABLE and self.walker is not None:
                watch[page] &= ~TABLE
                self.walker.flush()
            if watch[page] & ~TABLE:
                self.supervisor.page_written(page, address, length)

    def page_written(self, page: int, address: int, length: int) -> None:
        """Do nothing: the bare machine keeps no copy of memory."""

    def flush(self, address: int | None = None) -> None:
        """Flush the TLB, or the page of an address: the guest has changed its page tables."""
        if self.walker is not None:
            self.walker.flush()
            self.supervisor.flushed(address)

    def flushed(self, address: int | None = None) -> None:
        """Do nothing: nobody but the walker holds translated addresses."""
