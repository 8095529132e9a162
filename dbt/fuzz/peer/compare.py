"""Comparison of what a peer has done with a batch with what the reference has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ring1.dbt.fuzz.listing import Malformed
from ring1.dbt.fuzz.peer import doubts, layout
from ring1.dbt.fuzz.peer.done import Done
from ring1.dbt.fuzz.peer.harness import Made, image
from ring1.dbt.fuzz.peer.reference import Outcome, reference
from ring1.isa.record import Record, replace

PAGE = 4096
MOST_ROWS = 12
"""The most differences of a program that are told."""
Run = Callable[[bytearray], Done]
"""Runs an image."""
Rows = list[tuple[str, str, str]]


class PeerDifference(Record):
    number: int
    """The program's place in the batch."""
    rows: tuple[tuple[str, str, str], ...]
    """What differs: name, the reference's value, the peer's value."""


class Compared(Record):
    differences: tuple[PeerDifference, ...]
    programs: int
    """Programs of which something was compared ..."""
    rounds: int
    """... how many rounds of theirs ..."""
    instructions: int
    """... and how many instructions these are."""
    cut: int
    """How many of these rounds were cut, and compared where they were."""
    doubts: Mapping[str, int]
    """Reason (doubts.py) -> how many rounds cannot be judged."""


def compared(programs: Sequence[Made | None], run: Run) -> Compared:
    """Run programs under the peer and under the reference."""
    ram = image(programs)
    done = run(ram)
    outcome = reference(ram, done)
    found = differences(outcome, done, len(programs))
    doubtful = {number for number in outcome.doubts if programs[number] is not None}
    reasons = dict[str, int]()
    for first, why in outcome.doubts.values():
        last = first + 1 if why == doubts.FAR else layout.ROUNDS  # it would not have been begun again
        reasons[why] = reasons.get(why, 0) + last - first
    if found and doubtful:  # a doubtful program may have stored anywhere, or ended the peer
        others = [None if number in doubtful else made for number, made in enumerate(programs)]
        again = compared(others, run)
        if not done.ended:
            both = {why: reasons.get(why, 0) + again.doubts.get(why, 0) for why in (*reasons, *again.doubts)}
            return replace(again, doubts=both)
        found = [each for each in found if each.number in doubtful] + list(again.differences)
    judged = {at: n for at, n in outcome.retired.items() if not doubted(outcome, at)}
    whole = {at // layout.ROUNDS for at in judged}
    cut = sum(at in judged for at in done.cuts)
    return Compared(tuple(found), len(whole), len(judged), sum(judged.values()), cut, reasons)


def doubted(outcome: Outcome, at: int) -> bool:
    """Can the round with this number not be judged?"""
    number, own = divmod(at, layout.ROUNDS)
    return number in outcome.doubts and own >= outcome.doubts[number][0]


def alone(made: Made, at: int, run: Run) -> PeerDifference | None:
    """Return how one program differs that is the only one in its batch, at this place."""
    try:
        found = compared([*(None,) * at, made], run)
    except Malformed:
        return None
    return found.differences[0] if found.differences else None


def differences(outcome: Outcome, done: Done, count: int) -> list[PeerDifference]:
    """Return the differences of what can be judged, by program."""
    found = dict[int, Rows]()
    want, got = outcome.done.ram, done.ram
    if not done.ended:
        last = int.from_bytes(got[layout.DONE : layout.DONE + 4], "little")
        return [PeerDifference(min(last, count - 1), (("end", "ends", "does not"),))]
    for at, reached in outcome.missed.items():
        told = done.cuts[at].registers if at in done.cuts else {}
        rows = [(name, told.get(name), word) for name, word in reached.registers.items() if told.get(name) != word]
        found[at // layout.ROUNDS] = [
            (f"round {at % layout.ROUNDS}, {name}", f"{word:#010x}", "ends" if other is None else f"{other:#010x}")
            for name, other, word in rows
        ]
    for page in range(0, layout.SIZE, PAGE):
        if want[page : page + PAGE] == got[page : page + PAGE]:
            continue
        for at in range(page, page + PAGE, 4):
            one, other = (int.from_bytes(ram[at : at + 4], "little") for ram in (want, got))
            if one != other:
                number, own, name = named(at, count)
                doubt = outcome.doubts.get(number)
                if doubt is None or (own is not None and own < doubt[0]):
                    found.setdefault(number, []).append((name, f"{one:#010x}", f"{other:#010x}"))
    return [PeerDifference(number, tuple(rows[:MOST_ROWS])) for number, rows in sorted(found.items())]


def named(at: int, count: int) -> tuple[int, int | None, str]:
    """Return the program that an offset in RAM belongs to, its round if that is known, and what is there."""
    record, word = divmod(at - layout.RECORDS, layout.RECORD_SIZE)
    number, own = divmod(record, layout.ROUNDS)
    if 0 <= number < count:
        name = layout.NAMES[word // 4] if word // 4 < len(layout.NAMES) else f"word {word // 4}"
        return number, own, f"round {own}, {name}"
    number = max(0, (at - layout.FIRST) // layout.STRIDE)
    return min(number, count - 1), None, f"[{layout.BASE + at:#x}]"
