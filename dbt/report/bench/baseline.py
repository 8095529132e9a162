"""Comparison of two results: what has become faster or slower, beyond noise."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from ring1.dbt.measure.result import SCHEMA, VERSION
from ring1.dbt.report.bench.figures import Object
from ring1.isa.files import text
from ring1.isa.record import Record

LEAST = 0.05
"""Changes by a smaller share are not reported: two runs of one program differ by as much through their memory
layout."""
FASTER, SLOWER, SAME = "faster", "slower", "same"


class Change(Record):
    """A figure that both results have."""

    suite: str
    benchmark: str
    name: str
    before: float
    after: float
    kind: str


def read(path: str) -> Object:
    """Read an earlier result. Raises OSError; ValueError if it is not a result, or has another version of the
    schema."""
    try:
        found = json.loads(text(path))
        schema, version = found["schema"], found["version"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ValueError(f"{path}: no result of ring1 bench") from None
    if schema != SCHEMA:
        raise ValueError(f"{path}: no result of ring1 bench")
    if version != VERSION:
        raise ValueError(f"{path}: its schema has version {version}, not {VERSION}: measure again")
    try:
        if not all(0 < ns < math.inf for cell in figures(found).values() for ns in cell.values()):
            raise ValueError(path)
        found["host"].get("cpu")
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise ValueError(f"{path}: a damaged result of ring1 bench") from None
    return dict(found)


def figures(found: Object) -> dict[tuple[str, str, str], Object]:
    """Return suite, benchmark and subject -> nanoseconds per operation."""
    return {
        (suite, row["name"], name): {key: float(cell["ns"][key]) for key in ("quartile", "low", "high")}
        for suite, rows in found["suites"].items()
        for row in rows
        for name, cell in row["cells"].items()
        if "ns" in cell
    }


def changes(found: Object, old: Object) -> list[Change]:
    """Compare the figures that both results have. A change is beyond noise if the intervals do not overlap."""
    before, made = figures(old), []
    for place, now in figures(found).items():
        if place in before:
            then = before[place]
            kind = FASTER if now["high"] < then["low"] else SLOWER if now["low"] > then["high"] else SAME
            if abs(now["quartile"] / then["quartile"] - 1) < LEAST:
                kind = SAME
            made.append(Change(*place, then["quartile"], now["quartile"], kind))
    return made


def differences(found: Object, old: Object) -> Sequence[str]:
    """Return what makes two results hard to compare."""
    said = [
        f"{what}: {theirs} before, {ours} now"
        for what, ours, theirs in (
            ("processor", found["host"]["cpu"], old["host"].get("cpu")),
            ("machine", found["isa"], old.get("isa")),
            ("quick", found["quick"], old.get("quick")),
        )
        if ours != theirs
    ]
    return [*said, "the baseline is partial"] if old.get("partial") else said
