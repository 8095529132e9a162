"""The packages that write and read host code, loaded when they are wanted: that takes tens of milliseconds, and
there are hosts without them. What comes with ring1 (host/x86_64/templates.bin) is enough for most guests."""

from __future__ import annotations

import importlib
import platform
import sys
from typing import Any

PACKAGES = {"keystone": "keystone-engine", "capstone": "capstone"}
"""Module -> the package that has it."""
USES = {"keystone": "host code that does not come with ring1 is assembled", "capstone": "host code is shown as text"}
MAPPINGS = 64
"""That loading one of them may take, with what it imports."""


class Absent(Exception):
    """A package that is not installed is needed: what for, and how to get it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{USES[name]} by {name}, which is not here: pip install {PACKAGES[name]}")


def tool(name: str) -> Any:
    """The module `keystone` or `capstone`. Raises Absent; Short, as a library that is loaded with too few mappings left
    may kill the process."""
    if name not in sys.modules and sys.platform == "linux" and platform.machine() == "x86_64":  # where machines may run
        from ring1.dbt.native.mappings import demand

        demand(MAPPINGS)
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Absent(name) from None


def missing() -> list[str]:
    """The packages that are not installed."""
    found = []
    for name, package in PACKAGES.items():
        try:
            tool(name)
        except Absent:
            found.append(package)
    return found
