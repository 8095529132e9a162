"""What is fed with malformed input."""

from __future__ import annotations

import abc
from pathlib import Path
from random import Random
from typing import ClassVar

ROOT = Path(__file__).resolve().parents[2]


class Target(abc.ABC):
    """A reader of ring1's. `folder` is where it may put files."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abc.abstractmethod
    def make(self, r: Random) -> bytes:
        """An input, most likely a bad one."""

    @abc.abstractmethod
    def feed(self, data: bytes) -> str:
        """Have it read: how that ended, in a word. Raises whatever is no documented end."""


class Undocumented(Exception):
    """An end that the documentation does not know."""
