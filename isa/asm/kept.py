"""Results of pass one kept on disk, so that only the changed files of a large program are assembled again.

The result depends on a file's text, its name, the machine and the given definitions, and on other files only if it
includes some. A file that does so is not kept, nor is one with faults, or one so small that keeping it gains nothing.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from ring1.isa import store
from ring1.isa.asm.fixups import CodeFixup, DataFixup, Spot
from ring1.isa.asm.lines import Piece
from ring1.isa.asm.nodes import Modified, Place, Symbol
from ring1.isa.asm.unit import Language, Unit
from ring1.isa.model import Instruction

LEAST = 1 << 12
"""Files with fewer characters are not kept."""
PARTS = ("scope", "sections", "room", "named", "fixups")
"""The attributes of a Unit that pass one produces."""


def made_anew(kind: type) -> Callable[[Any], Any]:
    """Return the reducer that pickles values of a class as the arguments to make them from, which takes a third of the
    time."""
    content = attrgetter(*(f.name for f in fields(kind)))
    return lambda value: (kind, content(value))


MADE_ANEW: dict[type, Callable[[Any], Any]] = {
    kind: made_anew(kind) for kind in (Piece, Place, Symbol, Modified, Spot, CodeFixup, DataFixup)
}


def key(language: Language, unit: Unit, definitions: Sequence[str]) -> str:
    """Return the key under which a file is kept; empty if it is not."""
    if len(unit.text) < LEAST:
        return ""
    return store.key("object", language.isa.digest, unit.file, unit.text, *definitions)


def save(name: str, unit: Unit) -> None:
    """Keep the result for a file, unless there is a reason not to."""
    if not name or unit.faults or unit.expander.skipped or len(unit.expander.sources) != 1:
        return
    scope, modifiers = unit.scope, unit.scope.modifiers
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {Instruction: lambda insn: (instruction, (insn.name,)), **MADE_ANEW}
    scope.modifiers = {}  # functions, which the Language supplies again
    try:
        pickler.dump([getattr(unit, part) for part in PARTS])
    except RecursionError:
        return
    finally:
        scope.modifiers = modifiers
    store.save("objects", name, file.getvalue())


def load(name: str, language: Language, unit: Unit) -> bool:
    """Restore the kept result of a file into `unit`. Returns whether there was one."""
    data = store.load("objects", name) if name else None
    if data is None:
        return False
    for part, value in zip(PARTS, Unpickler(data, language).load(), strict=True):
        setattr(unit, part, value)
    unit.scope.modifiers = language.modifiers
    unit.expander.sources.append((unit.file, unit.text))
    return True


def instruction(name: str) -> Instruction:
    """Stands in kept files for the instruction of this name."""
    raise NotImplementedError(name)


class Unpickler(pickle.Unpickler):
    """Resolves the instructions of a language by name."""

    def __init__(self, data: bytes, language: Language) -> None:
        super().__init__(io.BytesIO(data))
        self.instructions = language.isa.instructions

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, instruction.__name__):
            return self.instructions.__getitem__
        return super().find_class(module, name)
