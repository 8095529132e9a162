"""The page walker, built from the `paging` block of a description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dbt.machine.memory import TABLE, Memory
from isa.model import WORD, Isa, Paging
from isa.python import Trap

FETCH, LOAD, STORE, UPDATE = 0, 1, 2, 3
"""Kinds of access. UPDATE reads with leave to write: it faults as a store does, and writes nothing yet."""


class Walk(NamedTuple):
    """What a walk of the tables has found; nothing has been changed by it."""

    physical: int
    """The physical address of the access."""
    path: tuple[int, ...]
    """Physical addresses of the entries that it used, the leaf last."""
    entry: int
    """The leaf as it was."""
    marked: int
    """The leaf with the accessed and dirty bits that the access sets."""
    span: int
    """log2 of the bytes that the leaf maps."""


class Walker:
    """Translates addresses as the machine's page tables say.

    Translations are kept, and dropped as soon as a table they came from is written: the guest cannot tell
    this look-aside buffer from none at all.
    """

    def __init__(self, isa: Isa, functions: Mapping[str, Any], cpu: object, memory: Memory) -> None:
        assert isa.paging is not None
        self.paging: Paging = isa.paging
        self.cpu = cpu
        self.memory = memory
        self.write = memory.write
        self.root: Callable[[object], int] = functions["root"]
        self.invalid: Callable[[object, int], int] = functions["invalid"]
        self.leaf: Callable[[object, int], int] = functions["leaf"]
        self.denied: Callable[[object, int], int] = functions["denied"]
        self.frame: Callable[[object, int], int] = functions["frame"]
        fetch, load, store = (functions[f"may_{kind}"] for kind in ("fetch", "load", "store"))
        p = self.paging
        self.rights = ((fetch, p.fetch.cause), (load, p.load.cause), (store, p.store.cause), (store, p.store.cause))
        self.contexts: dict[tuple[int, ...], dict[int, int]] = {}
        self.tlb: dict[int, int] = {}
        """The present context's: page number << 2 | kind -> physical page address."""

    def flush(self) -> None:
        """Forget every translation."""
        self.contexts.clear()
        self.tlb.clear()

    def enter(self, context: tuple[int, ...]) -> None:
        """Use the translations of these values of the control fields that paging depends on."""
        self.tlb = self.contexts.setdefault(context, {})

    def translate(self, address: int, kind: int) -> int:
        """Physical address of an access of one kind, with accessed and dirty bits set. Raises Trap."""
        page = self.tlb.get(address >> 12 << 2 | kind)
        if page is not None:
            return page | address & 0xFFF
        walk = self.walk(address, kind)
        self.commit(address, kind, walk)
        return walk.physical

    def walk(self, address: int, kind: int) -> Walk:
        """Where an access goes, and the change that it makes to its leaf entry. Raises Trap."""
        p, cpu, memory = self.paging, self.cpu, self.memory
        allowed, cause = self.rights[kind]
        table, shift = self.root(cpu) << p.page, WORD
        path: tuple[int, ...] = ()
        for bits in p.levels:
            shift -= bits
            at = table + (address >> shift & ((1 << bits) - 1)) * p.entry
            if at + p.entry > memory.size:
                break
            entry = memory.words[at >> 2]
            memory.watch[at >> 12] |= TABLE
            path = (*path, at)
            if self.invalid(cpu, entry):
                break
            frame = self.frame(cpu, entry)
            if self.leaf(cpu, entry):
                if frame & ((1 << (shift - p.page)) - 1) or self.denied(cpu, entry) or not allowed(cpu, entry):
                    break
                marked = entry | p.accessed | (p.dirty if kind == STORE else 0)
                physical = frame << p.page | address & ((1 << shift) - 1)
                return Walk(physical, path, entry, marked, shift)
            table = frame << p.page
        raise Trap(cause, address)

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """Set the bits of a walk whose access goes ahead, and keep the translation."""
        if walk.physical >= self.memory.size:
            return
        if walk.marked != walk.entry:
            # Writing the entry drops what the buffer holds; this translation is kept when it is next used.
            self.write(walk.path[-1], walk.marked.to_bytes(4, "little"))
            self.marked(walk.path[-1])
        else:
            self.tlb[address >> 12 << 2 | kind] = walk.physical & ~0xFFF

    @staticmethod
    def marked(address: int) -> None:
        """Hook: accessed or dirty bits of the entry at a physical address have been set."""
