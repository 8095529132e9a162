"""The cache on disk: derived data by key, with checksums, written atomically, and discarded when damaged.

Entries are pickles: whoever can write them can execute code here. So the directory is used only if nobody but its user
can write to it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from functools import cache
from typing import Any

from ring1.isa import shipped
from ring1.isa.sealed import sealed, unsealed


def directory() -> str:
    """Return the directory of the cache: $RING1_CACHE, else ring1/ in the user's cache directory."""
    chosen = os.environ.get("RING1_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return chosen or os.path.join(caches, "ring1")


@cache
def build() -> bytes:
    """Return a digest of this version of ring1's own files: what other versions derived is not used."""
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
    """Return a key for what this version of ring1 derives from `parts`: a digest of them, and one of the version."""
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode(errors="surrogateescape")
        digest.update(len(data).to_bytes(8, "little") + data)
    return f"{digest.hexdigest()}.{build().hex()}"


def content(name: str) -> str:
    """Return the part of a key that is the same in all versions."""
    return name.partition(".")[0]


def load(kind: str, name: str) -> Any | None:
    """Return what was saved under (kind, name), or comes with ring1. None if that is absent, unreadable, damaged or
    could be written by others."""
    found = saved(kind, name)
    return shipped.find(kind, content(name)) if found is None else found


def saved(kind: str, name: str) -> Any | None:
    """Return what was saved (see `load`)."""
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
    """Explain why the directory, or its entries of these kinds, are not used. Empty if they are used, or would be if
    they existed, and if the path is not a directory, since the user wants no cache then."""
    for folder in (directory(), *(os.path.join(directory(), kind) for kind in kinds)):
        with contextlib.suppress(OSError):
            found = os.stat(folder)
            reason = foreign(found)
            if reason and stat.S_ISDIR(found.st_mode):
                return f"{folder} {reason}"
    return ""


def foreign(found: os.stat_result) -> str:
    """Explain how a file or directory can be written by other users; empty if it is this user's alone."""
    if sys.platform == "win32":
        return ""  # a user's directories are that user's alone there
    if found.st_uid != os.geteuid():
        return "belongs to another user"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "can be written by other users"
    return ""


MOST_ENTRIES = 256
MOST_BYTES = 1 << 28
"""The most bytes of the entries of a kind: the oldest are dropped."""


def save(kind: str, name: str, value: Any) -> None:
    """Save `value` under (kind, name). If the directory cannot be written, nothing is saved, which only costs time."""
    import tempfile  # a run that finds everything in the cache does not need it

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
        except BaseException:  # including Ctrl-C
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def prune(folder: str) -> None:
    """Delete the oldest entries of a kind beyond MOST_ENTRIES and MOST_BYTES. Other processes may do so at the same
    time."""
    entries: list[tuple[float, int, str]] = []
    for entry in os.scandir(folder):
        with contextlib.suppress(FileNotFoundError):
            about = entry.stat(follow_symlinks=False)
            entries.append((about.st_mtime, about.st_size, entry.path))
    room = MOST_BYTES
    for number, (_, size, path) in enumerate(sorted(entries, reverse=True)):
        room -= size
        # The newest entry is kept, whatever its size.
        if number and (number >= MOST_ENTRIES or room < 0):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
