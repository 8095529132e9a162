"""Forms: the operands of an instruction, by kind, and how they are found in a word."""

from __future__ import annotations

from ring1.dbt.stencils.pattern import UNDEFINED, implicit
from ring1.isa import semantics as s
from ring1.isa.codec import Decoder
from ring1.isa.model import Instruction, Isa

Operands = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""The numbers of general registers that a word names; the numbers that the instruction goes by, of control registers
and then of general registers; and constants."""
KINDS = {"register": 0, "control": 1, "signed": 2, "unsigned": 2}


class Form:
    """The form of an instruction, or of what is none: words that encode none, and edges of blocks."""

    def __init__(self, isa: Isa, instruction: Instruction | None, name: str = UNDEFINED) -> None:
        self.instruction = instruction
        self.name = instruction.name if instruction else name
        self.implicit = implicit(isa, instruction) if instruction else ()
        operands = instruction.operands if instruction else ()
        self.kinds = [[o for o in operands if KINDS[o.kind] == kind] for kind in range(3)]
        self.files = len(self.kinds[1])
        """How many operands name control registers."""
        read = {n.name for n in s.walk(*instruction.body) if isinstance(n, s.Operand)} if instruction else set()
        self.kinds[1] += [o for o in self.kinds[0] if o.name in read]
        self.fields = [
            [(self.pieces(o.name), 1 << o.width - 1 if o.kind == "signed" else 0, o.first) for o in kind]
            for kind in self.kinds
        ]
        """Of each kind, of each operand: where its bits are in a word, its sign bit if it has one, and what is encoded
        as 0."""
        self.picky = [(n, i, o.excluded) for n, kind in enumerate(self.kinds) for i, o in enumerate(kind) if o.excluded]
        """Operands that not all values of their bits encode: kind, number among those of the kind, the others."""

    def pieces(self, name: str) -> list[tuple[int, int, int]]:
        """Return the pieces of an operand: how far its bits are to be shifted down, a mask, and how far up."""
        assert self.instruction is not None
        at, made = 8 * self.instruction.size, []
        for part in self.instruction.parts:
            at -= part.width
            if part.operand == name:
                made.append((at, (1 << part.width) - 1, part.lo))
        return made

    def operands(self, word: int) -> Operands:
        """Return the operands of a word of this form."""
        found = []
        for kind in self.fields:
            values = []
            for pieces, sign, first in kind:
                value = 0
                for down, mask, up in pieces:
                    value |= (word >> down & mask) << up
                values.append((value ^ sign) - sign + first)
            found.append(tuple(values))
        return found[0], found[1], found[2]

    def values(self, operands: Operands) -> dict[str, int]:
        """Return the operands by name."""
        return {
            o.name: value
            for kind, values in zip(self.kinds, operands, strict=True)
            for o, value in zip(kind, values, strict=True)
        }


class Forms:
    """The forms of a machine's words."""

    def __init__(self, isa: Isa, decoder: Decoder) -> None:
        self.controls = isa.control_numbers
        self.undefined = Form(isa, None)
        self.tables = [
            (mask, {match: Form(isa, insn) for match, insn in table.items()}) for mask, table in decoder.tables
        ]

    def find(self, word: int) -> tuple[Form, Operands]:
        """Return the form of a word, and its operands."""
        for mask, table in self.tables:
            form = table.get(word & mask)
            if form is not None:
                operands = form.operands(word)
                if all(number in self.controls for number in operands[1][: form.files]):
                    if not any(operands[n][i] in excluded for n, i, excluded in form.picky):
                        return form, operands
                break
        return self.undefined, ((), (), ())
