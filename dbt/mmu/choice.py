"""The choice of an MMU technique, its coherence and its limits."""

from __future__ import annotations

from ring1.isa.record import Record

TECHNIQUES = {
    "adaptive": "shadow, but look-ups for each instruction that keeps missing it",
    "shadow": "guest pages are mapped where the host's MMU finds them",
    "softtlb": "generated code looks addresses up before each access",
}
COHERENCE = {
    "lazy": "page tables are compared with what was made of them when the guest flushes its TLB",
    "traced": "page tables are write-protected, so that every change is seen at once",
}


class Limits(Record):
    """Limits of what is kept. Tests lower them to exercise what happens there."""

    views: int = 32
    """Views: address spaces, once for each class of processor modes."""
    known: int = 256
    """Address spaces whose views are kept, including those with paging off."""
    uses: int = 1 << 16
    """Recorded uses of page-table entries, after which all are dropped at once."""
    shown: int = 1 << 13
    """Pages that shadow paging maps: each may take one of the 65,530 mappings that the host allows a process."""
    neighbours: int = 16
    """Pages mapped at once, where consecutive entries map consecutive frames with the same rights."""
    beside: int = 24
    """Pieces of mappings that showing them may take besides: for frames of theirs that are guarded, and for tables that
    become so."""
    pieces: int = 64
    """Pieces of mappings that are granted at any time (ring1.dbt.native.mappings): enough for `neighbours` and
    `beside`."""


class Mmu(Record):
    """An MMU technique by name, and whether page tables are traced."""

    technique: str = "adaptive"
    traced: bool = False
    limits: Limits = Limits()
