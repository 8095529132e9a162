"""Guests that change page-table entries and use pages, as a list of events; and a model of what they must see.

The guest is a loop over the events, so that they are data: each calls a routine of one access, in ring 0 or 3, and logs
the cause of its trap (or ones) and what it has found. The model is the manual's section on paging in a few lines:

- *Behind a flush everything is as the tables say*: a use goes where the entries in memory lead, and sets A, and D.
- Between a change of an entry and the flush that follows, a use by way of that entry may go by what it was or is; what
  it finds is open, and so are A and D of the leaves. Everything else is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.options import Options
from ring1.isa.model import Isa
from tests.machine.builder import HERE, Program, machine, started
from tests.machine.tables import A, D, G, R, U, V, W, X

ONES = 0xFFFFFFFF
MARKS = A | D
RAM = 0xC00000
MORE = "more"
"""The control register of machines that have one more."""
NOWHERE = -1
ROUTINES, EVENTS, LOG, LOG_END = 0x1000, 0x10000, 0x60000, 0xA0000
ROOT, OTHER_ROOT, TABLE, OTHER_TABLE = 0x100000, 0x101000, 0x102000, 0x103000
FRAMES = (0x200000, 0x201000, 0x202000, 0x203000, 0x400000, 0x800000, 0x401000)
"""Physical pages with data and a routine; two of them may begin superpages."""
WORD, FUNCTION, LOOSE = 0x20, 0x40, 0x80
"""Offsets in a page: of a word that is checked, of a routine, of a word that is not."""
ALL = V | R | W | X | U
FETCH_FAULT, LOAD_FAULT, STORE_FAULT, BUS_ERROR = 5, 6, 7, 9

Entry = int
"""The physical address of an entry."""


@dataclass(frozen=True)
class Event:
    """`routine` is called with an address and a value, in ring 0 or 3."""

    routine: str
    address: int = 0
    value: int = 0
    ring: int = 0


def use(kind: str, address: int, ring: int = 0, value: int = 0, loose: bool = False) -> Event:
    """An access to the page at `address`: load, store, swap, cas (that does not store) or fetch; `loose` if it may go
    by either of two entries."""
    return Event(kind, address + (FUNCTION if kind == "fetch" else LOOSE if loose else WORD), value, ring)


def change(entry: Entry, value: int, how: str = "store") -> Event:
    """Write an entry by a store, a swap, or by halves."""
    return Event(how, entry, value)


def read(entry: Entry) -> Event:
    return Event("load", entry)


FLUSH = Event("flush")


def space(root: int, asid: int = 0) -> Event:
    return Event("space", 0, root | asid << 1 | 1)


def program(isa: Isa) -> Program:
    """The loop, its routines, and the data."""
    p = Program(isa)
    for register, value in (("s0", EVENTS), ("sp", LOG), ("a5", 0)):
        p.li(register, value)
    p.control("tvec", "handler")
    p.li("t0", ROOT | 1)
    p("setptb", "t0")
    p.label("again")
    for n, register in enumerate(("a4", "a1", "a2", "a3")):
        p("lw", register, 4 * n, "s0")
    p("addi", "s0", "s0", 16)
    p("addi", "a0", "zero", 0)
    p("addi", "t2", "zero", -1)
    p("beq", "a4", "zero", "end")
    p("bne", "a3", "zero", "lower")
    p("jalr", "ra", 0, "a4")
    p.label("back")
    p("sw", "t2", 0, "sp")
    p("sw", "a0", 4, "sp")
    p("addi", "sp", "sp", 8)
    p("jal", "zero", "again")
    p.label("lower")
    p("wrcr", "epc", "a4")
    p("getpsw", "t0")
    p("ori", "t0", "t0", 0x18)
    p("setpsw", "t0")
    p.li("ra", "return")
    p("rfe")
    p.label("handler")
    p("rdcr", "t0", "cause")
    p("addi", "t1", "zero", 3)
    p("beq", "t0", "t1", "back")
    p("addi", "t2", "t0", 0)
    p("jal", "zero", "back")
    p.label("end")
    p.off()
    p.org(ROUTINES)
    p.label("return")
    p("syscall", 0)
    bodies: dict[str, list[tuple[int | str, ...]]] = {
        "load": [("lw", "a0", 0, "a1")],
        "store": [("sw", "a2", 0, "a1")],
        "swap": [("addi", "a0", "a2", 0), ("swap", "a0", "a0", "a1")],
        "cas": [("addi", "a0", "zero", -1), ("cas", "a0", "a2", "a1")],
        "halves": [("sh", "a2", 0, "a1"), ("srli", "a2", "a2", 16), ("sh", "a2", 2, "a1")],
        "fetch": [("addi", "t1", "ra", 0), ("jalr", "ra", 0, "a1"), ("addi", "ra", "t1", 0)],
        "flush": [("tlbflush",)],
        "space": [("setptb", "a2")],
        "flag": [("slli", "a2", "a2", 8), ("setpsw", "a2")],
        "control": [("wrcr", MORE, "a2")] if MORE in isa.controls else [],
    }
    for name, body in bodies.items():
        p.label(name)
        for insn in body:
            p(str(insn[0]), *insn[1:])
        p("jalr", "zero", 0, "ra")
    for n, frame in enumerate(FRAMES):
        p.org(frame + WORD)
        p.word(frame)
        p.org(frame + FUNCTION)
        p("addi", "a0", "zero", n + 1)
        p("jalr", "zero", 0, "ra")
    return p


def image(events: list[Event], tables: dict[Entry, int], isa: Isa | None = None) -> bytes:
    """The guest with its events, and its tables as they are at first."""
    p, plain = made(isa or machine())
    memory = bytearray(plain.ljust(max(tables, default=0) + 4, b"\0"))
    words = [word for e in events for word in (p.labels[e.routine], e.address, e.value, e.ring)]
    assert len(words) * 4 <= LOG - EVENTS and len(events) * 8 <= LOG_END - LOG
    for at, value in ({EVENTS + 4 * n: word for n, word in enumerate(words)} | tables).items():
        memory[at : at + 4] = (value & ONES).to_bytes(4, "little")
    return bytes(memory)


@dataclass(frozen=True)
class Log:
    """What the guest has seen, two words an event, and how it ended."""

    stop: Stop
    words: bytes

    def __getitem__(self, event: int) -> tuple[int, int]:
        cause, found = (self.words[8 * event + n : 8 * event + n + 4] for n in (0, 4))
        return int.from_bytes(cause, "little"), int.from_bytes(found, "little")


def play(engine: str, memory: bytes, isa: Isa | None = None, hot: bool = False, options: Options = HERE) -> Log:
    """Run a guest of events to its end."""
    with started(engine, memory, isa=isa, memory=RAM, hot=hot, options=options) as (vm, _):
        return Log(vm.run(1_000_000), vm.memory.read(LOG, LOG_END - LOG))


MADE: dict[str, tuple[Program, bytes]] = {}
"""By the digest of a description."""


def made(isa: Isa) -> tuple[Program, bytes]:
    """The program for a machine, and its image without events."""
    if isa.digest not in MADE:
        p = program(isa)
        MADE[isa.digest] = p, p.image()
    return MADE[isa.digest]


@dataclass
class Model:
    """What the manual says of the events. `words`: entries and data by physical address."""

    words: dict[int, int]
    root: int = ROOT
    levels: tuple[int, ...] = (10, 10)
    rule: str = ""
    """What of the description depends on a control bit, for entries with G or altogether."""
    bit: int = 0
    changed: set[Entry] = field(default_factory=set)
    """Entries that have been changed since the last flush."""
    marked: set[Entry] = field(default_factory=set)
    """Entries of which A and D are open."""

    def walk(self, address: int, kind: str, ring: int) -> tuple[int, Entry, bool]:
        """The physical address or -1, the leaf, and whether an entry on the way was changed."""
        table, shift, entry, open_ = self.root, 32, NOWHERE, False
        off = (self.rule == "when" and self.bit) or (self.rule == "when mode" and ring == 0)
        if off:
            return address, NOWHERE, False
        if self.rule == "root" and ring == 3:
            table = OTHER_ROOT
        for bits in self.levels:
            shift -= bits
            entry = table + 4 * (address >> shift & (1 << bits) - 1)
            value = self.words.get(entry, 0)
            open_ |= entry in self.changed
            taken = self.rule if value & G and self.bit else ""
            if not value & V or value & (R | W) == W or taken == "invalid":
                return -1, entry, open_
            if not value & (R | W | X) or taken == "leaf":
                table = value & ~0xFFF
                continue
            name, right = {"load": ("load", R), "fetch": ("fetch", X)}.get(kind, ("store", W))
            if (ring == 3 and not value & U) or not value & right or taken in ("denied", name):
                return -1, entry, open_
            if value & (1 << shift) - 0x1000:
                return -1, entry, open_
            return value & ~0xFFF | address & (1 << shift) - 1, entry, open_
        return -1, entry, open_

    def follow(self, event: Event, found: tuple[int, int]) -> str:
        """Do what the event does. `found` is its log: what is wrong with it."""
        kind = event.routine
        if kind == "flush":
            self.changed.clear()
        elif kind in ("flag", "control"):
            self.bit = event.value & 1 if event.ring == 0 or kind == "flag" else self.bit
        elif kind == "space":
            self.root = event.value & 0xFFFFF000
        elif ROOT <= event.address < FRAMES[0] and event.address in self.words:
            return self.table(event, found)
        else:
            return self.access(event, found)
        return ""

    @property
    def entries(self) -> dict[int, int]:
        return {at: value for at, value in self.words.items() if ROOT <= at < FRAMES[0]}

    def table(self, event: Event, found: tuple[int, int]) -> str:
        """An entry is written or read, by way of the first superpage."""
        entry, was = event.address, self.words[event.address]
        if event.routine == "load":
            if entry in self.marked:
                lax = found[1] & MARKS & ~was
                self.marked.discard(entry) if entry not in self.changed else None
                self.words[entry] = was = was | lax
            return self.same(found, (ONES, was))
        self.words[entry] = event.value & ONES
        self.changed.add(entry)
        self.marked.add(entry)
        return ""

    def access(self, event: Event, found: tuple[int, int]) -> str:
        """A page is used."""
        kind = event.routine
        physical, entry, open_ = self.walk(event.address, kind, event.ring)
        if open_:
            self.marked |= self.entries.keys()
            return ""
        if physical < 0:
            cause = {"load": LOAD_FAULT, "fetch": FETCH_FAULT}.get(kind, STORE_FAULT)
            return self.same(found, (cause, found[1]))
        if physical >= RAM:
            return self.same(found, (BUS_ERROR, found[1]))
        if entry != NOWHERE:
            self.words[entry] |= A | (D if kind in ("store", "swap") else 0)
        if event.address & 0xFFF == LOOSE:
            return self.same(found, (ONES, found[1]))
        value = self.words.get(physical, 0)
        if kind == "fetch":
            return self.same(found, (ONES, self.words[physical] & 0xFFFF))
        if kind in ("store", "swap"):
            self.words[physical] = event.value
        return self.same(found, (ONES, 0 if kind == "store" else value))

    @staticmethod
    def same(found: tuple[int, int], wanted: tuple[int, int]) -> str:
        return "" if found == wanted else f"found {found[0]:#x} {found[1]:#x}, wanted {wanted[0]:#x} {wanted[1]:#x}"


def start() -> dict[Entry, int]:
    """Tables: addresses 0 to 4 MiB are themselves. TABLE is at 0x400000 and at 0x800000 in both spaces, OTHER_TABLE at
    0x1000000; a superpage is at 0xC00000, and the root is a table of its own at 0x1400000."""
    tables: dict[Entry, int] = {}
    for root in (ROOT, OTHER_ROOT):
        leads = {0: V | R | W | X | U | A | D, 1: TABLE | V, 2: TABLE | V, 3: FRAMES[4] | ALL, 4: OTHER_TABLE | V}
        tables |= {root + 4 * n: value for n, value in leads.items()}
        tables[root + 4 * 5] = root | V
    for n in range(4):
        tables[TABLE + 4 * n] = FRAMES[n] | ALL
        tables[OTHER_TABLE + 4 * n] = FRAMES[3 - n] | ALL
    return tables


def data() -> dict[int, int]:
    """The words of the image that are in the pages with data."""
    _, plain = made(machine())
    places = [frame + offset for frame in FRAMES for offset in (WORD, FUNCTION)]
    return {at: int.from_bytes(plain[at : at + 4], "little") for at in places}


def wrong(events: list[Event], tables: dict[Entry, int], got: Log, model: Model | None = None) -> str:
    """Where the log is not what the manual says; empty if it is."""
    if got.stop.reason != "exit":
        return f"stopped: {got.stop}"
    model = model or Model(tables | data())
    for n, event in enumerate(events):
        said = model.follow(event, got[n])
        if said:
            return f"event {n}, {event.routine} {event.address:#x} {event.value:#x} ring {event.ring}: {said}"
    return ""
