"""The page walker, built from the `paging` block of a description."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ring1.dbt.machine.memory import TABLE, Memory
from ring1.isa.model import WORD, Isa, Paging
from ring1.isa.python import Trap, functions

FETCH, LOAD, STORE, UPDATE = 0, 1, 2, 3
"""Kinds of access. UPDATE reads with leave to write: it faults as a store does, and writes nothing yet."""


POINTER = -1
"""What an entry is that leads to another table."""
MOST_CONTEXTS = 256
"""Address spaces, in a processor mode each, whose translations are kept."""
MOST_KNOWN = 1 << 12
"""Translations kept with the entries that they came from."""


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

    def __init__(self, isa: Isa, cpu: object, memory: Memory) -> None:
        assert isa.paging is not None
        made = functions(isa)
        self.paging: Paging = isa.paging
        self.cpu = cpu
        self.memory = memory
        self.when: Callable[[object], int] = made["paging"]
        self.root: Callable[[object], int] = made["root"]
        self.invalid: Callable[[object, int], int] = made["invalid"]
        self.leaf: Callable[[object, int], int] = made["leaf"]
        self.denied: Callable[[object, int], int] = made["denied"]
        self.frame: Callable[[object, int], int] = made["frame"]
        fetch, load, store = (made[f"may_{kind}"] for kind in ("fetch", "load", "store"))
        p = self.paging
        self.rights = ((fetch, p.fetch.cause), (load, p.load.cause), (store, p.store.cause), (store, p.store.cause))
        self.flags = sum({field.mask for field in p.fields if field is not p.frame})
        self.most_frames = p.frame.mask >> p.frame.lo
        self.table = 0
        """Physical address of the root table."""
        self.judged: dict[int, int] = {}
        """The present context's: flags of an entry -> what `judge` says of it."""
        self.judgements: dict[tuple[int, ...], dict[int, int]] = {}
        self.contexts: dict[tuple[int, ...], dict[int, int]] = {}
        self.tlb: dict[int, int] = {}
        """The present context's: page number << 2 | kind -> physical page address."""
        self.known: dict[int, tuple[int, list[int], list[int]]] = {}
        """The same, whoever may have written to memory since: with the words that it came from, and where they are."""
        self.walks = 0
        """How often the tables have been walked."""

    def translates(self) -> bool:
        """Do addresses go through tables now?"""
        return bool(self.when(self.cpu))

    def flush(self) -> None:
        """Forget every translation."""
        self.doubt()
        self.known.clear()

    def doubt(self) -> None:
        """Memory may have been written to unseen: believe no translation before the entries that it came from."""
        self.contexts.clear()
        self.tlb.clear()

    def enter(self, context: tuple[int, ...]) -> dict[int, int]:
        """Use the translations of these values of the control fields that paging depends on: the look-aside buffer."""
        if len(self.judgements) >= MOST_CONTEXTS:
            self.flush()
            self.judgements.clear()
        self.tlb = self.contexts.setdefault(context, {})
        self.known.clear()
        self.judged = self.judgements.setdefault(context, {})
        self.table = self.root(self.cpu) << self.paging.page
        return self.tlb

    def translate(self, address: int, kind: int) -> int:
        """Physical address of an access of one kind, with accessed and dirty bits set. Raises Trap."""
        key = address >> 12 << 2 | kind
        page = self.tlb.get(key)
        if page is not None:
            return page | address & 0xFFF
        if key in self.known:
            words, (page, places, entries) = self.memory.words, self.known[key]
            if [words[place] for place in places] == entries:
                self.tlb[key] = page
                return page | address & 0xFFF
        walk = self.walk(address, kind)
        self.commit(address, kind, walk)
        return walk.physical

    def walk(self, address: int, kind: int) -> Walk:
        """Where an access goes, and the change that it makes to its leaf entry. Raises Trap."""
        p, memory, judged = self.paging, self.memory, self.judged
        words, watch = memory.words, memory.watch
        self.walks += 1
        table, shift = self.table, WORD
        path: tuple[int, ...] = ()
        for bits in p.levels:
            shift -= bits
            at = table + (address >> shift & ((1 << bits) - 1)) * p.entry
            if at + p.entry > memory.size:
                break
            self.refer(at)
            entry = words[at >> 2]
            watch[at >> 12] |= TABLE
            path = (*path, at)
            verdict = judged.get(entry & self.flags)
            if verdict is None:
                verdict = judged[entry & self.flags] = self.judge(entry)
            frame = entry >> p.frame.lo & self.most_frames
            if verdict == POINTER:
                table = frame << p.page
                continue
            if not verdict >> kind & 1 or frame & (1 << shift - p.page) - 1:
                break
            marked = entry | p.accessed | (p.dirty if kind == STORE else 0)
            return Walk(frame << p.page | address & (1 << shift) - 1, path, entry, marked, shift)
        raise Trap(self.rights[kind][1], address)

    def judge(self, entry: int) -> int:
        """What an entry is in the present context: POINTER, or the kinds of access that a leaf grants, a bit each."""
        cpu = self.cpu
        if self.invalid(cpu, entry):
            return 0
        if not self.leaf(cpu, entry):
            return POINTER
        if self.denied(cpu, entry):
            return 0
        return sum(1 << kind for kind, (allowed, _) in enumerate(self.rights) if allowed(cpu, entry))

    def grants(self, entry: int, kind: int) -> bool:
        """Would a leaf entry grant an access of this kind?"""
        return bool(self.judge(entry) >> kind & 1)

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """Set the bits of a walk whose access goes ahead, and keep the translation."""
        if walk.physical >= self.memory.size:
            return
        if walk.marked != walk.entry:
            self.memory.mark(walk.path[-1], walk.marked)
        key, words = address >> 12 << 2 | kind, self.memory.words
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.tlb[key] = page = walk.physical & ~0xFFF
        places = [at >> 2 for at in walk.path]
        self.known[key] = page, places, [words[place] for place in places]

    def refer(self, address: int) -> None:
        """The walk is about to read the entry at a physical address."""
