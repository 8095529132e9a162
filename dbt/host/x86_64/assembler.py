"""The assembler of blocks (interface.Assembler): operations -> instructions."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.host.target import Target
from ring1.dbt.host.values import ONES_32, ONES_64, Condition, Value
from ring1.dbt.host.x86_64.code import EVERY
from ring1.dbt.host.x86_64.operations import (
    ADD,
    AND,
    BSF,
    CALL,
    CLI,
    CMP,
    HOLE,
    JMP,
    LEA,
    MOV,
    OR,
    POP,
    PUSH,
    SHL,
    STI,
    SUB,
    TEST,
    XOR,
    Address,
    state,
)
from ring1.dbt.host.x86_64.places import Local, Places
from ring1.dbt.host.x86_64.ram_accesses import RamAccesses
from ring1.dbt.host.x86_64.registers import (
    CR3,
    EAX,
    PROBING,
    R14,
    R15,
    R15D,
    RAX,
    SCRATCH,
    STATE,
    WINDOW,
    sized,
)
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.state import (
    ANSWERED,
    ANSWERS,
    CALLER,
    END,
    FLAT,
    FLUSH,
    FLUSH_PAGE,
    LOAD_DEVICE,
    POST,
    PROBE,
    RAM,
    REFILLS,
    SCRATCHES,
    SPACE,
    SPACE_ROW,
    SPACE_ROWS,
    SPACES,
    STORE_DEVICE,
    TRAPPED_AT,
)
from ring1.dbt.mmu.rows import HASH, SPACE_SHIFT
from ring1.dbt.mmu.softtlb import kind_of
from ring1.dbt.mmu.view import CODE_MAP, JUMP_CACHE, JUMP_ENTRIES, jump_cache
from ring1.dbt.native import slots
from ring1.isa import semantics as s
from ring1.isa.model import MOST_MODES, WORD

WALKS = {LOAD: REFILLS, STORE: REFILLS + 8}
"""Kind of access -> displacement of the address of its page walk."""
PC = "pc"
DISPLACED = 1 << 31
"""Offsets below are displacements of an instruction."""


class BlockAssembler(RamAccesses):
    """See interface.Assembler."""

    every: Sequence[int] = EVERY
    """Numbers of its scratch quadwords."""

    def __init__(self, target: Target, places: Places, count: int, lookup: bool, emulated: bool) -> None:
        """`emulated`: KVM emulates the code, without BMI2 and vector registers."""
        super().__init__(target, places, count, lookup)
        if emulated:
            self.bmi2 = self.vectors = False

    def position(self) -> tuple[int, int]:
        return len(self.items), len(self.looks)

    def back(self, position: tuple[int, int]) -> None:
        del self.items[position[0] :], self.looks[position[1] :]

    def begin(self, index: int, body: s.Body) -> None:
        self.index, self.body, self.pad = index, body, None
        self.locals = {}
        self.nonzero.clear()
        self.fresh()
        self.mark(index)

    def fresh(self) -> None:
        self.free = list(self.every)

    # --- Values ----------------------------------------------------------------------

    def compute(self, e: s.Expr) -> Value:
        return self.into(e, SCRATCH)

    def constant_value(self, value: int) -> Value:
        self.emit(MOV, EAX, HOLE, imm=value)
        return Value(SCRATCH, value)

    def let(self, name: str, e: s.Expr) -> None:
        value, wide = self.into(e, SCRATCH), e.width > 32
        self.locals[name] = Local(self.scratch_at(self.saved(value, wide), 64 if wide else 32), value.most, wide)

    def assign_value(self, number: int, value: Value) -> None:
        self.nonzero.discard(s.Register(WORD, number))
        self.emit(MOV, self.register(number), sized(value.register, 32))

    def unless(self, value: Value, constant: int, label: int) -> None:
        self.emit(CMP, sized(value.register, 32), HOLE, imm=constant)
        self.jump(label, Condition.NOT_EQUAL)

    def unless_aligned(self, e: s.Expr, size: int, label: int) -> None:
        self.masked(self.into(e, SCRATCH), size - 1)
        self.jump(label, Condition.NOT_EQUAL)

    # --- The state block ---------------------------------------------------------------

    def set_pc(self, pc: int) -> None:
        self.emit(MOV, self.slots[PC], HOLE, imm=pc)

    def set_pc_value(self, value: Value) -> None:
        self.emit(MOV, self.slots[PC], sized(value.register, 32))

    def pc_value(self) -> Value:
        return self.write(MOV, SCRATCH, False, self.slots[PC])

    def keep(self, place: int, e: s.Expr, wide: bool = False) -> None:
        self.into(e, SCRATCH)
        self.emit(MOV, state(8 if wide else 4, place), RAX if wide else EAX)

    def unless_zero(self, place: int, label: int) -> None:
        self.emit(CMP, state(4, place), HOLE, imm=0)
        self.jump(label, Condition.NOT_EQUAL)

    def unless_equal(self, place: int, value: int, label: int) -> None:
        self.emit(CMP, state(4, place), HOLE, imm=value)
        self.jump(label, Condition.NOT_EQUAL)

    def unless_bits(self, place: int, mask: int, value: int, label: int) -> None:
        self.emit(MOV, EAX, state(4, place))
        self.emit(AND, EAX, HOLE, imm=mask)
        self.emit(CMP, EAX, HOLE, imm=value)
        self.jump(label, Condition.NOT_EQUAL)

    def copy_bits(self, source: int, target: int, mask: int) -> None:
        at = state(4, target)
        self.emit(MOV, EAX, state(4, source))
        if mask != ONES_32:
            self.emit(XOR, EAX, at)
            self.emit(AND, EAX, HOLE, imm=mask)
            self.emit(XOR, at, EAX)
            return
        self.emit(MOV, at, EAX)

    def set_word(self, place: int, mask: int, value: int) -> None:
        at = state(4, place)
        if mask == ONES_32:
            self.emit(MOV, at, HOLE, imm=value)
            return
        self.emit(MOV, EAX, at)  # one store: what follows may have to wait for each
        self.emit(AND, EAX, HOLE, imm=~mask & ONES_32)
        if value & mask:
            self.emit(OR, EAX, HOLE, imm=value & mask)
        self.emit(MOV, at, EAX)

    def tally(self, place: int) -> None:
        at = state(8, place)
        self.emit(MOV, RAX, at)
        self.emit(ADD, RAX, HOLE, imm=1)
        self.emit(MOV, at, RAX)

    def unless_field(self, control: str, mask: int, value: int, label: int) -> None:
        self.masked(self.into(s.Control(WORD, control), SCRATCH), mask)
        self.emit(CMP, EAX, HOLE, imm=value)
        self.jump(label, Condition.NOT_EQUAL)

    def set_bits(self, control: str, reach: int, lo: int, e: s.Expr, whole: bool) -> None:
        at, others = self.slots[control], ~reach if not reach >> WORD - 1 else ~reach & ONES_32
        if isinstance(e, s.Const):
            value = e.value << lo & reach
            if whole:
                self.emit(MOV, at, HOLE, imm=value)
                return
            if value != reach:
                self.emit(AND, at, HOLE, imm=others)
            if value:
                self.emit(OR, at, HOLE, imm=value)
            return
        self.into(e, SCRATCH)
        if lo:
            self.emit(SHL, EAX, HOLE, imm=lo)
        if reach != ONES_32:
            self.emit(AND, EAX, HOLE, imm=reach)
        if not whole:
            self.emit(AND, at, HOLE, imm=others)
        self.emit(MOV if whole else OR, at, EAX)

    def word(self, place: int) -> Value:
        return self.write(MOV, SCRATCH, False, state(4, place))

    def read_answer(self, port: s.Expr, otherwise: int) -> Value:
        index = self.below(self.into(port, SCRATCH), ANSWERED, otherwise)
        self.emit(MOV, RAX, self.entry(STATE, index, 8, ANSWERS, 8 * ANSWERED).of(8))
        self.emit(TEST, RAX, RAX)
        self.jump(otherwise, Condition.EQUAL)
        return Value(SCRATCH)

    def post(self, otherwise: int) -> None:
        self.emit(MOV, EAX, HOLE, imm=self.count - self.index)
        self.emit(CALL, state(8, POST))
        self.jump(otherwise, Condition.NOT_EQUAL)

    def load_device(self, size: int, unknown: int, ask: int) -> None:
        self.reach_device(LOAD_DEVICE, size, unknown, ask)

    def store_device(self, size: int, unknown: int, ask: int) -> None:
        self.reach_device(STORE_DEVICE, size, unknown, ask)

    def reach_device(self, slot: int, size: int, unknown: int, ask: int) -> None:
        """Call a stub of device_access."""
        self.emit(MOV, EAX, HOLE, imm=self.count - self.index << 8 | size - 1)
        self.emit(CALL, state(8, slot))
        self.jump(unknown, Condition.BELOW)
        self.jump(ask, Condition.EQUAL)

    def note_trap_time(self, again: int) -> None:
        self.emit(MOV, RAX, state(8, END))
        self.emit(SUB, RAX, R14)
        self.emit(CMP, state(8, TRAPPED_AT), RAX)
        self.jump(again, Condition.EQUAL)
        self.emit(MOV, state(8, TRAPPED_AT), RAX)

    def take_interrupts(self, on: bool | None, control: str, bits: int) -> None:
        if on is not None:
            self.emit(STI if on else CLI)
            return
        off = self.label()
        self.emit(CLI)
        self.emit(TEST, self.slots[control], HOLE, imm=bits)
        self.jump(off, Condition.EQUAL)
        self.emit(STI)
        self.place(off)

    # --- The budget -------------------------------------------------------------------

    def pay(self, instructions: int, label: int) -> None:
        self.emit(SUB, R14, HOLE, imm=instructions)
        self.jump(label, Condition.NEGATIVE)

    def refund(self, instructions: int) -> None:
        self.emit(ADD, R14, HOLE, imm=instructions)

    def take_back(self, instructions: int) -> None:
        self.emit(SUB, R14, HOLE, imm=instructions)

    def unless_left(self, label: int) -> None:
        self.emit(TEST, R14, R14)
        self.jump(label, Condition.NOT_GREATER)

    def flush(self, otherwise: int, address: s.Expr | None = None) -> None:
        if address is not None:
            self.keep(slots.VALUE, address)
        self.emit(CALL, state(8, FLUSH if address is None else FLUSH_PAGE))
        self.jump(otherwise, Condition.BELOW)

    # --- Entries, transfers between blocks, exits ----------------------------------------------------------

    def expect_pc(self, pc: int, label: int) -> None:
        self.emit(CMP, self.slots[PC], HOLE, imm=pc)
        self.jump(label, Condition.NOT_EQUAL)

    def expect_page(self, page: int, tag: int, label: int) -> None:
        at = Address(WINDOW, offset=CODE_MAP + 4 * page)
        self.emit(MOV, EAX, HOLE, imm=tag)
        self.emit(CMP, at.of(4), EAX, imm=at.offset)
        self.jump(label, Condition.NOT_EQUAL)

    def expect_word(self, place: int, word: int, physical: bool, label: int) -> None:
        if physical or place >= DISPLACED:
            self.load_word(place, physical)
            self.emit(CMP, EAX, HOLE, imm=word)
        else:
            self.emit(MOV, EAX, HOLE, imm=word)
            self.emit(CMP, Address(WINDOW, offset=place).of(4), EAX, imm=place)
        self.jump(label, Condition.NOT_EQUAL)

    def expect_bits(self, place: int, word: int, mask: int, kept: int | None, physical: bool, label: int) -> None:
        self.load_word(place, physical)
        if kept is not None:
            self.emit(MOV, state(4, kept), EAX)
        self.masked(Value(SCRATCH, ONES_32), mask)
        self.emit(CMP, EAX, HOLE, imm=word & mask)
        self.jump(label, Condition.NOT_EQUAL)

    def load_word(self, place: int, physical: bool) -> None:
        """Load the word at an address of the window, or at a physical address."""
        if place < DISPLACED:
            if physical:
                self.emit(MOV, RAX, state(8, FLAT))
            self.emit(MOV, EAX, Address(SCRATCH if physical else WINDOW, offset=place).of(4), imm=place)
            return
        self.emit(MOV, EAX, HOLE, imm=place)
        if physical:
            self.emit(ADD, RAX, state(8, FLAT))
        self.emit(MOV, EAX, (Address(SCRATCH) if physical else self.window(Value(SCRATCH, place))).of(4))

    def find_block(self, value: Value, mode: int) -> None:
        place = self.masked(value, (JUMP_ENTRIES - 1) << 2)
        self.emit(JMP, self.entry(WINDOW, place, 2, jump_cache(mode), JUMP_CACHE).of(8))

    def enter_mode(self, mode: int) -> None:
        self.emit(MOV, R15, state(8, SPACE))
        self.emit(MOV, R15, Address(WINDOW, offset=8 + 8 * mode).of(8), imm=8 + 8 * mode)

    def find_block_in_mode(self, value: Value, mode: int | None) -> None:
        if mode is not None:
            self.enter_mode(mode)
            self.find_block(value, mode)
            return
        self.emit(MOV, R15, state(8, SPACE))
        status = self.isa.mode
        assert status is not None
        place = self.masked(value, (JUMP_ENTRIES - 1) << 2)
        self.emit(MOV, self.scratch_at(0, 32), EAX)
        number = self.write(MOV, SCRATCH, False, self.slots[status.control])
        if status.bits.lo:
            number = self.down(number, status.bits.lo)
        number = self.masked(number, status.count - 1)
        self.emit(MOV, R15, self.entry(WINDOW, number, 8, 8, SPACE_ROW - 8).of(8))
        cache = self.times(number, JUMP_CACHE // 2, SCRATCH)
        self.emit(ADD, EAX, self.scratch_at(0, 32))
        entry = Value(SCRATCH, cache.most + place.most)
        self.emit(JMP, self.entry(WINDOW, entry, 2, jump_cache(0), MOST_MODES * JUMP_CACHE).of(8))

    def find_space(self, word: s.Expr, elsewhere: int) -> None:
        value = self.into(word, SCRATCH)
        if not value.narrow:  # the low half of the word and its high half are combined
            value = self.down(self.write(MOV, WINDOW, True, RAX), WORD)
            self.emit(XOR, R15D, EAX)
        number = self.times(Value(value.register, ONES_32), HASH, WINDOW)
        row = self.times(self.down(number, SPACE_SHIFT), SPACE_ROW, WINDOW)
        self.emit(LEA, R15, self.entry(STATE, row, 1, SPACES, SPACE_ROWS * SPACE_ROW).of(0))
        self.emit(CMP, Address(WINDOW).of(8), RAX)
        self.jump(elsewhere, Condition.NOT_EQUAL)
        self.emit(MOV, state(8, SPACE), R15)

    def enter_space(self, mode: int) -> None:
        self.emit(MOV, R15, Address(WINDOW, offset=8 + 8 * mode).of(8), imm=8 + 8 * mode)
        if self.target.hardware:
            self.emit(MOV, CR3, R15)
            self.emit(XOR, R15D, R15D)

    def leave(self, slot: int) -> None:
        self.emit(CALL, state(8, slot))

    def go(self, slot: int) -> None:
        self.emit(JMP, state(8, slot))

    # --- Routines ------------------------------------------------------------------------

    def name(self, name: str, place: int, wide: bool = False) -> None:
        self.locals[name] = Local(state(8 if wide else 4, place), ONES_64 if wide else ONES_32, wide)

    def lowest(self, place: int, e: s.Expr) -> None:
        self.into(e, SCRATCH)
        self.emit(BSF, EAX, EAX)
        self.emit(MOV, state(4, place), EAX)

    def set_budget(self, e: s.Expr) -> None:
        self.into(e, SCRATCH)
        self.emit(MOV, R14, RAX)

    def begin_routine(self) -> None:
        self.every, self.ram = range(SCRATCHES), RAM
        self.emit(POP, state(8, CALLER))

    def leave_routine(self, by: int) -> None:
        self.emit(PUSH, state(8, CALLER))
        self.emit(JMP, state(8, by))

    def finish(self) -> None:
        for look in self.looks:
            self.place(look.label)
            self.emit(XOR, EAX, look.tag)  # the address again
            self.emit(MOV, sized(PROBING, 32), state(4, PROBE))
            self.emit(MOV, state(4, slots.FAULT_ERROR), HOLE, imm=look.code)
            walk = WALKS.get(kind_of(look.code))
            if walk is None or look.pad is None:
                self.emit(CALL, state(8, slots.LOOK))
            else:
                self.emit(CALL, state(8, walk))
                self.jump(look.pad, Condition.BELOW)
            self.jump(look.again)
