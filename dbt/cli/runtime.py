"""The location of the C library."""

from __future__ import annotations

from pathlib import Path

from ring1.dbt.share import share

MADE = "compiled.z"
"""The file with the library compiled to assembly: see library.py."""


def runtime() -> Path:
    """Return the folder of the C library's sources."""
    return share("examples", "c", "rt")
