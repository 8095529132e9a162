"""Linked ELF files for RISC-V, made byte by byte after the ELF specification."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

RISCV, RVE = 243, 8
LOAD, PROGBITS, SYMTAB, STRTAB = 1, 1, 2, 3
HEADER, PROGRAM, SECTION = 52, 32, 40
"""Bytes."""


@dataclass
class Load:
    """A segment."""

    at: int
    data: bytes
    flags: int = 5
    size: int | None = None
    virtual: int | None = None
    kind: int = LOAD
    stored: int | None = None


@dataclass
class File:
    """What an ELF file says; everything can be made wrong."""

    loads: list[Load]
    entry: int = 0
    flags: int = RVE
    machine: int = RISCV
    kind: int = 2
    ident: bytes = b"\x7fELF\x01\x01\x01" + bytes(9)
    sections: list[tuple[int, int, int]] = field(default_factory=list)
    """Executable ones: address, size, flags."""
    symbols: list[tuple[str, int, int]] = field(default_factory=list)
    """Name, address, info."""

    def bytes(self) -> bytes:
        place = HEADER + PROGRAM * len(self.loads)
        body, headers = b"", b""
        for load in self.loads:
            stored = len(load.data) if load.stored is None else load.stored
            size = len(load.data) if load.size is None else load.size
            virtual = load.at if load.virtual is None else load.virtual
            headers += struct.pack("<8I", load.kind, place + len(body), virtual, load.at, stored, size, load.flags, 4)
            body += load.data
        names, rows_of_symbols = b"\0", [bytes(16)]
        known = {"": 0}
        for name, value, info in self.symbols:
            if name not in known:
                known[name] = len(names)
                names += name.encode() + b"\0"
            rows_of_symbols.append(struct.pack("<IIIBBH", known[name], value, 0, info, 0, 1))
        table = b"".join(rows_of_symbols)
        tables = place + len(body)
        rows = bytes(SECTION)
        for address, size, flags in self.sections:
            rows += struct.pack("<10I", 0, PROGBITS, flags, address, place, size, 0, 0, 4, 0)
        count = 1 + len(self.sections)
        rows += struct.pack("<10I", 0, SYMTAB, 0, 0, tables, len(table), count + 1, 1, 4, 16)
        rows += struct.pack("<10I", 0, STRTAB, 0, 0, tables + len(table), len(names), 0, 0, 1, 0)
        shoff = tables + len(table) + len(names)
        head = self.ident + struct.pack(
            "<HHIIIIIHHHHHH",
            self.kind,
            self.machine,
            1,
            self.entry,
            HEADER,
            shoff,
            self.flags,
            HEADER,
            PROGRAM,
            len(self.loads),
            SECTION,
            count + 2,
            count + 1,
        )
        return head + headers + body + table + names + rows


def code(*words: int) -> bytes:
    return b"".join(word.to_bytes(4, "little") for word in words)
