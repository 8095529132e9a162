"""The interface of a host: the operations that a block is made of, registers and their roles, entry and exit stubs, the
delivery of faults, and what has to be done when code has been written.

There is a folder for each host architecture; host/present.py returns the present one. Lowering says *what* is to be
done, over the guest's registers, the state block and memory (Assembler); the host decides how, and by how many
instructions. The interface does not assume that arithmetic overwrites an operand or takes one from memory, that a
constant fits an instruction, or that anything but `compare` sets flags.

A host instruction has at most one of the guest's constants left open: two lowerings of a form with different constants
differ in them alone, or have selected different instructions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ring1.dbt.host.values import Condition, Value
from ring1.isa import semantics as s

if TYPE_CHECKING:
    from ring1.dbt.host.block import Exit, HostBlock
    from ring1.dbt.host.listing import Instruction
    from ring1.dbt.host.stencil import EncodedStencil
    from ring1.dbt.host.target import Target
    from ring1.dbt.ir.open import Open
    from ring1.dbt.native.code import CodeMemory


class Assembler(Protocol):
    """Writes the host code of one block.

    A guest register's *place* is a host register, whose upper half is zero, or a word of the state block. Expressions
    are over places, names defined by `let`, control registers, constants and memory. A computed value is in a register
    that the next expression may overwrite; jumps, labels, and operations on pc, budget or a word of the state block
    preserve it. Labels are numbers. An operation that the host cannot do raises Unsupported; `back` removes what has
    been written of it.
    """

    index: int
    """The guest instruction that is being lowered."""
    count: int
    """The number behind the last instruction that has been paid for."""
    lookup: bool
    """Addresses are looked up in the software TLB."""
    pad: int | None
    """Label to which an access goes whose look-up ends in a page fault; None: that is left to the VMM."""
    nonzero: set[s.Expr]
    """Places and names that are known not to be 0."""
    items: list[Any]
    """The host code written so far, for the host's encoder."""

    # Labels, jumps and positions.

    def label(self) -> int: ...

    def place(self, label: int) -> None: ...

    def jump(self, label: int, condition: Condition | None = None) -> None:
        """Jump always, or if the comparison just made found `condition`. The distance can be patched later."""

    def position(self) -> tuple[int, int]: ...

    def back(self, position: tuple[int, int]) -> None:
        """Remove everything written since `position` returned this."""

    def begin(self, index: int, body: s.Body) -> None:
        """Begin a guest instruction: names and knowledge of the previous one are void."""

    def mark(self, index: int) -> None:
        """Mark the beginning of the host code of guest instruction `index`."""

    def fresh(self) -> None:
        """Free all scratch memory: no intermediate value is needed any more."""

    # Values.

    def compute(self, e: s.Expr) -> Value:
        """Compute a value, with all bits above its width zero."""

    def constant_value(self, value: int) -> Value:
        """Load a constant of 32 bits."""

    def compare(self, e: s.Expr) -> Condition:
        """Emit a comparison; return the condition under which the one-bit expression is 1."""

    def let(self, name: str, e: s.Expr) -> None:
        """Compute a value and keep it under a name for the rest of the guest instruction."""

    def assign(self, number: int, e: s.Expr) -> None:
        """Assign a value to a guest register's place."""

    def assign_value(self, number: int, value: Value) -> None:
        """Assign a computed value to a guest register's place."""

    def fused(self, number: int, e: s.Expr) -> bool:
        """Assign by the instructions that the host has for `e` as a whole, if it has some that are fewer than those
        for its parts. True if it has."""

    def unscaled(self, e: s.Expr) -> s.Expr | None:
        """Return the part of an operand of a sum that has to be computed, if the host's sums do the rest, else
        None."""

    def comparable(self, e: s.Expr) -> bool:
        """Is a comparison a single host instruction, whatever the places are that it is over?"""

    def store(self, t: s.Store) -> None:
        """Store to the guest's memory."""

    def store_physical(self, t: s.StorePhysical) -> None:
        """Store to RAM, in a page that has been reached."""

    def reach_physical(self, address: s.Expr, stores: bool, missing: int | None) -> None:
        """Make sure that a page can be loaded from by physical address, and, if it `stores`, stored to: jump if not;
        None: have the host fault as at an access of the guest's, with nothing changed."""

    def unless(self, value: Value, constant: int, label: int) -> None:
        """Jump unless a value equals a constant."""

    def unless_aligned(self, e: s.Expr, size: int, label: int) -> None:
        """Jump unless an address is a multiple of `size`, a power of two."""

    # The state block. `place` and `slot` are displacements in bytes (machine.state, native.slots).

    def set_pc(self, pc: int) -> None: ...

    def set_pc_value(self, value: Value) -> None: ...

    def pc_value(self) -> Value: ...

    def keep(self, place: int, e: s.Expr, wide: bool = False) -> None:
        """Write a value to a word, or, if `wide`, to a quadword."""

    def unless_zero(self, place: int, label: int) -> None:
        """Jump unless a word is 0."""

    def unless_equal(self, place: int, value: int, label: int) -> None:
        """Jump unless a word equals `value`."""

    def unless_bits(self, place: int, mask: int, value: int, label: int) -> None:
        """Jump unless these bits of a word equal `value`."""

    def copy_bits(self, source: int, target: int, mask: int) -> None:
        """Set these bits of a word to those of another."""

    def set_word(self, place: int, mask: int, value: int) -> None:
        """Set these bits of a word to those of `value`."""

    def tally(self, place: int) -> None:
        """Add 1 to a quadword."""

    def find_frame(self, control: str, size: int, otherwise: int) -> None:
        """Find the frame of `size` bytes at the physical address in a control register; jump unless that is an aligned
        one that is not 0, and the frame lies in one page of RAM to which generated code may write."""

    def read_frame(self, offset: int, place: int) -> None:
        """Copy a word of the frame to a word of the state block."""

    def write_frame(self, place: int, offsets: Sequence[int]) -> None:
        """Copy words to the frame, from the same offsets behind `place`. `enter_mode` must follow."""

    def check_batch(self, otherwise: int) -> None:
        """Jump unless the words at BATCH describe a batch (ring1.dbt.machine.state) that lies in RAM, and whose entries
        are aligned words in pages of RAM to which generated code may write, and none of its own."""

    def write_batch(self) -> None:
        """Make the writes of a batch that has been checked. `enter_mode` must follow."""

    def unless_field(self, control: str, mask: int, value: int, label: int) -> None:
        """Jump unless the masked bits of a control register equal `value`."""

    def set_bits(self, control: str, reach: int, lo: int, e: s.Expr, whole: bool) -> None:
        """Set the bits `reach` of a control register to those of `e << lo`, and, if `whole`, all others to 0."""

    def word(self, place: int) -> Value:
        """Load a word."""

    def read_answer(self, port: s.Expr, otherwise: int) -> Value:
        """Read the published answer of a port; jump if there is none."""

    def post(self, otherwise: int) -> None:
        """Post the write that slots.PORT and slots.VALUE describe; jump if the port has no grant."""

    def load_device(self, size: int, unknown: int, ask: int) -> None:
        """Read the published answer of the register of `size` bytes at the guest address in slots.PORT into
        slots.VALUE. Jump to `unknown` if no register is known to be there, with nothing changed; to `ask` if it has no
        answer: then slots.PORT is its physical address."""

    def store_device(self, size: int, unknown: int, ask: int) -> None:
        """Post a write of slots.VALUE to the register at the guest address in slots.PORT (see `load_device`)."""

    def note_trap_time(self, again: int) -> None:
        """Record the time of a trap; jump if the last trap was at the same time."""

    def take_interrupts(self, on: bool | None, control: str, bits: int) -> None:
        """Switch the hardware's interrupts on or off; None: as the bits of a control register say."""

    # The budget.

    def pay(self, instructions: int, label: int) -> None:
        """Subtract from the budget; jump if it was less than that."""

    def refund(self, instructions: int) -> None: ...

    def take_back(self, instructions: int) -> None:
        """Take back a refund."""

    def unless_left(self, label: int) -> None:
        """Jump if the budget is used up."""

    def flush(self, otherwise: int, address: s.Expr | None = None) -> None:
        """Flush the TLB, or the page of an address; jump if the VMM has to do that, with nothing changed."""

    # Entries, transfers between blocks, exits.

    def expect_pc(self, pc: int, label: int) -> None:
        """Jump unless the state block has this pc."""

    def expect_page(self, page: int, tag: int, label: int) -> None:
        """Jump unless the present view's code map has this tag for a page."""

    def expect_word(self, place: int, word: int, physical: bool, label: int) -> None:
        """Jump unless memory has this word at an address of the window, or at a physical address."""

    def expect_bits(self, place: int, word: int, mask: int, kept: int | None, physical: bool, label: int) -> None:
        """As `expect_word` for the masked bits of a word, which is kept whole in a slot, if one is given."""

    def find_block(self, value: Value, mode: int) -> None:
        """Jump to the block at the pc `value`, by the jump cache of a mode in the present view."""

    def enter_mode(self, mode: int) -> None:
        """Switch to the view of another mode in the present address space."""

    def find_block_in_mode(self, value: Value, mode: int | None) -> None:
        """Jump to the block at the pc `value` in the view of another mode; None: the mode that the processor status
        says."""

    def find_space(self, word: s.Expr, elsewhere: int) -> None:
        """Switch to the address space of a context word; jump if that has no row. `enter_space`, or another switch to a
        view, must follow."""

    def enter_space(self, mode: int) -> None:
        """Switch to the view of a mode in the address space that has just been found."""

    def leave(self, slot: int) -> None:
        """Leave by a call through a slot. It does not return; the return address identifies the exit."""

    def go(self, slot: int) -> None:
        """Jump to the address in a slot."""

    # Routines (ring1.dbt.translate.routine).

    def name(self, name: str, place: int, wide: bool = False) -> None:
        """Let a name stand for a word of the state block, or a quadword, as it is whenever the name is used."""

    def lowest(self, place: int, e: s.Expr) -> None:
        """Write the number of the lowest bit that is 1 in a value, which is not 0, to a word."""

    def set_budget(self, e: s.Expr) -> None:
        """Set the budget."""

    def begin_routine(self) -> None:
        """Begin a routine: take the address to which its call would return."""

    def leave_routine(self, by: int) -> None:
        """Go to where a slot leads as if the call had led there."""

    def finish(self) -> None:
        """Write what comes after all other code: the handling of software TLB misses."""


class Walk(Protocol):
    """A page walk in host code, for software TLB misses, or something else that generated code calls."""

    items: list[Any]


class Encoder(Protocol):
    """Encodes what assemblers have written as bytes."""

    learnt: dict[Any, Any]
    """Encodings that are expensive to find, to be saved for other processes."""
    changed: bool
    """`learnt` has new entries."""

    def encode(self, items: list[Any], exits: Iterable[Exit]) -> HostBlock:
        """Encode a block, in which every label that is jumped to is placed."""


class StencilEncoder(Protocol):
    """Makes stencils of what assemblers have written with open constants."""

    neutral: Sequence[str]
    """Host registers that generated code names only as the places of guest registers."""

    def blanked(self, items: Iterable[Any], number: Callable[[Open], int]) -> tuple[Any, ...]:
        """Return items with blanks in the place of open constants, and without marks. `number` numbers a constant."""

    def prepared(self, items: Sequence[Sequence[Any]], homes: Set[str | int]) -> Any:
        """Return the items of the two parts of a stencil, prepared for `encoded`. `homes`: what stands in them for the
        homes of guest registers, host registers by name and displacements of words of the state block."""

    def encoded(
        self, parts: Any, homes: Mapping[str | int, str | int], ways: Iterable[tuple[int, int]], entries: Iterable[int]
    ) -> EncodedStencil:
        """Encode a stencil, with other homes. `ways` has label and site of each way out (see Exit), `entries` labels to
        find again."""


class Stubs(Protocol):
    """The entry and exit stubs, at the start of a code memory. All but `enter` and `resume` are host addresses, for
    slots."""

    enter: Callable[[int, int], int]
    """enter(state pointer, target): run generated code until it leaves. It returns the return address of the call that
    left, or MISSED, or FAULTED: then the slots FAULT_AT, FAULT_ADDRESS and FAULT_ERROR describe the fault. The guest's
    registers and the budget are back in the state block."""
    resume: Callable[[int, int], int]
    """resume(state pointer, 0): as `enter`, at the host instruction that FAULTED."""
    leave: int
    fault_exit: int
    look: int
    miss: int
    post: int
    load_device: int
    store_device: int
    refuse: int
    """Returns with the answer that something is left to the VMM (see Host.flush)."""
    size: int
    """Bytes that the stubs take."""


NOWHERE: Mapping[str, int] = MappingProxyType({})
FAULTED, MISSED = 0, 1
"""Results of `enter` that are not addresses."""


class Host(ABC):
    """A host architecture under Linux."""

    name: str
    roles: ClassVar[Mapping[str, str]]
    """Register -> its role in generated code, except for registers that can hold guest registers."""

    # Registers and processor.

    @abstractmethod
    def pinnable(self) -> Sequence[str]:
        """Return the registers that can hold guest registers, in order of preference."""

    @abstractmethod
    def features(self) -> frozenset[str]:
        """Return the optional features of this processor that code is generated for."""

    # Making code.

    @abstractmethod
    def assembler(
        self, target: Target, elsewhere: Mapping[str, int] = NOWHERE
    ) -> Callable[[int, bool, bool], Assembler]:
        """Return a function that makes an assembler for a block of a target, given the number of guest instructions,
        whether addresses are looked up, and whether the host emulates the code. `elsewhere`: displacements of the
        control registers that are not in their own words of the state block."""

    @abstractmethod
    def walk(self, target: Target, kind: int, elsewhere: Mapping[str, int] = NOWHERE) -> Walk:
        """Write the page walk for accesses of one kind, LOAD or STORE. `elsewhere`: see `assembler`. Raises
        Unsupported."""

    @abstractmethod
    def nested_walk(self, target: Target, kind: int, elsewhere: Mapping[str, int] = NOWHERE) -> Walk:
        """The same for a guest with nested paging that is modelled, in two dimensions; with the guest's paging off,
        too."""

    @abstractmethod
    def flush(self, target: Target, page: bool = False) -> Walk:
        """Write the flush of the guest's TLB, or that of a page (ring1.dbt.mmu.relied)."""

    @abstractmethod
    def encoder(self, learnt: dict[Any, Any]) -> Encoder:
        """Return an encoder that starts with these encodings."""

    @abstractmethod
    def stencil_encoder(self, encoder: Encoder) -> StencilEncoder:
        """Return what encodes stencils by means of an encoder."""

    jump_size: int
    """Bytes of an unconditional jump that can be patched."""

    @abstractmethod
    def distance(self, site: int, to: int) -> bytes:
        """Return the bytes of the distance at offset `site` of a code memory with which its jump leads to offset
        `to`."""

    @abstractmethod
    def redirection(self, site: int, to: int) -> bytes:
        """Return the bytes to write over the jump through a slot at offset `site` of a code memory, so that it leads to
        `to`."""

    stale: bytes
    """An instruction that faults, repeated over freed code."""

    @abstractmethod
    def written(self, address: int, size: int) -> None:
        """Make code that has just been written visible to instruction fetch."""

    # Entry and exit stubs, and faults.

    @abstractmethod
    def assemble(self, text: str) -> bytes:
        """Assemble a stub. Raises Absent if the assembler is needed and not installed."""

    @abstractmethod
    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        """Place the entry and exit stubs. `homes`: pinned host register -> displacement of the guest register's word in
        the state block; `assemble` does what the method does, and may cache."""

    @abstractmethod
    def go_miss(self, assemble: Callable[[str], bytes]) -> bytes:
        """Return code that goes where the slot MISS leads to; `assemble` as for `stubs`."""

    @abstractmethod
    def provide(self, assemble: Callable[[str], bytes]) -> None:
        """Allocate what `install` needs. Raises OSError if memory is short."""

    @abstractmethod
    def install(self, assemble: Callable[[str], bytes]) -> None:
        """Make sure that the fault handler is installed: for a fault in generated code it fills the slots FAULT_AT,
        FAULT_ADDRESS and FAULT_ERROR and lets the thread continue at the stub in FAULT_EXIT. Other faults go to the
        previous handler. Cheap if the handler is installed already."""

    # Verification and disassembly.

    @abstractmethod
    def verify(
        self, made: HostBlock, entries: Collection[int], pinned: Collection[str], hardware: bool = False
    ) -> None:
        """Prove from the bytes of a block that it keeps within the machine, whichever entry is used and whichever jumps
        are patched. `hardware`: it runs on a KVM virtual CPU. Raises Escape; Absent without a disassembler."""

    @abstractmethod
    def read(self, code: bytes, offset: int) -> Iterator[Instruction]:
        """Disassemble host code; its first byte is at `offset`. Raises Absent."""
