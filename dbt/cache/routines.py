"""The host code of routines, made once for a machine, a policy and registers, and remembered from earlier runs."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from weakref import WeakValueDictionary

from ring1.isa import store

KIND = "routines"


def shared(name: str) -> RememberedRoutines:
    """Return what is remembered under a name, which all machines of the process have in common."""
    with _lock:
        found = _present.get(name)
        if found is None:
            found = _present[name] = RememberedRoutines(name)
        return found


class RememberedRoutines:
    """Routines by slot: their host code, or None where there can be none. With an empty `name` nothing is loaded or
    saved."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.known: dict[int, bytes | None] | None = None
        self.changed = False

    def get(self, slot: int, make: Callable[[int], bytes | None]) -> bytes | None:
        """Return the host code of a routine; `make` makes it if it is unknown."""
        if self.known is None:
            self.known = (self.name and store.load(KIND, self.name)) or {}
        if slot not in self.known:
            self.known[slot] = make(slot)
            self.changed = True
        return self.known[slot]

    def save(self) -> None:
        """Save the routines if there are new ones."""
        if self.changed and self.name:
            store.save(KIND, self.name, self.known)
        self.changed = False


# Module-level state, on purpose: it is a view of the store, which is the process's as well.
_present: WeakValueDictionary[str, RememberedRoutines] = WeakValueDictionary()
_lock = Lock()
