"""The page walks and the flush of the TLB in a code memory: placed when they are first wanted, gone when the code
memory is emptied. See ring1.dbt.host.x86_64.walk and flush.
"""

from __future__ import annotations

from contextlib import suppress

from ring1.dbt.cache.supply import Supply
from ring1.dbt.host.interface import Stubs
from ring1.dbt.machine.state import FLUSH, FLUSH_PAGE, REFILLS, State
from ring1.dbt.native.code import CodeFull, CodeMemory
from ring1.dbt.native.mappings import Short


class Walks:
    """Owns the slots REFILLS, FLUSH and FLUSH_PAGE of a state block."""

    def __init__(self, quads: memoryview, memory: CodeMemory, supply: Supply, walks: bool, flush: bool) -> None:
        """`quads`: of the state block. `walks`, `flush`: whether there are to be any."""
        self.quads = quads
        self.memory = memory
        self.supply = supply
        self.walks = walks
        self.flush = flush
        self.wanted, self.flush_wanted = False, False

    def remove(self, stubs: Stubs, observed: bool) -> None:
        """Leave all of it to the VMM. `observed`: exits are, so that a flush stays one."""
        first = State.quad(REFILLS)
        self.quads[first] = self.quads[first + 1] = stubs.look
        self.quads[State.quad(FLUSH)] = self.quads[State.quad(FLUSH_PAGE)] = stubs.refuse
        self.wanted, self.flush_wanted = self.walks, self.flush and not observed

    def place(self) -> None:
        """Put the walks into the code memory if they are wanted and there is room."""
        if self.wanted:
            self.wanted = False
            with suppress(Short):
                for n, code in enumerate(self.supply.walks()):
                    self.put(code, State.quad(REFILLS) + n)

    def place_flush(self) -> None:
        """The same with the flush."""
        if self.flush_wanted:
            self.flush_wanted = False
            with suppress(Short):
                self.put(self.supply.flush(), State.quad(FLUSH))
                if self.supply.by_page:
                    self.put(self.supply.flush(page=True), State.quad(FLUSH_PAGE))

    def put(self, code: bytes, quad: int) -> None:
        """Put code into the code memory, if there is room, and its address into a quadword of the state block."""
        with suppress(CodeFull):
            at = self.memory.allocate(len(code))
            self.memory.write(at, code)
            self.quads[quad] = self.memory.address(at)
