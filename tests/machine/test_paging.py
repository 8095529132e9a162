"""The page walk, by the manual's section: which entries grant what, which fault, and that A and D change exactly when
and where they should. Under every engine; one that does not translate with paging on leaves it to the interpreter.
"""

from __future__ import annotations

import pytest

from tests.machine.builder import Program, run
from tests.machine.tables import (
    ALL,
    BUS_ERROR,
    CODE_USED,
    DATA,
    FETCH,
    KINDS,
    LOAD,
    ONE,
    RAM,
    ROOT,
    STORE,
    TABLE,
    TWO,
    A,
    D,
    G,
    R,
    Space,
    U,
    V,
    W,
    X,
    attempt,
    changes,
    image,
    trapped,
)
from tests.ways import PAGED

HERE = 0x5000
"""The virtual page that the tests are about, number 5."""
SLOT = TABLE + 4 * 5
NOWHERE = 0xFFFFF000
NEEDS = {LOAD: R, STORE: W, FETCH: X}


SOME = (0, V, V | R, V | W, V | X, V | R | W, V | R | U, V | X | U, ALL)
"""Combinations of rights that are enough for an engine that leaves paging to the interpreter."""


def granted(entry: int, kind: int, ring: int) -> bool:
    """Does a leaf entry allow an access?"""
    if not entry & V or entry & (R | W) == W or not entry & (R | W | X):
        return False
    return bool(entry & NEEDS[kind]) and (ring != 3 or bool(entry & U))


def used(entry: int, name: str) -> int:
    """The entry after a successful access. This `cas` compares unequal and stores nothing."""
    return entry | A | (D if name in ("sw", "swap") else 0)


@pytest.mark.parametrize("ring", range(4))
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_every_combination_of_rights(engine: str, name: str, ring: int) -> None:
    """V R W X U, all 32: granted or a page fault of the right kind; A and D in the leaf, and no other word changes."""
    for rights in range(32) if engine == "interp" else SOME:
        entry = ONE | rights
        got, before = attempt(engine, Space({5: entry}), name, HERE + 8, ring)
        # What stands in the data is not a legal instruction: after a jump, that is the trap.
        word = int.from_bytes(DATA[8:12], "little")
        if granted(entry, KINDS[name], ring):
            assert trapped(got) == ((0, word) if name == "jalr" else None), hex(rights)
            expected = CODE_USED | {SLOT: (entry, used(entry, name))}
            if name in ("sw", "swap"):
                expected[ONE + 8] = (word, 0xC0FFEE11)
            assert changes(before, got) == expected
            assert name not in ("lw", "swap", "cas") or got["a0"] == word
        else:
            assert trapped(got) == (KINDS[name], HERE + 8), hex(rights)
            assert changes(before, got) == CODE_USED
            assert got["a0"] == 0x5A5A5A5A


@pytest.mark.parametrize("ring", [0, 3])
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_superpages(engine: str, name: str, ring: int) -> None:
    """A leaf at the first level maps 4 MiB; its rights are looked at in the same way."""
    for rights in range(32) if engine == "interp" else SOME:
        if rights & V and not rights & (R | W | X):
            continue  # points to a table
        got, before = attempt(engine, Space(roots={3: rights}), name, 0xC00000 + ONE + 8, ring)
        if granted(rights, KINDS[name], ring):
            word = int.from_bytes(DATA[8:12], "little")
            assert trapped(got) == ((0, word) if name == "jalr" else None)
            expected = CODE_USED | {ROOT + 12: (rights, used(rights, name))}
            if name in ("sw", "swap"):
                expected[ONE + 8] = (word, 0xC0FFEE11)
            assert changes(before, got) == expected
        else:
            assert trapped(got) == (KINDS[name], 0xC00000 + ONE + 8)
            assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_superpage_with_low_frame_bits(engine: str, name: str) -> None:
    """The low ten bits of its frame number must be 0, each of them."""
    for bit in range(12, 22) if engine == "interp" else (12, 21):
        got, before = attempt(engine, Space(roots={3: ALL | 1 << bit}), name, 0xC00000)
        assert trapped(got) == (KINDS[name], 0xC00000)
        assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_superpage_beyond_ram(engine: str, name: str) -> None:
    """Only its beginning is RAM: the rest is a bus error, and A stays as it was."""
    for address in (RAM, 0x3FFFFC):
        got, before = attempt(engine, Space(roots={3: ALL}), name, 0xC00000 + address)
        assert trapped(got) == (BUS_ERROR, 0xC00000 + address)
        assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_leaf_outside_ram(engine: str, name: str) -> None:
    """A bus error at the access, if the leaf grants it; else the page fault. No A, no D."""
    for frame in (RAM, 0x80000000, NOWHERE):
        got, before = attempt(engine, Space({5: frame | ALL}), name, HERE + 4)
        assert trapped(got) == (BUS_ERROR, HERE + 4)
        assert changes(before, got) == CODE_USED
        got, before = attempt(engine, Space({5: frame | ALL & ~NEEDS[KINDS[name]] & ~W}), name, HERE + 4)
        assert trapped(got) == (KINDS[name], HERE + 4)
        assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_table_outside_ram(engine: str, name: str) -> None:
    """A page fault, also where the last page of RAM is next to it."""
    for table in (RAM, 0x80000000, NOWHERE):
        got, before = attempt(engine, Space(roots={3: table | V}), name, 0xC00000)
        assert trapped(got) == (KINDS[name], 0xC00000)
        assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("engine", PAGED)
def test_pointers(engine: str, name: str) -> None:
    """U, G, A and D mean nothing in an entry that points to a table, and are not set there; one in the last level
    points to nothing."""
    for bits in (0, U, G, A, D, U | G | A | D):
        got, before = attempt(engine, Space({5: ONE | ALL}, roots={3: TABLE | V | bits}), name, 0xC00000 + HERE, ring=3)
        assert trapped(got) in (None, (0, int.from_bytes(DATA[:4], "little")))
        assert set(changes(before, got)) <= {TABLE, SLOT, ONE}
        got, _ = attempt(engine, Space({5: TABLE | V | bits}), name, HERE)
        assert trapped(got) == (KINDS[name], HERE)


@pytest.mark.parametrize("engine", PAGED)
def test_invalid_first_level(engine: str) -> None:
    for entry in (0, ALL & ~V, V | W, V | W | X, NOWHERE & ~1):
        for name, cause in KINDS.items():
            got, before = attempt(engine, Space(roots={3: entry}), name, 0xC01234)
            assert trapped(got) == (cause, 0xC01234)
            assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("engine", PAGED)
def test_root_outside_ram(engine: str) -> None:
    """Nothing can be fetched any more: the fault is the next instruction's."""
    for root in (RAM, NOWHERE):
        p = Program()
        p("setptb", "a1")
        got = run(engine, p, memory=RAM, registers={"a1": root | 1})
        assert (trapped(got), got.state.instructions) == ((FETCH, 4), 1)


@pytest.mark.parametrize("engine", PAGED)
def test_marks_are_kept(engine: str) -> None:
    """A and D that are set already stay, and so do G and all other bits."""
    for bits in (A, D, A | D, G, G | A | D):
        for name, more in (("lw", A), ("sw", A | D)):
            entry = ONE | ALL | bits
            got, before = attempt(engine, Space({5: entry}), name, HERE)
            assert trapped(got) is None
            assert changes(before, got).get(SLOT, (entry, entry)) == (entry, entry | more)


@pytest.mark.parametrize("engine", PAGED)
def test_cas_that_stores_sets_d(engine: str) -> None:
    word = int.from_bytes(DATA[8:12], "little")
    got, before = attempt(engine, Space({5: ONE | ALL}), "cas", HERE + 8, registers={"a0": word})
    entry = ONE | ALL
    assert changes(before, got) == CODE_USED | {SLOT: (entry, entry | A | D), ONE + 8: (word, 0xC0FFEE11)}


@pytest.mark.parametrize("name", ["swap", "cas"])
@pytest.mark.parametrize("engine", PAGED)
def test_misaligned_comes_first(engine: str, name: str) -> None:
    """Before the page is looked at."""
    for entry in (0, ONE | ALL, NOWHERE | ALL):
        got, before = attempt(engine, Space({5: entry}), name, HERE + 2)
        assert trapped(got) == (8, HERE + 2)
        assert changes(before, got) == CODE_USED


# Accesses across a page boundary: entries of the two pages, and cause and tval of the load and of the store.
STRADDLES = [
    (ONE | ALL, 0, (LOAD, 0x6000), (STORE, 0x6000)),
    (0, ONE | ALL, (LOAD, 0x5FFE), (STORE, 0x5FFE)),
    (0, 0, (LOAD, 0x5FFE), (STORE, 0x5FFE)),
    (ONE | V | R, TWO | ALL, None, (STORE, 0x5FFE)),
    (ONE | ALL, TWO | V | R, None, (STORE, 0x6000)),
    (ONE | V | X, TWO | ALL, (LOAD, 0x5FFE), (STORE, 0x5FFE)),
    (NOWHERE | ALL, TWO | ALL, (BUS_ERROR, 0x5FFE), (BUS_ERROR, 0x5FFE)),
    (ONE | ALL, NOWHERE | ALL, (BUS_ERROR, 0x6000), (BUS_ERROR, 0x6000)),
    (NOWHERE | ALL, 0, (BUS_ERROR, 0x5FFE), (BUS_ERROR, 0x5FFE)),
    (0, NOWHERE | ALL, (LOAD, 0x5FFE), (STORE, 0x5FFE)),
]


@pytest.mark.parametrize("engine", PAGED)
@pytest.mark.parametrize(("first", "second", "load", "store"), STRADDLES)
def test_straddling_faults_change_nothing(
    engine: str, first: int, second: int, load: tuple[int, int] | None, store: tuple[int, int]
) -> None:
    """Not a byte, and no A or D of the page that would have been fine; the lowest faulting address is reported."""
    space = Space({5: first, 6: second})
    got, before = attempt(engine, space, "lw", 0x5FFE)
    assert trapped(got) == load
    if load:
        assert changes(before, got) == CODE_USED and got["a0"] == 0x5A5A5A5A
    got, before = attempt(engine, space, "sw", 0x5FFE)
    assert trapped(got) == store
    assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("kind", [LOAD, STORE])
@pytest.mark.parametrize("engine", PAGED)
def test_a_straddling_fault_behind_another_miss(engine: str, kind: int) -> None:
    """By then a walk in generated code is in place: it must not mark the first page either."""
    space = Space({5: ONE | ALL, 7: TWO | ALL | A | D})
    p = Program()
    p("lw", "a3", 0, "a4")
    p("sw", "a3", 0, "a4")
    p("lw" if kind == LOAD else "sw", "a3", 0, "a1")
    before = image(space, p).ljust(RAM, b"\0")
    got = run(engine, before, 3, memory=RAM, registers={"a1": 0x5FFE, "a4": 0x7000}, control={"ptb": ROOT | 1})
    assert trapped(got) == (kind, 0x6000)
    assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("engine", PAGED)
def test_straddling_between_pages_that_are_not_neighbours(engine: str) -> None:
    """5 and 6 are TWO and ONE: the bytes come from, and go to, where the pages are; both leaves are marked."""
    space = Space({5: TWO | ALL, 6: ONE | ALL})
    got, before = attempt(engine, space, "lw", 0x5FFD)
    assert got["a0"] == int.from_bytes(before[TWO + 0xFFD : TWO + 0x1000] + before[ONE : ONE + 1], "little")
    marks = {SLOT: (TWO | ALL, TWO | ALL | A), SLOT + 4: (ONE | ALL, ONE | ALL | A)}
    assert changes(before, got) == CODE_USED | marks
    got, before = attempt(engine, space, "sw", 0x5FFF)
    assert got.memory[TWO + 0xFFF] == 0x11 and got.memory[ONE : ONE + 3] == bytes.fromhex("eeffc0")
    marks = {SLOT: (TWO | ALL, TWO | ALL | A | D), SLOT + 4: (ONE | ALL, ONE | ALL | A | D)}
    assert {at: change for at, change in changes(before, got).items() if at >= ROOT} == CODE_USED | marks
    assert len(changes(before, got)) == 5
