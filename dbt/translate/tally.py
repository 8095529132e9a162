"""What an engine has translated so far."""

from __future__ import annotations


class Tally:
    """Counts of all translations, those that have been dropped again included; `seconds` of wall time."""

    blocks: int = 0
    guest_insns: int = 0
    host_bytes: int = 0
    seconds: float = 0.0
