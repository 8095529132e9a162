"""The page walker, built from the `paging` block of a description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ring1.dbt.machine.memory import TABLE, Memory
from ring1.isa.context import paging_bits
from ring1.isa.model import KINDS, WORD, Isa, Paging
from ring1.isa.python import Trap, functions

FETCH, LOAD, STORE, UPDATE = 0, 1, 2, 3
"""Kinds of access. UPDATE is a read that requires the right to write: it faults as a store does, but writes nothing
yet."""


POINTER = -1
"""What `judge` returns for an entry that points to another table."""
HOST_PAGE = 12
"""log2 of the bytes for which an address that is not translated is taken to hold."""
MOST_CONTEXTS = 256
"""Most contexts (address space and processor mode) whose translations are kept."""
MOST_KNOWN = 1 << 12
"""Most translations kept together with the entries that they came from."""


FUNCTIONS = (
    *("paging", "root", "invalid", "leaf", "frame"),
    *(f"{what}_{kind}" for what in ("translates", "denied", "may") for kind in KINDS),
)
"""What a walker takes from the functions of a machine."""


Question = Callable[[object, int], int]
"""A predicate on an entry, asked with the CPU."""


class JudgingWords(dict[int, int]):
    """The words of a processor that an entry is judged by: its own, but for some that are as they were."""

    def __init__(self, words: Sequence[int], others: Mapping[int, int]) -> None:
        super().__init__(others)
        self.words = words

    def __missing__(self, slot: int) -> int:
        return self.words[slot]


class Present:
    """The processor with the control bits that a context was entered with. Entries are judged by them and not by the
    processor's own, since a monitor exchanges these while it executes an instruction on the real machine, whose tables
    are its shadow of the virtual one's. All else is the processor's: a computed register may have it in bits that
    paging does not depend on."""

    def __init__(self, cpu: Any, bits: Mapping[int, int]) -> None:
        """`bits`: slot of a control register -> those of its bits that paging depends on."""
        self.cpu = cpu
        self.s = JudgingWords(cpu.s, bits)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cpu, name)


class Walk(NamedTuple):
    """The result of a page walk, which itself has changed nothing."""

    physical: int
    """The physical address of the access."""
    path: tuple[int, ...]
    """Physical addresses of the entries that it read, the leaf last."""
    entry: int
    """The leaf as it was."""
    marked: int
    """The leaf with the accessed and dirty bits that the access sets."""
    span: int
    """log2 of the bytes that the leaf maps."""
    first: int = -1
    """The address to which the first tables lead, where there are second ones."""


class Walker:
    """Translates addresses as the machine's page tables say.

    Translations are kept in a TLB, and dropped as soon as a table that they came from is written: the guest cannot tell
    this TLB from none at all.
    """

    whole = True
    """A walk is one of the machine's own tables and of nothing else."""
    beyond: frozenset[int] = frozenset()
    """Causes of faults that no tables of the program's are responsible for."""

    def __init__(self, isa: Isa, cpu: object, memory: Memory, paging: Paging | None = None) -> None:
        """`paging`: which tables, if not the first ones."""
        paging = paging or isa.paging
        assert paging is not None
        prefix = "nested_" if paging.second else ""
        made = {name: functions(isa)[prefix + name] for name in FUNCTIONS}
        self.paging: Paging = paging
        self.cpu = cpu
        self.memory = memory
        self.when: Callable[[object], int] = made["paging"]
        self.root: Callable[[object], int] = made["root"]
        self.invalid: Callable[[object, int], int] = made["invalid"]
        self.leaf: Callable[[object, int], int] = made["leaf"]
        whens: list[Callable[[object], int]] = [made[f"translates_{kind}"] for kind in KINDS]
        self.whens = (*whens, whens[-1])
        denials: list[Callable[[object, int], int]] = [made[f"denied_{kind}"] for kind in KINDS]
        self.denials: tuple[Question, ...] = (*denials, denials[-1])
        self.slots = [isa.slots[name] for name in sorted(paging_bits(isa))]
        self.bits: dict[int, int] = {}
        """Of the present context: see Present."""
        self.straight = 0
        """In the present context, with paging on: the kinds of access that are not translated, one bit per kind."""
        self.frame: Callable[[object, int], int] = made["frame"]
        fetch, load, store = (made[f"may_{kind}"] for kind in ("fetch", "load", "store"))
        p = self.paging
        causes = p.fetch.cause, p.load.cause, p.store.cause, p.store.cause
        self.rights: tuple[tuple[Question, int], ...] = tuple(zip((fetch, load, store, store), causes, strict=True))
        """By kind of access: what allows it, and the cause of its fault."""
        self.flags = sum({field.mask for field in p.fields if field is not p.frame})
        self.most_frames = p.frame.mask >> p.frame.lo
        self.table = 0
        """Physical address of the root table."""
        self.judged: dict[int, int] = {}
        """In the present context: flags of an entry -> the result of `judge`."""
        self.judgements: dict[tuple[int, ...], dict[int, int]] = {}
        self.contexts: dict[tuple[int, ...], dict[int, int]] = {}
        self.tlb: dict[int, int] = {}
        """In the present context: page number << 2 | kind -> physical address of the page."""
        self.known: dict[int, tuple[int, list[int], list[int]]] = {}
        """The same key -> physical address of the page, indices in RAM of the entries that it came from, their values:
        valid as long as memory still holds these values."""
        self.walks = 0
        """Number of page walks so far."""

    def translates(self) -> bool:
        """Is paging on now?"""
        return bool(self.when(self.cpu))

    def flush(self) -> None:
        """Drop every translation."""
        self.doubt()
        self.known.clear()

    def doubt(self) -> None:
        """Drop translations until their entries have been compared with memory, which may have been written to
        unseen."""
        self.contexts.clear()
        self.tlb.clear()

    def enter(self, context: tuple[int, ...]) -> dict[int, int]:
        """Switch to the context with these values of the control fields that paging depends on; return its TLB."""
        self.bits = dict(zip(self.slots, context, strict=True))
        if len(self.judgements) >= MOST_CONTEXTS:
            self.flush()
            self.judgements.clear()
        self.tlb = self.contexts.setdefault(context, {})
        self.known.clear()
        self.judged = self.judgements.setdefault(context, {})
        self.table = self.root(self.cpu) << self.paging.page
        self.straight = self.untranslated()
        return self.tlb

    def untranslated(self) -> int:
        """Return the kinds of access that are not translated although others are, one bit per kind."""
        if not (self.paging.split and self.when(self.cpu)):
            return 0
        return sum(1 << kind for kind, when in enumerate(self.whens) if not when(self.cpu))

    def translate(self, address: int, kind: int) -> int:
        """Return the physical address of an access; if that is in RAM, accessed and dirty bits have been set. Raises
        Trap."""
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
        if self.memory.has(walk.physical):
            self.commit(address, kind, walk)
        return walk.physical

    def walk(self, address: int, kind: int) -> Walk:
        """Walk the tables for an access, and return where it goes and how it changes the leaf entry. Raises Trap."""
        if self.straight >> kind & 1:
            return Walk(address, (), 0, 0, HOST_PAGE)
        p, memory, judged = self.paging, self.memory, self.judged
        words, watch = memory.words, memory.watch
        self.walks += 1
        table, shift = self.table, WORD
        path: tuple[int, ...] = ()
        entry = 0
        for bits in p.levels:
            shift -= bits
            at = self.refer(table + (address >> shift & ((1 << bits) - 1)) * p.entry)
            if not memory.has(at, p.entry):
                break
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
        raise self.fault(address, kind, entry)

    def fault(self, address: int, kind: int, entry: int) -> Trap:
        """Return the fault of an access, given the last entry of its walk."""
        return Trap(self.rights[kind][1], address)

    def reported(self, walk: Walk) -> int:
        """Return what the machine reports to a program as the physical address."""
        return walk.physical

    def present(self) -> Present:
        """Return what predicates on entries are asked with."""
        return Present(self.cpu, self.bits)

    def judge(self, entry: int) -> int:
        """Return POINTER, or the kinds of access that a leaf entry grants in the present context, one bit per kind."""
        present = self.present()
        if self.invalid(present, entry):
            return 0
        if not self.leaf(present, entry):
            return POINTER
        rights = zip(self.denials, self.rights, strict=True)
        return sum(
            1 << kind
            for kind, (denied, (allowed, _)) in enumerate(rights)
            if not denied(present, entry) and allowed(present, entry)
        )

    def grants(self, entry: int, kind: int) -> bool:
        """Would a leaf entry grant an access of this kind?"""
        return bool(self.judge(entry) >> kind & 1)

    def commit(self, address: int, kind: int, walk: Walk) -> None:
        """Set the accessed and dirty bits for a walk whose access goes ahead, and keep the translation if it leads to
        RAM."""
        if walk.marked != walk.entry:
            self.memory.mark(walk.path[-1], walk.marked)
        if not self.memory.has(walk.physical):
            return
        key, words = address >> 12 << 2 | kind, self.memory.words
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.tlb[key] = page = walk.physical & ~0xFFF
        places = [at >> 2 for at in walk.path]
        self.known[key] = page, places, [words[place] for place in places]

    def refer(self, address: int) -> int:
        """Called before a walk reads the entry at what is a physical address to these tables; return where it is."""
        return address
