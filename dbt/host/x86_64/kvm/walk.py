"""The page walk of the monitor: from the guest's tables into the real ones, without the VMM.

It begins as the walk for a software look-aside buffer does (dbt/host/x86_64/walk), and ends with an entry of the real
tables where there was none. The VMM learns of it at the next exit, from a record:

    root (CR3), guest address, entry; for each level the physical address and the value of the guest's entry; levels
"""

from __future__ import annotations

from ring1.dbt.host.target import Unsupported
from ring1.dbt.host.x86_64.kvm.pages import ENTRIES, INDEX_BITS, PRESENT, USER_ENTRY, WRITE
from ring1.dbt.host.x86_64.operations import sized
from ring1.dbt.host.x86_64.selection import NEGATED
from ring1.dbt.host.x86_64.walk import ADDRESS, AT, INDEX, OTHER, PAGE, Refill
from ring1.dbt.machine.memory import GUARDED
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.native import slots
from ring1.dbt.native.libc import PAGE as PAGE_SIZE

RECORD, MOST_RECORDS = 64, 64
"""Bytes of a record, and how many there is room for."""
MOST_LEVELS = 2


class Fill(Refill):
    """The walk for accesses of one kind. Left to the VMM: with paging off, and where a real table is missing."""

    ram, watch = slots.RAM_AGAIN, slots.WATCH_AGAIN

    def begin(self) -> None:
        p = self.isa.paging
        assert p is not None
        if len(p.levels) > MOST_LEVELS:
            raise Unsupported("levels")
        self.jump(self.fail, NEGATED[self.flags(self.of_entry(p.when))])
        self.emit(f"mov eax, dword ptr [rbp+{slots.FILLED}]")
        self.emit("cmp eax, {}", MOST_RECORDS)
        self.jump(self.fail, "ae")
        self.emit("imul eax, eax, {}", RECORD)
        self.emit(f"add rax, qword ptr [rbp+{slots.RECORDS}]")
        self.emit(f"mov qword ptr [rbp+{slots.RECORD}], rax")

    def note(self, place: int) -> None:
        """Put rax into the record."""
        self.emit(f"mov {OTHER}, qword ptr [rbp+{slots.RECORD}]")
        self.emit(f"mov qword ptr [{OTHER}+{place}], rax")

    def met(self, level: int) -> None:
        self.note(32 + 16 * level)
        self.emit(f"mov rax, {self.scratch_text(AT, 64)}")
        self.note(24 + 16 * level)

    def settle(self, level: int) -> None:
        self.emit(f"mov eax, {self.locals['entry'].text}")
        self.note(32 + 16 * level)
        self.emit("mov eax, {}", level + 1)
        self.note(56)
        self.writable()
        self.emit(f"mov {sized(INDEX, 32)}, eax")
        self.emit("mov rax, cr3")
        self.note(0)
        self.emit(f"add rax, qword ptr [rbp+{slots.POOL}]")
        self.emit(f"or {INDEX}, qword ptr [rax+{8 * USER_ENTRY}]")
        for shift in (3 * INDEX_BITS, 2 * INDEX_BITS, INDEX_BITS):
            self.entry_at(12 + shift)
            self.emit(f"mov rax, qword ptr [rax+{OTHER}*8]")
            self.emit("test eax, {}", PRESENT)
            self.jump(self.fail, "e")
            self.emit("and rax, {}", -PAGE_SIZE)
            self.emit(f"add rax, qword ptr [rbp+{slots.POOL}]")
        self.entry_at(12)
        self.emit(f"lea rax, [rax+{OTHER}*8]")
        self.emit("test dword ptr [rax], {}", PRESENT)
        self.jump(self.fail, "ne")
        self.emit(f"mov {OTHER}, {self.scratch_text(PAGE, 64)}")
        self.emit(f"add {OTHER}, qword ptr [rbp+{slots.RAM_ENTRY}]")
        self.emit(f"or {OTHER}, {INDEX}")
        self.emit(f"mov qword ptr [rax], {OTHER}")
        self.emit(f"mov rax, {OTHER}")
        self.note(16)
        self.emit(f"mov eax, {self.scratch_text(ADDRESS, 32)}")
        self.note(8)
        self.emit(f"add dword ptr [rbp+{slots.FILLED}], {{}}", 1)
        self.emit("ret")

    def entry_at(self, shift: int) -> None:
        """Which entry of a real table the guest address has."""
        self.emit(f"mov {sized(OTHER, 32)}, {self.scratch_text(ADDRESS, 32)}")
        if shift >= 32:
            self.emit(f"xor {sized(OTHER, 32)}, {sized(OTHER, 32)}")
            return
        self.emit(f"shr {sized(OTHER, 32)}, {{}}", shift)
        self.emit(f"and {sized(OTHER, 32)}, {{}}", ENTRIES - 1)

    def writable(self) -> None:
        """eax = WRITE if the page may be written to unseen, else 0."""
        p = self.isa.paging
        assert p is not None
        never, end = self.label(), self.label()
        self.flagged(self.scratch_text(PAGE, 64), GUARDED)
        self.jump(self.fail if self.kind == STORE else never, "ne")
        if self.kind == LOAD:
            self.emit(f"mov eax, {self.locals['entry'].text}")
            self.emit("and eax, {}", p.dirty)
            self.emit("cmp eax, {}", p.dirty)
            self.jump(never, "ne")
            self.jump(never, NEGATED[self.flags(self.of_entry(p.store.allowed))])
        self.emit("mov eax, {}", WRITE)
        self.jump(end)
        self.place(never)
        self.emit("xor eax, eax")
        self.place(end)
