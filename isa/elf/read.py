"""The reader of linked ELF files: segments, the ranges of code, symbols and the entry point.

The file is not trusted: whatever it must not be is refused here, with a message that names it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from elftools.elf.elffile import ELFFile

from ring1.isa.source import ElfError, Fault, Position

MAGIC = b"\x7fELF"
MOST_BYTES = 1 << 28
"""The most bytes of a file, and of an image."""
RISCV, EXECUTABLE = "EM_RISCV", "ET_EXEC"
KINDS = {"ET_REL": "not linked", "ET_DYN": "linked to run anywhere (link with -static, without -pie)"}
RVC, FLOATS, RVE = 1, 6, 8
"""Bits of e_flags: EF_RISCV_RVC, the mask of the float ABI, EF_RISCV_RVE."""
EXECUTE = 1
"""A bit of p_flags: PF_X."""
CODE, ALLOCATED, NO_BYTES = 4, 2, 8
"""Bits of sh_flags, SHF_EXECINSTR and SHF_ALLOC, and a value of sh_type, SHT_NOBITS."""
SYMBOL = struct.Struct("<IIIBBH")
MOST_NAME = 4096
"""The most bytes read of a symbol's name."""
MOST_NAMES = 1 << 26
"""The most characters of all names together."""
MOST_SEGMENTS = 256
NAMED = (0, 1, 2)
"""Types of symbols that name places: STT_NOTYPE, STT_OBJECT, STT_FUNC."""
UNDEFINED, ABSOLUTE = 0, 0xFFF1


@dataclass(frozen=True, slots=True)
class Target:
    """What a linked file has to be for: the options with which GCC makes such files, and where RAM begins."""

    march: str = "rv32em"
    abi: str = "ilp32e"
    embedded: bool = True
    """It uses the registers up to x15 alone."""
    base: int = 0
    compressed: bool = False
    """It may have instructions of 16 bits."""


TWIN = Target()
"""Each instruction of the file will be encoded anew (see twins)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes to be loaded at a physical address, and the virtual address at which the program finds them."""

    physical: int
    virtual: int
    data: bytes
    size: int
    """Bytes in memory; the part beyond the data is zeros."""
    executable: bool


@dataclass(frozen=True, slots=True)
class Symbol:
    address: int
    name: str
    kind: int
    is_global: bool
    absolute: bool


@dataclass(frozen=True, slots=True)
class Elf:
    """A linked program."""

    name: str
    entry: int
    segments: tuple[Segment, ...]
    code: tuple[tuple[int, int], ...]
    """Ranges of executable sections, begin and end, as virtual addresses; empty in a file without sections."""
    symbols: tuple[Symbol, ...]

    def refuse(self, why: str) -> ElfError:
        return refusal(self.name, why)


def refusal(name: str, why: str) -> ElfError:
    return ElfError([Fault(Position(name), why)])


def read(name: str, data: bytes, target: Target = TWIN) -> Elf:
    """Read an ELF file with this name and these bytes. Raises ElfError, if it is not for `target` either."""
    if len(data) > MOST_BYTES:
        raise refusal(name, f"larger than {MOST_BYTES >> 20} MiB")
    if data[:4] != MAGIC:
        raise refusal(name, "not an ELF file")
    try:
        return whole(name, ELFFile(io.BytesIO(data)), data, target)
    except ElfError:
        raise
    except Exception as error:  # the library raises arbitrary exceptions on malformed files
        what = " ".join(str(error).split())[:100]
        raise refusal(name, f"a malformed ELF file ({what or type(error).__name__})") from None


def whole(name: str, file: Any, data: bytes, target: Target) -> Elf:
    header = file.header
    check_header(name, file, header, target)
    if file.num_segments() > MOST_SEGMENTS:
        raise refusal(name, f"it has {file.num_segments()} segments; {MOST_SEGMENTS} are possible")
    segments = [segment(name, s, data, target.base) for s in file.iter_segments() if wanted(name, s.header)]
    segments = [s for s in segments if s.size]
    if not segments:
        raise refusal(name, "there is nothing in it to load")
    segments.sort(key=lambda s: s.physical)
    for low, high in pairwise(segments):
        if low.physical + low.size > high.physical:
            raise refusal(name, f"two segments have address {high.physical:#x}")
    sections = list(file.iter_sections())
    code = sorted(
        (s["sh_addr"], s["sh_addr"] + s["sh_size"])
        for s in sections
        if s["sh_flags"] & CODE and s["sh_flags"] & ALLOCATED and s["sh_type"] != "SHT_NOBITS" and s["sh_size"]
    )
    for (_, end), (begin, _) in pairwise(code):
        if end > begin:
            raise refusal(name, f"two executable sections have address {begin:#x}")
    symbols = tuple(symbol for s in sections if s["sh_type"] == "SHT_SYMTAB" for symbol in table(name, file, s))
    return Elf(name, header["e_entry"], tuple(segments), tuple(code), symbols)


def check_header(name: str, file: Any, header: Any, target: Target) -> None:
    """Raise ElfError unless the file is a linked program for the target."""
    if header["e_machine"] != RISCV:
        raise refusal(name, f"an ELF file for {str(header['e_machine']).removeprefix('EM_')}, not for RISC-V")
    if file.elfclass != 32 or not file.little_endian:
        bits, end = file.elfclass, "little" if file.little_endian else "big"
        raise refusal(name, f"a RISC-V program of {bits} bits, {end}-endian: -march={target.march} makes one of 32")
    if header["e_type"] != EXECUTABLE:
        raise refusal(name, f"not a linked program: {KINDS.get(header['e_type'], header['e_type'])}")
    flags = header["e_flags"]
    for wrong, why in (
        (flags & RVC and not target.compressed, "has compressed instructions"),
        (flags & FLOATS, "passes floating-point numbers in registers that there are not"),
        (target.embedded and not flags & RVE, "uses 32 registers"),
    ):
        if wrong:
            raise refusal(name, f"it {why}: compile and link it with -march={target.march} -mabi={target.abi}")


def wanted(name: str, header: Any) -> bool:
    """Is a segment to be loaded? Raises ElfError for one that names a dynamic linker."""
    if header["p_type"] in ("PT_INTERP", "PT_DYNAMIC"):
        raise refusal(name, "dynamically linked: link it with -static")
    return bool(header["p_type"] == "PT_LOAD")


def segment(name: str, found: Any, data: bytes, base: int) -> Segment:
    """Return a segment that is to be loaded into RAM, which begins at `base`. Raises ElfError."""
    h = found.header
    begin, stored, size = h["p_offset"], h["p_filesz"], h["p_memsz"]
    at = h["p_paddr"]
    if begin + stored > len(data):
        raise refusal(name, f"cut off: the segment at {at:#x} ends at byte {begin + stored:,} of {len(data):,}")
    if stored > size:
        raise refusal(name, f"malformed: the segment at {at:#x} has more bytes than it takes memory")
    if not begin and at < base <= at + stored:
        # What linkers put before the code of the first segment, to fill its page, are the file's own headers.
        cut = base - at
        data, at, stored, size = data[cut:], base, stored - cut, size - cut
        h = {**h, "p_vaddr": h["p_vaddr"] + cut}
    if size and (at < base or at + stored > base + MOST_BYTES or at + size > 1 << 32):
        hint = (
            f" (link it for there, with -Wl,-Ttext={base:#x})" if base else " (link it with -T pg32.ld, see docs/c.md)"
        )
        raise refusal(
            name,
            f"its segment at {at:#x} does not fit: RAM begins at {base:#x}, and an image ends at"
            f" {base + MOST_BYTES:#x}{hint}",
        )
    return Segment(at, h["p_vaddr"], data[begin : begin + stored], size, bool(h["p_flags"] & EXECUTE))


def table(file_name: str, file: Any, section: Any) -> Iterator[Symbol]:
    """Yield the symbols of a symbol table that name places. Raises ElfError if their names are too long."""
    room = MOST_NAMES
    names: bytes = file.get_section(section["sh_link"]).data()
    data: bytes = section.data()
    for at, value, _, info, _, where in SYMBOL.iter_unpack(data[: len(data) - len(data) % SYMBOL.size]):
        end = names.find(b"\0", at, at + MOST_NAME)
        name = names[at : end if end >= 0 else at + MOST_NAME].decode("utf-8", "replace")
        room -= len(name) + 1
        if room < 0:
            raise refusal(file_name, f"its symbols have more than {MOST_NAMES >> 20} MiB of names")
        if name and info & 15 in NAMED and where != UNDEFINED:
            yield Symbol(value, name, info & 15, info >> 4 != 0, where == ABSOLUTE)
