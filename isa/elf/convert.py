"""A linked program for RISC-V becomes a program of a machine. One that is RISC-V takes it as it is; for another, a
program for RV32EM has each instruction encoded anew in place.

Instructions are what executable sections hold (without sections, executable segments), except what the assembler's
mapping symbols mark as data: `$d` begins data, `$x` instructions. Everything else is left unchanged.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from ring1.isa.asm.program import Program
from ring1.isa.elf.read import Elf, Symbol, read
from ring1.isa.elf.target import target
from ring1.isa.elf.twins import Strange, Twins
from ring1.isa.model import WORD, Isa

SIZE = WORD // 8
"""Bytes of an instruction."""
MOST_TOLD = 5
"""The most instructions without twins that one message names."""
LOCAL_LABEL = (".", "$")


def convert(isa: Isa, name: str, data: bytes) -> Program:
    """Convert an ELF file with this name and these bytes. Raises ElfError."""
    wanted = target(isa)
    elf = read(name, data, wanted)
    symbols = [s for s in elf.symbols if not s.name.startswith("$")]
    labels = best(symbols)
    end = max(s.physical + s.size for s in elf.segments)
    made = Program(b"", elf.entry, end, {s.name: s.address for s in ranked(symbols)}, labels, (), {}, ())
    if not wanted.embedded:
        return replace(
            made,
            image=joined(elf, wanted.base),
            entry=begin(elf, isa.words.least),
            code=tuple(spans(elf)),
            base=wanted.base,
        )
    image = encoded(elf, Twins(isa), made)
    if elf.entry % SIZE or not any(begin <= elf.entry < end for begin, end in spans(elf)):
        raise elf.refuse(f"its entry, {elf.entry:#x}, is not where an instruction is")
    return Program(image, elf.entry, end, made.symbols, labels, (), {}, (), tuple(spans(elf)))


def joined(elf: Elf, base: int) -> bytes:
    """Return the image from address `base` on, with each segment at its physical address."""
    image = bytearray(max(s.physical + len(s.data) for s in elf.segments) - base)
    for segment in elf.segments:
        at = segment.physical - base
        image[at : at + len(segment.data)] = segment.data
    return bytes(image)


def begin(elf: Elf, multiple: int) -> int:
    """Return the physical address of the entry, a multiple of what addresses of instructions are. Kernels give it as a
    virtual one; what is none is physical itself. What a segment permits does not count, as nothing is protected before
    the program has seen to it. Raises ElfError."""
    for where in ([s.virtual for s in elf.segments], [s.physical for s in elf.segments]):
        for segment, at in zip(elf.segments, where, strict=True):
            if at <= elf.entry < at + len(segment.data) and elf.entry % multiple == 0:
                return segment.physical + elf.entry - at
    raise elf.refuse(f"its entry, {elf.entry:#x}, is not where an instruction is")


def encoded(elf: Elf, twins: Twins, program: Program) -> bytes:
    """Return the image, with each segment at its physical address. Raises ElfError if an instruction has no twin."""
    image = bytearray(max((s.physical + len(s.data) for s in elf.segments), default=0))
    faults: list[str] = []
    code = list(spans(elf))
    for segment in elf.segments:
        image[segment.physical : segment.physical + len(segment.data)] = segment.data
        for begin, end in code:
            low = max(begin, segment.virtual)
            high = min(end, segment.virtual + len(segment.data))
            shift = segment.physical - segment.virtual
            for at in range(low, high - high % SIZE, SIZE):
                word = int.from_bytes(image[at + shift : at + shift + SIZE], "little")
                try:
                    image[at + shift : at + shift + SIZE] = twins.of(word).to_bytes(SIZE, "little")
                except Strange as strange:
                    faults.append(f"{at:#x} ({program.symbol(at)}): {strange}")
    if faults:
        more = f"; and {len(faults) - MOST_TOLD} more" if len(faults) > MOST_TOLD else ""
        raise elf.refuse(f"no instructions of {twins.isa.name}: {'; '.join(faults[:MOST_TOLD])}{more}")
    return bytes(image)


def spans(elf: Elf) -> Iterator[tuple[int, int]]:
    """Yield the ranges of code, by virtual address."""
    marks = sorted((s.address, s.name.startswith("$d")) for s in elf.symbols if s.name[:2] in ("$d", "$x"))
    addresses = [address for address, _ in marks]
    executable = [(s.virtual, s.virtual + len(s.data)) for s in elf.segments if s.executable]
    for begin, end in elf.code or executable:
        first, last = bisect_right(addresses, begin), bisect_right(addresses, end - 1)
        # A mapping symbol before a section does not apply to it: each section begins with instructions unless marked at
        # its start.
        at, is_data = begin, False
        if first and addresses[first - 1] == begin:
            is_data = marks[first - 1][1]
        for address, data in marks[first:last]:
            if not is_data and at < address:
                yield at, address
            at, is_data = address, data
        if not is_data and at < end:
            yield at, end


def ranked(symbols: list[Symbol]) -> list[Symbol]:
    """Sort symbols so that the most informative come last: where names clash, the last one counts."""
    return sorted(symbols, key=lambda s: (s.is_global, s.kind))


def best(symbols: list[Symbol]) -> tuple[tuple[int, str], ...]:
    """Return addresses with the best name of each: functions, globals, and names not made by the compiler are
    preferred."""
    found: dict[int, tuple[tuple[int, int, bool], str]] = {}
    for s in symbols:
        if s.absolute:
            continue
        rank = int(not s.name.startswith(LOCAL_LABEL)), s.kind, s.is_global
        if s.address not in found or rank > found[s.address][0]:
            found[s.address] = rank, s.name
    return tuple(sorted((address, name) for address, (_, name) in found.items()))
