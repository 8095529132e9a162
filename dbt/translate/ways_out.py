"""Ways out of a block: to the VMM, to other blocks, and to other processor modes, address spaces and pages."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.host.block import GO, NEXT, Exit
from ring1.dbt.host.target import Target
from ring1.dbt.host.x86_64.operations import ONES_32, Value
from ring1.dbt.host.x86_64.selection import LOADS, Expressions
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.state import (
    FLAT,
    REFILLS,
    SCRATCHES,
    SPACE,
    SPACE_ROW,
    SPACE_ROWS,
    SPACES,
)
from ring1.dbt.mmu.softtlb import kind_of
from ring1.dbt.mmu.spaces import HASH, SPACE_SHIFT
from ring1.dbt.mmu.view import CODE_MAP, JUMP_CACHE, JUMP_ENTRIES, jump_cache, tag
from ring1.dbt.native import slots
from ring1.dbt.translate.deferred import Deferred, Held
from ring1.isa import semantics as s
from ring1.isa.model import MOST_MODES, WORD

WALKS = {LOAD: REFILLS, STORE: REFILLS + 8}
"""Where the walk for a kind of access is found."""


class WaysOut(Expressions):
    """Writes what leaves a block of `count` guest instructions, translated for a processor mode."""

    def __init__(self, target: Target, mode: int, count: int, frames: Mapping[int, int]) -> None:
        """`frames`: page -> physical page of the block's code; empty if paging is off."""
        super().__init__(target, count, bool(frames) and target.lookup)
        self.frames = frames
        self.block_mode = mode
        self.mode: int | None = mode
        self.exits: list[Exit] = []
        self.held: dict[int, Held] = {}
        """Label of an exit -> what has to be computed there."""
        self.strays: list[tuple[int, int, int, Held]] = []
        """Indirect jumps that went elsewhere than the block goes on: label, mode, refund, what has to be computed."""
        self.later = Deferred(self.assign)
        hardware = target.hardware
        self.user = hardware is not None and mode in hardware.user
        """The block runs at CPL 3 of a virtual CPU."""
        self.emulated = hardware is not None and mode in hardware.emulated
        if self.emulated:
            self.bmi2 = self.vectors = False

    def exit(self, kind: str, pc: int | None, reason: str, retired: int, by: int = slots.LEAVE) -> int:
        """Label of a new way out, taken when `retired` instructions of the block have been executed."""
        label, refund, held = self.label(), self.count - retired, self.later.held()
        if held:
            self.held[label] = held
        site = self.label() if kind == NEXT and (refund or held) else label
        self.exits.append(Exit(kind, pc, reason, label, refund, site, by))
        return label

    def look_up(self, mode: int) -> None:
        """Jump to the block of the place in eax, by the jump cache of a mode in the present view."""
        place = self.masked(Value("rax"), (JUMP_ENTRIES - 1) << 2)
        self.emit(f"jmp qword ptr {self.entry('r15', place, 2, jump_cache(mode), JUMP_CACHE)}")

    def switch_mode(self, mode: int | None) -> None:
        """Go to the place in eax, and in the slot of pc, in another mode: what the processor status says, if None."""
        if self.target.hardware:
            self.emit(f"jmp qword ptr [rbp+{slots.GATE if self.user else slots.SWITCH}]")
            return
        self.emit(f"mov r15, qword ptr [rbp+{SPACE}]")
        if mode is not None:
            self.emit("mov r15, qword ptr [r15{:+d}]", 8 + 8 * mode)
            self.look_up(mode)
            return
        status = self.isa.mode
        assert status is not None
        place = self.masked(Value("rax"), (JUMP_ENTRIES - 1) << 2)
        self.emit(f"mov {self.scratch_text(0, 32)}, eax")
        value = self.write("mov", "rax", False, self.slot(status.control))
        if status.bits.lo:
            value = self.down(value, status.bits.lo)
        value = self.masked(value, status.count - 1)
        self.emit(f"mov r15, qword ptr {self.entry('r15', value, 8, 8, SPACE_ROW - 8)}")
        cache = self.times(value, JUMP_CACHE // 2, "rax")
        self.emit(f"add eax, {self.scratch_text(0, 32)}")
        entry = Value("rax", cache.most + place.most)
        self.emit(f"jmp qword ptr {self.entry('r15', entry, 2, jump_cache(0), MOST_MODES * JUMP_CACHE)}")

    def switch_space(self, after: int) -> None:
        """Go on at `after` in the address space that the control register for it now says, if it has a row."""
        known = self.mode
        assert self.target.space is not None and known is not None
        if self.user:
            self.jump(self.exit(GO, after, "address space", self.index + 1))
            return
        self.emit(f"mov eax, {self.slot(self.target.space)}")
        row = self.times(self.down(self.times(Value("rax", ONES_32), HASH, "r15"), SPACE_SHIFT), SPACE_ROW, "r15")
        self.emit(f"lea r15, {self.entry('rbp', row, 1, SPACES, SPACE_ROWS * SPACE_ROW)}")
        self.emit("cmp qword ptr [r15], rax")
        self.jump(self.exit(GO, after, "address space", self.index + 1), "ne")
        self.emit(f"mov qword ptr [rbp+{SPACE}], r15")
        self.emit("mov r15, qword ptr [r15{:+d}]", 8 + 8 * known)
        if self.target.hardware:
            self.emit("mov cr3, r15")
            self.emit("xor r15d, r15d")
        self.emit(f"mov {self.slot('pc')}, {{}}", after)
        self.emit("mov eax, {}", after)
        self.look_up(known)

    def operate(self, body: s.Body) -> int:
        """Set up the access to a port, or the wait, that an instruction is: the slot of the stub that leaves by it."""
        self.free = list(range(SCRATCHES))
        if self.target.hardware is None or self.user:
            return slots.LEAVE
        operands: tuple[tuple[int, s.Expr], ...]
        match body:
            case (s.Wait(),):
                return slots.HALT
            case (s.Out(port, value),):
                operands, by = ((slots.PORT, port), (slots.VALUE, value)), slots.OUT
            case (s.SetRegister(_, s.Port(_, port)),):
                operands, by = ((slots.PORT, port),), slots.IN
            case _:
                return slots.LEAVE
        if any(operand.width > WORD or s.has(LOADS, operand) for _, operand in operands):
            return slots.LEAVE
        for place, operand in operands:
            self.into(operand, "rax")
            self.emit(f"mov dword ptr [rbp{place:+d}], eax")
        return by

    # --- Pages ---------------------------------------------------------------------------

    def check_page(self, pc: int, elsewhere: int) -> None:
        """With paging on, make sure that the code at pc is in the physical page that it was translated from."""
        if self.frames:
            self.emit("mov eax, {}", tag(self.frames[pc >> 12]))
            self.emit("cmp dword ptr [r15{:+d}], eax", CODE_MAP + 4 * (pc >> 12))
            self.jump(elsewhere, "ne")

    def come_to(self, index: int, pc: int) -> None:
        """The path comes to another page with its instruction `index`."""
        if self.frames:
            self.index = index
            self.check_page(pc, self.exit(NEXT, pc, "page", index))

    def moved(self, pc: int, body: int) -> None:
        """The entry for jumps from other pages: if the page is another one by now, the jump cache knows its blocks."""
        elsewhere = self.label()
        self.check_page(pc, elsewhere)
        self.jump(body)
        self.place(elsewhere)
        self.emit(f"mov {self.slot('pc')}, {{}}", pc)
        self.emit("mov eax, {}", pc)
        self.look_up(self.block_mode)

    def check_word(self, pc: int, word: int, stale: int) -> None:
        """Make sure that memory holds the instruction that was translated."""
        if self.frames:
            self.emit(f"mov rax, qword ptr [rbp+{FLAT}]")
            self.emit("mov eax, dword ptr [rax{:+d}]", self.frames[pc >> 12] << 12 | pc & 0xFFF)
            self.emit("cmp eax, {}", word)
        else:
            self.emit("mov eax, {}", word)
            self.emit("cmp dword ptr [r15{:+d}], eax", pc)
        self.jump(stale, "ne")

    # --- Behind the block ----------------------------------------------------------------

    def ways_out(self) -> None:
        """The code of every exit: compute what was put off, settle the account, say where the guest is, leave."""
        self.free = list(range(SCRATCHES))
        for label, mode, refund, held in self.strays:
            self.place(label)
            for number, value in held:
                self.assign(number, value)
            if held:
                self.emit(f"mov eax, {self.slot('pc')}")
            if refund:
                self.emit("add r14, {}", refund)
            self.look_up(mode)
        for way in self.exits:
            self.place(way.label)
            for number, value in self.held.get(way.label, ()):
                self.assign(number, value)
            if way.refund:
                self.emit("add r14, {}", way.refund)
            if way.site != way.label:
                self.jump(way.site)
                self.place(way.site)
            if way.pc is not None:
                self.emit(f"mov {self.slot('pc')}, {{}}", way.pc)
            self.emit(f"call qword ptr [rbp+{way.by}]")
        for look, again, access in self.looks:
            self.place(look)
            self.emit(f"mov dword ptr [rbp+{slots.FAULT_ERROR}], {{}}", access)
            self.emit(f"call qword ptr [rbp+{WALKS.get(kind_of(access), slots.LOOK)}]")
            self.jump(again)
