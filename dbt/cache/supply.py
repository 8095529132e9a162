"""The supply of translations: made now, or remembered from an earlier run of the same program."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from time import perf_counter
from typing import TYPE_CHECKING

from ring1.dbt.cache import routines
from ring1.dbt.cache.remembered import Page, Path, Remembered, shared
from ring1.dbt.cache.routines import RememberedRoutines
from ring1.dbt.host.present import present
from ring1.dbt.machine.loading import populated
from ring1.dbt.machine.state import FLUSH, FLUSH_PAGE, REFILLS
from ring1.dbt.stencils.copier import Copier, Unserved
from ring1.dbt.stencils.pattern import MOST_COUNT
from ring1.dbt.stencils.table import Table, table_of
from ring1.dbt.translate.pinning import pin
from ring1.dbt.translate.policy import NO_SITES, Policy, Sites
from ring1.dbt.translate.tally import Tally
from ring1.dbt.translate.translation import NO_FRAME, Frames, Translation
from ring1.isa import store
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa
from ring1.isa.page_flush import leaves

if TYPE_CHECKING:
    from ring1.dbt.host.interface import Encoder, StencilEncoder
    from ring1.dbt.stencils.derive import Deriver
    from ring1.dbt.translate.block import Translator
    from ring1.dbt.translate.emulation import Emulating, Site
    from ring1.dbt.translate.trace import Trace

Fetch = Callable[[int], int]


class Supply:
    """Supplies translations for one machine under one policy, and counts them in `work`."""

    def __init__(
        self,
        isa: Isa,
        decoder: Decoder,
        policy: Policy,
        image: bytes,
        most: int,
        remember: bool,
        lookup: bool = False,
        traced: bool = False,
    ) -> None:
        """`most`: instructions in a block. With `remember`, the translations of `image` are kept on disk.

        `lookup` and `traced`: see Target.
        """
        self.isa = isa
        self.decoder = decoder
        self.policy = policy
        self.image = image
        self.most = most
        self.remember = remember
        self.lookup = lookup
        self.traced = traced
        self.monitor: Emulating | None = None
        """The monitor whose work routines do; None on the machine itself."""
        self.work = Tally()
        self.pinned: Mapping[int, str] = {}
        self.host = present()
        self.features = self.host.features()
        self.stubs: dict[str, bytes] = store.load("host", store.key("stubs")) or {}
        self.remembered = Remembered("")
        self.given: set[Page] = set()
        """The pages of which remembered blocks have been given."""
        self.begun: set[tuple[int, bool]] = set()
        """Modes of which all pages have been asked for, with paging on or off."""
        self.routines = RememberedRoutines("")
        self.tables: set[Table] = set()
        """The stencils that have been used, under one policy after the other."""

    def pin(self, pinned: Mapping[int, str]) -> None:
        """Pin these guest registers, by number, to host registers."""
        self.remembered.save()
        self.routines.save()
        self.pinned = pinned
        for made in ("translator", "copier"):
            self.__dict__.pop(made, None)
        options = self.most, sorted(self.features), self.lookup, self.traced
        how = repr((sorted(pinned.items()), *options, type(self.policy).__name__, self.policy.identity))
        key = store.key(self.isa.digest, how, self.image_digest) if self.remember else ""
        self.remembered = shared(key) if key else Remembered("")
        self.given.clear()
        self.begun.clear()
        of_routines = store.key(self.isa.digest, how) if self.remember else ""
        self.routines = routines.shared(of_routines) if of_routines else RememberedRoutines("")

    @cached_property
    def image_digest(self) -> bytes:
        """What the image is known by."""
        digest = hashlib.blake2b(digest_size=20)
        for at, part in populated(self.image):
            digest.update(at.to_bytes(8, "little") + part)
        return digest.digest()

    def busiest(self, free: Sequence[str]) -> dict[int, str]:
        """Return the registers to pin first (see pinning.pin), as an earlier run has found them."""
        if not self.remember:
            return pin(self.isa, self.decoder, self.image, free)
        key = store.key(self.isa.digest, repr(free), self.image_digest)
        found: dict[int, str] | None = store.load("pins", key)
        if found is None:
            found = pin(self.isa, self.decoder, self.image, free)
            store.save("pins", key, found)
        return found

    # The translator is imported and made only when something has to be translated; a warm start does without it.

    @cached_property
    def encoder(self) -> Encoder:
        return self.host.encoder(store.load("host", store.key("templates")) or {})

    @cached_property
    def translator(self) -> Translator:
        from ring1.dbt.host.target import Target
        from ring1.dbt.translate.block import Translator

        policy = self.policy
        target = Target(
            self.isa,
            self.pinned,
            self.features,
            self.lookup,
            self.traced,
            policy.hardware,
            policy.looks,
            policy.whole_machine,
        )
        return Translator(target, self.decoder, self.policy, self.encoder, self.most)

    @property
    def table(self) -> Table:
        """The stencils of the machine under this policy."""
        how = sorted(self.features), self.traced, type(self.policy).__name__, self.policy.identity
        table = table_of(self.isa, repr(how), self.remember)
        self.tables.add(table)
        return table

    @cached_property
    def copier(self) -> Copier | None:
        """What makes blocks of stencils; None if blocks may be longer than stencils count."""
        if self.most > MOST_COUNT:
            return None

        def encoder() -> StencilEncoder:
            return self.host.stencil_encoder(self.encoder)

        def deriver() -> Deriver:
            from ring1.dbt.stencils.derive import Deriver

            return Deriver(self.translator, encoder())

        return Copier(self.isa, self.decoder, self.pinned, self.most, self.lookup, self.table, encoder, deriver)

    def block(
        self,
        pc: int,
        mode: int,
        fetch: Fetch,
        checked: bool,
        known: Callable[[int], bool],
        frames: Frames = (),
        sites: Sites = NO_SITES,
    ) -> Translation:
        """Return the block at `pc` (see Translator.translate)."""

        def make() -> Translation:
            if self.copier is not None and not checked:
                with suppress(Unserved):
                    return self.copier.block(pc, mode, fetch, known, frames, sites)
            self.work.lowered += 1
            return self.translator.translate(pc, mode, fetch, checked, known, frames, sites)

        return self.get(mode, checked, (pc,), frames, fetch, sites, make)

    def stepping(
        self,
        block: Translation,
        fetch: Fetch,
        known: Callable[[int], bool],
        sites: Sites,
    ) -> Translation | None:
        """Return a stepping twin of a block or trace (see Copier.stepping); None if there can be none."""
        began = perf_counter()
        split = self.isa.words.splits(block.pc)
        if self.copier is None or block.checked or block.stepping or split or block.count > MOST_COUNT:
            return None
        try:
            made = self.copier.stepping(block.pc, block.mode, block.count, fetch, known, block.frames[:1], sites)
        except Unserved:
            return None
        self.count(made, began)
        return made

    def varying(
        self,
        words: Sequence[Sequence[int]],
        pc: int,
        mode: int,
        fetch: Fetch,
        frames: Frames,
        sites: Sites,
    ) -> Translation | None:
        """Return the block at `pc` with constants that are read from memory (see Translator.varying); None if they
        cannot be."""
        from ring1.dbt.host.target import Unsupported

        began = perf_counter()
        try:
            made = self.translator.varying(words, pc, mode, fetch, frames, sites)
        except Unsupported:
            return None
        self.count(made, began)
        return made

    def trace(
        self,
        trace: Trace,
        mode: int,
        fetch: Fetch,
        frames: Frames = (),
        sites: Sites = NO_SITES,
    ) -> Translation:
        """Return the translation of a trace (see Translator.trace)."""

        def make() -> Translation:
            return self.translator.trace(trace, mode, fetch, frames, sites)

        return self.get(mode, False, tuple(trace), frames, fetch, sites, make)

    def jumped(self, block: Translation) -> None:
        """Remember that an indirect jump has led to a block."""
        self.remembered.jumped(block.mode, block.pc, block.frames)

    def jumps_to(self, block: Translation) -> bool:
        """Has an indirect jump led to a block at this place, in this run or in an earlier one?"""
        return (block.mode, block.pc, block.frames) in self.remembered.jumps

    def beside(self, block: Translation) -> list[Page]:
        """Return pages of which there may be remembered blocks that nobody has been given: that of a block, and with
        the first block of its mode all others that have always been in the same frames."""
        own, kind = (block.mode, block.pc >> 12, block.frames), (block.mode, bool(block.frames))
        pages = [] if own in self.given else [own]
        self.given.add(own)
        if kind not in self.begun:
            self.begun.add(kind)
            pages += [page for page in self.remembered.alone(*kind) if page != own]
        return pages

    def recalled(self, page: Page, data: bytes, sites: Sites) -> list[Translation]:
        """Return the remembered blocks of a page that memory holds (see Remembered.blocks)."""
        began = perf_counter()
        found = list(self.remembered.blocks(page, data, sites))
        if found:
            self.given.add(page)
        self.work.seconds += perf_counter() - began
        return found

    def took(self, made: Translation) -> None:
        """Count a remembered translation that has been placed."""
        work = self.work
        work.blocks += 1
        work.guest_insns += len(made.pcs)
        work.host_bytes += len(made.host.code)

    def frame_of(self, mode: int, page: int) -> int:
        """Return the frame in which the code of a page has always been; NO_FRAME if it has been in several, or none."""
        frames = self.remembered.frames.get((mode, page))
        return frames[0][1] if frames else NO_FRAME

    def get(
        self,
        mode: int,
        checked: bool,
        path: Path,
        frames: Frames,
        fetch: Fetch,
        sites: Sites,
        make: Callable[[], Translation],
    ) -> Translation:
        began = perf_counter()
        made = self.remembered.get(mode, checked, path, frames, fetch, sites, make)
        self.count(made, began)
        return made

    def count(self, made: Translation, began: float) -> None:
        """Count a translation that took the time since `began`."""
        self.took(made)
        self.work.seconds += perf_counter() - began

    def emulation(self, monitor: Emulating, site: Site, frames: Frames) -> Translation | None:
        """Return the emulation of an instruction (see translate.emulation), or None."""
        from ring1.dbt.translate.emulation import emulation

        return emulation(self.translator, monitor, site, frames)

    def walks(self) -> list[bytes]:
        """Return the host code of the page walks for loads and for stores; empty if host code cannot evaluate the
        tables."""
        made = [self.routines.get(REFILLS + 8 * n, self.make_walk) for n in range(2)]
        return [code for code in made if code is not None]

    def make_walk(self, slot: int) -> bytes | None:
        from ring1.dbt.host.target import Unsupported
        from ring1.dbt.machine.paging import LOAD, STORE

        target, walk = self.translator.target, self.policy.walk
        if self.monitor is not None:
            walk = partial(walk, elsewhere=self.monitor.elsewhere(target.isa))
        with suppress(Unsupported):
            return self.encoder.encode(walk(target, STORE if slot > REFILLS else LOAD).items, ()).code
        return None

    @property
    def by_page(self) -> bool:
        """Does the machine flush single pages?"""
        return bool(leaves(self.isa))

    def flush(self, page: bool = False) -> bytes:
        """Return the host code of the flush of the guest's TLB, or of that of a page."""
        made = self.routines.get(FLUSH_PAGE if page else FLUSH, self.make_flush)
        assert made is not None
        return made

    def make_flush(self, slot: int) -> bytes:
        return self.encoder.encode(self.host.flush(self.translator.target, slot == FLUSH_PAGE).items, ()).code

    def routine(self, slot: int) -> bytes | None:
        """Return the host code of the routine of a slot; None if there can be none."""
        return self.routines.get(slot, self.make_routine)

    def make_routine(self, slot: int) -> bytes | None:
        from ring1.dbt.host.target import Unsupported
        from ring1.dbt.translate.routine import Routine
        from ring1.dbt.translate.routines import lowered

        translator = self.translator
        with suppress(Unsupported):
            target = translator.target
            usual = Routine(target, translator.assembler(0, False, False))
            routine = usual if self.monitor is None else self.monitor.routine(target)
            return None if routine is None else self.encoder.encode(lowered(slot, routine).items, ()).code
        return None

    def assemble(self, text: str) -> bytes:
        """Return the bytes of a stub, using keystone only if they are unknown, as loading it takes longer than a small
        run."""
        if text not in self.stubs:
            self.stubs[text] = self.host.assemble(text)
            store.save("host", store.key("stubs"), self.stubs)
        return self.stubs[text]

    def save(self) -> None:
        """Save translations, stencils and templates that are new."""
        for table in self.tables:
            table.save()
        self.remembered.save()
        self.routines.save()
        encoder = self.__dict__.get("encoder")
        if encoder is not None and encoder.changed:
            store.save("host", store.key("templates"), encoder.learnt)
            encoder.changed = False
