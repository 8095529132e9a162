"""ring1, a laboratory of virtualization: `ring1.isa` is the machine as a description, `ring1.dbt` the running machine.

In the repository these are links to the folders beside this one. `Machine` and the errors that it raises are the
library (docs/api.md); they are loaded when they are first named, as the command `ring1` does without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ring1.dbt.api.errors import (
        BadAddress,
        BadValue,
        Busy,
        CallFailed,
        Closed,
        DescriptionError,
        Ended,
        EngineUnavailable,
        MachineError,
        ProgramError,
        SnapshotRefused,
        UnknownName,
    )
    from ring1.dbt.api.machine import Machine
    from ring1.dbt.machine.stop import Stop

HOMES = {
    "Machine": "ring1.dbt.api.machine",
    "Stop": "ring1.dbt.machine.stop",
    "load_ipython_extension": "ring1.dbt.notebook.magic",
    **dict.fromkeys(
        (
            "BadAddress",
            "BadValue",
            "Busy",
            "CallFailed",
            "Closed",
            "DescriptionError",
            "Ended",
            "EngineUnavailable",
            "MachineError",
            "ProgramError",
            "SnapshotRefused",
            "UnknownName",
        ),
        "ring1.dbt.api.errors",
    ),
}
"""Name of the library -> the module that has it; and what `%load_ext ring1` calls."""

__all__ = [
    "BadAddress",
    "BadValue",
    "Busy",
    "CallFailed",
    "Closed",
    "DescriptionError",
    "Ended",
    "EngineUnavailable",
    "Machine",
    "MachineError",
    "ProgramError",
    "SnapshotRefused",
    "Stop",
    "UnknownName",
]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module 'ring1' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *HOMES})
