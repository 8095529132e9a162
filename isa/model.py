"""The checked model of a machine, as its description defines it, from which everything else is derived."""

from __future__ import annotations

from functools import cached_property

from ring1.isa.record import Record, replace
from ring1.isa.semantics import Body, Expr, Local, walk
from ring1.isa.source import Position

WORD = 32
"""Bits of a register and of an instruction word. The description language supports 32-bit machines only."""
MOST_MODES = 8
"""The most processor modes of a machine that can be run or classified."""


class Bits(Record):
    """A named bit field hi..lo; `source` computes it if it is not stored."""

    name: str
    hi: int
    lo: int
    source: Expr | None = None

    @property
    def mask(self) -> int:
        return (1 << (self.hi + 1)) - (1 << self.lo)


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

    @cached_property
    def stored(self) -> int:
        """Mask of the bits that are stored."""
        return sum(f.mask for f in self.fields if f.source is None)

    @cached_property
    def writable(self) -> int:
        """Mask of the bits that a write by the guest changes."""
        return 0 if self.readonly else self.stored


class Operand(Record):
    """An operand of the encodings. kind: "register", "control", "signed" or "unsigned"; `width` in bits.

    A `relative` operand is written as an address and encoded as its distance from the instruction.
    """

    name: str
    kind: str
    width: int
    relative: bool = False


class Part(Record):
    """Bits of an encoding, most significant first: a constant (`operand` is None) or bits hi..lo of an operand."""

    width: int
    value: int = 0
    operand: str | None = None
    hi: int = 0
    lo: int = 0


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

    @cached_property
    def mask(self) -> int:
        """Mask of the constant bits of the word."""
        word = 0
        for part in self.parts:
            word = word << part.width | (0 if part.operand else (1 << part.width) - 1)
        return word

    @cached_property
    def match(self) -> int:
        """Values of the constant bits."""
        word = 0
        for part in self.parts:
            word = word << part.width | (0 if part.operand else part.value)
        return word


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


class Cause(Record):
    name: str
    number: int
    text: str


class Handler(Record):
    """A body that the machine executes at an event, with its parameters, except where `unless` holds."""

    parameters: tuple[str, ...]
    body: Body
    unless: Expr | None = None


class Interrupts(Record):
    """Interrupts are taken between instructions when `enable` holds and `pending` has a bit set, lowest line first."""

    enable: Expr
    pending: Expr
    cause: Expr
    """An expression over the local `line`."""
    value: Expr


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
    """What an access requires of a leaf entry, and the cause of the fault if the entry does not satisfy it."""

    allowed: Expr
    cause: int


class Paging(Record):
    """A radix page table. Expressions are over control registers and the entry's fields, which are locals."""

    __slots__ = ("__dict__",)

    when: Expr
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
    denied: Expr
    fetch: Access
    load: Access
    store: Access
    accessed: int
    """Mask of the bit set by every access, 0 if there is none."""
    dirty: int
    """Mask of the bit set by a write, 0 if there is none."""

    @cached_property
    def rights(self) -> tuple[Expr, ...]:
        """The expressions that determine what an entry permits."""
        return self.invalid, self.leaf, self.denied, self.fetch.allowed, self.load.allowed, self.store.allowed

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
    absent: Handler | None
    trap: Handler | None
    interrupts: Interrupts | None
    mode: Mode | None
    paging: Paging | None
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
