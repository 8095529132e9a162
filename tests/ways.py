"""Engines, and how they are to translate addresses: `bt`, `bt/softtlb`, `bare/shadow/traced` ..."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from ring1.dbt.engines import table
from ring1.dbt.mmu.choice import TECHNIQUES, Mmu

UNMODIFIED = {name: technique for name, technique in table.ENGINES.items() if technique.unmodified}
"""The engines that run guests which know nothing of them."""

PAGED = ("interp", "bare", "bare/shadow/traced", "bt/traced", "bt/softtlb", "bare/softtlb/traced", "hw", "kvm")
"""Enough for every engine that is equivalent on every variant, and for every way to translate addresses."""
MONITORED = ("trap/traced", "trap/softtlb/traced", "hybrid/traced", "hybrid/softtlb")
HYPERCALLING = ("para/traced", "para/softtlb/traced")
"""The same for engines that are not, and for those whose guests are built for them."""
ENOUGH = (*PAGED, *MONITORED, *HYPERCALLING)


def way(name: str) -> tuple[str, Mmu]:
    """What a name of an engine with its ways stands for."""
    engine, *how = name.split("/")
    return engine, Mmu(next((word for word in TECHNIQUES if word in how), Mmu().technique), "traced" in how)


def swept(names: Iterable[str]) -> list[object]:
    """Parameters of a test of every way there is: `make test` tries those that are enough, `make soak` the others."""
    return [name if name in ENOUGH else pytest.param(name, marks=pytest.mark.soak) for name in names]


def present(names: Sequence[str] = PAGED) -> list[str]:
    """Those that this host has the engine for."""
    return [name for name in names if not table.ENGINES[way(name)[0]].why_not()]
