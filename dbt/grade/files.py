"""Which files the names in a case stand for, and which files these may name."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

from ring1.isa.asm.sources import Reach
from ring1.isa.record import Record


class Files(Record):
    """The files of cases that are in `folder`. Those called as in `others` are elsewhere: a submission's among an
    assignment's, or the reference among a submission's tests."""

    folder: Path
    others: Mapping[str, Path]
    untrusted: Path | None = None
    """The folder of whoever is not trusted."""

    def path(self, name: str) -> Path:
        return self.others[name] if name in self.others else self.folder / name

    def shown(self, text: str) -> str:
        """Return a text with the names of files as their authors know them."""
        for root in (self.untrusted, self.folder):
            if root is not None:
                text = text.replace(f"{root}/", "")
        return text

    @property
    def reach(self) -> Reach:
        return Apart(self.untrusted) if self.untrusted is not None else Reach()


class Apart(Reach):
    """Files below a root name only files below it; all others may name what they like."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def find(self, folder: Path, name: str) -> Path:
        if not folder.resolve().is_relative_to(self.root):
            return super().find(folder, name)
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise OSError(errno.EACCES, "only files of the submission may be named")
        found = folder / name
        if not found.is_file():
            raise OSError(errno.ENOENT, "there is no such file in the submission")
        if not found.resolve().is_relative_to(self.root):
            raise OSError(errno.EACCES, "it lies outside of the submission")
        return found
