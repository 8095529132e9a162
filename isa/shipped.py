"""What comes with ring1 of what a run would derive first: entries of the cache (see store) for PG32.

They are known by content, and say from which sources they have been derived: with others they are not used.
`python -m bench.shipped` makes the file.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import zlib
from functools import cache
from typing import Any

from ring1.isa.sealed import sealed, unsealed

HERE = os.path.dirname(__file__)
FILE = os.path.join(HERE, "shipped.bin")
PACKAGES = "engines", "host", "ir", "machine", "mmu", "native", "stencils", "translate"
SOURCES = "isa", *(f"dbt/{name}" for name in PACKAGES)
"""The folders with all that the entries are derived from."""
ENDINGS = ".py", ".lark", ".isa"

KINDS = "isa", "python", "asm", "stencils", "classes"
"""The kinds of entries that there are."""

Entries = dict[tuple[str, str], bytes]
"""Kind and content -> value, as `packed` makes it."""


@cache
def sources() -> str:
    """Return a digest of all that entries are derived from."""
    digest = hashlib.blake2b(digest_size=16)
    root = os.path.dirname(HERE)
    for folder in SOURCES:
        for base, folders, names in os.walk(os.path.join(root, folder)):
            folders.sort()
            for name in sorted(names):
                if name.endswith(ENDINGS):
                    path = os.path.join(base, name)
                    with open(path, "rb") as file:
                        digest.update(f"{os.path.relpath(path, root)}\0".encode() + file.read())
    return digest.hexdigest()


@cache
def entries() -> Entries:
    """Return the entries; none if the file is missing, damaged or of other sources."""
    try:
        with open(FILE, "rb") as file:
            made = unsealed(file.read(), "shipped")
        return made[1] if made and made[0] == sources() else {}
    except OSError:
        return {}


def find(kind: str, content: str) -> Any | None:
    """Return the value of an entry, or None."""
    made = entries().get((kind, content)) if kind in KINDS else None
    return None if made is None else Unpickler(io.BytesIO(zlib.decompress(made))).load()


def packed(value: Any) -> bytes:
    """Return a value as bytes. Paths of descriptions that come with ring1 are kept as names."""
    data = io.BytesIO()
    Pickler(data, pickle.HIGHEST_PROTOCOL).dump(value)
    return zlib.compress(data.getvalue(), 9)


def save(made: Entries) -> None:
    """Write the file."""
    with open(FILE, "wb") as file:
        file.write(sealed((sources(), made), "shipped"))


class Pickler(pickle.Pickler):
    def persistent_id(self, value: Any) -> str | None:
        """Return the name of a path in this folder."""
        if type(value) is str and value.startswith(HERE + os.sep):
            return value[len(HERE) + 1 :]
        return None


class Unpickler(pickle.Unpickler):
    def persistent_load(self, name: str) -> str:
        return os.path.join(HERE, name)
