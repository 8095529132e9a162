"""The exits of a block: to the VMM, to other blocks, and to other processor modes, address spaces and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ring1.dbt.host.block import GO, LEAVE, NEXT, Exit
from ring1.dbt.host.interface import Assembler
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.host.values import Value
from ring1.dbt.machine.state import ATTENTION
from ring1.dbt.mmu.view import tag
from ring1.dbt.native import slots
from ring1.dbt.translate.deferred import Deferred, Held
from ring1.isa import semantics as s
from ring1.isa.model import WORD

LOADS = frozenset((s.Load,))
READ_WORD = s.Local(WORD, "read")
"""Stands for the word that has been read from a port or a device."""
ONES = (1 << WORD) - 1


class Stray(NamedTuple):
    """An indirect jump that leaves the ways of a trace."""

    label: int
    at: int
    """The guest instruction that jumps."""
    refund: int
    value: Value
    """Where it leads."""
    held: Held
    """Deferred values to compute."""


class Request(NamedTuple):
    """A port access that the VMM makes for generated code."""

    kept: tuple[tuple[int, s.Expr], ...]
    """What is written to slots before: displacement and value."""
    number: int | None
    """The guest register to which what has been read is assigned ..."""
    back: int
    """Label behind the instruction."""
    away: int
    """Label of the exit taken if the device wants to be looked at."""
    read: s.Expr = READ_WORD
    """... as this expression over it."""


class WaysOut:
    """Emits the exits of a block of `count` guest instructions, translated for a processor mode."""

    def __init__(self, target: Target, host: Assembler, mode: int, count: int, frames: Mapping[int, int]) -> None:
        """`host` writes the block. `frames`: page -> frame of the block's code; empty if paging is off."""
        self.target = target
        self.host = host
        self.isa = target.isa
        self.count = count
        """The number behind the last instruction that has been paid for on the present way (see Trace)."""
        self.index = 0
        """The guest instruction being lowered."""
        self.after = 0
        """The address behind that instruction."""
        self.frames = frames
        self.block_mode = mode
        self.mode: int | None = mode
        self.exits: list[Exit] = []
        self.held: dict[int, Held] = {}
        """Label of an exit -> deferred values to compute there."""
        self.strays: list[Stray] = []
        """Indirect jumps that leave the ways of a trace."""
        self.left: dict[int, int] = {}
        """Label of an exit -> the instruction at which it is."""
        self.handed: dict[int, tuple[tuple[int, s.Expr], ...]] = {}
        """Label of an exit -> displacements of words, and what is written there before it is taken."""
        self.requests: dict[int, Request] = {}
        """Label of an exit -> what the VMM is asked for there."""
        hardware = target.hardware
        self.look = slots.VMM if hardware is not None else slots.LOOK_AROUND
        """The slot of exits at which the VMM would look at interrupts."""
        self.time_up = slots.VMM if hardware is not None else slots.TIME_UP
        self.later = Deferred(host.assign, target.pinned)
        self.user = hardware is not None and mode in hardware.user
        """The block runs at CPL 3 of a KVM virtual CPU."""
        self.emulated = hardware is not None and mode in hardware.emulated

    def exit(self, kind: str, pc: int | None, reason: str, retired: int, by: int = slots.VMM) -> int:
        """Add an exit, taken when `retired` instructions of the block have been executed; return its label."""
        label, refund, held = self.host.label(), self.count - retired, self.later.held()
        if held:
            self.held[label] = held
        site = self.host.label() if kind == NEXT and (refund or held) else label
        self.exits.append(Exit(kind, pc, reason, label, refund, site, by))
        self.left[label] = self.index
        return label

    def stray(self, value: Value, follow: int) -> None:
        """Leave the way of a trace if an indirect jump does not lead to `follow`."""
        away = self.host.label()
        self.host.unless(value, follow, away)
        self.strays.append(Stray(away, self.index, self.count - self.index - 1, value, self.later.held()))

    def branch(self, fork: int, pc: int, begin: int, end: int) -> None:
        """Begin the way of a trace that has the instructions from `begin` on, up to `end`; the guest takes it if it
        goes to `pc` after instruction `fork`. Raises Unsupported if it does not leave an earlier way there."""
        host = self.host
        host.fresh()
        way = next((way for way in self.exits if way[:3] == (NEXT, pc, "jump") and self.left[way.label] == fork), None)
        if way is not None:
            self.exits.remove(way)
            refund, held = way.refund, self.held.pop(way.label, ())
            host.place(way.label)
        else:
            n = next((n for n, stray in enumerate(self.strays) if stray.at == fork), None)
            if n is None:
                raise Unsupported("branch")
            stray = self.strays[n]
            refund, held = stray.refund, stray.held
            host.place(stray.label)
            self.strays[n] = stray._replace(label=host.label())
            host.unless(stray.value, pc, self.strays[n].label)
        self.later.values = dict(held)
        self.mode, self.index = self.block_mode, begin
        self.count = host.count = end
        more = end - begin - refund
        if more > 0:
            host.pay(more, self.exit(NEXT, pc, "branch", begin))
        elif more < 0:
            host.refund(-more)

    def switch_mode(self, value: Value, mode: int | None) -> None:
        """Go to the pc `value`, already stored in the state block, in another mode; None: the mode that the processor
        status says."""
        if self.target.hardware:
            self.host.go(slots.GATE if self.user else slots.SWITCH)
        else:
            self.host.find_block_in_mode(value, mode)

    def find_space(self, after: int | None, looked: bool) -> None:
        """Have the state block name the address space of the present context word; leave to `after` (None: the pc in
        the state block) if that has no row. `looked`: no interrupt can have become due."""
        assert self.target.space is not None
        self.host.find_space(self.target.space, self.elsewhere(after, looked))

    def elsewhere(self, after: int | None, looked: bool) -> int:
        """Add the exit for an address space that has no row; return its label."""
        return self.exit(GO if looked else LEAVE, after, "address space", self.index + 1)

    def go_to(self, pc: int, mode: int) -> None:
        """Go to the block at `pc`, by the jump cache of a mode."""
        self.host.set_pc(pc)
        self.host.find_block(self.host.constant_value(pc), mode)

    def operate(self, body: s.Body) -> int:
        """Set up a port access or wait for the processor's own instruction; return the slot of the stub that executes
        it."""
        self.host.fresh()
        if self.target.hardware is None:
            return slots.WAIT if body == (s.Wait(),) else slots.VMM
        if self.user:
            return slots.VMM
        operands: tuple[tuple[int, s.Expr], ...]
        match body:
            case (s.Wait(),):
                return slots.HALT
            case (s.Out(port, value),):
                operands, by = ((slots.PORT, port), (slots.VALUE, value)), slots.OUT
            case (s.SetRegister(_, s.Port(_, port)),):
                operands, by = ((slots.PORT, port),), slots.IN
            case _:
                return slots.VMM
        if any(operand.width > WORD or s.has(LOADS, operand) for _, operand in operands):
            return slots.VMM
        for place, operand in operands:
            self.host.keep(place, operand)
        return by

    def returns(self, request: Request, refund: int) -> None:
        """Emit what is done where the VMM returns to, having made a port access: the rest of the instruction."""
        host = self.host
        host.place(host.label())
        if request.number is not None:
            self.assign_read(request.number, request.read)
        host.take_back(refund)
        host.unless_zero(ATTENTION, request.away)
        host.jump(request.back)

    def assign_read(self, number: int, read: s.Expr) -> None:
        """Assign an expression over the word that has been read to a guest register."""
        self.host.name(READ_WORD.name, slots.VALUE)
        self.host.assign(number, read)

    # --- Pages ---------------------------------------------------------------------------

    def check_page(self, pc: int, elsewhere: int) -> None:
        """With paging on, make sure that the code at pc is in the physical page that it was translated from."""
        if self.frames:
            self.host.expect_page(pc >> 12, tag(self.frames[pc >> 12]), elsewhere)

    def come_to(self, index: int, pc: int) -> None:
        """Check the page of the instruction `index` of a trace, the first in another page."""
        if self.frames:
            self.index = index
            self.check_page(pc, self.exit(NEXT, pc, "page", index))

    def reach(self, index: int, pc: int, page: int) -> None:
        """Check the second page of the instruction `index`, which begins at pc and ends there. If it is another one,
        the VMM goes on, which finds or makes the block for it."""
        if self.frames:
            self.index = index
            away = self.exit(GO, pc, "page", index)
            self.host.expect_page(page, tag(self.frames[page]), away)

    def moved(self, pc: int, body: int) -> None:
        """Emit the entry for jumps from other pages: if the page is in another frame by now, go on by the jump
        cache."""
        elsewhere = self.host.label()
        self.check_page(pc, elsewhere)
        self.host.jump(body)
        self.host.place(elsewhere)
        self.go_to(pc, self.block_mode)

    def check_word(self, pc: int, word: int, size: int, stale: int, varies: int = 0, kept: int = 0) -> None:
        """Make sure that memory holds the instruction of `size` bytes that was translated, but for bits that vary, in
        which case the word is kept in a slot."""
        at = self.frames[pc >> 12] << 12 | pc & 0xFFF if self.frames else pc
        place, physical = at & ~3, bool(self.frames)
        if varies:
            self.host.expect_bits(place, word, ~varies & ONES, kept, physical, stale)
            return
        # Without several lengths the low bits of pc do not count: words are fetched.
        shift = 8 * (at & 3) if self.isa.words.mixed else 0
        mask = (1 << 8 * size) - 1 << shift
        for n, part in enumerate((mask & ONES, mask >> WORD)):
            if part == ONES:
                self.host.expect_word(place, word, physical, stale)
            elif part:
                self.host.expect_bits(place + WORD // 8 * n, word << shift >> WORD * n, part, None, physical, stale)

    # --- After the block ----------------------------------------------------------------

    def ways_out(self) -> None:
        """Emit the code of every exit: compute deferred values, refund the budget, set pc, leave."""
        host = self.host
        host.fresh()
        for stray in self.strays:
            host.place(stray.label)
            host.set_pc_value(stray.value)
            for number, e in stray.held:
                host.assign(number, e)
            value = host.pc_value() if stray.held else stray.value
            if stray.refund:
                host.refund(stray.refund)
            host.find_block(value, self.block_mode)
        for way in self.exits:
            host.place(way.label)
            for number, e in self.held.get(way.label, ()):
                host.assign(number, e)
            request = self.requests.get(way.label)
            for place, e in (*self.handed.get(way.label, ()), *(request.kept if request is not None else ())):
                host.keep(place, e)
            if way.refund:
                host.refund(way.refund)
            if way.site != way.label:
                host.jump(way.site)
                host.place(way.site)
            if way.pc is not None:
                host.set_pc(way.pc)
            host.leave(way.by)
            if request is not None:
                self.returns(request, way.refund)
        host.finish()
