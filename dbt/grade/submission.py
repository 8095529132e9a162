"""What somebody has handed in: a folder, or one file. Nobody vouches for it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ring1.isa.record import Record

MOST_FILES, MOST_BYTES = 2000, 64 << 20
"""The most files in a submission, folders included, and the most bytes of all of them."""


class Refused(Exception):
    """A submission is not looked at further; the message says why."""


class Submission(Record):
    """`path` is a folder or a file; `name` is what it is called in reports."""

    name: str
    path: Path


def named(paths: list[Path]) -> list[Submission]:
    """Return submissions with names that differ: their last parts, or else whole paths."""
    short = [path.name or str(path) for path in paths]
    return [
        Submission(name if short.count(name) == 1 else str(path), path) for name, path in zip(short, paths, strict=True)
    ]


def admitted(path: Path) -> list[str]:
    """Return the names of all files below a folder, sorted. Raises Refused where there is something that is neither a
    file nor a folder: a link could lead out of it, and a pipe would keep its reader waiting."""
    found, size, places, count = [], 0, [path], 0
    while places:
        with os.scandir(places.pop()) as entries:
            for entry in entries:
                name, info, count = os.path.relpath(entry.path, path), entry.stat(follow_symlinks=False), count + 1
                if stat.S_ISDIR(info.st_mode):
                    places.append(Path(entry.path))
                elif not stat.S_ISREG(info.st_mode):
                    kind = "a link" if stat.S_ISLNK(info.st_mode) else "no file"
                    raise Refused(f"{name} is {kind}: a submission is made of files and folders")
                else:
                    found.append(name)
                    size += info.st_size
                if count > MOST_FILES or size > MOST_BYTES:
                    raise Refused(f"it has more than {MOST_FILES:,} files, or {MOST_BYTES >> 20} MiB")
    return sorted(found)


@contextmanager
def unpacked(submission: Submission, submitted: tuple[str, ...]) -> Iterator[Path]:
    """Yield the folder with the files of a submission. One file is put into a folder by itself, under the name that is
    asked for, so that the others beside it are none of its business. Raises Refused, OSError."""
    path = submission.path
    if path.is_dir():
        admitted(path)
        missing = [name for name in submitted if not (path / name).is_file()]
        if missing:
            raise Refused(f"there is no {' and no '.join(missing)} in it")
        yield path
        return
    if not path.is_file():
        raise Refused("there is no such file or folder")
    if len(submitted) > 1:
        raise Refused(f"several files are handed in, in a folder: {', '.join(submitted)}")
    if path.stat().st_size > MOST_BYTES:
        raise Refused(f"it has more than {MOST_BYTES >> 20} MiB")
    with tempfile.TemporaryDirectory(prefix="ring1-") as folder:
        place = Path(folder, submitted[0] if submitted else path.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        yield Path(folder)
