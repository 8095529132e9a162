"""The supply of translations: made now, or remembered from an earlier run of the same program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING

from ring1.dbt.cache.remembered import Path, Remembered
from ring1.dbt.host.present import present
from ring1.dbt.stencils.copier import Copier, Unserved
from ring1.dbt.stencils.pattern import MOST_COUNT
from ring1.dbt.stencils.table import Table, table_of
from ring1.dbt.translate.policy import Policy
from ring1.dbt.translate.tally import Tally
from ring1.dbt.translate.translation import Frames, Translation
from ring1.isa import store
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa

if TYPE_CHECKING:
    from ring1.dbt.host.interface import Encoder, StencilEncoder
    from ring1.dbt.stencils.derive import Deriver
    from ring1.dbt.translate.block import Translator
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
        self.work = Tally()
        self.pinned: Mapping[int, str] = {}
        self.host = present()
        self.features = self.host.features()
        self.stubs: dict[str, bytes] = store.load("host", store.key("stubs")) or {}
        self.remembered = Remembered("")
        self.tables: set[Table] = set()
        """The stencils that have been used, under one policy after the other."""

    def pin(self, pinned: Mapping[int, str]) -> None:
        """Pin these guest registers, by number, to host registers."""
        self.remembered.save()
        self.pinned = pinned
        for made in ("translator", "copier"):
            self.__dict__.pop(made, None)
        options = self.most, sorted(self.features), self.lookup, self.traced
        how = repr((sorted(pinned.items()), *options, type(self.policy).__name__, self.policy.identity))
        key = store.key(self.isa.digest, how, self.image) if self.remember else ""
        self.remembered = Remembered(key)

    # The translator is imported and made only when something has to be translated; a warm start does without it.

    @cached_property
    def encoder(self) -> Encoder:
        return self.host.encoder(store.load("host", store.key("templates")) or {})

    @cached_property
    def translator(self) -> Translator:
        from ring1.dbt.host.target import Target
        from ring1.dbt.translate.block import Translator

        target = Target(self.isa, self.pinned, self.features, self.lookup, self.traced, self.policy.hardware)
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
        calls: frozenset[int] = frozenset(),
    ) -> Translation:
        """Return the block at `pc` (see Translator.translate)."""

        def make() -> Translation:
            if self.copier is not None and not checked:
                with suppress(Unserved):
                    return self.copier.block(pc, mode, fetch, known, frames, calls)
            self.work.lowered += 1
            return self.translator.translate(pc, mode, fetch, checked, known, frames, calls)

        return self.get(mode, checked, (pc,), frames, fetch, make, not calls)

    def trace(
        self,
        trace: Trace,
        mode: int,
        fetch: Fetch,
        frames: Frames = (),
        calls: frozenset[int] = frozenset(),
    ) -> Translation:
        """Return the translation of a trace (see Translator.trace)."""

        def make() -> Translation:
            return self.translator.trace(trace, mode, fetch, frames, calls)

        return self.get(mode, False, tuple(trace), frames, fetch, make, not calls)

    def recall(self, pc: int, mode: int, fetch: Fetch, frames: Frames) -> Translation | None:
        """Return the block at `pc` if an earlier run has translated it, else None. It is neither checked nor has it
        adapted instructions."""
        began = perf_counter()
        known = self.remembered.recall(mode, False, (pc,), frames, fetch)
        if known is not None:
            self.count(known, began)
        return known

    def get(
        self,
        mode: int,
        checked: bool,
        path: Path,
        frames: Frames,
        fetch: Fetch,
        make: Callable[[], Translation],
        usual: bool,
    ) -> Translation:
        began = perf_counter()
        made = self.remembered.get(mode, checked, path, frames, fetch, make) if usual else make()
        self.count(made, began)
        return made

    def count(self, made: Translation, began: float) -> None:
        """Count a translation that took the time since `began`."""
        work = self.work
        work.blocks += 1
        work.guest_insns += len(made.pcs)
        work.host_bytes += len(made.host.code)
        work.seconds += perf_counter() - began

    def walks(self) -> list[bytes]:
        """Return the host code of the page walks for loads and for stores; empty if host code cannot evaluate the
        tables."""
        from ring1.dbt.host.target import Unsupported
        from ring1.dbt.machine.paging import LOAD, STORE

        target, walk = self.translator.target, self.policy.walk
        try:
            return [self.encoder.encode(walk(target, kind).items, ()).code for kind in (LOAD, STORE)]
        except Unsupported:
            return []

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
        encoder = self.__dict__.get("encoder")
        if encoder is not None and encoder.changed:
            store.save("host", store.key("templates"), encoder.learnt)
            encoder.changed = False
