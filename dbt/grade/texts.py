"""Two texts, where they first differ, shown to the author of one of them."""

from __future__ import annotations

AROUND = 48
"""Characters of a line that are shown on each side of the difference."""


def first_difference(is_: bytes, should: bytes) -> int:
    """Return the first byte in which two texts differ, or where the shorter one ends."""
    return next((n for n, (a, b) in enumerate(zip(is_, should, strict=False)) if a != b), min(len(is_), len(should)))


def told(is_: bytes, should: bytes) -> tuple[str, tuple[str, ...]]:
    """Return a line that says how an output differs from the expected one, and lines that show where."""
    at = first_difference(is_, should)
    line, start = should.count(b"\n", 0, at) + 1, should.rfind(b"\n", 0, at) + 1
    place = f"byte {at}, line {line}, column {at - start + 1}"
    if at == len(is_):
        said = "there is no output" if not is_ else f"the output ends too early, behind byte {at} (line {line})"
    elif at == len(should):
        said = f"there is more output than expected, from {place}"
    else:
        said = f"the output differs from {place}"
    low = max(start, at - AROUND)
    lead = "..." if low > start else ""
    wanted, got = (lead + piece(text, low, at) for text in (should, is_))
    mark = " " * (len(lead) + len(quoted(should[low:at]))) + "^"
    return said, (f"expected  {wanted}", f"got       {got}", f"          {mark}")


def piece(text: bytes, low: int, at: int) -> str:
    """Return the line of a text around a byte, from `low` on, its end included."""
    end = text.find(b"\n", at)
    end = len(text) if end < 0 else end + 1
    cut = min(end, at + AROUND)
    return quoted(text[low:cut]) + ("..." if cut < end else "" if cut < len(text) or text.endswith(b"\n") else "(end)")


def quoted(data: bytes) -> str:
    """Return bytes as text on one line."""
    text = data.decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
