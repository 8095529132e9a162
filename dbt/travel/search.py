"""Looking back along a timeline: the last moment before the present one at which something was so.

The run is gone over again in windows, the last one first, each longer than the one before it: so the costs depend on
how far away the answer is, and not on how often something else was so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ring1.dbt.travel.moment import Moment
from ring1.dbt.travel.probe import ENTRY, Condition, Interest
from ring1.dbt.travel.timeline import Halted, Timeline
from ring1.dbt.travel.watch import Watch
from ring1.isa.record import Record

WINDOW = 1 << 13
"""Instructions of the first window."""
GROWTH = 4


class Write(Record):
    """A write that has been seen when so many instructions had retired, and what the watched bytes were and became."""

    retired: int
    before: bytes
    after: bytes


class Seen:
    """What happened last in a window."""

    def __init__(self) -> None:
        self.stop: tuple[int, int] | None = None
        """Instructions retired, and pc."""
        self.write: Write | None = None

    @property
    def retired(self) -> int:
        """When something happened last; -1 if nothing did."""
        return max(self.stop[0] if self.stop else -1, self.write.retired if self.write else -1)


def windows(first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of counts that end at `end`, and before one another, down to `first`."""
    length = WINDOW
    while end > first:
        yield max(end - length, first), end
        end, length = max(end - length, first), length * GROWTH


def last(timeline: Timeline, stops: dict[int, Condition], watches: tuple[Watched, ...]) -> Seen:
    """Go back to the last moment before the present one at which the machine was about to execute one of `stops` whose
    condition held, or an instruction stored to watched bytes: the moment before that. If there is none, the machine is
    at its beginning. Raises Halted for "interrupt"."""
    here = timeline.now
    found = Seen()
    interest = observing(timeline, stops, watches, found)
    if here.entries:
        within(timeline, here, stops, found)
        if found.stop is not None:
            return found
    for low, high in windows(timeline.start.retired, here.retired):
        timeline.go(Moment(low))
        stop = timeline.run(high, interest)
        if timeline.now.retired < high:
            raise Halted(stop, timeline.now)
        if found.retired >= 0:
            settle(timeline, found)
            return found
    timeline.go(timeline.start)
    return found


def within(timeline: Timeline, here: Moment, stops: dict[int, Condition], found: Seen) -> None:
    """Look at the moments at the present count before the present one, the last one first."""
    for entries in range(here.entries - 1, -1, -1):
        timeline.go(Moment(here.retired, entries))
        pc = timeline.body.cpu.pc
        if pc in stops and stops[pc]():
            found.stop = here.retired, pc
            return


def observing(timeline: Timeline, stops: dict[int, Condition], watches: tuple[Watched, ...], found: Seen) -> Interest:
    """Return an interest that notes everything and stops nowhere."""

    def noting(pc: int, condition: Condition) -> Condition:
        def note() -> bool:
            if condition():
                found.stop = timeline.body.cpu.retired, pc
            return False

        return note

    def note(write: Write) -> None:
        found.write = write

    return Interest(
        {pc: noting(pc, condition) for pc, condition in stops.items()},
        watches=tuple(watch for watched in watches if not watched.loads for watch in watched.watches(timeline, note)),
        reads=tuple(watch for watched in watches if watched.loads for watch in watched.watches(timeline, note)),
    )


def settle(timeline: Timeline, found: Seen) -> None:
    """Go to the moment of what was seen last."""
    if found.stop is None or found.retired > found.stop[0]:
        found.stop = None
        timeline.last_at(found.retired)
        return
    if found.write is not None and found.write.retired == found.stop[0]:
        # The instruction that writes is the one that retires: behind every trap at this count.
        timeline.last_at(found.retired)
        if timeline.body.cpu.pc != found.stop[1]:
            found.stop = None
        return
    found.write = None
    retired, pc = found.stop
    timeline.go(Moment(retired))
    at = timeline.now if timeline.body.cpu.pc == pc else None
    while timeline.step().reason == ENTRY:
        if timeline.body.cpu.pc == pc:
            at = timeline.now
    timeline.go(at or Moment(retired))


class Watched(Record):
    """Bytes of RAM whose loads or stores are looked for; with `changes`, only stores that change them."""

    start: int
    end: int
    loads: bool = False
    changes: bool = False

    def watches(self, timeline: Timeline, note: Callable[[Write], None]) -> tuple[Watch, ...]:
        """Return the watches that call `note` for each of them."""
        held = [b""]

        def act(address: int, length: int) -> bool:
            held[0] = timeline.body.vm.memory.read(self.start, self.end - self.start)
            if self.loads:
                note(Write(timeline.body.cpu.retired, held[0], held[0]))
            return False

        def told(address: int, data: bytes) -> None:
            after = timeline.body.vm.memory.read(self.start, self.end - self.start)
            if not self.loads and (after != held[0] or not self.changes):
                note(Write(timeline.body.cpu.retired, held[0], after))

        return (Watch(self.start, self.end, act, told),)
