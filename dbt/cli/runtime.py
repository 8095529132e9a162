"""Where the C library is."""

from __future__ import annotations

from pathlib import Path

from ring1.dbt.share import share

MADE = "compiled.z"
"""The library's file of itself as assembly: see library.py."""


def runtime() -> Path:
    """The folder of the C library's sources."""
    return share("examples", "c", "rt")
