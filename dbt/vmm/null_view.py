"""The null view that all machines of the process have in common: generated code that comes to it goes where the slot
MISS of its own state block leads to, which is to the VMM."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ring1.dbt.host.present import present
from ring1.dbt.mmu.view import View
from ring1.dbt.native.code import CodeMemory
from ring1.dbt.native.libc import PAGE
from ring1.isa.model import MOST_MODES


class NullView(View):
    """It is never closed, and nothing changes in it: machines that run in other threads use it."""

    def __init__(self, assemble: Callable[[str], bytes]) -> None:
        """Raises OSError."""
        super().__init__(range(MOST_MODES))
        host = present()
        code = host.go_miss(assemble)
        self.memory = CodeMemory(PAGE, host.stale, host.written)
        self.memory.allocate(len(code))
        self.memory.write(0, code)
        for mode in self.modes:
            self.open_jumps(mode, self.memory.address(0))

    def clear_jumps(self, miss: int) -> None:
        """Do nothing: they are empty, and stay so."""

    def close(self) -> None:
        """Do nothing."""


# Module-level state, on purpose: it depends on nothing but the host, and each machine would need 18 GiB of addresses.
_view: NullView | None = None
_lock = threading.Lock()


def null_view(assemble: Callable[[str], bytes]) -> NullView:
    """Return the null view, made at the first call. Raises OSError if the host refuses memory."""
    global _view
    with _lock:
        if _view is None:
            _view = NullView(assemble)
        return _view
