"""A machine as its description states it: the checked model that everything else is derived from."""

from __future__ import annotations

from functools import cached_property

from ring1.isa.record import Record, replace
from ring1.isa.semantics import Body, Expr, Local, walk
from ring1.isa.source import Position

WORD = 32
"""Bits of a register and of an instruction word. The description language knows 32-bit machines."""
MOST_MODES = 8
"""Processor modes of a machine that can be run or classified."""


class Bits(Record):
    """A named bit field hi..lo; `source` computes it where it is not stored."""

    name: str
    hi: int
    lo: int
    source: Expr | None = None

    @property
    def mask(self) -> int:
        return (1 << (self.hi + 1)) - (1 << self.lo)


class Control(Record):
    """A control register; `number` is its place in the control-register file, if it has one."""

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
        """Mask of the bits that the machine keeps."""
        return sum(f.mask for f in self.fields if f.source is None)

    @cached_property
    def writable(self) -> int:
        """Mask of the bits that a guest's write reaches."""
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
    """Bits of an encoding, from the top: a constant (`operand` None) or bits hi..lo of an operand."""

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
    """One line on what it does, from the description."""
    position: Position

    @cached_property
    def mask(self) -> int:
        """The bits of the word that are constant."""
        word = 0
        for part in self.parts:
            word = word << part.width | (0 if part.operand else (1 << part.width) - 1)
        return word

    @cached_property
    def match(self) -> int:
        """The values of those bits."""
        word = 0
        for part in self.parts:
            word = word << part.width | (0 if part.operand else part.value)
        return word


class Alias(Record):
    """A pseudo-instruction: `syntax` stands for the lines of `expansion` where `condition` holds."""

    name: str
    syntax: str
    condition: Expr | None
    expansion: tuple[str, ...]
    position: Position


class Modifier(Record):
    """A function of the assembler's expressions, such as %hi."""

    name: str
    parameter: str
    value: Expr


class Cause(Record):
    name: str
    number: int
    text: str


class Handler(Record):
    """A body that the machine runs by itself, with its parameters; not when `unless` holds."""

    parameters: tuple[str, ...]
    body: Body
    unless: Expr | None = None


class Interrupts(Record):
    """Taken between instructions when `enable` holds and `pending` has a bit set, lowest line first."""

    enable: Expr
    pending: Expr
    cause: Expr
    """Over the local `line`."""
    value: Expr


class Mode(Record):
    """The control field that holds the processor mode; P and G's supervisor and user."""

    control: str
    bits: Bits
    supervisor: int
    user: int

    @property
    def count(self) -> int:
        return 1 << (self.bits.hi - self.bits.lo + 1)


class Access(Record):
    """What an access needs of a leaf entry, and the cause of the fault otherwise."""

    allowed: Expr
    cause: int


class Paging(Record):
    """A radix page table. Expressions are over control registers and, as locals, the entry's fields."""

    __slots__ = ("__dict__",)

    when: Expr
    root: Expr
    """Physical page number of the root table."""
    page: int
    """log2 of the page size in bytes."""
    levels: tuple[int, ...]
    """Index bits, root first."""
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
    """Mask of the bit set on any use, 0 if there is none."""
    dirty: int
    """Mask of the bit set on a write, 0 if there is none."""

    @cached_property
    def rights(self) -> tuple[Expr, ...]:
        """All that says what an entry grants."""
        return self.invalid, self.leaf, self.denied, self.fetch.allowed, self.load.allowed, self.store.allowed

    @cached_property
    def asked(self) -> int:
        """The bits of an entry that its rights depend on."""
        named = {n.name for n in walk(*self.rights) if isinstance(n, Local)}
        return sum(f.mask for f in self.fields if f.name in named)

    @cached_property
    def marks(self) -> int:
        """The bits that the machine sets by itself, and that grant nothing."""
        return (self.accessed | self.dirty) & ~self.asked


class Isa(Record):
    __slots__ = ("__dict__",)

    name: str
    text: str
    registers: tuple[tuple[str, ...], ...]
    """For each register all its names, the preferred one first."""
    file: str
    """What the register file is called: r gives r0, r1 ..."""
    hardwired: dict[int, int]
    controls: dict[str, Control]
    causes: dict[str, Cause]
    operands: dict[str, Operand]
    instructions: dict[str, Instruction]
    aliases: tuple[Alias, ...]
    hints: dict[str, str]
    """Mnemonics that other machines have -> what does it here."""
    modifiers: dict[str, Modifier]
    reset: Handler | None
    undefined: Handler | None
    absent: Handler | None
    trap: Handler | None
    interrupts: Interrupts | None
    mode: Mode | None
    paging: Paging | None
    more_files: tuple[str, ...] = ()
    """What programs may call the register file as well: x gives x0, x1 ..."""
    path: str = ""
    files: tuple[str, ...] = ()
    """Every file that the description was read from."""
    digest: str = ""
    """Of all their texts."""

    @cached_property
    def register_numbers(self) -> dict[str, int]:
        """Every name of a register -> its number."""
        files = (self.file, *self.more_files)
        return {name: n for n, own in enumerate(self.registers) for name in (*own, *(f"{file}{n}" for file in files))}

    @cached_property
    def control_numbers(self) -> dict[int, Control]:
        """The control-register file."""
        return {c.number: c for c in self.controls.values() if c.number is not None}

    @cached_property
    def slots(self) -> dict[str, int]:
        """Where the state block keeps what, in 32-bit words: r<n> by "r<n>" with the file's own name, "pc", and
        each control register with stored bits by its name."""
        names = [f"{self.file}{n}" for n in range(len(self.registers))] + ["pc"]
        names += [c.name for c in self.controls.values() if c.stored]
        return {name: slot for slot, name in enumerate(names)}

    def with_body(self, name: str, body: Body) -> Isa:
        """The same machine with another body for one instruction: for experiments and tests."""
        changed = replace(self.instructions[name], body=body)
        return replace(self, instructions={**self.instructions, name: changed}, digest="")
