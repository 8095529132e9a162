"""Stencils on x86-64: items whose constants are blanks and whose registers can be exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ring1.dbt.host.stencil import EncodedStencil, Gap, Leaving, Link
from ring1.dbt.host.x86_64.encoder import Encoder, Piece, small
from ring1.dbt.host.x86_64.operations import Blank, Item, Mark, Memory, Op, Operand, state
from ring1.dbt.host.x86_64.registers import PROBING, STATE, WIDE, Register, sized
from ring1.dbt.ir.open import Open

NEUTRAL = tuple(register for register in WIDE if register not in ("rcx", "rdx", PROBING))
"""Registers that no instruction of generated code uses but for the guest registers that they hold."""


Home = str | int
"""A host register by name, or the displacement of a word of the state block."""
Parts = tuple[tuple[Item, ...], tuple[Item, ...], Piece | None]
"""The items of both parts of a stencil, and the second one encoded if that is the same whatever registers it is for."""


class StencilEncoder:
    """See interface.StencilEncoder."""

    neutral: Sequence[str] = NEUTRAL

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def blanked(self, items: Iterable[Item], number: Callable[[Open], int]) -> tuple[Item, ...]:
        made: list[Item] = []
        for item in items:
            if isinstance(item, Op) and isinstance(item.imm, Open):
                made.append(item._replace(imm=Blank(number(item.imm), self.fits(item, item.imm))))
            elif not isinstance(item, Mark):
                made.append(item)
        return tuple(made)

    def fits(self, item: Op, imm: Open) -> bool:
        """Is an instruction encoded with a constant of 8 bits? Where there is a choice, its present value decides."""
        if all(map(small, imm.bounds)):
            return True
        short, long = (self.encoder.template(item.operation, item.operands, fits) for fits in (True, False))
        return len(short[0]) != len(long[0]) and -128 <= imm <= 127

    def prepared(self, items: Sequence[Sequence[Item]], homes: AbstractSet[Home]) -> Parts:
        main, rest = items
        return tuple(main), tuple(rest), None if mentions(rest, homes) else self.encoder.piece(rest)

    def encoded(
        self, parts: Parts, homes: Mapping[Home, Home], ways: Iterable[tuple[int, int]], entries: Iterable[int]
    ) -> EncodedStencil:
        main, rest, known = parts
        pieces = self.encoder.piece(exchanged(main, homes)), known or self.encoder.piece(exchanged(rest, homes))
        labels: dict[int, tuple[bool, int]] = {}
        links, gaps, code = [], [], []
        for behind, piece in zip((False, True), pieces, strict=True):
            for label, at in piece.labels.items():
                labels[label] = behind, at
            gaps += [Gap(behind, at, size, blank) for blank, at, size in piece.holes]
        for behind, piece in zip((False, True), pieces, strict=True):
            made = bytearray(piece.code)
            for target, sites in piece.jumps.items():
                far, to = labels[target]
                for site in sites:
                    if far == behind:
                        made[site : site + 4] = (to - site - 4).to_bytes(4, "little", signed=True)
                    else:
                        links.append(Link(behind, site, far, to))
            code.append(bytes(made))
        leaving = []
        for label, wanted in ways:
            jumps = [(bool(n), site) for n, piece in enumerate(pieces) for site in piece.jumps.get(wanted, ())]
            behind, site = jumps[0] if len(jumps) == 1 else (False, -1)
            leaving.append(Leaving(labels[label][1], pieces[1].ends[wanted], behind, site))
        where = tuple(labels[label] for label in entries)
        return EncodedStencil(code[0], code[1], tuple(gaps), tuple(links), tuple(leaving), where)


def mentions(items: Iterable[Item], homes: AbstractSet[Home]) -> bool:
    """Does any instruction name one of these host registers or words?"""
    operands = (operand for item in items if isinstance(item, Op) for operand in item.operands)
    return any(
        (isinstance(o, Register) and o.name in homes)
        or (isinstance(o, Memory) and not homes.isdisjoint((o.base, o.added, o.displacement)))
        for o in operands
    )


def exchanged(items: Iterable[Item], homes: Mapping[Home, Home]) -> list[Item]:
    """Return items with other host registers, by name, and other words of the state block, by displacement."""
    made: list[Item] = []
    for item in items:
        if type(item) is Op:
            operands = tuple([other(operand, homes) for operand in item.operands])
            made.append(Op(item.operation, operands, item.imm))
        else:
            made.append(item)
    return made


def other(operand: Operand, homes: Mapping[Home, Home]) -> Operand:
    """Return an operand with another register or word."""
    if type(operand) is Register:
        home = homes.get(operand.name)
        return operand if home is None else sized(str(home), operand.width)
    if type(operand) is not Memory:
        return operand
    base, added, at = operand.base, operand.added, operand.displacement
    if base == STATE and not added and type(at) is int and at in homes:
        return state(operand.size, int(homes[at]))
    if base in homes or added in homes:
        return operand._replace(base=str(homes.get(base, base)), added=str(homes.get(added, added)))
    return operand
