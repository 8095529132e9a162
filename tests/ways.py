"""Engines, and how they are to translate addresses: `bt`, `bt/softtlb`, `bare/shadow/traced` ..."""

from __future__ import annotations

from dbt.engines import table
from dbt.mmu.choice import Mmu

UNMODIFIED = {name: technique for name, technique in table.ENGINES.items() if technique.unmodified}
"""The engines that run guests which know nothing of them."""

PAGED = ("interp", "bare", "bt/traced", "bt/softtlb", "bare/softtlb/traced", "hw")
"""Enough for every engine and every way to translate addresses."""


def way(name: str) -> tuple[str, Mmu]:
    """What a name of an engine with its ways stands for."""
    engine, *how = name.split("/")
    return engine, Mmu("softtlb" if "softtlb" in how else "shadow", "traced" in how)


def present() -> list[str]:
    """Those of PAGED that this host has the engine for."""
    return [name for name in PAGED if not table.ENGINES[way(name)[0]].why_not()]
