"""Places in a guest: addresses, and the labels that stand for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ring1.dbt.api.errors import BadAddress, UnknownName
from ring1.isa.asm.near import suggestion

OFFSET = re.compile(
    r"(?P<label>[A-Za-z_.$][\w.$]*)(?:\s*(?P<sign>[+-])\s*(?P<offset>0[xX][0-9a-fA-F]{1,40}|[0-9]{1,40}))?", re.ASCII
)
MOST = 1 << 32
Place = int | str
"""An address, or a label of the program, which may be followed by + or - and a number: "loop", "table+8"."""


def address(place: Place, symbols: Mapping[str, int]) -> int:
    """Return the address of a place. Raises UnknownName, BadAddress."""
    known = symbols.get(place) if isinstance(place, str) else None
    if known is not None:
        at = known
    elif isinstance(place, str):
        found = OFFSET.fullmatch(place.strip())
        if found is None:
            raise UnknownName(f"{place!r} is neither a label nor a label with an offset")
        if found["label"] not in symbols:
            meant = suggestion(found["label"], symbols)
            raise UnknownName(f"the program has no label {found['label']!r}{meant}")
        offset = int(found["offset"] or "0", 0)
        at = symbols[found["label"]] + (-offset if found["sign"] == "-" else offset)
    elif isinstance(place, int):
        at = place
    else:
        raise UnknownName(f"{place!r} is neither an address nor a label")
    if not 0 <= at < MOST:
        raise BadAddress(f"{at:#x} is no address of 32 bits")
    return at
