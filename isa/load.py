"""Machines by name or by file, read once and then taken from the cache."""

from __future__ import annotations

from pathlib import Path

from isa import store
from isa.model import Isa
from isa.source import Fault, IsaError, Position

SHIPPED = Path(__file__).parent


def shipped() -> list[str]:
    """Names of the machines that come with ring1."""
    return sorted(path.stem for path in SHIPPED.glob("*.isa"))


def find(name: str) -> Path:
    """The description called `name`: one that is shipped, or a file. Raises IsaError if there is neither."""
    path = SHIPPED / f"{name}.isa"
    if "/" not in name and path.is_file():
        return path
    if Path(name).is_file():
        return Path(name)
    known = ", ".join(shipped())
    message = f"no such machine; there are {known}, or give a description file"
    raise IsaError([Fault(Position(name), message)])


def load(name: str) -> Isa:
    """The machine called `name` (see `find`). Raises IsaError with every fault of its description."""
    path = find(name)
    try:
        entry = store.key("isa", str(path.resolve()))
        cached = store.load("isa", entry)
        # A description may extend others: the entry says what all of them contained.
        if cached is not None and all(Path(f).read_bytes() == text for f, text in cached[0].items()):
            isa: Isa = cached[1]
            return isa
    except OSError:
        pass
    from isa.read import read  # the grammar's reader is only needed here

    try:
        made = read(str(path))
        store.save("isa", entry, ({f: Path(f).read_bytes() for f in made.files}, made))
    except OSError as error:
        raise IsaError([Fault(Position(str(path)), error.strerror or str(error))]) from None
    return made
