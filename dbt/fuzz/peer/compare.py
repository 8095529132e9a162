"""Comparison of what a peer has done with a batch with what the reference has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import Lines, Malformed
from ring1.dbt.fuzz.peer import layout
from ring1.dbt.fuzz.peer.batch import Outcome, image, reference
from ring1.isa.record import Record

PAGE = 4096
MOST_ROWS = 12
"""The most differences of a program that are told."""
Run = Callable[[bytearray], tuple[bytes, bool]]
"""Runs an image; returns RAM, and whether the image has ended."""
Made = tuple[Facts, Lines]


class PeerDifference(Record):
    number: int
    """The program's place in the batch."""
    rows: tuple[tuple[str, str, str], ...]
    """What differs: name, the reference's value, the peer's value."""


class Compared(Record):
    differences: tuple[PeerDifference, ...]
    programs: int
    """Programs that were compared."""
    instructions: int
    endless: int
    """Programs that do not end, and are left out ..."""
    opened: int
    """... those that use page-table entries which they have changed and not flushed, ..."""
    split: int
    """... those that access data in the name of another mode, by MPRV, ..."""
    unlike: int
    """... and those that name a control register which the peer has otherwise."""


def compared(programs: Sequence[Made | None], run: Run) -> Compared:
    """Run programs under the reference and under the peer."""
    kept = list(programs)
    left_out = {"endless": set[int](), "opened": set[int](), "split": set[int](), "unlike": set[int]()}
    while True:
        ram = image(kept)
        outcome = reference(ram, len(kept))
        out = set[int]()
        for name, numbers in left_out.items():
            numbers |= getattr(outcome, name) - out
            out |= getattr(outcome, name)
        if not out:
            break
        kept = [None if number in out else made for number, made in enumerate(kept)]
    got, ended = run(ram)
    count = sum(made is not None for made in kept)
    found = differences(outcome, got, ended, len(kept))
    counts = {name: len(numbers) for name, numbers in left_out.items()}
    return Compared(tuple(found), count, outcome.instructions, **counts)


def alone(made: Made, at: int, run: Run) -> PeerDifference | None:
    """Return how one program differs that is the only one in its batch, at this place."""
    try:
        found = compared([*(None,) * at, made], run)
    except Malformed:
        return None
    return found.differences[0] if found.differences else None


def differences(outcome: Outcome, got: bytes, ended: bool, count: int) -> list[PeerDifference]:
    """Return the differences, by program. What an endless one has done to others is not told."""
    found = dict[int, list[tuple[str, str, str]]]()
    want = outcome.ram
    if not ended:
        last = int.from_bytes(got[layout.DONE : layout.DONE + 4], "little")
        return [PeerDifference(min(last, count - 1), (("end", "ends", "does not"),))]
    if want == got:
        return []
    for page in range(0, layout.SIZE, PAGE):
        if want[page : page + PAGE] != got[page : page + PAGE]:
            for at in range(page, page + PAGE, 4):
                one, other = (int.from_bytes(ram[at : at + 4], "little") for ram in (want, got))
                if one != other:
                    number, name = named(at, count)
                    found.setdefault(number, []).append((name, f"{one:#010x}", f"{other:#010x}"))
    return [PeerDifference(number, tuple(rows[:MOST_ROWS])) for number, rows in sorted(found.items())]


def named(at: int, count: int) -> tuple[int, str]:
    """Return the program that an offset in RAM belongs to, and what is there."""
    record, word = divmod(at - layout.RECORDS, layout.RECORD_SIZE)
    if 0 <= record < count:
        return record, layout.NAMES[word // 4] if word // 4 < len(layout.NAMES) else f"word {word // 4}"
    number = max(0, (at - layout.FIRST) // layout.STRIDE)
    return min(number, count - 1), f"[{layout.BASE + at:#x}]"
