"""Compiles C and assembly files, together with the files of the C library that they need."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ring1.dbt.cli import confine
from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.gcc import compile_kept
from ring1.dbt.cli.library import library, needed
from ring1.dbt.cli.outcome import Failure
from ring1.dbt.cli.runtime import Target, target_of
from ring1.isa.asm.sources import text as assembly

if TYPE_CHECKING:
    from ring1.isa.board import Board
    from ring1.isa.model import Isa

DEVICES = {"ns16550": "__uart", "sifive_test": "__finisher", "clint": "__clint", "plic": "__plic"}
"""Kinds of a board's devices that the library uses, and what it calls their addresses."""
SOURCE, END = "__uart_source", "__ram_end"
FIRST, LAST = ("first.s", "start.s"), "end.s"
"""The library's files that begin a program, and the one that ends it."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """Assembly sources in link order, the symbols defined for them, and all files that they were made from."""

    sources: tuple[tuple[str, str], ...]
    definitions: tuple[str, ...]
    files: tuple[str, ...]


def compile_all(isa: Isa, board: Board | None, names: Sequence[str], build: Build) -> Compiled:
    """Compile C files, and return all sources with the library for a machine, ready to be assembled. Raises Failure,
    AsmError, OSError."""
    target = target_of(isa)
    if target is None:
        raise Failure(f"C programs cannot run on {isa.name}: it has not the instructions of the start-up code")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(lambda name: source(target, name, names, build), names))
    members = {m.name: m for m in library(target)}
    files = dict.fromkeys([*names, *(file for _, _, included in made for file in included)])
    first, last = [members.pop(name) for name in FIRST], members.pop(LAST)
    given = [(shown, text) for shown, text, _ in made]
    rest = needed([*(m.text for m in first), *(text for _, text in given)], list(members.values()))
    before, behind, end = ([(f"rt/{m.name}", m.text) for m in some] for some in (first, rest, [last]))
    # Macros defined for GCC do not apply to assembly files given together with C.
    symbols = () if any(name.lower().endswith(".c") for name in names) else build.definitions
    places = [] if board is None else devices(board, isa.memory)
    symbols = (f"__stack_size={build.stack}", *places, *symbols)
    return Compiled((*before, *given, *behind, *end), symbols, tuple(files))


def devices(board: Board, base: int) -> list[str]:
    """Return definitions of where a board has the devices that the library uses, 0 if it has not, and of where RAM,
    which begins at `base`, ends. Raises Failure if the library cannot do without one."""
    at = {placed.kind: placed for placed in board.devices}
    for kind in ("ns16550", "sifive_test"):
        if kind not in at:
            raise Failure(f"C programs need a {kind}, which the board {board.name} has not")
    places = {symbol: at[kind].window.start if kind in at else 0 for kind, symbol in DEVICES.items()}
    uart = at["ns16550"]
    source = uart.source if "plic" in at and uart.controller == at["plic"].name else 0
    return [f"{name}={place:#x}" for name, place in (*places.items(), (SOURCE, source), (END, base + board.ram))]


def source(target: Target, name: str, names: Sequence[str], build: Build) -> tuple[str, str, list[str]]:
    """Return one of the files as assembly: its name, its text, and the files that it includes."""
    confine.reach(names, build.confined).permit(Path(name))
    if not name.lower().endswith(".c"):
        return name, assembly(name), []
    text, included = compile_kept(target, name, build.gcc, build.confined)
    return f"{name} (as assembly)", text, included
