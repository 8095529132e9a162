"""Which way of translating addresses a run uses, where it translates code."""

from __future__ import annotations

from ring1.isa.record import Record

TECHNIQUES = {
    "shadow": "guest pages are mapped where the host's MMU finds them",
    "softtlb": "generated code looks addresses up before each access",
}
COHERENCE = {
    "lazy": "page tables are compared with what was made of them when the guest flushes its TLB",
    "traced": "page tables are write-protected, so that every change is seen at once",
}


class Limits(Record):
    """What is kept at most. A test lowers it, to see what happens there."""

    views: int = 32
    """Address spaces, each with the rights of a processor mode."""
    known: int = 256
    """Values of the control registers, with paging off too, for which it is known which views they have."""
    uses: int = 1 << 16
    """Uses of table entries noted before everything is forgotten: they are never taken back one by one."""
    shown: int = 1 << 13
    """Pages shown by mapping them: each may be a mapping of the host, which has 65,530 for the process."""
    neighbours: int = 16
    """Pages mapped at once, where the tables say the same of them."""


class Mmu(Record):
    """A technique, and whether page tables are traced."""

    technique: str = "shadow"
    traced: bool = False
    limits: Limits = Limits()
