"""Calls from Python into a function of the guest's."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence

from ring1.dbt.api.errors import CallFailed
from ring1.dbt.api.places import Place
from ring1.dbt.api.registers import Now, changing
from ring1.dbt.api.values import fitting
from ring1.dbt.travel.probe import RETURNED, Interest
from ring1.isa.model import Isa

LINK, STACK = "ra", "sp"
"""Registers of the calling convention: that of RISC-V's ilp32e, which PG32 shares (docs/c.md)."""
ARGUMENTS = ("a0", "a1", "a2", "a3", "a4", "a5")
ALIGNMENT = 16
"""Bytes, of the stack pointer."""
NOT_CODE = 0xFFFFFFFC
"""The return address: the last word of the address space, where no program can have code that anybody calls."""


class Convention:
    """Where arguments, result and return address are, by the names of registers."""

    def __init__(self, isa: Isa) -> None:
        """Raises CallFailed if the machine has no such registers."""
        numbers = isa.register_numbers
        missing = [name for name in (LINK, STACK, *ARGUMENTS) if name not in numbers]
        if missing:
            raise CallFailed(f"{isa.name} has no calling convention: there is no register {missing[0]}")
        self.link, self.stack = numbers[LINK], numbers[STACK]
        self.arguments = [numbers[name] for name in ARGUMENTS]
        self.pc = isa.slots["pc"]


class Calls:
    """Calls functions as code of the guest's would, from where it is, and puts the registers back."""

    def __init__(self, now: Now, where: Callable[[Place], int]) -> None:
        self.now = now
        self.where = where
        self.convention: Convention | None = None
        self.interest = Interest(returns=NOT_CODE)

    def call(self, function: Place, arguments: Sequence[int], most: int) -> int:
        """Call a function, for at most so many instructions. Raises CallFailed or BadValue, with the machine
        as it was."""
        timeline = changing(self.now)
        convention = self.convention
        if convention is None:
            convention = self.convention = Convention(timeline.body.kind.isa)
        numbers, at = convention.arguments, self.where(function)
        if len(arguments) > len(numbers):
            raise CallFailed(f"a call has {len(numbers)} arguments at most, not {len(arguments)}")
        timeline.cut()
        first, done, words = timeline.now, timeline.done, timeline.body.cpu.s
        before = words[: convention.pc + 1].tobytes()
        own = array("I", before)
        for number, value in zip(numbers, arguments, strict=False):
            own[number] = fitting(value)
        own[convention.link], own[convention.pc] = NOT_CODE, at
        own[convention.stack] &= -ALIGNMENT
        stop = timeline.call(own.tobytes(), self.interest, first.retired + most)
        if stop.reason != RETURNED:
            place = timeline.body.cpu.pc
            timeline.undo(first, done)
            raise CallFailed(f"{function} has not returned: {stop.reason}, at {place:#x}")
        result = words[numbers[0]]
        timeline.put(before)
        return result
