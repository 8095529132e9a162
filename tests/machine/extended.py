"""Machines that extend PG32 by what a test writes down."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from ring1.isa.model import Isa
from ring1.isa.read import read


@cache
def extended(text: str, parent: str = "pg32") -> Isa:
    """The machine of a description that extends a shipped one. Raises IsaError."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "own.isa"
        path.write_text(f'isa own extends {parent} "a test\'s";\n{text}')
        return read(str(path))
