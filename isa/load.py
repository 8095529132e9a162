"""Loads machines by name or by file, and caches them on disk."""

from __future__ import annotations

import os

from ring1.isa import store
from ring1.isa.files import SHIPPED, contents, place
from ring1.isa.model import Isa
from ring1.isa.source import Fault, IsaError, Position


def shipped() -> list[str]:
    """Return the names of the machines that come with ring1."""
    return sorted(name.removesuffix(".isa") for name in os.listdir(SHIPPED) if name.endswith(".isa"))


def find(name: str) -> str:
    """Find the description called `name`, a shipped one or a file. Raises IsaError if there is neither."""
    path = os.path.join(SHIPPED, f"{name}.isa")
    if "/" not in name and os.path.isfile(path):
        return path
    if os.path.isfile(name):
        return name
    known = ", ".join(shipped())
    message = f"no such machine; there are {known}, or give a description file"
    raise IsaError([Fault(Position(name), message)])


def load(name: str) -> Isa:
    """Load the machine called `name` (see `find`). Raises IsaError with every fault of its description."""
    path = find(name)
    try:
        entry = store.key("isa", place(path))
        cached = store.load("isa", entry)
        # A description may extend others: the entry records the contents of all of them.
        if cached is not None and all(contents(file) == text for file, text in cached[0].items()):
            isa: Isa = cached[1]
            return isa
    except OSError:
        pass
    from ring1.isa.read import read  # the grammar is loaded only when it is needed

    try:
        made = read(path)
        store.save("isa", entry, ({file: contents(file) for file in made.files}, made))
    except OSError as error:
        raise IsaError([Fault(Position(path), error.strerror or str(error))]) from None
    return made
