"""The routines that there are, by the slots through which they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from ring1.dbt.host.interface import Assembler
from ring1.dbt.native import slots
from ring1.dbt.translate.interrupts import look, wait
from ring1.dbt.translate.routine import Routine

ROUTINES: Mapping[int, Callable[[Routine], None]] = {
    slots.TAKE: Routine.take,
    slots.LOOK_AROUND: look,
    slots.TIME_UP: partial(look, at_end=True),
    slots.WAIT: wait,
}
"""Slot -> what lowers the routine that is called through it."""


def lowered(slot: int, routine: Routine) -> Assembler:
    """Return the assembler that has written the routine of a slot. Raises Unsupported."""
    routine.begin()
    ROUTINES[slot](routine)
    routine.finish()
    return routine.host
