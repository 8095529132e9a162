"""Hooks: functions of the user's that are called as a machine runs. They change nothing that the guest can see."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.travel.probe import Interest
from ring1.dbt.travel.watch import Watch
from ring1.isa.model import Words
from ring1.isa.record import Record


class Part(Record):
    """What one hook asks of the probe."""

    told: Callable[[int, int], None] | None = None
    entered: Callable[[int, int, int], None] | None = None
    exits: Callable[[str], None] | None = None
    at: tuple[int, ...] = ()
    """Addresses at which `visited` is called."""
    visited: Callable[[int], None] | None = None
    watches: tuple[Watch, ...] = ()
    reads: tuple[Watch, ...] = ()


class Hook:
    """A hook that is in place until `remove` is called, or the `with` statement that it is used in ends."""

    def __init__(self, hooks: Hooks, part: Part) -> None:
        self.hooks = hooks
        self.part = part

    def remove(self) -> None:
        """Remove it; safe to call twice."""
        self.hooks.remove(self)

    def __enter__(self) -> Hook:
        return self

    def __exit__(self, *error: object) -> None:
        self.remove()


class Hooks:
    """The hooks of one machine."""

    def __init__(self) -> None:
        self.all: tuple[Hook, ...] = ()
        self.made: dict[frozenset[int], Interest] = {}
        """Addresses at which a run stops -> the interest of such a run."""

    def add(self, part: Part) -> Hook:
        made = Hook(self, part)
        self.all = (*self.all, made)
        self.made.clear()
        return made

    def remove(self, hook: Hook) -> None:
        self.all = tuple(other for other in self.all if other is not hook)
        self.made.clear()

    def interest(self, stops: frozenset[int] = frozenset()) -> Interest:
        """Return the interest of a run that stops at these addresses; the same object if nothing has changed."""
        if stops not in self.made:
            self.made[stops] = self.make(stops)
        return self.made[stops]

    def make(self, stops: frozenset[int]) -> Interest:
        parts = [hook.part for hook in self.all]
        visited: dict[int, list[Callable[[int], None]]] = {}
        for part in parts:
            for at in part.at if part.visited else ():
                visited.setdefault(at, []).append(part.visited)  # type: ignore[arg-type]
        exits = [part.exits for part in parts if part.exits is not None]

        def exited(reason: str) -> None:
            for tell in exits:
                tell(reason)

        return Interest(
            {at: passing(at, tuple(visited.get(at, ())), at in stops) for at in stops | visited.keys()},
            tuple(part.told for part in parts if part.told is not None),
            tuple(part.entered for part in parts if part.entered is not None),
            tuple(watch for part in parts for watch in part.watches),
            tuple(watch for part in parts for watch in part.reads),
            exited if exits else None,
        )


def passing(at: int, visited: tuple[Callable[[int], None], ...], stops: bool) -> Callable[[], bool]:
    """Return the condition of a stop at which hooks are called."""

    def condition() -> bool:
        for tell in visited:
            tell(at)
        return stops

    return condition


class Blocks:
    """Tells where a basic block begins, as the guest executes: wherever control does not come from the instruction
    before. With paging on, addresses are the guest's."""

    def __init__(self, tell: Callable[[int], None], words: Words) -> None:
        self.tell = tell
        self.words = words
        self.next = -1

    def __call__(self, pc: int, word: int) -> None:
        if pc != self.next:
            self.tell(pc)
        self.next = pc + self.words.size(word)
