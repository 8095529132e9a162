"""Machines' stencils for tests."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.cache.supply import Supply
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.stencils.copier import Copier
from ring1.dbt.translate.pinning import pin
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa


def supply(isa: Isa, engine: str = "bt", lookup: bool = False, pinned: Mapping[int, str] | None = None) -> Supply:
    """Translations of a machine, none of which is kept."""
    technique, decoder = ENGINES[engine], Decoder(isa)
    assert technique.policy is not None
    made = Supply(isa, decoder, technique.policy(isa), b"", 64, False, lookup)
    made.pin(pin(isa, decoder, b"", made.host.pinnable()) if pinned is None else pinned)
    return made


def copier(made: Supply) -> Copier:
    assert made.copier is not None
    return made.copier
