"""A cache directory on disk: derived data by key, checksummed, written atomically, never believed when damaged.

Entries are pickles: whoever can write them runs code here. So the directory is its user's alone, or is not used.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import stat
import sys
from functools import cache
from typing import Any


def directory() -> str:
    """Where caches live: $RING1_CACHE, else ring1/ in the user's cache directory."""
    chosen = os.environ.get("RING1_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return chosen or os.path.join(caches, "ring1")


@cache
def build() -> bytes:
    """Identifies this version of ring1's own files: what other versions derived is not ours."""
    digest = hashlib.blake2b(digest_size=16)
    root = os.path.dirname(os.path.dirname(__file__))
    for folder in ("isa", "dbt"):
        for base, _, names in sorted(os.walk(os.path.join(root, folder))):
            for name in sorted(names):
                if name.endswith((".py", ".lark")):
                    stat = os.stat(os.path.join(base, name))
                    digest.update(f"{base}/{name} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return digest.digest()


def key(*parts: bytes | str) -> str:
    """A name for what is derived from `parts` by this version of ring1."""
    digest = hashlib.blake2b(build(), digest_size=20)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode(errors="surrogateescape")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def load(kind: str, name: str) -> Any | None:
    """What was saved under (kind, name), or None: absent, unreadable, damaged or another user's are all the same."""
    if why_not(kind):
        return None
    try:
        with open(os.path.join(directory(), kind, name), "rb") as file:
            if foreign(os.fstat(file.fileno())):
                return None
            return unsealed(file.read(), f"{kind}/{name}")
    except (OSError, MemoryError):
        return None


def why_not(*kinds: str) -> str:
    """Why the directory, or what it has for these kinds, is not used; empty if it is, or would be if it were
    there, or if it is no directory: then there is to be none."""
    for folder in (directory(), *(os.path.join(directory(), kind) for kind in kinds)):
        with contextlib.suppress(OSError):
            found = os.stat(folder)
            reason = foreign(found)
            if reason and stat.S_ISDIR(found.st_mode):
                return f"{folder} {reason}"
    return ""


def foreign(found: os.stat_result) -> str:
    """What makes a file or directory another user's as well; empty if it is this user's alone."""
    if sys.platform == "win32":
        return ""  # a user's directories are that user's
    if found.st_uid != os.geteuid():
        return "belongs to another user"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written by other users"
    return ""


def sealed(value: Any, name: str) -> bytes:
    """A value as bytes, of which `unsealed` knows whether they are whole, and that they are what `name` says."""
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return checksum(body, name) + body


def unsealed(data: bytes, name: str) -> Any | None:
    """The value that was sealed under this name; None if the bytes are any others."""
    body = memoryview(data)[CHECKSUM:]
    if checksum(body, name) != data[:CHECKSUM]:
        return None
    try:
        return pickle.loads(body)
    except Exception:  # an unpickler raises what it likes; the entry is rebuilt
        return None


def checksum(body: bytes | memoryview, name: str) -> bytes:
    digest = hashlib.blake2b(name.encode(), digest_size=CHECKSUM)
    digest.update(body)
    return digest.digest()


CHECKSUM = 16
"""Bytes."""
MOST_ENTRIES = 256
MOST_BYTES = 1 << 28
"""Of a kind: the oldest are dropped."""


def save(kind: str, name: str, value: Any) -> None:
    """Keep `value` under (kind, name). A directory that cannot be written only costs time."""
    import tempfile  # a run that finds everything kept does without

    folder = os.path.join(directory(), kind)
    with contextlib.suppress(OSError):
        os.makedirs(directory(), 0o700, exist_ok=True)
        if why_not():
            return
        with contextlib.suppress(FileExistsError):
            os.mkdir(folder, 0o700)
        if why_not(kind):
            return
        handle, temporary = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed(value, f"{kind}/{name}"))
            os.replace(temporary, os.path.join(folder, name))
            prune(folder)
        except BaseException:  # Ctrl-C, too
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def prune(folder: str) -> None:
    """Drop the oldest entries of a kind beyond MOST_ENTRIES and MOST_BYTES. Others may be doing the same."""
    entries: list[tuple[float, int, str]] = []
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            about = entry.stat(follow_symlinks=False)
            entries.append((about.st_mtime, about.st_size, entry.path))
    room = MOST_BYTES
    for number, (_, size, path) in enumerate(sorted(entries, reverse=True)):
        room -= size
        # The last one saved is kept, whatever its size.
        if number and (number >= MOST_ENTRIES or room < 0):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
