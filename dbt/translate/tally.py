"""Counts of what an engine has translated."""

from __future__ import annotations


class Tally:
    """Counts of all translations so far, including those dropped since; `seconds` are wall time."""

    blocks: int = 0
    lowered: int = 0
    """Blocks that were lowered because no stencils serve them."""
    guest_insns: int = 0
    host_bytes: int = 0
    seconds: float = 0.0
