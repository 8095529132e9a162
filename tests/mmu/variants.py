"""Machines that are PG32 but for some of its description."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ring1.isa.load import load
from ring1.isa.model import Isa

GUARD = "\nguard getpsw setpsw getptb lra jru { require psw.RING == 0 else privileged(word); }\n"
"""What makes pg32v of pg32."""


def variant(text: str, holes: bool, directory: Path) -> Isa:
    """The machine of this text, without its holes unless they are wanted."""
    if not holes:
        text += GUARD
    path = directory / f"{hashlib.sha256(text.encode()).hexdigest()}.isa"
    path.write_text(text)
    return load(str(path))
