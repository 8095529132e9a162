"""Values as bytes with a checksum, for files that are not believed when they are damaged."""

from __future__ import annotations

import hashlib
import pickle
from typing import Any

CHECKSUM = 16
"""Bytes of a checksum."""


def sealed(value: Any, name: str) -> bytes:
    """Return a value as bytes that `unsealed` can check to be whole and to belong to `name`."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return checksum(body, name) + body


def unsealed(data: bytes, name: str) -> Any | None:
    """Return the value that was sealed under this name; None for any other bytes."""
    body = memoryview(data)[CHECKSUM:]
    if checksum(body, name) != data[:CHECKSUM]:
        return None
    try:
        return pickle.loads(body)
    except Exception:  # unpickling raises arbitrary exceptions; the entry is rebuilt
        return None


def checksum(body: bytes | memoryview, name: str) -> bytes:
    digest = hashlib.blake2b(name.encode(), digest_size=CHECKSUM)
    digest.update(body)
    return digest.digest()
