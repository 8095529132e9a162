"""The copier: makes blocks by copying stencils, which takes a small part of the time of lowering."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from ring1.dbt.host.block import Exit, HostBlock
from ring1.dbt.host.interface import StencilEncoder
from ring1.dbt.host.stencil import EncodedStencil
from ring1.dbt.machine.state import State
from ring1.dbt.stencils.form import Form, Forms, Operands
from ring1.dbt.stencils.pattern import ANY_MODE, ENTER, FOLLOW, Home, Key, places, registers
from ring1.dbt.stencils.stencil import Copy, Functions, Place, Stencil
from ring1.dbt.stencils.table import Table, Where
from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa

if TYPE_CHECKING:
    from ring1.dbt.stencils.derive import Deriver

PAGE = 4096
MOST_WORDS = 1 << 16
"""Most words whose copies are remembered."""
EDGE: Operands = (), (), ()


class Unserved(Exception):
    """There is no stencil for an instruction."""


class Copier:
    """Makes blocks of one machine under one policy, with given registers pinned."""

    def __init__(
        self,
        isa: Isa,
        decoder: Decoder,
        pinned: Mapping[int, str],
        most: int,
        lookup: bool,
        table: Table,
        encoder: Callable[[], StencilEncoder],
        deriver: Callable[[], Deriver],
    ) -> None:
        """`most`: instructions in a block. `lookup`: with paging on, addresses are looked up in the software TLB.
        `encoder` and `deriver` return what is wanted only where stencils are missing."""
        self.isa = isa
        self.forms = Forms(isa, decoder)
        self.pinned = pinned
        self.most = most
        self.lookup = lookup
        self.table = table
        self.make_encoder = encoder
        self.make_deriver = deriver
        self.copies: dict[tuple[int, bool], dict[int, list[Copy]]] = {}
        """Mode, and whether addresses are looked up -> word -> copies for it, for places of different kinds."""
        self.edges: dict[tuple[str, int, bool, bool], list[Copy]] = {}
        self.homes = [self.home(n) for n in range(len(isa.registers))]
        self.enter, self.follow = Form(isa, None, ENTER), Form(isa, None, FOLLOW)

    def home(self, number: int) -> Home:
        """Return where a guest register is; of a hardwired one, which differs from all others."""
        if number in self.isa.hardwired:
            return f"{number}"
        return self.pinned.get(number) or State.displacement(self.isa.slots[f"{self.isa.file}{number}"])

    @cached_property
    def encoder(self) -> StencilEncoder:
        return self.make_encoder()

    @cached_property
    def deriver(self) -> Deriver:
        return self.make_deriver()

    def block(
        self,
        pc: int,
        mode: int,
        fetch: Callable[[int], int],
        known: Callable[[int], bool],
        frames: Frames,
        calls: frozenset[int],
    ) -> Translation:
        """Make the block at `pc` (see Translator.translate). Raises Unserved."""
        lookup = bool(frames) and self.lookup
        copies = self.copies.setdefault((mode, lookup), {})
        made: list[Copy] = []
        words: list[int] = []
        at = pc
        for index in range(self.most):
            word = fetch(at)
            found = copies.get(word)
            copy = found[0] if found else self.find(mode, lookup, word, (at, index, index + 1, 0))
            made.append(copy)
            words.append(word)
            at += 4
            if copy.ends or not at % PAGE or known(at):
                break
        if calls and not calls.isdisjoint(range(pc, at, 4)):
            raise Unserved("an adapted instruction")
        last = made[-1].functions.pattern
        count = len(made) - last.left
        frame = frames[0][1] if frames else 0
        place = pc, 0, count, frame
        head = self.edge(self.enter, mode, lookup, bool(frames), place)
        code = bytearray(head.main)
        marks: list[int] = []
        parts: list[tuple[Copy, int, Place]] = [(head, 0, place)]
        for index, copy in enumerate(made):
            marks.append(len(code))
            if not copy.fixed:
                place = pc + 4 * index, index, count, frame
                if not copy.fits(place):
                    copy = self.find(mode, lookup, copy.word, place)
                parts.append((copy, len(code), place))
            code += copy.main
        if last.follows:
            place = at - 4, count, count, frame
            copy = self.edge(self.follow, mode, lookup, False, place)
            parts.append((copy, len(code), place))
            code += copy.main
        exits: dict[int, tuple[Exit, int]] = {}
        starts: dict[int, int] = {}
        behind = []
        for copy, _, _ in parts:
            behind.append(len(code))
            code += copy.rest
        # The entry's part comes last in this order, so that the jump to look a block up ends the listing.
        for (copy, main, place), rest in zip(reversed(parts), reversed(behind), strict=True):
            copy.finish(code, main, rest, place, exits, starts)
        body, page, miss = (offset + behind[0] if far else offset for far, offset in head.code.entries)
        starts[len(starts)] = miss
        pcs = tuple(range(pc, at, 4))
        host = HostBlock(bytes(code), marks, starts, exits)
        return Translation(mode, pcs, tuple(words), count, host, False, body, page, miss, frames, {})

    # --- Finding stencils ----------------------------------------------------------------

    def find(self, mode: int, lookup: bool, word: int, place: Place) -> Copy:
        """Return the copy for a word at a place, and remember it. Raises Unserved."""
        copies = self.copies[mode, lookup]
        for copy in copies.get(word, ()):
            if copy.fits(place):
                return copy
        form, operands = self.forms.find(word)
        copy = self.serve(form, mode, lookup, False, operands, word, place)
        if len(copies) >= MOST_WORDS:
            copies.clear()
        copies.setdefault(word, []).append(copy)
        return copy

    def edge(self, form: Form, mode: int, lookup: bool, paged: bool, place: Place) -> Copy:
        """Return the copy of an edge of a block. Raises Unserved."""
        known = self.edges.setdefault((form.name, mode, lookup, paged), [])
        for copy in known:
            if copy.fits(place):
                return copy
        copy = self.serve(form, mode, lookup, paged, EDGE, 0, place)
        known.append(copy)
        return copy

    def serve(
        self, form: Form, mode: int, lookup: bool, paged: bool, operands: Operands, word: int, place: Place
    ) -> Copy:
        """Return a copy of a stencil for an instruction or an edge. The stencil is made if there is none, and its
        pattern derived. Raises Unserved."""
        named, controls, constants = operands
        homes = self.homes
        where = Where(form.name, mode, lookup, paged, tuple([homes[n] for n in (*named, *form.implicit)]), controls)
        for stencil in self.table.get(where):
            if stencil.fits(constants, word):
                copy = stencil.copy(constants, word)
                if copy.fits(place):
                    return copy
        return self.made(where, form, operands, word, place).copy(constants, word)

    def made(self, where: Where, form: Form, operands: Operands, word: int, place: Place) -> Stencil:
        """Make the stencil that serves a word at a place. Raises Unserved."""
        named = (*operands[0], *form.implicit)
        own = Key(*where[:4], places(self.isa, named, self.pinned), where.controls)
        key, number = self.pattern(own, form, operands, word, place)
        homes = [self.homes[n] for n in registers(self.isa, named)]
        code = self.encoded(self.table.patterns(key)[number], homes)
        return self.table.add(where, key, number, code)

    def pattern(self, own: Key, form: Form, operands: Operands, word: int, place: Place) -> tuple[Key, int]:
        """Return the key and number of the pattern that serves a word at a place; derive it if there is none. Raises
        Unserved."""
        for key in (own._replace(mode=ANY_MODE), own):
            for number, functions in enumerate(self.table.patterns(key)):
                if functions.serves(operands[2], word, place):
                    return key, number
        if self.table.refuses(own):
            raise Unserved(own.name)
        at = dict(zip(("pc", "index", "count", "frame"), place, strict=True))
        derived = self.deriver.derive(own, form.instruction, form.values(operands), word, at)
        if derived is None:
            self.table.refused.add(own)
            raise Unserved(own.name)
        key = own._replace(mode=ANY_MODE) if derived.any_mode else own
        self.table.add_pattern(key, derived)
        return key, len(self.table.patterns(key)) - 1

    def encoded(self, functions: Functions, homes: list[Home]) -> EncodedStencil:
        """Encode a pattern for registers with these homes."""
        pattern = functions.pattern
        if functions.parts is None:
            functions.parts = self.encoder.prepared(pickle.loads(pattern.items), set(pattern.homes))
        exchanged = dict(zip(pattern.homes, homes, strict=True))
        ways = [(way.label, way.site) for way in pattern.ways]
        return self.encoder.encoded(functions.parts, exchanged, ways, pattern.entries)
