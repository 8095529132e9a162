"""Faults of a program or a description as a page shows them: with file, line, column, and the line with a caret."""

from __future__ import annotations

import os
from typing import Any

from ring1.isa.record import replace
from ring1.isa.source import Fault, SourceError

MOST = 100


def as_objects(error: SourceError, short: bool = False) -> list[dict[str, Any]]:
    """Return the faults of an error, MOST at most; with `short`, files without their folders."""
    faults = error.faults[:MOST]
    if short:
        named = [replace(each.position, file=os.path.basename(each.position.file)) for each in faults]
        faults = tuple(replace(each, position=at) for each, at in zip(faults, named, strict=True))
    return [as_object(fault) for fault in faults]


def as_object(fault: Fault) -> dict[str, Any]:
    at = fault.position
    return {
        "file": at.file,
        "line": at.line,
        "column": at.column,
        "message": fault.message,
        "shown": str(fault),
    }


def plain(message: str) -> dict[str, Any]:
    """Return what is wrong with a whole program."""
    return {"file": "", "line": 0, "column": 0, "message": message, "shown": message}
