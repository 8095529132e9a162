"""The copier: makes blocks by copying stencils, which takes a small part of the time of lowering."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from ring1.dbt.host.block import Exit, HostBlock
from ring1.dbt.host.interface import StencilEncoder
from ring1.dbt.host.stencil import EncodedStencil
from ring1.dbt.machine.state import State
from ring1.dbt.stencils.form import Form, Forms, Operands
from ring1.dbt.stencils.pattern import AMID, ANY_MODE, ENTER, FOLLOW, STEP, Home, Key, places, registers
from ring1.dbt.stencils.stencil import Copy, Functions, Place, Stencil
from ring1.dbt.stencils.table import Table, Where
from ring1.dbt.translate.policy import Site, Sites
from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa.codec import Decoder
from ring1.isa.model import WORD, Isa

if TYPE_CHECKING:
    from ring1.dbt.stencils.derive import Deriver

ONES = (1 << WORD) - 1
MOST_WORDS = 1 << 16
"""Most words whose copies are remembered."""
EDGE: Operands = (), (), ()


class Unserved(Exception):
    """There is no stencil for an instruction."""


class Draft:
    """Host code that is put together from copies."""

    def __init__(self) -> None:
        self.code = bytearray()
        self.marks: list[int] = []
        self.parts: list[tuple[Copy, int, Place]] = []
        """Copies with where they are, but for those that are the same anywhere."""

    def add(self, copy: Copy, place: Place) -> Copy:
        """Append the first part of a copy at a place of the guest's."""
        self.parts.append((copy, len(self.code), place))
        self.code += copy.main
        return copy

    def finish(self) -> tuple[dict[int, tuple[Exit, int]], dict[int, int], int]:
        """Append the other parts, and fill in what depends on places. Return exits and starts, and where the other part
        of the first copy begins."""
        exits: dict[int, tuple[Exit, int]] = {}
        starts: dict[int, int] = {}
        behind = []
        for copy, _, _ in self.parts:
            behind.append(len(self.code))
            self.code += copy.rest
        # The entry's part comes last in this order, so that the jump to look a block up ends the listing.
        for (copy, main, place), rest in zip(reversed(self.parts), reversed(behind), strict=True):
            copy.finish(self.code, main, rest, place, exits, starts)
        return exits, starts, behind[0]


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
        self.amid, self.step = Form(isa, None, AMID), Form(isa, None, STEP)

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
        sites: Sites,
    ) -> Translation:
        """Make the block at `pc` (see Translator.translate). Raises Unserved."""
        if frames[1:]:
            raise Unserved("an instruction in two pages")
        lookup = bool(frames) and self.lookup
        made = self.collect(pc, mode, lookup, fetch, known, sites)
        count = executed(made)
        frame = frames[0][1] if frames else 0
        draft = Draft()
        head = draft.add(
            self.edge(self.enter, mode, lookup, bool(frames), (pc, 0, count, frame)), (pc, 0, count, frame)
        )
        *pcs, at = self.addresses(pc, made)
        for index, copy in enumerate(made):
            draft.marks.append(len(draft.code))
            if copy.fixed:
                draft.code += copy.main
            else:
                place = pcs[index], index, count, frame
                draft.add(
                    copy if copy.fits(place) else self.find(mode, lookup or place[0] in sites, copy.word, place), place
                )
        if made[-1].functions.pattern.follows:
            place = at & ONES, count, count, frame
            draft.add(self.edge(self.follow, mode, lookup, False, place), place)
        exits, starts, behind = draft.finish()
        body, page, miss = (offset + behind if far else offset for far, offset in head.code.entries)
        starts[len(starts)] = miss
        words = tuple(copy.word for copy in made)
        host = HostBlock(bytes(draft.code), draft.marks, starts, exits)
        how = False, body, page, miss, frames
        return Translation(mode, tuple(pcs), words, count, host, *how, {}, sizes=self.sizes(words))

    def stepping(
        self,
        pc: int,
        mode: int,
        paid: int,
        fetch: Callable[[int], int],
        known: Callable[[int], bool],
        frames: Frames,
        sites: Sites,
    ) -> Translation:
        """Make a stepping twin of a block or trace at `pc`: it executes the same instructions, up to the first jump,
        and pays for each by itself. It is entered where the block, which pays for `paid` instructions, has found the
        budget too small. Raises Unserved."""
        lookup = bool(frames) and self.lookup
        made = self.collect(pc, mode, lookup, fetch, known, sites)
        count = executed(made)
        frame = frames[0][1] if frames else 0
        draft, place = Draft(), (pc, 0, paid, frame)
        draft.add(self.edge(self.amid, mode, lookup, False, place), place)
        *pcs, at = self.addresses(pc, made)
        for index, copy in enumerate(made):
            place = pcs[index], index, min(index + 1, count), frame
            if index < count:
                draft.add(self.edge(self.step, mode, lookup, False, place), place)
            draft.marks.append(len(draft.code))
            draft.add(
                copy if copy.fits(place) else self.find(mode, lookup or place[0] in sites, copy.word, place), place
            )
        if made[-1].functions.pattern.follows:
            place = at & ONES, count, count, frame
            draft.add(self.edge(self.follow, mode, lookup, False, place), place)
        exits, starts, _ = draft.finish()
        words = tuple(copy.word for copy in made)
        host = HostBlock(bytes(draft.code), draft.marks, starts, exits)
        how = False, 0, 0, 0, frames
        return Translation(mode, tuple(pcs), words, count, host, *how, {}, sizes=self.sizes(words), stepping=True)

    def collect(
        self,
        pc: int,
        mode: int,
        lookup: bool,
        fetch: Callable[[int], int],
        known: Callable[[int], bool],
        sites: Sites,
    ) -> list[Copy]:
        """Return copies for the instructions of the block at `pc`, not all of which may fit their places. Raises
        Unserved."""
        usual = self.copies.setdefault((mode, lookup), {})
        made: list[Copy] = []
        at, probed, words = pc, lookup, self.isa.words
        for index in range(self.most):
            word = fetch(at)
            if sites:
                site = sites.get(at, Site.PROBE)
                if site is not Site.PROBE:
                    raise Unserved("an adapted instruction")
                probed = lookup or at in sites
            found = usual.get(word) if probed is lookup else None
            copy = found[0] if found else self.find(mode, probed, word, (at, index, index + 1, 0))
            made.append(copy)
            at += words.size(word)
            if copy.ends or words.parts(pc, at) or known(at):
                break
        return made

    def addresses(self, pc: int, made: list[Copy]) -> list[int]:
        """Return the addresses of these instructions, of which the first is at pc, and of what follows."""
        words = self.isa.words
        if not words.mixed:
            return list(range(pc, pc + 4 * len(made) + 1, 4))
        return list(accumulate((words.size(copy.word) for copy in made), initial=pc))

    def sizes(self, words: tuple[int, ...]) -> bytes:
        """Return Translation.sizes of instructions with these words."""
        return bytes(map(self.isa.words.size, words)) if self.isa.words.mixed else b""

    # --- Finding stencils ----------------------------------------------------------------

    def find(self, mode: int, lookup: bool, word: int, place: Place) -> Copy:
        """Return the copy for a word at a place, and remember it. Raises Unserved."""
        copies = self.copies.setdefault((mode, lookup), {})
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


def executed(made: list[Copy]) -> int:
    """Return how many of the instructions of a block it executes."""
    return len(made) - made[-1].functions.pattern.left
