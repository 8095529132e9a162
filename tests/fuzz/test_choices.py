"""What the manual leaves open between a change of page tables and its flush, and what it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.fuzz.case import Case
from ring1.dbt.fuzz.compare import Observed
from ring1.dbt.fuzz.finding import read
from ring1.dbt.fuzz.machine import PLAIN
from ring1.dbt.fuzz.ways import way
from ring1.dbt.machine.choices import Choices, Tape, TooMany, WalkingTape, search
from ring1.dbt.machine.lookaside import Impossible
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.step import Cpu

SET_UP = """
        .equ ROOT, 0x8000
        .equ LEAF, 0x9000
        li t0, ROOT|1
        setptb t0
        li s0, 0x400000
        lw a0, 0(s0)
        li t1, LEAF
"""
TABLES = """
        .org 0x8000
        .word 0x0f, 0x9001, 0x9001
        .org 0x9000
        .word 0xc00f
        .org 0xc000
        .word 5
        .org 0xd000
        .word 7
"""
"""4 MiB as they are, and a page at 0x400000 and 0x800000: first that at 0xc000 with a 5, later 0xd000 with a 7."""
OLD, NEW = 0xC000, 0xD000


def made(tmp_path: Path, text: str, stops: str = "100") -> Case:
    path = tmp_path / "case.s"
    path.write_text(f"// stops: {stops}\n{SET_UP}{text}\n        brk\n{TABLES}")
    return read(path)[0]


def outcomes(case: Case, *what: str) -> set[tuple[int, ...]]:
    """All that a program may come to: the values of these registers or words of memory, by trying every choice."""
    observed, found = Observed(case), set[tuple[int, ...]]()

    def run(tape: Tape) -> bool:
        looks, _ = observed.reference(case.stops, tape)
        words = looks[-1].state.registers
        found.add(tuple(words[name] for name in what))
        return False

    assert search((), run, 1000) is None
    return found


def test_nothing_is_open_without_a_change(tmp_path: Path) -> None:
    case = made(tmp_path, "lw a1, 0(s0)\nsw a1, 4(s0)\nlw a2, 0(t1)")
    assert Observed(case).tape.taken == []


CHANGE = f"li t2, {NEW:#x}|0xcf\nsw t2, 0(t1)\n"
READ = "lw a1, 0(s0)\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHANGE + READ, {(5,), (7,)}),
        (CHANGE + "tlbflush\n" + READ, {(7,)}),
        ("tlbflush\n" + CHANGE + READ, {(5,), (7,)}),
        ("tlbflush\n" + READ + CHANGE + READ, {(5,), (7,)}),
        (CHANGE + READ + "tlbflush\n" + READ, {(7,)}),
    ],
)
def test_old_or_new(text: str, expected: set[tuple[int, ...]], tmp_path: Path) -> None:
    """Until the flush; a buffer may have filled itself again right after the one before."""
    assert outcomes(made(tmp_path, text), "a1") == expected


def test_each_use_may_differ(tmp_path: Path) -> None:
    """A buffer may lose what it held, and never get it back; but it may hold both, of which it takes any."""
    text = CHANGE + "lw a1, 0(s0)\nlw a2, 0(s0)"
    assert outcomes(made(tmp_path, text), "a1", "a2") == {(5, 5), (5, 7), (7, 5), (7, 7)}


def test_another_address_of_the_same_entry(tmp_path: Path) -> None:
    """It is the entry that may be held, whatever it has been used for."""
    assert outcomes(made(tmp_path, CHANGE + "li s1, 0x800000\nlw a1, 0(s1)"), "a1") == {(5,), (7,)}


@pytest.mark.parametrize("insn", ["swap a1, a2, (s0)", "li a1, 5\ncas a1, a2, (s0)", "li a1, 7\ncas a1, a2, (s0)"])
def test_an_atomic_instruction_uses_one_frame(insn: str, tmp_path: Path) -> None:
    """What it reads in one frame it does not write in the other."""
    text = f"sw zero, 8(s0)\n{CHANGE}li a2, 9\n{insn}\nli s1, {OLD:#x}\nli t0, {NEW:#x}\nlw a3, 0(s1)\nlw a4, 0(t0)"
    found = outcomes(made(tmp_path, text), "a1", "a3", "a4")
    assert found <= {(5, 9, 7), (7, 5, 9), (5, 5, 7), (7, 5, 7)} and len(found) == 2
    assert all((a1 == 5) == (a3 == 9) for a1, a3, a4 in found if 9 in (a3, a4))


def test_marks(tmp_path: Path) -> None:
    """A use of what is held marks nothing, and one that needs a mark which is not held walks."""
    ask = "lw a2, 0(t1)\nandi a2, a2, 0xc0\n"
    clear = f"li t2, {OLD:#x}|0x0f\nsw t2, 0(t1)\n"
    assert outcomes(made(tmp_path, f"{clear}lw a1, 0(s0)\n{ask}"), "a1", "a2") == {(5, 0), (5, 0x40)}
    assert outcomes(made(tmp_path, f"{clear}tlbflush\nlw a1, 0(s0)\n{ask}"), "a1", "a2") == {(5, 0x40)}
    # It was read only: nothing is held by which it could be written without a mark.
    assert outcomes(made(tmp_path, f"{clear}sw s0, 4(s0)\n{ask}"), "a2") == {(0xC0,)}
    assert outcomes(made(tmp_path, f"sw s0, 4(s0)\n{clear}sw s0, 8(s0)\n{ask}"), "a2") == {(0,), (0xC0,)}


def test_rights_that_are_held(tmp_path: Path) -> None:
    """A buffer may hold what granted an access. It holds no fault: what it does not hold is walked."""
    less, more = f"li t2, {NEW:#x}|0xc1\nsw t2, 0(t1)\n", f"li t2, {NEW:#x}|0xcf\nsw t2, 0(t1)\n"
    found = outcomes(made(tmp_path, less + READ), "a1")
    assert found == {(5,), (0,)}  # or the load has trapped
    assert outcomes(made(tmp_path, f"{less}tlbflush\n{more}{READ}"), "a1") == {(7,)}


def test_the_code_itself(tmp_path: Path) -> None:
    """Instructions are fetched by what is held, too."""
    text = """
        li t0, 0x013a0001          # jalr x: see below
        li a1, 0
        li t1, 0x8000
        li t2, 0x900f & ~0xf0      # the superpage no longer there, but a table of nothing
        sw zero, 0(t1)
        addi a1, a1, 1
        addi a1, a1, 1
    """
    assert outcomes(made(tmp_path, text), "a1") == {(0,), (1,), (2,)}


def test_search() -> None:
    """Every run is found, and none twice; what cannot be is left out."""
    seen = list[Choices]()

    def run(tape: Tape) -> bool:
        for n in range(3):
            tape.choose((n, LOAD), 2 if n else 3)
        if tape.taken[0] == 2:
            raise Impossible
        seen.append(tuple(tape.taken))
        return seen[-1] == (1, 1, 1)

    def never(tape: Tape) -> bool:
        run(tape)
        return False

    assert search((), run, 100) == (1, 1, 1)
    seen.clear()
    assert search((0,), never, 100) is None
    assert sorted(seen) == [(0, a, b) for a in (0, 1) for b in (0, 1)]
    with pytest.raises(TooMany):
        search((), never, 3)


def test_search_beyond_what_cannot_be() -> None:
    """A run that comes to what cannot be because it did the same as before is not the end of those that begin as it
    does."""

    def run(tape: Tape) -> bool:
        first = tape.choose((7, STORE), 2)
        if tape.choose((7, STORE), 2) and first:
            raise Impossible
        return bool(first)

    assert search((), run, 100) == (1, 0)


def test_kinds_have_habits_of_their_own() -> None:
    """What an engine uses again for stores it does not use for loads, whose ways are others."""
    tape = Tape((0, 1))
    assert [tape.choose((7, kind), 2) for kind in (LOAD, STORE, LOAD, STORE, STORE, LOAD)] == [0, 1, 0, 1, 1, 0]
    walking = WalkingTape((0, 1))
    assert [walking.choose((7, kind), 2) for kind in (LOAD, STORE, LOAD, STORE)] == [0, 1, 0, 0]


def test_the_reference_is_the_interpreter(tmp_path: Path) -> None:
    """Without a choice it is what the plain interpreter is."""
    case = made(tmp_path, CHANGE + READ + "sw a1, 0(s0)\nswap a3, a2, (s0)\ntlbflush\nlw a4, 0(s0)", "3 9 100")
    observed = Observed(case)
    assert observed.guest.run(PLAIN) == observed.looks
    with observed.guest.start(PLAIN) as running:
        assert type(running.vm.cpu) is Cpu


def test_a_crowd_is_there_for_one_machine_alone(tmp_path: Path) -> None:
    """Between its runs the reference is run, which needs mappings: as many as it likes."""
    observed = Observed(made(tmp_path, CHANGE + READ))
    with observed.guest.start(way("bt/room=0")) as running:
        for stop in (5, 9):
            assert running.to(stop) == observed.reference((stop,))[0][-1]
