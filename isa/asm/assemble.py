"""The assembler: source files in the assembly language are assembled and linked into a program."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ring1.isa.asm import kept
from ring1.isa.asm.directives import assemble as pass_one
from ring1.isa.asm.link import link
from ring1.isa.asm.program import Program
from ring1.isa.asm.shapes import shapes
from ring1.isa.asm.sources import ANYWHERE, Reach, text
from ring1.isa.asm.unit import Language, Unit
from ring1.isa.model import Isa
from ring1.isa.source import AsmError, Fault, Position

MOST_FAULTS = 200
"""The most faults that one AsmError reports."""


def assemble(
    isa: Isa,
    sources: Sequence[tuple[str, str]],
    begin: int | None = None,
    definitions: Sequence[str] = (),
    reach: Reach = ANYWHERE,
    keep: bool = False,
    loose: bool = False,
    data: int | None = None,
) -> Program:
    """Assemble files, given as (name, text), and link them in this order, from address `begin` on, by default where RAM
    begins; writable sections from `data` on, if that is given. `loose` is the syntax of RARS and Venus (see Language).

    The `definitions` of symbols, NAME or NAME=VALUE, precede each file. Included files are looked for beside the file
    that
    names them, then in the working directory; `reach` says which files may be read. With `keep`, the result of pass one
    is
    kept on disk for each file, and taken from there next time. Raises AsmError with every fault of all files.
    """
    language, begin = Language(isa, loose), isa.memory if begin is None else begin
    units = [Unit(language, name, text, reach) for name, text in sources]
    with uncollected():
        for unit in units:
            kept_as = kept.key(language, unit, definitions) if keep and not loose else ""
            if kept.load(kept_as, language, unit):
                continue
            for definition in definitions:
                unit.define(definition)
            pass_one(unit)
            kept.save(kept_as, unit)
        program = link(units, begin, data)
    shapes().save()
    if program is None:
        raise AsmError(ordered(units))
    return program


@contextmanager
def uncollected() -> Iterator[None]:
    """Suspend the garbage collector, which would scan the growing trees again and again and find no garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def assemble_files(
    isa: Isa,
    paths: Sequence[str],
    begin: int | None = None,
    definitions: Sequence[str] = (),
    reach: Reach = ANYWHERE,
    keep: bool = False,
    loose: bool = False,
    data: int | None = None,
) -> Program:
    """Assemble and link the files at `paths`; the parameters are those of `assemble`.

    Raises AsmError, and OSError for a file that cannot or must not be read.
    """
    for path in paths:
        reach.permit(Path(path))
    return assemble(isa, [(path, text(path)) for path in paths], begin, definitions, reach, keep, loose, data)


def ordered(units: Sequence[Unit]) -> list[Fault]:
    """Return the faults of all files without duplicates, in the order of files and lines, MOST_FAULTS at most."""
    order: dict[str, int] = {}
    for unit in units:
        for name, _ in unit.expander.sources:
            order.setdefault(name, len(order))
    faults = list(dict.fromkeys(fault for unit in units for fault in unit.faults))
    faults.sort(key=lambda f: (order.get(f.position.file, 0), f.position.line, f.position.column))
    if len(faults) > MOST_FAULTS:
        last = faults[MOST_FAULTS].position
        more = Fault(Position(last.file), f"and {len(faults) - MOST_FAULTS} more faults")
        faults = [*faults[:MOST_FAULTS], more]
    return faults
