"""Derivation of patterns: the ordinary lowering of one instruction, or of the edges of a block, with open constants."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from ring1.dbt.host.interface import Assembler, StencilEncoder
from ring1.dbt.host.present import present
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.ir.open import Formula, Open, Trail
from ring1.dbt.machine.state import State
from ring1.dbt.stencils.pattern import (
    AMID,
    ENTER,
    FOLLOW,
    MOST_COUNT,
    STEP,
    UNDEFINED,
    Key,
    Pattern,
    Way,
    implicit,
    registers,
)
from ring1.dbt.translate.block import ENDS, Translator, instead, otherwise
from ring1.dbt.translate.edges import Entries, amid, enter, follow, jumps_at_end, left, step, ways_in
from ring1.dbt.translate.lower import Lowering
from ring1.dbt.translate.policy import Action
from ring1.dbt.translate.translation import GuestInsn
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded
from ring1.isa.model import WORD, Instruction, Operand

ONES = (1 << WORD) - 1
EXAMPLE = {"pc": 0x1000, "index": 0, "count": 2, "frame": 7}


CONTROLS = frozenset((s.Control, s.ControlFile, s.SetControl))


class AnyFrame(Mapping[int, int]):
    """The frame of the block's page, whichever page that is."""

    def __init__(self, frame: int) -> None:
        self.frame = frame

    def __getitem__(self, page: int) -> int:
        return self.frame

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 1


class Unknowns:
    """The open constants of one derivation, at a place and for a word at hand."""

    def __init__(self, place: Mapping[str, int]) -> None:
        self.trail = Trail()
        self.pc = self.number("pc", place["pc"], 0, ONES, True)
        self.index = self.number("index", place["index"], 0, MOST_COUNT, True)
        self.count = self.number("count", place["count"], 0, MOST_COUNT, True)
        self.frame = self.number("frame", place["frame"], 0, (1 << WORD - 12) - 1, True)
        self.formulas: dict[Formula, int] = {}

    def number(self, name: str, value: int, low: int, high: int, placed: bool = False) -> int:
        """Return an open constant, which lowering takes for the number that it stands for."""
        return cast(int, Open(self.trail, Formula(name, placed), value, low, high))

    def constant(self, position: int, operand: Operand, value: int) -> int:
        """Return the open constant of an operand."""
        signed = operand.kind == "signed"
        low, high = (-1 << operand.width - 1, (1 << operand.width - 1) - 1) if signed else (0, (1 << operand.width) - 1)
        return self.number(f"c[{position}]", value, low, high)

    def formula(self, value: object) -> int:
        """Return the number of the formula of a value."""
        formula = value.formula if isinstance(value, Open) else Formula(str(value), False)
        return self.formulas.setdefault(formula, len(self.formulas))


class Deriver:
    """Derives patterns for the machine and policy of a translator."""

    def __init__(self, translator: Translator, encoder: StencilEncoder) -> None:
        self.translator = translator
        self.target = translator.target
        self.isa = translator.isa
        self.encoder = encoder
        self.assemblers: dict[tuple[tuple[int, str], ...], tuple[Target, Callable[[int, bool, bool], Assembler]]] = {}

    def derive(
        self, key: Key, insn: Instruction | None, values: Mapping[str, int], word: int, place: Mapping[str, int]
    ) -> Pattern | None:
        """Derive the pattern for a key that serves these operands at this place. None if a stencil cannot: then blocks
        with such an instruction are lowered as a whole."""
        unknown = Unknowns(place)
        named = [values[o.name] for o in insn.operands if o.kind == "register"] if insn else []
        distinct = registers(self.isa, (*named, *(implicit(self.isa, insn) if insn else ())))
        neutral = iter(self.encoder.neutral)
        kept = {n: next(neutral) for n in distinct if n in self.target.pinned}
        target, assembler = self.located(kept)
        hardware = target.hardware
        emulated = hardware is not None and key.mode in hardware.emulated
        count = unknown.count
        frames: Mapping[int, int] = AnyFrame(unknown.frame) if key.paged else {}
        lowering = Lowering(target, assembler(count, key.lookup, emulated), key.mode, count, frames)
        host = lowering.host
        try:
            if insn is None and key.name != UNDEFINED:
                guest, entries = None, self.edge(lowering, key.name, unknown)
            else:
                guest, entries = self.instruction(lowering, key, insn, values, word, unknown), None
            main = list(host.items)
            lowering.ways_out()
            if entries is not None:
                ways_in(lowering, unknown.pc, entries)
            parts = [self.encoder.blanked(items, unknown.formula) for items in (main, host.items[len(main) :])]
            items = pickle.dumps(parts)
        except (Unsupported, TypeError):  # TypeError: a use of a constant that an open one does not allow
            return None
        if lowering.repairs:
            return None
        ways = tuple(
            Way(
                way.kind,
                -1 if way.pc is None else unknown.formula(way.pc),
                way.reason,
                unknown.formula(way.refund),
                way.by,
                way.label,
                way.site,
            )
            for way in lowering.exits
        )
        homes = tuple(kept.get(n) or State.displacement(self.isa.slots[f"{self.isa.file}{n}"]) for n in distinct)
        is_left = guest is not None and guest.decision.action in ENDS
        return Pattern(
            guards=tuple(unknown.trail.decided.values()),
            formulas=tuple(unknown.formulas),
            ways=ways,
            homes=homes,
            items=items,
            entries=tuple(entries) if entries else (),
            ends=guest is not None and (guest.jumps or guest.moves or is_left),
            left=is_left,
            follows=guest is not None and not is_left and not jumps_at_end(guest),
            any_mode=insn is not None and guest is not None and self.any_mode(insn, guest),
        )

    def any_mode(self, insn: Instruction, guest: GuestInsn) -> bool:
        """Is an instruction lowered in the same way in all processor modes? It is if it neither looks at control
        registers, nor leads anywhere but to known places, which are found by jumps that are patched."""
        if self.target.hardware is not None or guest.decision.action not in (Action.IDENT, Action.CALLOUT):
            return False
        return not s.has(CONTROLS, *insn.body) and all(
            isinstance(n.value, s.Const) for n in s.walk(*guest.body) if isinstance(n, s.SetPc)
        )

    def located(self, kept: Mapping[int, str]) -> tuple[Target, Callable[[int, bool, bool], Assembler]]:
        """Return the target in which these registers are pinned, and what makes its assemblers."""
        key = tuple(kept.items())
        if key not in self.assemblers:
            old = self.target
            target = old.pinning(kept)
            self.assemblers[key] = target, present().assembler(target)
        return self.assemblers[key]

    def edge(self, lowering: Lowering, name: str, unknown: Unknowns) -> Entries | None:
        """Write the entry of the block at the unknown pc, or the end of one that goes on there, or a part of a stepping
        twin."""
        pc = unknown.pc
        count = unknown.count
        if name == ENTER:
            return enter(lowering, pc, count)
        if name == AMID:
            amid(lowering, pc, count)
            return None
        if name == STEP:
            step(lowering, pc, unknown.index)
            return None
        assert name == FOLLOW
        follow(lowering, pc, count)
        return None

    def instruction(
        self,
        lowering: Lowering,
        key: Key,
        insn: Instruction | None,
        values: Mapping[str, int],
        word: int,
        unknown: Unknowns,
    ) -> GuestInsn:
        """Write an instruction; return it with the decision on it."""
        pc = unknown.pc
        if insn is None:
            size = self.isa.words.size(word)
            guest = GuestInsn(pc, word, "", (), False, False, False, self.translator.undefined, size=size)
        else:
            whole = unknown.number("word", word, 0, (1 << WORD) - 1)
            given = dict(values)
            for position, operand in enumerate(o for o in insn.operands if o.kind in ("signed", "unsigned")):
                given[operand.name] = unknown.constant(position, operand, values[operand.name])
            guest = self.translator.judged(Decoded(insn, given), pc, key.mode, whole)
        index = unknown.index
        if guest.decision.action not in ENDS:
            try:
                lowering.instruction(index, pc, guest.word, guest.size, guest.body, None, *otherwise(guest))
                lowering.later.flush()
                return guest
            except Unsupported as reason:
                guest = instead(guest, reason)
        left(lowering, guest, unknown.count)
        return guest
