"""The files that programs of a page may name: those that were opened with it, as they are in its editors, and the
examples that come with ring1."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ring1.dbt.share import share
from ring1.isa.asm.sources import Reach, text


class Opened(Reach):
    """Texts by name, in the place of what the host has. While `opening`, whatever the user may read can be named, as
    for any command, and is noted; afterwards, nothing else."""

    def __init__(self, texts: dict[str, str], opening: bool = False) -> None:
        self.texts = {os.path.normpath(name): each for name, each in texts.items()}
        self.opening = opening
        self.known: set[Path] = set()
        """Files that were read while opening."""
        self.examples = share("examples").resolve()

    def having(self, texts: dict[str, str]) -> Opened:
        """Return the same files with other texts in their places."""
        made = Opened(texts, self.opening)
        made.known = self.known
        return made

    def find(self, folder: Path, name: str) -> Path:
        """See `Reach.find`: texts come before files."""
        for path in (folder / name, Path(name)):
            if os.path.normpath(path) in self.texts:
                return path
        if self.opening or any(self.reaches(path) for path in (folder / name, Path(name))):
            return super().find(folder, name)
        raise OSError(errno.EACCES, "it was not opened with the program")

    def reaches(self, path: Path) -> bool:
        real = path.resolve()
        return real in self.known or real.is_relative_to(self.examples)

    def permit(self, path: Path) -> None:
        """See `Reach.permit`."""
        if self.opening:
            self.known.add(path.resolve())
        elif not self.reaches(path):
            raise OSError(errno.EACCES, "it was not opened with the program", str(path))

    def text(self, path: Path) -> str:
        """See `Reach.text`."""
        name = os.path.normpath(path)
        if name not in self.texts:
            self.permit(path)
            return text(path)
        return self.texts[name]
