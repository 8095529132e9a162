"""The routines in a code memory: placed when they are first called for, gone when the code memory is emptied."""

from __future__ import annotations

from contextlib import suppress

from ring1.dbt.cache.supply import Supply
from ring1.dbt.machine.state import ROUTINE_SLOTS, ROUTINES, State
from ring1.dbt.native.code import CodeFull, CodeMemory


class Routines:
    """Owns the slots of routines in a state block: each has a routine's address, or that of the stub that leaves."""

    def __init__(self, quads: memoryview, memory: CodeMemory, supply: Supply) -> None:
        """`quads`: of the state block."""
        self.quads = quads
        self.memory = memory
        self.supply = supply
        self.asked: set[int] = set()
        """Slots whose routines have been asked for since the last `remove`."""

    def remove(self, leave: int) -> None:
        """Have all slots lead to the stub at address `leave`."""
        first = State.quad(ROUTINES)
        for n in range(ROUTINE_SLOTS):
            self.quads[first + n] = leave
        self.asked.clear()

    def place(self, slot: int) -> None:
        """Put the routine of a slot into the code memory if there can be one and there is room."""
        if slot in self.asked:
            return
        self.asked.add(slot)
        code = self.supply.routine(slot)
        if code is not None:
            with suppress(CodeFull):
                at = self.memory.allocate(len(code))
                self.memory.write(at, code)
                self.quads[State.quad(slot)] = self.memory.address(at)
