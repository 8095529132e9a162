"""Mutants of assembly programs: of each instruction and table that comes from one file, by what it does.

Nothing is known by its name: a check is an instruction that jumps on a condition, a right is a bit of a constant that
is masked with, an intercept an entry of a table of code addresses, an effect whatever touches more than registers,
memory and pc.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ring1.dbt.grade.mutant import CHECK, EFFECT, INTERCEPT, RIGHTS, Mutant, Patch
from ring1.isa import semantics as s
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import Disassembler
from ring1.isa.asm.program import Program
from ring1.isa.codec import Decoded, Decoder, OperandError, encode
from ring1.isa.effects import sensitive
from ring1.isa.model import Instruction, Isa
from ring1.isa.source import AsmError, Position

SIZE = 4
NEVER, ALWAYS, DROPPED, CLEARED, ELSEWHERE = "never", "always", "dropped", "cleared", "elsewhere"
"""Ways to change a word."""
Site = tuple[int, Position, int]
"""A word of a program: its address, the line that it comes from, and the how-many-th of that line's it is."""


class Gone(Exception):
    """A program has no such word."""


class ProgramMutants:
    """Makes the mutants of one file among those that a program is made of."""

    def __init__(self, isa: Isa, program: Program, file: str) -> None:
        """`file`: the name by which the program knows it."""
        self.isa = isa
        self.program = program
        self.file = file
        self.decoder = Decoder(isa)
        self.disassembler = Disassembler(isa)
        self.table = dict[int, int]()
        """Address of an entry of a table -> where another one of the table leads, which most do."""
        self.sites = list(self.found())
        self.tables()

    def found(self) -> Iterator[Site]:
        """Yield the words that come from the file."""
        seen = Counter[int]()
        for start, length, position in self.program.lines:
            if position.file != self.file:
                continue
            at, code = start, self.program.is_code(start)
            while at + SIZE <= start + length:
                size = self.isa.words.size(self.word(at)) if code else SIZE
                if size == SIZE and self.stands(at):
                    yield at, position, seen[position.line]
                    seen[position.line] += 1
                at += size

    def word(self, at: int) -> int:
        at -= self.program.base
        return int.from_bytes(self.program.image[at : at + SIZE].ljust(SIZE, b"\0"), "little")

    def code(self, at: int) -> bool:
        return self.program.is_code(at) and self.stands(at)

    def stands(self, at: int) -> bool:
        """Can an instruction stand at an address?"""
        return at % self.isa.words.least == 0

    def tables(self) -> None:
        """Find the tables: words of data, side by side, that are addresses of code."""
        rows: list[list[int]] = []
        for at, _, _ in self.sites:
            if not self.code(at) and self.word(at) and self.code(self.word(at)):
                if rows and rows[-1][-1] == at - SIZE:
                    rows[-1].append(at)
                else:
                    rows.append([at])
        for row in rows:
            usual = Counter(self.word(at) for at in row).most_common(1)[0][0]
            for n, at in enumerate(row):
                other = usual if usual != self.word(at) else self.word(row[n - 1])
                if other != self.word(at):
                    self.table[at] = other

    def made(self) -> list[Mutant]:
        """Return all mutants, in the order of the file."""
        return sorted(self.each(), key=lambda mutant: mutant.place.line)

    def each(self) -> Iterator[Mutant]:
        for at, position, number in self.sites:
            for kind, way, what in self.ways(at):
                if self.changed(at, way) not in (None, self.word(at)):
                    text = " ".join(position.text.split("#")[0].split())
                    shown = what if kind == INTERCEPT else f"`{text}` {what}"
                    yield Mutant(kind, position, shown, Patch(position.line, number, way))

    def ways(self, at: int) -> Iterator[tuple[str, str, str]]:
        """Yield kind, way and description of what can be done to a word."""
        if at in self.table:
            entry, other = self.program.symbol(self.word(at)), self.program.symbol(self.table[at])
            yield INTERCEPT, ELSEWHERE, f"the entry for {entry} leads to {other}"
        decoded = self.decoder.decode(self.word(at)) if self.code(at) else None
        if decoded is None:
            return
        insn = decoded.instruction
        nodes = list(s.walk(*insn.body))
        jumps = any(isinstance(node, s.SetPc) for node in nodes)
        if branches(insn):
            yield CHECK, NEVER, "is never taken"
            yield CHECK, ALWAYS, "is always taken"
        elif any(isinstance(node, s.Store) for node in nodes) or (insn.name in sensitive(self.isa) and not jumps):
            yield EFFECT, DROPPED, "is not executed"
        elif masks(insn) and constant(decoded):
            yield RIGHTS, CLEARED, "has a bit of its constant 0"

    def changed(self, at: int, way: str) -> int | None:
        """Return what becomes of a word; None if there is no such word of this machine."""
        if way == ELSEWHERE:
            return self.table.get(at)
        if way == DROPPED:
            return self.assembled("nop", at)
        decoded = self.decoder.decode(self.word(at))
        if decoded is None:
            return None
        insn, values = decoded.instruction, dict(decoded.values)
        if way in (NEVER, ALWAYS):
            operand = next((o.name for o in insn.operands if o.relative), None)
            if operand is None:
                return None
            if way == ALWAYS:
                return self.assembled(f"j {at + values[operand]:#x}", at)
            values[operand] = SIZE
        else:
            operand = constant(decoded)
            values[operand] &= values[operand] - 1
        try:
            return encode(insn, values)
        except OperandError:
            return None

    def assembled(self, text: str, at: int) -> int | None:
        """Return the word of an instruction at an address; None if the machine has none of that name."""
        try:
            made = assemble(self.isa, [("<mutant>", f"{text}\n")], begin=at)
        except AsmError:
            return None
        return int.from_bytes(made.image[-SIZE:], "little") if len(made.image) >= SIZE else None

    def mutated(self, patch: Patch) -> Program:
        """Return the program with a change. Raises Gone."""
        for at, position, number in self.sites:
            if (position.line, number) == (patch.line, patch.number):
                word = self.changed(at, patch.way)
                if word is not None:
                    return patched(self.program, at, word)
        raise Gone


def patched(program: Program, at: int, word: int) -> Program:
    """Return a program with another word at an address."""
    from dataclasses import replace

    at -= program.base
    image = bytearray(program.image.ljust(at + SIZE, b"\0"))
    image[at : at + SIZE] = word.to_bytes(SIZE, "little")
    return replace(program, image=bytes(image))


def branches(insn: Instruction) -> bool:
    """Does an instruction jump on a condition, and do nothing else?"""
    return (
        len(insn.body) == 1
        and isinstance(insn.body[0], s.If)
        and all(isinstance(node, s.SetPc) for node in (*insn.body[0].then, *insn.body[0].otherwise))
    )


def masks(insn: Instruction) -> bool:
    """Is a constant masked with?"""
    return any(
        isinstance(node, s.Binary) and node.op in "&|" and any(isinstance(part, s.Operand) for part in (node.a, node.b))
        for node in s.walk(*insn.body)
    )


def constant(decoded: Decoded) -> str:
    """Return the name of the operand that is a constant and not 0; empty if there is none."""
    kinds = ("signed", "unsigned")
    names = (o.name for o in decoded.instruction.operands if o.kind in kinds and not o.relative)
    return next((name for name in names if decoded.values[name]), "")
