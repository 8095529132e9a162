"""Loads boards by name or by file, and caches them on disk."""

from __future__ import annotations

import os

from ring1.isa import store
from ring1.isa.board import Board
from ring1.isa.files import SHIPPED, place, text
from ring1.isa.source import Fault, IsaError, Position

SUFFIX = ".board"


def shipped() -> list[str]:
    """Return the names of the boards that come with ring1."""
    return sorted(name.removesuffix(SUFFIX) for name in os.listdir(SHIPPED) if name.endswith(SUFFIX))


def find(name: str) -> str:
    """Find the description of the board called `name`, a shipped one or a file. Raises IsaError if there is neither."""
    path = os.path.join(SHIPPED, name + SUFFIX)
    if "/" not in name and os.path.isfile(path):
        return path
    if os.path.isfile(name):
        return name
    known = ", ".join(shipped())
    raise IsaError([Fault(Position(name), f"no such board; there are {known}, or give a file")])


def load(name: str) -> Board:
    """Load the board called `name` (see `find`). Raises IsaError with every fault of its description, OSError."""
    path = find(name)
    source = text(path)
    entry = store.key("board", place(path), source.encode())
    known: Board | None = store.load("board", entry)
    if known is None:
        from ring1.isa.board_reader import read  # the grammar is loaded only when it is needed

        known = read(path, source)
        store.save("board", entry, known)
    return known


def name(board: Board) -> str:
    """Return what `load` finds a board by."""
    return board.name if board.path == os.path.join(SHIPPED, board.name + SUFFIX) else board.path
