"""Layout: the addresses of a program's sections.

From address 0, or a given one: all code, then .rodata, other read-only sections, .data, .bss. Within a kind, sections
are in the order of the files, and within a file in the order of first appearance, except for those that are gathered
from all files (gather.py). Writable sections (.data, .bss) begin on a page of their own if anything precedes them, so
that no store touches a page with code. The default section of a file that names no section and uses .org is absolute:
its offsets are addresses. Nothing may overlap, neither sections nor the bytes behind two .org directives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ring1.isa.asm.gather import Groups, is_thread_local
from ring1.isa.asm.lines import Mistake, Piece
from ring1.isa.asm.nodes import Place
from ring1.isa.asm.sections import Kind, Section
from ring1.isa.asm.unit import Unit
from ring1.isa.model import WORD

PAGE = 4096
"""Page size in bytes; writable sections begin at a multiple."""


def lay_out(units: Sequence[Unit], groups: Groups, begin: int = 0, data: int | None = None) -> int:
    """Assign every section its address, from `begin` on, writable ones from `data` on if that is given, and report
    mistakes. Returns the address at which the program ends."""
    for unit in units:
        first = next(iter(unit.sections.values()))
        if first.moved and not unit.named:
            first.base = 0
            first.backward.clear()
        for section in unit.sections.values():
            if section.kind == Kind.UNLOADED:
                section.base = 0
            for piece, at in section.backward:
                unit.report(piece, Mistake(".org cannot go back in a section", at))
    used = {
        id(place.section)
        for unit in units
        for place in (*unit.scope.labels.values(), *(a.expr for a in unit.scope.assigned.values()))
        if isinstance(place, Place)
    }
    owners = {id(section): unit for unit in units for section in unit.sections.values()}
    threads = max((section.alignment for section in groups.threads.members), default=1)
    cursor, paged = begin, False
    for kind in Kind:
        unplaced = (s for unit in units for s in unit.sections.values() if s.kind == kind and s.base is None)
        for section in groups.ordered(kind, unplaced):
            counts = bool(section.end) or id(section) in used
            if kind in (Kind.DATA, Kind.BSS) and not paged and counts:
                cursor = cursor + -cursor % PAGE if data is None else data
                paged = True
            alignment = section.alignment
            if is_thread_local(section):
                # The first thread-local section is aligned for all, so that a copy elsewhere needs no more than its
                # alignment.
                alignment, threads = max(alignment, threads), 1
            section.base = cursor + -cursor % alignment
            if counts:
                cursor = section.base + section.end
            if cursor >> WORD and section.lines:
                mistake = Mistake(f"the program needs more than {WORD} bits of address")
                owners[id(section)].report(section.lines[-1][2], mistake)
    groups.place()
    check_overlaps(units)
    ends = [s.base + s.end for u in units for s in u.sections.values() if s.base is not None and loaded(s)]
    return max(ends, default=begin)


def loaded(section: Section) -> bool:
    """Is the section part of the program in memory?"""
    return section.kind != Kind.UNLOADED


class Extent(NamedTuple):
    """A range of memory and the statement that filled it; `order` is the order of the statements."""

    start: int
    end: int
    order: int
    unit: Unit
    section: Section
    piece: Piece


def check_overlaps(units: Sequence[Unit]) -> None:
    """Report bytes that are claimed by two sections or two .org directives."""
    extents: list[Extent] = []
    for unit in units:
        for section in unit.sections.values():
            if not section.end or not loaded(section) or not section.lines:
                continue
            assert section.base is not None
            spans = [(0, section.end, section.lines[0][2])]
            if section.moved:
                spans = [(start, start + length, piece) for start, length, piece in section.lines if length]
            for start, end, piece in spans:
                extents.append(Extent(section.base + start, section.base + end, len(extents), unit, section, piece))
    extents.sort()
    reported: set[tuple[int, int]] = set()
    last: Extent | None = None
    for extent in extents:
        if last is not None and extent.start < last.end:
            early, late = sorted((last, extent), key=lambda e: e.order)
            pair = id(early.section), id(late.section)
            if pair not in reported:
                reported.add(pair)
                taken = early.piece.start()
                message = f"address {extent.start:#x} is already taken by {taken.file}:{taken.line}"
                late.unit.report(late.piece, Mistake(message))
        if last is None or extent.end > last.end:
            last = extent
