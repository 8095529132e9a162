"""Which way of translating addresses a run uses, where it translates code."""

from __future__ import annotations

from isa.record import Record

TECHNIQUES = {
    "shadow": "guest pages are mapped where the host's MMU finds them",
    "softtlb": "generated code looks addresses up before each access",
}
COHERENCE = {
    "lazy": "page tables are compared with what was made of them when the guest flushes its TLB",
    "traced": "page tables are write-protected, so that every change is seen at once",
}


class Mmu(Record):
    """A technique, and whether page tables are traced."""

    technique: str = "shadow"
    traced: bool = False
