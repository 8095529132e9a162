"""The traces that paths show to be worth making. A path is written as letters, one for each instruction."""

from __future__ import annotations

from random import Random

import pytest

from ring1.dbt.translate.trace import Trace, along, tree
from ring1.dbt.vmm.paths import MOST_TRACE, MOST_TREE, UNROLLED, Paths, follows


def traces(path: str, known: str = "", least: int = 2, most: int = 1000) -> list[str]:
    """The traces made of a path, of which those in `known` begin already: the ways of each, with where they lead to.

    Upper-case letters are calls, and x and y return: they may lead back, but begin no loop. "a" is before "b" in
    memory, and so on.
    """
    pcs = [4 * ord(letter.lower()) for letter in path]
    there = {4 * ord(trace[0]): along([4 * ord(letter) for letter in trace]) for trace in known.split()}

    def back(i: int) -> bool:
        return path[i].islower() and path[i] not in "xy"

    return [spelt(trace) for trace in Paths(least, most).traces(pcs, there.get, back, lambda pc: pc)]


def spelt(trace: Trace) -> str:
    ways = zip(trace.begins(), trace.ends(), trace.after, strict=True)
    return " ".join("".join(chr(pc // 4) for pc in (*trace.pcs[a:b], after)) for a, b, after in ways)


def numbered(*ways: str) -> Trace:
    return tree([[ord(letter) for letter in way] for way in ways], 100)


def test_a_loop_with_a_call_is_one_trace() -> None:
    """It begins at the loop and has the callee in it, though the callee is what the path begins with."""
    assert traces("pxf" + "bcDpxf" * 5 + "b") == ["bcdpxf" * (UNROLLED // 6) + "b"]


def test_a_callee_of_two_loops_begins_no_trace() -> None:
    made = traces("bcDpxf" * 4 + "gh" + "jkLpxm" * 4 + "n")
    assert sorted(trace[0] for trace in made) == ["b", "j"]


def test_recursion_without_a_loop_is_traced_from_where_it_was_recorded() -> None:
    (made,) = traces("Bcxd" * 3 + "b", least=1)
    assert made.startswith("bcxd")


def test_a_place_is_seen_twice_before_a_trace_is_made() -> None:
    assert traces("abcd" + "bcd" + "e") == []
    assert traces("abcd" + "bcd" * 2 + "e") != []


def test_the_guest_strays_to_where_another_trace_begins() -> None:
    """The way out of the inner loop and back to it is a trace, which goes on a little in the loop."""
    path = ("fgh" * 19 + "j" + "cde") * 3 + "fgh"
    assert traces(path, known="fghf") == ["jcde" + "fgh" * 10 + "f"]


def test_alternating_rounds_are_taken_in_turn() -> None:
    (made,) = traces("bcf" + "bdf" + ("bcf" + "bdf") * 6 + "b")
    assert made == "bcfbdf" * (UNROLLED // 6) + "b"


def test_an_inner_loop_of_three_rounds_is_part_of_the_outer_one() -> None:
    (made,) = traces("cde" * 3 + "fb" + ("cde" * 3 + "fb") * 5 + "c")
    assert len(made) > 2 * len("cdecdecdefb") and made.replace("cdecdecdefb", "").strip("cdefb") == ""


def test_rounds_that_differ_are_ways_of_one_trace() -> None:
    rounds = [("bcghijklmnopqr", "bdghijklmnopqr")[int(bit)] for bit in "0010111010010110"]
    (made,) = traces("".join(rounds) + "b")
    assert made.split() in (["bcghijklmnopqrb", "dghijklmnopqrb"], ["bdghijklmnopqrb", "cghijklmnopqrb"])


def test_short_rounds_that_differ_are_taken_several_at_a_time() -> None:
    rounds = [("bcr", "bdr")[int(bit)] for bit in "0010111010010110110001110100"]
    (made,) = traces("".join(rounds) + "b")
    first = made.split()[0]
    assert first[0] == first[-1] == "b" and len(first) > 2 * 3 and len(made.split()) > 2


def test_what_is_interpreted_is_followed_round_by_round() -> None:
    """A loop that dispatches: the ways are long."""
    program = "".join(Random(1).choices("ghijkl", k=50))
    made = traces("".join(f"bc{name}" for name in program * 2) + "b")
    assert made[0].startswith("bc") and 60 < max(map(len, made[0].split())) <= MOST_TRACE + 1


def test_no_trace_is_longer_than_the_most() -> None:
    letters = "".join(chr(n) for n in range(0x200, 0x200 + 3 * MOST_TRACE))
    pcs = [4 * ord(letter) for letter in letters * 4]
    for trace in Paths(1, 10_000).traces(pcs, lambda pc: None, lambda i: True, lambda pc: pc):
        assert max(end - begin for begin, end in zip(trace.begins(), trace.ends(), strict=True)) <= MOST_TRACE
        assert len(trace.pcs) <= MOST_TREE


@pytest.mark.parametrize("ways", [("bcdb",), ("bcdb", "bcfb"), ("bcdb", "bfgb", "bcgb"), ("bcdbcfb", "bfb")])
def test_a_tree_follows_its_ways(ways: tuple[str, ...]) -> None:
    made = numbered(*ways)
    for way in ways:
        pcs = [ord(letter) for letter in way]
        assert made.follow(pcs, 0)[0] == len(pcs) - 1
        assert follows(made, pcs[:-1] * 3)
    left, last = made.follow([ord(letter) for letter in "bcz"], 0)
    assert left == 2 and made.pcs[last] == ord("c")


def test_ways_share_their_beginnings() -> None:
    assert numbered("bcdb", "bcfb", "bcfgb") == Trace(
        tuple(map(ord, "bcdfg")), (ord("b"), ord("b"), ord("b")), ((1, 3), (3, 4))
    )


def test_ways_that_are_left_out_take_those_behind_them() -> None:
    made = numbered("bcdb", "bcfgb", "bcfhb", "bkb")
    assert made.keep([True, False, True, True]) == numbered("bcdb", "bkb")
    assert made.keep([True] * 4) == made
    assert made.keep([True, True, False, True]) == numbered("bcdb", "bcfgb", "bkb")
