"""Paths that a guest has taken, and the traces to be made of them: where they begin, and which way they go.

A trace begins where a loop does (at the place that a jump back leads to, calls and returns apart), where the guest
strays from another trace, where another trace ends, or, if a path has no such place, where it was recorded. So a callee
is part of the loops that call it. A trace branches where the guest goes now one way and now the other, and what is
beyond it is a trace of its own, which ends where another one begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from ring1.dbt.translate.trace import Trace, along, tree

Way = tuple[int, ...]
"""A path from the beginning of a trace: the pcs of instructions, and the pc after them."""
Known = Callable[[int], Trace | None]
"""pc -> the trace that begins there, if one does."""

STEADY = 64
"""Instructions of a recorded path that goes round a trace without leaving it."""
MOST_TRACE, LEAST_TRACE = 128, 32
"""Most instructions of a trace; a trace that ends only because the recorded path does has LEAST_TRACE at least."""
UNROLLED = 64
"""Most instructions of a trace that unrolls a loop."""
MOST_TREE = 256
"""Most instructions of all ways of a trace."""
NEAR, FEW = 24, 3
"""Most instructions of several rounds of a loop that are one way of a trace, and how many different rounds there may be
for that."""
OFTEN = 4
"""Rounds of a loop that follow each other on average, from which on a trace unrolls them; if fewer do, it branches to
other ways through the loop."""


class Paths:
    """Finds the traces to be made of recorded paths."""

    def __init__(self, least: int, most: int) -> None:
        """`least`: how often a place has to be seen as a beginning before a trace is made from it; `most`: instructions
        of a path."""
        self.least = least
        self.most = most
        self.seen = Counter[object]()
        """How often each place was seen as a beginning of a trace that there is not yet."""

    def traces(
        self, path: Sequence[int], known: Known, back: Callable[[int], bool], place: Callable[[int], object]
    ) -> list[Trace]:
        """Return the traces to be made of a path: the pcs of instructions that the guest has executed one after the
        other, and the pc after them.

        `back(i)`: is the i-th instruction a jump, neither call nor return? `place`: what a pc is counted by.
        """
        made: dict[int, Trace] = {}
        looked_up = dict[int, Trace | None]()
        beginnings, i, end = 0, 0, len(path) - 1
        left = False

        def begun(pc: int) -> Trace | None:
            if pc not in looked_up:
                looked_up[pc] = known(pc)
            return looked_up[pc]

        while i < end:
            pc = path[i]
            begins = left or (i > 0 and pc <= path[i - 1] and back(i - 1))
            trace = begun(pc)
            if trace is None and begins:
                beginnings += 1
                self.seen[place(pc)] += 1
                if self.seen[place(pc)] >= self.least:
                    trace = cut(path, i, begun, len(path) > self.most)
                    if trace is not None:
                        made[pc] = looked_up[pc] = trace
            left = trace is not None
            i = trace.follow(path, i)[0] if trace is not None else i + 1
        if not beginnings and len(path) > 1 and known(path[0]) is None:
            whole = cut(path, 0, known, len(path) > self.most)
            return [whole] if whole is not None else []
        return list(made.values())


def follows(trace: Trace, path: Sequence[int]) -> bool:
    """Does the path go round the trace, and never leave it?"""
    i = 0
    while i < len(path):
        if path[i] != trace.pcs[0]:
            return False
        i, _ = trace.follow(path, i)
    return True


def cut(path: Sequence[int], i: int, begun: Known, full: bool) -> Trace | None:
    """Return the trace that begins where the path is at `i`; None if the path shows too little of it. `full`: the path
    ends only because it is as long as paths are."""
    start = path[i]
    rounds = rounds_of(path, start, begun)
    unrolled = repeated(rounds) if rounds else ()
    if unrolled:
        return along((*unrolled, start))
    if dispatches(rounds):
        ways = ways_along(path, start, begun, full)
        return tree(ways, MOST_TREE) if ways else None
    near = NEAR if len(set(rounds)) <= FEW else 0
    ways = [way for j, pc in enumerate(path[:-1]) if pc == start and (way := way_from(path, j, begun, near, full))]
    return tree([way for way, _ in Counter(ways).most_common()], MOST_TREE) if ways else None


def way_from(path: Sequence[int], i: int, begun: Known, most: int, full: bool) -> Way:
    """Return the way that the path takes from `i` until it comes back there, as often as it does within about `most`
    instructions, or to the beginning of another trace; empty if the path shows too little of it."""
    start, last, end = path[i], i, i
    for end in range(i + 1, min(len(path), i + MOST_TRACE + 1)):
        if path[end] == start:
            if end - i + end - last > most:
                break
            last = end
        elif end - i >= LEAST_TRACE and begun(path[end]) is not None:
            break
    else:
        if last > i:
            end = last
        elif full and end - i < LEAST_TRACE and end == len(path) - 1:
            return ()
    return tuple(path[i : end + 1])


def dispatches(rounds: Sequence[Way]) -> bool:
    """Does a loop dispatch, as an interpreter does: is there an instruction that three others follow, in turn?"""
    behind = dict[int, set[int]]()
    for way in set(rounds):
        for pc, following in pairwise(way):
            behind.setdefault(pc, set()).add(following)
    return any(len(places) > 2 for places in behind.values())


def ways_along(path: Sequence[int], start: int, begun: Known, full: bool) -> list[Way]:
    """Return the ways that a trace from `start` has to follow so that the path leaves it as seldom as possible."""
    ways = list[Way]()
    made: Trace | None = None
    at = path.index(start)
    while start in path[at:-1]:
        at = path.index(start, at)
        if made is not None:
            end, _ = made.follow(path, at)
            if end == len(path) or path[end] == start or begun(path[end]) is not None:
                at = end
                continue
        way = way_from(path, at, begun, MOST_TRACE, full)
        if not way:
            break
        ways.append(way)
        made = tree(ways, len(path))
        at += len(way) - 1
    return ways


def rounds_of(path: Sequence[int], start: int, begun: Known) -> list[Way]:
    """Return the rounds in which the path comes back to `start`; none if it reaches the beginning of another trace."""
    returns = [n for n, pc in enumerate(path) if pc == start]
    within = path[returns[0] : returns[-1]]
    if any(pc != start and begun(pc) is not None for pc in within):
        return []
    return [tuple(path[a:b]) for a, b in pairwise(returns)]


def repeated(rounds: Sequence[Way]) -> Way:
    """Return the rounds of a loop that the guest is likely to take next, all of them together; empty if they differ
    too much.

    Rounds may repeat in turn, such as those of an inner loop of three rounds and the way round the outer one.
    """
    for period in range(1, len(rounds) // 2 + 1):
        turn = rounds[:period]
        whole = sum(map(len, turn))
        if whole <= MOST_TRACE and all(a == b for a, b in zip(rounds, rounds[period:], strict=False)):
            return tuple(pc for way in turn for pc in way) * max(1, UNROLLED // whole)
    (most, times), *_ = Counter(rounds).most_common(1)
    in_turn = times // (len(rounds) - times + 1)
    return most * max(1, min(UNROLLED // len(most), in_turn)) if in_turn >= OFTEN else ()
