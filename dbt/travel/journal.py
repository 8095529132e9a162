"""The journal: what came to a machine from outside, and when. With it a run can be repeated."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.travel.body import Body
from ring1.dbt.travel.moment import Moment

Change = Callable[[Body], None]
"""Changes a machine between two instructions, each time in the same way."""


Entry = tuple[Moment, Change | bytes]
"""A change, and the moment at which it was made; bytes are what general registers and pc became."""


def fed(data: bytes) -> Change:
    """Console input."""
    return lambda body: body.source.feed(data)


def closed(body: Body) -> None:
    """The end of the console's input."""
    body.source.closed = True


def register_set(slot: int, value: int) -> Change:
    """A word of the state block."""

    def change(body: Body) -> None:
        body.cpu.s[slot] = value
        body.touched()

    return change


def control_set(name: str, value: int) -> Change:
    """A control register, written as the machine writes it for a program that may."""

    def change(body: Body) -> None:
        body.cpu.writers[name](body.cpu, value)
        body.touched()

    return change


def memory_set(address: int, data: bytes) -> Change:
    """Bytes of RAM, at a physical address."""

    def change(body: Body) -> None:
        body.vm.memory.write(address, data)
        body.touched()

    return change
