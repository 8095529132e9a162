"""A trace: the ways through guest code that it follows, as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Trace(NamedTuple):
    """A tree of ways. The first begins where the trace does; each other one where the guest may leave an earlier one.

    Instructions are numbered through all ways, one after the other.
    """

    pcs: tuple[int, ...]
    """The guest instructions of all ways."""
    after: tuple[int, ...]
    """For each way, the pc behind its last instruction."""
    branches: tuple[tuple[int, int], ...] = ()
    """For each way but the first: the instruction after which the guest takes it, and its own first instruction."""

    def begins(self) -> tuple[int, ...]:
        """Return the first instruction of each way."""
        return (0, *(begin for _, begin in self.branches))

    def ends(self) -> tuple[int, ...]:
        """Return the number behind the last instruction of each way."""
        return (*(begin for _, begin in self.branches), len(self.pcs))

    def keep(self, wanted: Sequence[bool]) -> Trace:
        """Return the trace with these of its ways: the first, and those whose beginnings are still there."""
        moved = dict[int, int]()
        pcs, after, branches = list[int](), list[int](), list[tuple[int, int]]()
        for n, (begin, end) in enumerate(zip(self.begins(), self.ends(), strict=True)):
            fork = self.branches[n - 1][0] if n else -1
            if not n or (wanted[n] and fork in moved):
                moved |= {old: len(pcs) + old - begin for old in range(begin, end)}
                branches += [(moved[fork], len(pcs))] if n else []
                pcs += self.pcs[begin:end]
                after.append(self.after[n])
        return Trace(tuple(pcs), tuple(after), tuple(branches))

    def follow(self, path: Sequence[int], i: int) -> tuple[int, int]:
        """Return where a path of pcs, which is at the beginning of the trace at `i`, leaves the trace or comes to the
        end of a way, and the last instruction that it took before."""
        pcs, at, end = self.pcs, 0, len(path)
        forks = {fork for fork, _ in self.branches}
        ends = set(self.ends())
        for n in range(i + 1, end):
            pc = path[n]
            if at in forks:
                for fork, begin in self.branches:
                    if fork == at and pcs[begin] == pc:
                        at = begin
                        break
                else:
                    at += 1
                    if at in ends or pcs[at] != pc:
                        return n, at - 1
                continue
            at += 1
            if at in ends or pcs[at] != pc:
                return n, at - 1
        return end, at


def along(path: Sequence[int]) -> Trace:
    """Return the trace along one path: the pcs of its instructions, and the pc after them."""
    return Trace(tuple(path[:-1]), (path[-1],))


def tree(ways: Sequence[Sequence[int]], most: int) -> Trace:
    """Return the trace that follows these ways, each a path from the same pc, the most important first; those that
    would make it longer than `most` instructions are left out."""
    made = along(ways[0])
    for way in ways[1:]:
        n, at = made.follow(way[:-1], 0)
        rest = tuple(way[n:-1])
        if rest and len(made.pcs) + len(rest) <= most and distinct(made, at, rest[0]):
            branches = (*made.branches, (at, len(made.pcs)))
            made = Trace((*made.pcs, *rest), (*made.after, way[-1]), branches)
    return made


def distinct(trace: Trace, at: int, pc: int) -> bool:
    """Does instruction `at` lead elsewhere than to `pc`, if it is the last of its way?"""
    return all(end != at + 1 or after != pc for end, after in zip(trace.ends(), trace.after, strict=True))
