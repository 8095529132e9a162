"""The packages that assemble and disassemble host code, loaded on demand: that takes tens of milliseconds, and they may
not be installed. What comes with ring1 (host/x86_64/templates.bin) is enough for most guests."""

from __future__ import annotations

import importlib
import platform
import sys
from typing import Any

PACKAGES = {"keystone": "keystone-engine", "capstone": "capstone"}
"""Module -> the package that provides it."""
USES = {"keystone": "host code that does not come with ring1 is assembled", "capstone": "host code is shown as text"}
MAPPINGS = 64
"""Most mappings that loading one of them takes, with what it imports."""


class Absent(Exception):
    """A needed package is not installed; the message says what it is for and how to install it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{USES[name]} by {name}, which is not here: pip install {PACKAGES[name]}")


def tool(name: str) -> Any:
    """Import and return the module `keystone` or `capstone`. Raises Absent; Short beforehand if mappings are short, as
    a library loaded without enough of them may kill the process."""
    if name not in sys.modules and sys.platform == "linux" and platform.machine() == "x86_64":  # where machines may run
        from ring1.dbt.native.mappings import demand

        demand(MAPPINGS)
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Absent(name) from None


def missing() -> list[str]:
    """Return the packages that are not installed."""
    found = []
    for name, package in PACKAGES.items():
        try:
            tool(name)
        except Absent:
            found.append(package)
    return found
