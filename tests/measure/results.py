"""Results of `ring1 bench` for tests: invented figures, so that what reports say of them is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure import result
from ring1.dbt.measure.sampling import Cell
from ring1.dbt.measure.trial import Trial

SAMPLES = (0.99, 1.0, 1.02, 1.0, 1.01, 1.05, 1.0, 1.01, 0.99, 1.3)
"""What samples are of their lower quartile."""


def measured(ns: float, events: Mapping[str, float] | None = None, instructions: float = 6.0) -> Cell:
    """A cell with this lower quartile."""
    return Cell("", tuple(ns * each for each in SAMPLES), instructions, 1000.0, events or {})


NOTHING = Cell()


def made(
    nano: Mapping[str, Mapping[str, Cell]], shadow: Cell | None = NOTHING, **suites: Mapping[str, Mapping[str, Cell]]
) -> dict[str, Any]:
    """A result: suite -> benchmark -> subject -> cell. `shadow`: what a shadow page table would have had."""
    whole = {"nano": nano, **suites}
    names = dict.fromkeys(name for rows in whole.values() for cells in rows.values() for name in cells)
    return {
        "schema": result.SCHEMA,
        "version": result.VERSION,
        "began": "2006-10-21T09:00:00+00:00",
        "seconds": 1.0,
        "partial": False,
        "quick": False,
        "seed": 0,
        "isa": "pg32v",
        "host": {
            "cpu": "a processor",
            "mhz": 1000.0,
            "cpus": 2,
            "kernel": "Linux 6.1",
            "kvm": "none",
            "kvm_is": "there is no /dev/kvm",
            "hypervisor": "no",
            "python": "CPython 3.11",
            "packages": {"rich": "14"},
            "commit": "0123456789ab",
            "load": 0.0,
            "pinned_to_cpu": None,
        },
        "engines": {
            name: {"technique": f"the technique of {name}", "why_not": "", "modelled": name == "hw"} for name in names
        },
        "costs": result.generations(),
        "suites": {
            suite: [
                result.row(
                    Trial(name, f"what {name} does", reference(suite), 1, dict), cells, ENGINES.values(), 0, shadow
                )
                for name, cells in rows.items()
            ]
            for suite, rows in whole.items()
        },
    }


def reference(suite: str) -> str:
    return "native" if suite == "kernels" else "bare"
