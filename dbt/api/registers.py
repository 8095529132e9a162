"""The registers of a machine by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping

from ring1.dbt.api.errors import BadValue, Busy, MachineError, UnknownName
from ring1.dbt.api.values import fitting
from ring1.dbt.travel.journal import control_set, register_set
from ring1.dbt.travel.timeline import Timeline
from ring1.isa.asm.near import suggestion

Now = Callable[[], Timeline]
"""Returns the timeline of a machine that is not closed. Raises Closed."""


def changing(now: Now) -> Timeline:
    """Return the timeline of a machine that is about to be run or changed. Raises Busy, Closed."""
    timeline = now()
    if timeline.body.probe.live:
        raise Busy("the machine is running: it can be looked at, and told to stop")
    return timeline


def meant(name: object, known: Iterable[str]) -> str:
    """Return what may have been meant by an unknown name, as the end of a message."""
    return suggestion(name, known) if isinstance(name, str) else ": registers have names"


class Registers(MutableMapping[str, int]):
    """The general registers, by any of their names; iterating gives the preferred ones, in order."""

    def __init__(self, now: Now) -> None:
        self.now = now
        isa = now().body.kind.isa
        self.numbers = isa.register_numbers
        self.names = [names[0] for names in isa.registers]
        self.hardwired = isa.hardwired

    def number(self, name: str) -> int:
        if name not in self.numbers:
            raise UnknownName(f"there is no register {name!r}{meant(name, self.numbers)}")
        return self.numbers[name]

    def __getitem__(self, name: str) -> int:
        return self.now().body.cpu.s[self.number(name)]

    def __setitem__(self, name: str, value: int) -> None:
        """Set a register. Raises BadValue if the value does not fit, or the register is hardwired to another."""
        number, word = self.number(name), fitting(value)
        if number not in self.hardwired:
            changing(self.now).change(register_set(number, word))
        elif word != self[name]:
            raise BadValue(f"{name} is always {self[name]}")

    def __delitem__(self, name: str) -> None:
        raise MachineError("a machine keeps its registers")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Controls(MutableMapping[str, int]):
    """The control registers by their names, as code sees them that may read and write them."""

    def __init__(self, now: Now) -> None:
        self.now = now
        self.known = now().body.kind.isa.controls

    def check(self, name: str) -> None:
        if name not in self.known:
            raise UnknownName(f"there is no control register {name!r}{meant(name, self.known)}")

    def __getitem__(self, name: str) -> int:
        self.check(name)
        return self.now().body.cpu.control(name)

    def __setitem__(self, name: str, value: int) -> None:
        """Write a register; bits that cannot be written keep their values. Raises BadValue if the value does not
        fit."""
        self.check(name)
        changing(self.now).change(control_set(name, fitting(value)))

    def __delitem__(self, name: str) -> None:
        raise MachineError("a machine keeps its control registers")

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
