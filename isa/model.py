"""The checked model of a machine, as its description defines it, from which everything else is derived."""

from __future__ import annotations

from functools import cached_property, reduce

from ring1.isa.record import Record, replace
from ring1.isa.semantics import Binary, Body, Expr, Local, walk
from ring1.isa.source import Position

WORD = 32
"""Bits of a register, and of the longest instruction word. The description language supports 32-bit machines only."""
MOST_MODES = 8
"""The most processor modes of a machine that can be run or classified."""


KINDS = ("fetch", "load", "store")
"""The kinds of accesses to memory."""


class Bits(Record):
    """A named bit field hi..lo; `source` computes it if it is not stored."""

    name: str
    hi: int
    lo: int
    source: Expr | None = None

    @property
    def mask(self) -> int:
        return (1 << (self.hi + 1)) - (1 << self.lo)


class Handler(Record):
    """A body that the machine executes at an event, with its parameters, except where `unless` holds."""

    parameters: tuple[str, ...]
    body: Body
    unless: Expr | None = None
    when: Expr | None = None
    """The condition of `on exit`: a trap for which it holds is an exit."""


class Control(Record):
    """A control register; `number` is its number in the control-register file, if it has one."""

    __slots__ = ("__dict__",)

    name: str
    number: int | None
    fields: tuple[Bits, ...]
    readonly: bool
    reset: int
    text: str
    position: Position
    setter: Handler | None = None
    """What a write through the file does instead of setting the bits; its parameter is the value."""

    @cached_property
    def stored(self) -> int:
        """Mask of the bits that are stored."""
        return sum(f.mask for f in self.fields if f.source is None)

    @cached_property
    def writable(self) -> int:
        """Mask of the bits that a write by the guest changes."""
        return 0 if self.readonly else self.stored


class Words(Record):
    """How long instructions are: bits of a word's first 16 say it."""

    __slots__ = ("__dict__",)

    asked: int = 0
    """Mask of these bits."""
    sizes: tuple[tuple[int, int], ...] = ((0, WORD // 8),)
    """Values of these bits, and the bytes of an instruction whose word has them."""
    rule: Expr | None = None
    """Has a word, which is a local, the first of two lengths?"""
    first: int = WORD // 8
    """The first of two lengths in bytes."""

    @cached_property
    def table(self) -> dict[int, int]:
        return dict(self.sizes)

    @cached_property
    def least(self) -> int:
        """Bytes of the shortest instruction: what every instruction's address is a multiple of."""
        return min(self.table.values())

    @property
    def mixed(self) -> bool:
        """Are there instructions of several lengths?"""
        return self.asked != 0

    def size(self, word: int) -> int:
        """Return the bytes of the instruction of which these are at least the first 16 bits."""
        return self.table[word & self.asked]

    def splits(self, pc: int) -> bool:
        """May an instruction at `pc` lie in two pages of 4096 bytes?"""
        return self.asked != 0 and pc & 0xFFF > 0x1000 - WORD // 8

    def parts(self, pc: int, behind: int) -> bool:
        """Is what comes at `behind` not to be translated together with what precedes it from `pc` on, as it is in
        another page, or may be in part?"""
        return behind >> 12 != pc >> 12 or self.splits(behind)


class Operand(Record):
    """An operand of the encodings. kind: "register", "control", "signed" or "unsigned"; `width` in bits.

    A `relative` operand is written as an address and encoded as its distance from the instruction. One with `letters`
    is a set of bits, which is written as their letters, the highest bit's first.
    """

    name: str
    kind: str
    width: int
    relative: bool = False
    letters: str = ""
    first: int = 0
    """The register that is encoded as 0."""
    written: int = WORD
    """Bits of the number that an author writes: with a sign or without, it is the same."""
    excluded: tuple[int, ...] = ()
    """Values that are not encoded: words with them are no instruction."""

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest value that the bits could encode."""
        if self.kind == "signed":
            return -1 << (self.width - 1), (1 << (self.width - 1)) - 1
        return self.first, self.first + (1 << self.width) - 1

    @property
    def bits(self) -> int:
        """Bits of its value, as of a register's number, in a body."""
        return self.range[1].bit_length() if self.first else self.width


class Part(Record):
    """Bits of an encoding, most significant first: bits hi..lo of an operand, else a constant, or else `any` bits,
    which do not matter and are encoded as `value`, 0."""

    width: int
    value: int = 0
    operand: str | None = None
    hi: int = 0
    lo: int = 0
    any: bool = False

    @property
    def constant(self) -> bool:
        return not (self.operand or self.any)


class Instruction(Record):
    __slots__ = ("__dict__",)

    name: str
    parts: tuple[Part, ...]
    operands: tuple[Operand, ...]
    """In the order of the syntax."""
    syntax: str
    body: Body
    text: str
    """A one-line summary from the description."""
    position: Position
    refined: tuple[tuple[str, int, int], ...] = ()
    """The instructions that words of this one may be instead, since more bits are constant there: name, mask, match."""

    @cached_property
    def size(self) -> int:
        """The length in bytes."""
        return sum(part.width for part in self.parts) // 8

    @cached_property
    def picky(self) -> tuple[Operand, ...]:
        """The operands that not all values of their bits encode."""
        return tuple(operand for operand in self.operands if operand.excluded)

    @cached_property
    def mask(self) -> int:
        """Mask of the constant bits of the word."""
        word = 0
        for part in self.parts:
            word = word << part.width | ((1 << part.width) - 1 if part.constant else 0)
        return word

    @cached_property
    def match(self) -> int:
        """Values of the constant bits."""
        word = 0
        for part in self.parts:
            word = word << part.width | (0 if part.operand else part.value)
        return word

    @cached_property
    def free(self) -> int:
        """Mask of the bits that do not matter; they are encoded as 0."""
        word = 0
        for part in self.parts:
            word = word << part.width | ((1 << part.width) - 1 if part.any else 0)
        return word

    def overlaps(self, other: Instruction) -> bool:
        """Is there a word that has the constant bits of both?"""
        return not self.mask & other.mask & (self.match ^ other.match)

    def refines(self, other: Instruction) -> bool:
        """Has every word with this one's constant bits those of the other as well, but not the other way round?"""
        return self.overlaps(other) and self.mask != other.mask and not other.mask & ~self.mask


class Alias(Record):
    """A pseudo-instruction: `syntax` expands to the lines of `expansion` where `condition` holds."""

    name: str
    syntax: str
    condition: Expr | None
    expansion: tuple[str, ...]
    position: Position


class Modifier(Record):
    """A function in the assembler's expressions, such as %hi."""

    name: str
    parameter: str
    value: Expr
    place: str = ""
    """The parameter that is the address of the instruction; empty if there is none."""
    of: str = ""
    """The modifier whose parameters it has, those of the instruction at the label that it is applied to; empty if it
    has its own."""


class Cause(Record):
    name: str
    number: int
    text: str


class Interrupts(Record):
    """Interrupts are taken between instructions, when a line is both pending and enabled."""

    enable: Expr
    """A mask of lines, or one bit for all of them."""
    pending: Expr
    cause: Expr
    """An expression over the local `line`."""
    value: Expr
    order: tuple[int, ...] = ()
    """The lines that come first, in this order; the others come after them, the lowest first."""

    def foremost(self, lines: int) -> int:
        """Return the line that is taken, of several, as a bitmap, that are pending and enabled."""
        lowest = (lines & -lines).bit_length() - 1
        return next((line for line in self.order if lines >> line & 1), lowest)


class Mode(Record):
    """The control field that holds the processor mode, and the values of Popek and Goldberg's supervisor and user
    modes."""

    control: str
    bits: Bits
    supervisor: int
    user: int

    @property
    def count(self) -> int:
        return 1 << (self.bits.hi - self.bits.lo + 1)


class Access(Record):
    """What an access of one kind requires: the leaf entry must not deny it, and allow it."""

    when: Expr
    """Its address is translated."""
    denied: Expr
    allowed: Expr
    cause: int
    """Of the fault if the entry does not satisfy it."""


class Paging(Record):
    """A radix page table. Expressions are over control registers and the entry's fields, which are locals."""

    __slots__ = ("__dict__",)

    root: Expr
    """Physical page number of the root table."""
    page: int
    """log2 of the page size in bytes."""
    levels: tuple[int, ...]
    """Index bits of each level, root first."""
    entry: int
    """Bytes of an entry."""
    fields: tuple[Bits, ...]
    frame: Bits
    invalid: Expr
    leaf: Expr
    fetch: Access
    load: Access
    store: Access
    accessed: int
    """Mask of the bit set by every access, 0 if there is none."""
    dirty: int
    """Mask of the bit set by a write, 0 if there is none."""
    table: Access | None = None
    """Of the second tables: what a reference to an entry of the first ones requires."""
    misconfigured: Access | None = None
    """Of the second tables: `allowed` says which entries nobody may use for anything."""

    @property
    def second(self) -> bool:
        """Do these tables translate what the first ones lead to?"""
        return self.table is not None

    @property
    def accesses(self) -> tuple[Access, ...]:
        """What is said of each of KINDS."""
        return self.fetch, self.load, self.store

    @cached_property
    def when(self) -> Expr:
        """Are the addresses of any kind of access translated?"""
        first, *others = dict.fromkeys(access.when for access in self.accesses)
        return reduce(lambda a, b: Binary(1, "|", a, b), others, first)

    @cached_property
    def split(self) -> bool:
        """May accesses of some kinds be translated while those of others are not?"""
        return len({access.when for access in self.accesses}) > 1

    @cached_property
    def rights(self) -> tuple[Expr, ...]:
        """The expressions that determine what an entry permits."""
        by_kind = [e for access in self.accesses for e in (access.denied, access.allowed)]
        return tuple(dict.fromkeys((self.invalid, self.leaf, *by_kind)))

    @cached_property
    def asked(self) -> int:
        """Mask of the bits of an entry that its rights depend on."""
        named = {n.name for n in walk(*self.rights) if isinstance(n, Local)}
        return sum(f.mask for f in self.fields if f.name in named)

    @cached_property
    def marks(self) -> int:
        """Mask of the bits that the machine sets by itself and that grant nothing: accessed and dirty."""
        return (self.accessed | self.dirty) & ~self.asked


class Isa(Record):
    __slots__ = ("__dict__",)

    name: str
    text: str
    registers: tuple[tuple[str, ...], ...]
    """All names of each register, the preferred one first."""
    file: str
    """The name of the register file: r gives r0, r1 ..."""
    hardwired: dict[int, int]
    controls: dict[str, Control]
    causes: dict[str, Cause]
    operands: dict[str, Operand]
    instructions: dict[str, Instruction]
    aliases: tuple[Alias, ...]
    hints: dict[str, str]
    """Mnemonics of other machines -> the equivalent on this one."""
    modifiers: dict[str, Modifier]
    reset: Handler | None
    undefined: Handler | None
    absent: tuple[Handler | None, ...]
    """What an access to a physical address that does not exist does, for each of KINDS."""
    trap: Handler | None
    interrupts: Interrupts | None
    mode: Mode | None
    paging: Paging | None
    nested: Paging | None = None
    """The second tables: they translate what is a physical address to the first ones, `paging`."""
    exit: Handler | None = None
    """What is done in the place of `trap` where its `when` holds."""
    memory: int = 0
    """The physical address at which RAM begins."""
    board: str = ""
    """The name of the board that the machine is on unless another is given; empty for PG32's, with devices behind
    ports."""
    words: Words = Words()
    more_files: tuple[str, ...] = ()
    """Other names of the register file: x gives x0, x1 ..."""
    path: str = ""
    files: tuple[str, ...] = ()
    """Every file that the description was read from."""
    digest: str = ""
    """A digest of the texts of all files."""

    @cached_property
    def register_numbers(self) -> dict[str, int]:
        """Return every name of a register -> its number."""
        files = (self.file, *self.more_files)
        return {name: n for n, own in enumerate(self.registers) for name in (*own, *(f"{file}{n}" for file in files))}

    @cached_property
    def control_numbers(self) -> dict[int, Control]:
        """Return the control-register file: number -> control register."""
        return {c.number: c for c in self.controls.values() if c.number is not None}

    @cached_property
    def slots(self) -> dict[str, int]:
        """Return the layout of the state block in 32-bit words: "r<n>" with the register file's own name, "pc", and
        each control register with stored bits by its name."""
        names = [f"{self.file}{n}" for n in range(len(self.registers))] + ["pc"]
        names += [c.name for c in self.controls.values() if c.stored]
        return {name: slot for slot, name in enumerate(names)}

    def with_body(self, name: str, body: Body) -> Isa:
        """Return the same machine with another body for one instruction, for experiments and tests."""
        changed = replace(self.instructions[name], body=body)
        return replace(self, instructions={**self.instructions, name: changed}, digest="")
