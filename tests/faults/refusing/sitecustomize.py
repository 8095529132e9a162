"""In a process that has this folder on its path: from the n-th on, calls of one kind are refused.

RING1_REFUSE is "CALL N ERRNO COUNT": calls N to N + COUNT - 1 fail.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

CALLS = ("mmap", "map_again", "mprotect", "memfd_create", "ftruncate", "open", "replace", "mkstemp", "thread")


def refuse(call: str, first: int, number: int, count: int) -> None:
    """Have calls fail from now on."""
    import mmap
    import tempfile
    import threading

    calls = 0

    def refusing(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if first <= calls < first + count:
                raise OSError(number, os.strerror(number))
            return real(*arguments, **options)

        return called

    places: dict[str, list[tuple[Any, str]]] = {
        "memfd_create": [(os, "memfd_create")],
        "ftruncate": [(os, "ftruncate")],
        "open": [(os, "open")],
        "replace": [(os, "replace")],
        "mkstemp": [(tempfile, "mkstemp")],
        "thread": [(threading.Thread, "start")],
    }
    if call in ("mmap", "map_again", "mprotect"):
        from ring1.dbt.native import libc

        places[call] = [(libc, call)] + ([(mmap, "mmap")] if call == "mmap" else [])
    for owner, name in places[call]:
        setattr(owner, name, refusing(getattr(owner, name)))


if "RING1_REFUSE" in os.environ:
    what, *numbers = os.environ["RING1_REFUSE"].split()
    refuse(what, *map(int, numbers))
