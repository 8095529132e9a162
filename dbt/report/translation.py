"""Static translation of a program: each block's guest instructions, with the host code that they become."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from ring1.dbt.host.block import BUDGET, LEAVE, NEXT, Exit
from ring1.dbt.host.listing import STATE, TARGET, Reference
from ring1.dbt.host.present import present
from ring1.dbt.machine.state import (
    ATTENTION,
    END,
    FLAT,
    INEXACT,
    PENDING,
    POST,
    SCRATCH,
    SCRATCHES,
    SPACE,
    State,
)
from ring1.dbt.mmu.view import CODE_MAP, JUMP_CACHE, JUMPS, TLB_LOAD
from ring1.dbt.native import slots
from ring1.dbt.native.window import GUARD
from ring1.dbt.report.explain import explain
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.policy import Action
from ring1.dbt.translate.translation import GuestInsn, Translation
from ring1.isa import semantics as s
from ring1.isa.asm.disassemble import Disassembler
from ring1.isa.asm.lines import Mistake, head
from ring1.isa.asm.program import Program
from ring1.isa.model import WORD, Isa


@dataclass(frozen=True)
class HostLine:
    offset: int
    """Offset from the start of the block."""
    code: bytes
    text: str
    note: str
    """What an address in the state block holds, or where a jump leads."""


@dataclass(frozen=True)
class GuestLine:
    pc: int
    word: int
    symbol: str
    text: str
    action: str
    reason: str
    why: str
    """Why it is not run unchanged; empty if it is."""
    host: tuple[HostLine, ...]

    @property
    def rewritten(self) -> bool:
        return self.action != Action.IDENT.value


@dataclass(frozen=True)
class WayOut:
    kind: str
    pc: int | None
    reason: str
    host: tuple[HostLine, ...]


@dataclass(frozen=True)
class BlockReport:
    """A block. Each of its host instructions belongs to exactly one of these parts."""

    pc: int
    symbol: str
    size: int
    """Bytes of host code."""
    entry: tuple[HostLine, ...]
    """The checks that this is the right block, and that the budget suffices for it."""
    guests: tuple[GuestLine, ...]
    end: tuple[HostLine, ...]
    """The jump to the next block, if the last instruction is not a jump itself."""
    exits: tuple[WayOut, ...]
    miss: tuple[HostLine, ...]
    share: float | None = None
    """The share of a run's time, if the program was run."""
    mode: int = 0
    traced: bool = False
    """Does the block follow a path that the run took?"""


class Reporter:
    """Translates a program statically, and disassembles the host code."""

    def __init__(self, isa: Isa, program: Program, translator: Translator, mode: int) -> None:
        self.isa = isa
        self.program = program
        self.translator = translator
        self.mode = mode
        self.disassembler = Disassembler(isa)
        self.host = present()
        self.places = places(isa)
        self.image = program.image

    def blocks(self, within: range | None = None) -> list[BlockReport]:
        """Return the blocks that are reached from the entry point and the labels of code by direct jumps, falling
        through, and returning from calls, sorted by address; or those of them that begin in a range, which is reached
        at its beginning."""
        found: dict[int, BlockReport] = {}
        queue = [self.program.entry, *text_labels(self.program), *([] if within is None else [within.start])]
        while queue:
            pc = queue.pop()
            if pc in found or (within is not None and pc not in within) or not self.is_code(pc):
                continue
            translation = self.translator.translate(pc, self.mode, self.fetch)
            found[pc] = self.block(translation)
            queue += leads_to(self.isa, translation)
        return [found[pc] for pc in sorted(found)]

    def is_code(self, pc: int) -> bool:
        """Can the word at `pc` be an instruction? In an image of which nothing is known, any can be."""
        known = self.program.lines or self.program.code
        there = not pc % self.isa.words.least and self.program.base <= pc < self.program.base + len(self.image)
        return there and (not known or is_instruction(self.program, pc))

    def fetch(self, address: int) -> int:
        at, least = address - self.program.base, self.isa.words.least
        size = self.isa.words.size(int.from_bytes(self.image[at : at + least], "little"))
        return int.from_bytes(self.image[at : at + size], "little")

    def block(self, t: Translation) -> BlockReport:
        """Return a translation with its host code divided into parts."""
        code, count = t.host.code, t.count
        ways = sorted((way for way, _ in t.host.exits.values()), key=lambda way: t.host.labels[way.label])
        starts = [t.host.labels[way.label] for way in ways]
        miss = t.host.labels[max(t.host.labels, key=lambda label: t.host.labels[label])]
        first_exit = min([*starts, miss])
        decided = self.translator.decided
        insns = t.guests or [decided(pc, t.mode, word) for pc, word in zip(t.pcs, t.words, strict=True)]
        last = insns[-1]
        stuck = count < len(insns)
        follows = not stuck and not (last.body and isinstance(last.body[-1], s.SetPc))
        behind = first_exit - self.host.jump_size if follows else first_exit
        names = {t.host.labels[way.label]: self.leads(way) for way in ways} | {miss: "not this block"}

        def cut(begin: int, end: int) -> tuple[HostLine, ...]:
            return tuple(self.host_lines(code[begin:end], begin, names))

        bounds = [*t.host.marks, behind]
        guests = [self.guest(guest, cut(bounds[index], bounds[index + 1])) for index, guest in enumerate(insns)]
        return BlockReport(
            pc=t.pc,
            symbol=self.program.symbol(t.pc),
            size=len(code),
            entry=cut(0, bounds[0]),
            guests=tuple(guests),
            end=cut(behind, first_exit) if count == len(insns) else (),
            exits=tuple(
                WayOut(way.kind, way.pc, way.reason, cut(begin, end))
                for way, begin, end in zip(ways, starts, [*starts[1:], miss], strict=True)
            ),
            miss=cut(miss, len(code)),
            mode=t.mode,
        )

    def guest(self, guest: GuestInsn, host: tuple[HostLine, ...]) -> GuestLine:
        return GuestLine(
            pc=guest.pc,
            word=guest.word,
            symbol=self.program.symbol(guest.pc),
            text=self.disassembler.text(guest.word, guest.pc),
            action=guest.decision.action.value,
            reason=guest.decision.reason,
            why=explain(self.isa, guest),
            host=host,
        )

    def host_lines(self, code: bytes, offset: int, names: dict[int, str]) -> Iterator[HostLine]:
        for insn in self.host.read(code, offset):
            yield HostLine(insn.offset, insn.code, insn.text, self.note(insn.reference, names))

    def leads(self, way: Exit) -> str:
        """Describe what an exit is for."""
        if way.kind == NEXT and way.pc is not None:
            return f"to {way.pc:#x} {self.program.symbol(way.pc)}"
        return "the budget is too small" if way.kind == BUDGET else f"to the VMM: {way.reason}"

    def note(self, reference: Reference | None, names: dict[int, str]) -> str:
        if reference is None:
            return ""
        if reference.kind == TARGET:
            return names.get(reference.at, "")
        if reference.kind == STATE:
            return self.places.get(reference.at, "")
        return table_at(reference.at) if reference.at < -GUARD else ""


def places(isa: Isa) -> dict[int, str]:
    """Return displacement -> what the state block has there."""
    registers = {f"{isa.file}{n}": names[0] for n, names in enumerate(isa.registers)}
    found = {State.displacement(slot): registers.get(name, name) for name, slot in isa.slots.items()}
    found |= {SCRATCH + 8 * n: f"scratch {n}" for n in range(SCRATCHES)}
    found |= {slots.VMM: "to the VMM", slots.MISS: "look the block up"}
    found |= {slots.LOOK_AROUND: "look at interrupts", slots.TIME_UP: "the budget is used up"}
    found |= {slots.WAIT: "wait for an interrupt", INEXACT: "the budget may end before a block"}
    found |= {slots.PORT: "port", slots.VALUE: "value", POST: "post the write", ATTENTION: "a device wants attention"}
    found |= {END: "time when the budget ends", PENDING: "an interrupt is pending"}
    return found | {slots.LOOK: "look the page up", SPACE: "present address space", FLAT: "host address of RAM"}


def table_at(displacement: int) -> str:
    """Return the name of the view's table at this distance from its window."""
    for start, name in ((JUMPS, "jump cache"), (TLB_LOAD, "look-aside buffer"), (CODE_MAP, "code map")):
        if displacement >= start:
            mode = (displacement - JUMPS) // JUMP_CACHE
            return f"{name} of mode {mode}" if start == JUMPS else name
    return ""


def text_labels(program: Program) -> list[int]:
    """Return the addresses of labels of instructions."""
    return [address for address, _ in program.labels if is_instruction(program, address)]


def is_instruction(program: Program, address: int) -> bool:
    """Is an instruction known to be at this address, assembled there and not put there by a directive of data?"""
    if program.code:
        n = bisect_right(program.code, address, key=itemgetter(0)) - 1
        return n >= 0 and address < program.code[n][1]
    position = program.where(address)
    if position is None:
        return False
    try:
        return not head(position.text[max(position.column - 1, 0) :]).word.startswith(".")
    except Mistake:
        return False


def leads_to(isa: Isa, t: Translation) -> Iterator[int]:
    """Yield where a block continues, as far as its code shows: at exits to known addresses, after what the VMM does for
    it, and after returning from a call."""
    for way, _ in t.host.exits.values():
        if way.pc is not None and way.kind in (NEXT, LEAVE):
            yield way.pc
    last = t.guests[-1]
    links = {s.SetRegister(n, s.Const(WORD, last.after)) for n in range(len(isa.registers)) if n not in isa.hardwired}
    if any(node in links for node in s.walk(*last.body)):
        yield last.after
    if t.count < len(t.guests) and last.name:
        jumps = [stmt.value for stmt in last.body if isinstance(stmt, s.SetPc)]
        yield from (target.value for target in jumps if isinstance(target, s.Const))
        if not jumps:
            yield last.after
