"""Compiles C and assembly files, together with the files of the C library that they need."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ring1.dbt.cli import confine
from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.gcc import compile_kept
from ring1.dbt.cli.library import library, needed
from ring1.isa.asm.sources import text as assembly

FIRST, LAST = ("first.s", "start.s"), "end.s"
"""The library's files that begin a program, and the one that ends it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Assembly sources in link order, the symbols defined for them, and all files that they were made from."""

    sources: tuple[tuple[str, str], ...]
    definitions: tuple[str, ...]
    files: tuple[str, ...]


def compile_all(names: Sequence[str], build: Build) -> Compiled:
    """Compile C files, and return all sources with the library, ready to be assembled. Raises Failure, AsmError,
    OSError."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(lambda name: source(name, names, build), names))
    members = {m.name: m for m in library()}
    files = dict.fromkeys([*names, *(file for _, _, included in made for file in included)])
    first, last = [members.pop(name) for name in FIRST], members.pop(LAST)
    given = [(shown, text) for shown, text, _ in made]
    rest = needed([*(m.text for m in first), *(text for _, text in given)], list(members.values()))
    before, behind, end = ([(f"rt/{m.name}", m.text) for m in some] for some in (first, rest, [last]))
    # Macros defined for GCC do not apply to assembly files given together with C.
    symbols = () if any(name.lower().endswith(".c") for name in names) else build.definitions
    return Compiled((*before, *given, *behind, *end), (f"__stack_size={build.stack}", *symbols), tuple(files))


def source(name: str, names: Sequence[str], build: Build) -> tuple[str, str, list[str]]:
    """Return one of the files as assembly: its name, its text, and the files that it includes."""
    confine.reach(names, build.confined).permit(Path(name))
    if not name.lower().endswith(".c"):
        return name, assembly(name), []
    text, included = compile_kept(name, build.gcc, build.confined)
    return f"{name} (as assembly)", text, included
