"""Why a round cannot be judged, nor those behind it of the same program: a cut program has none."""

from __future__ import annotations

UNLIKE, HTIF, FAR = "unlike", "htif", "far"
REASONS = {
    UNLIKE: "name a register of the peer's own",
    HTIF: "access its HTIF",
    FAR: "were cut too far on",
}
"""Reason -> what such rounds do."""
