"""What generated code needs of a host: the operations that a block is made of, registers and their roles, the ways in
and out, the hand-over of faults, and what has to be done when code has been written.

There is a folder for each host architecture; host/present.py tells this one's. Whoever lowers the guest's semantics
says *what* is to be done, over the guest's registers, the state block and memory (Assembler); how, and by how many
instructions, is the host's. Nothing here supposes that arithmetic overwrites an operand or takes one from memory, that
a constant fits an instruction, or that anything but `compare` leaves flags.

Of the guest's constants, an instruction has one at most left open: two lowerings of a form with other constants differ
in them alone, or have selected other instructions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ring1.dbt.host.values import Condition, Value
from ring1.isa import semantics as s

if TYPE_CHECKING:
    from ring1.dbt.host.block import Exit, HostBlock
    from ring1.dbt.host.listing import Instruction
    from ring1.dbt.host.target import Target
    from ring1.dbt.native.code import CodeMemory


class Assembler(Protocol):
    """The host code of one block, being written.

    A guest register's *place* is a host register, whose upper half is zero, or a word of the state block. Expressions
    are over places, over what `let` has named, over control registers, constants and memory. A value that has been
    computed is in a register that is lost with the next expression: jumps, labels, the pc, the account and what looks
    at a word of the state block leave it alone. Labels are numbers. What cannot be done raises Unsupported, and `back`
    forgets what of it is written.
    """

    index: int
    """The guest instruction that is being lowered."""
    nonzero: set[s.Expr]
    """Registers and names that are known not to be 0."""
    items: list[Any]
    """What has been written, for the host's encoder."""

    # What is written, and where in it.

    def label(self) -> int: ...

    def place(self, label: int) -> None: ...

    def jump(self, label: int, condition: Condition | None = None) -> None:
        """Jump always, or if the comparison just made has found this. The distance can be patched later."""

    def position(self) -> tuple[int, int]: ...

    def back(self, position: tuple[int, int]) -> None:
        """Forget what has been written since."""

    def begin(self, index: int, body: s.Body) -> None:
        """A guest instruction begins: names, and what is known, are those of the one before."""

    def mark(self, index: int) -> None:
        """Host code of guest instruction `index` begins here."""

    def fresh(self) -> None:
        """No intermediate value is needed any more."""

    # Values.

    def compute(self, e: s.Expr) -> Value:
        """A value, all bits above its width zero."""

    def constant_value(self, value: int) -> Value:
        """A constant of 32 bits."""

    def compare(self, e: s.Expr) -> Condition:
        """Compare, so that the one-bit value is 1 where the condition holds."""

    def let(self, name: str, e: s.Expr) -> None:
        """Keep a value for the rest of the guest instruction."""

    def assign(self, number: int, e: s.Expr) -> None:
        """Give a guest register's place a value."""

    def assign_value(self, number: int, value: Value) -> None:
        """Give it a value that has been computed."""

    def fused(self, number: int, e: s.Expr) -> bool:
        """Assign by one instruction, if the host has one for what `e` is: whether it has."""

    def store(self, t: s.Store) -> None:
        """Store to the guest's memory."""

    def unless(self, value: Value, constant: int, label: int) -> None:
        """Jump if a value is another."""

    def unless_aligned(self, e: s.Expr, size: int, label: int) -> None:
        """Jump if an address is no multiple of `size`, a power of two."""

    # The state block. Places in it are displacements in bytes (machine.state, native.slots).

    def set_pc(self, pc: int) -> None: ...

    def set_pc_value(self, value: Value) -> None: ...

    def pc_value(self) -> Value: ...

    def keep(self, place: int, e: s.Expr, wide: bool = False) -> None:
        """Write a value into a word, or, `wide`, into a quadword."""

    def unless_zero(self, place: int, label: int) -> None:
        """Jump if a word is not 0."""

    def unless_field(self, control: str, mask: int, value: int, label: int) -> None:
        """Jump if the bits in a mask of a control register are others."""

    def set_bits(self, control: str, reach: int, lo: int, e: s.Expr, whole: bool) -> None:
        """Put `e << lo` into the bits `reach` of a control register, and, `whole`, 0 into the others."""

    def read_answer(self, port: s.Expr, otherwise: int) -> Value:
        """What has been published of a port: jump if nothing has, or if there is no such port."""

    def note_trap_time(self, again: int) -> None:
        """Note that there is a trap now: jump if there was one at this very time."""

    def take_interrupts(self, on: bool | None, control: str, bits: int) -> None:
        """Have the hardware take interrupts, or not; None: as the bits of a control register say."""

    # The account.

    def pay(self, instructions: int, label: int) -> None:
        """Take this from the budget: jump if it is more than there was."""

    def refund(self, instructions: int) -> None: ...

    def unless_left(self, label: int) -> None:
        """Jump if nothing is left of the budget."""

    # Ways in, between and out.

    def expect_pc(self, pc: int, label: int) -> None:
        """Jump if the state block says that the guest is elsewhere."""

    def expect_page(self, page: int, tag: int, label: int) -> None:
        """Jump if the present view's code map says something else of a page."""

    def expect_word(self, place: int, word: int, physical: bool, label: int) -> None:
        """Jump if memory has another word at an address of the window, or at a physical one."""

    def find_block(self, value: Value, mode: int) -> None:
        """Jump to the block of the place `value`, by the jump cache of a mode in the present view."""

    def find_block_in_mode(self, value: Value, mode: int | None) -> None:
        """The same in the view of another mode: the one that the processor status says, if None."""

    def enter_space(self, control: str, mode: int, elsewhere: int) -> None:
        """Use the view of a mode in the address space that a control register says: jump if generated code has no row
        for it."""

    def leave(self, slot: int) -> None:
        """Call through a slot: nobody returns, and the return address says who left."""

    def go(self, slot: int) -> None:
        """Jump through a slot."""

    def finish(self) -> None:
        """Behind all else: what goes on where an access was not found by the look-aside buffer."""


class Walk(Protocol):
    """A page walk in host code, for what the look-aside buffer does not have."""

    items: list[Any]


class Encoder(Protocol):
    """Makes bytes of what assemblers have written."""

    learnt: dict[Any, Any]
    """What takes long to find out, to be kept for other processes."""
    changed: bool
    """There is more of it than there was."""

    def encode(self, items: list[Any], exits: Iterable[Exit]) -> HostBlock:
        """The bytes of a block, in which every label that is jumped to is placed."""


class Stubs(Protocol):
    """The ways in and out, at the start of a code memory. All but `enter` and `resume` are host addresses, for
    slots."""

    enter: Callable[[int, int], int]
    """enter(state pointer, target): run generated code until it leaves. It returns the address behind the call that
    left, or MISSED, or FAULTED: then the slots FAULT_AT and FAULT_ADDRESS tell where. Registers of the guest's and
    the budget are back in the state block."""
    resume: Callable[[int, int], int]
    """resume(state pointer, 0): as enter, at the very instruction that has FAULTED."""
    leave: int
    fault_exit: int
    look: int
    miss: int
    size: int
    """Bytes that they take."""


FAULTED, MISSED = 0, 1
"""What `enter` returns that is no address."""


class Host(ABC):
    """A host architecture under Linux."""

    name: str
    roles: ClassVar[Mapping[str, str]]
    """Register -> what generated code has it for, but for those that guest registers may be in."""

    # Registers and processor.

    @abstractmethod
    def pinnable(self, lookup: bool) -> Sequence[str]:
        """The registers that can hold guest registers, where addresses are looked up by generated code or not; the
        first ones are the first to be used."""

    @abstractmethod
    def features(self) -> frozenset[str]:
        """What this processor has that not all have and code is generated for."""

    # Making code.

    @abstractmethod
    def assembler(self, target: Target) -> Callable[[int, bool, bool], Assembler]:
        """What writes blocks for a target: given how many guest instructions a block has, whether addresses are looked
        up, and whether the host emulates the code."""

    @abstractmethod
    def walk(self, target: Target, kind: int) -> Walk:
        """The page walk for accesses of one kind, LOAD or STORE. Raises Unsupported."""

    @abstractmethod
    def encoder(self, learnt: dict[Any, Any]) -> Encoder:
        """An encoder that knows what others have learnt."""

    jump_size: int
    """Bytes of a jump that always jumps and can be patched."""

    @abstractmethod
    def distance(self, site: int, to: int) -> bytes:
        """What to write at offset `site` of a code memory, where a jump's distance is, so that it leads to `to`."""

    @abstractmethod
    def redirection(self, site: int, to: int) -> bytes:
        """What to write over the jump through a slot at offset `site` of a code memory, so that it leads to `to`."""

    stale: bytes
    """What faults when it is run, to be repeated over code that is no more."""

    @abstractmethod
    def written(self, address: int, size: int) -> None:
        """Make sure that what has just been written is what is executed at these addresses."""

    # Ways in and out, and faults.

    @abstractmethod
    def assemble(self, text: str) -> bytes:
        """The bytes of a stub. Raises Absent if the assembler is needed and not here."""

    @abstractmethod
    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        """Place the ways in and out. `homes`: register -> displacement of the word that is its home in the state
        block; `assemble` is as the method, perhaps remembering."""

    @abstractmethod
    def provide(self, assemble: Callable[[str], bytes]) -> None:
        """Have what `install` needs. Raises OSError if memory is short."""

    @abstractmethod
    def install(self, assemble: Callable[[str], bytes]) -> None:
        """See to it that a fault of generated code's is handed over: the handler notes where it was (slots FAULT_AT,
        FAULT_ADDRESS, FAULT_ERROR) and lets the thread go on at the stub in the slot FAULT_EXIT. Others' faults go to
        whoever handled them before. Cheap if all is in place."""

    # Looking at code.

    @abstractmethod
    def verify(
        self, made: HostBlock, entries: Collection[int], pinned: Collection[str], hardware: bool = False
    ) -> None:
        """Prove from the bytes of a block that it keeps within the machine, wherever it is entered and whichever jumps
        are patched. `hardware`: it is for a virtual CPU of the host's. Raises Escape; Absent without a disassembler."""

    @abstractmethod
    def read(self, code: bytes, offset: int) -> Iterator[Instruction]:
        """Host code as instructions, the first at an offset. Raises Absent."""
