"""Source files: how their text is decoded, and which files .include and .incbin may name."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from ring1.isa.files import MOST_TEXT, contents

UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""The byte-order marks of UTF-16."""


def text(path: str | os.PathLike[str]) -> str:
    """Read the text of the file at `path`, each line ended by a newline. Bytes that are not UTF-8 become lone
    surrogates, which are mistakes outside of comments (see isa/asm/lines.py). Raises OSError."""
    data = contents(path, MOST_TEXT)
    if data.startswith(UTF_16):
        raise OSError(errno.EILSEQ, "not UTF-8 but UTF-16 text", str(path))
    return data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")


class Reach:
    """The files that a program may name: all that the user may read."""

    def find(self, folder: Path, name: str) -> Path:
        """Find the file that a file in `folder` calls `name`: beside it, or else in the working directory. Raises
        OSError."""
        beside = folder / name
        path = beside if beside.is_file() or not Path(name).is_file() else Path(name)
        if path.exists() and not path.is_file():
            raise OSError(errno.EINVAL, "it is not a file")
        self.permit(path)
        return path

    def permit(self, path: Path) -> None:
        """Raise OSError if a file must not be read."""

    def text(self, path: Path) -> str:
        """Return the text of a file that `find` has found. Raises OSError."""
        return text(path)


ANYWHERE = Reach()


class Within(Reach):
    """Only files in or below the directories of a program's sources and other `folders`, after symbolic links are
    resolved."""

    def __init__(self, sources: Iterable[str], folders: Iterable[Path] = ()) -> None:
        self.roots = {folder.resolve() for folder in (*(Path(source).parent for source in sources), *folders)}

    def find(self, folder: Path, name: str) -> Path:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise OSError(errno.EACCES, "only files below the directory of the sources may be named")
        return super().find(folder, name)

    def permit(self, path: Path) -> None:
        real = path.resolve()
        if not any(real.is_relative_to(root) for root in self.roots):
            raise OSError(errno.EACCES, "it lies outside the directory of the sources", str(path))
