"""Nested paging on pg32x: rights of the second tables by kind of access; who faults first; what leads nowhere."""

from __future__ import annotations

import pytest

from ring1.dbt.vt import controls, exits, fields
from tests.machine.builder import ONES, Program
from tests.pg32x.machines import ENGINES, GUEST, ISA, LEAF, ROOM, ROOT, TABLE, WAYS, Left, R, W, X, guest, left, trap

HANDLER = 0x400
ABSENT = 0xFFC00000
FINAL, OF_A_TABLE = exits.FINAL, 1 | 2
DATA, CODE = 0x5000, 0x6000
"""Pages of the guest's that tests take rights from."""
TABLES, SECOND_TABLE = 0x10000, 0x11000
V, A, D, U = 1, 1 << 6, 1 << 7, 1 << 4
Entries = dict[int, int]


def page(address: int) -> int:
    return address >> 12


def leaf(address: int, rights: int) -> Entries:
    """The entry of a page of the guest's with these rights."""
    return {page(address): GUEST + address | rights | LEAF}


def access(kind: str, at: int) -> Program:
    p = Program(ISA)
    p.li("a0", at)
    p.li("a1", 42)
    match kind:
        case "load":
            p("lw", "a2", 0, "a0")
        case "store":
            p("sw", "a1", 0, "a0")
        case "swap":
            p("swap", "a2", "a1", "a0")
        case "fetch":
            p("jalr", "ra", 0, "a0")
    p("brk")
    p.org(CODE)
    p("brk")
    return p


NEEDS = {"load": R, "store": W, "swap": W, "fetch": X}
KINDS = {"load": 1, "store": 2, "swap": 2, "fetch": 4}
BRK = {fields.EXCEPTIONS: 1 << 2}


@pytest.mark.parametrize("rights", [0, R, X, R | W, R | X, R | W | X])
@pytest.mark.parametrize("kind", NEEDS)
def test_rights(kind: str, rights: int) -> None:
    at = CODE if kind == "fetch" else DATA
    found = left(access(kind, at), BRK, leaf(at, rights), engines=("interp", "bare", "bt/softtlb"))
    if rights & NEEDS[kind]:
        assert found[fields.EXIT_EVENT] == trap(2)
        assert found.outcome.word(GUEST + DATA) == (42 if kind in ("store", "swap") else 0)
    else:
        assert (found.reason, found[fields.QUALIFICATION]) == (exits.VIOLATION, KINDS[kind] | FINAL)
        assert found[fields.PHYSICAL] == at and found[fields.LINEAR] == 0
        assert found[guest("pc")] == (at if kind == "fetch" else 8)


@pytest.mark.parametrize("entry", [W, W | X, R | 1 << 8, R | W | X | 1 << 11])
def test_misconfiguration(entry: int) -> None:
    """W without R, and reserved bits."""
    found = left(access("load", DATA), BRK, leaf(DATA, entry))
    assert (found.reason, found[fields.QUALIFICATION], found[fields.PHYSICAL]) == (exits.MISCONFIGURATION, 0, DATA)


def test_bits_of_the_first_tables_mean_nothing_in_the_second() -> None:
    found = left(access("store", DATA), BRK, leaf(DATA, R | W | 0xF0))
    assert found[fields.EXIT_EVENT] == trap(2)


def test_no_table_and_a_table_beyond_memory() -> None:
    found = left(access("load", 0x12345670), BRK)
    assert (found.reason, found[fields.QUALIFICATION], found[fields.PHYSICAL]) == (
        exits.VIOLATION,
        1 | FINAL,
        0x12345670,
    )
    p = access("load", DATA)
    found = left(p, BRK | {fields.NESTED_TABLE: 0xFF000})
    assert (found.reason, found[fields.QUALIFICATION], found[fields.PHYSICAL]) == (exits.VIOLATION, 4 | FINAL, 0)


def test_leaf_that_leads_nowhere_is_a_bus_error_of_the_guests() -> None:
    """At the address that the guest has used."""
    changes = {fields.EXCEPTIONS: 1 << 9}
    found = left(access("load", DATA), changes, {page(DATA): ABSENT | R | W | LEAF})
    assert (found[fields.EXIT_EVENT], found[fields.EXIT_VALUE]) == (trap(9), DATA)


def test_large_page() -> None:
    """A leaf of the root maps 4 MiB; it must begin at a multiple."""
    p = Program(ISA)
    p.li("a0", VIRTUAL := 0x00400000)
    p("lw", "a2", 0, "a0")
    p("brk")
    for entry, reason in ((0x0 | R | W | X | LEAF, exits.EXCEPTION), (0x1000 | R | W | X | LEAF, exits.VIOLATION)):
        root = {(ROOT - TABLE >> 2) + 1: entry}
        found = left(p, BRK, root)
        assert found.reason == reason
        assert found["a2"] == (found.outcome.word(VIRTUAL & 0x3FFFFF) if reason == exits.EXCEPTION else 0)


# --- With tables of the guest's own ----------------------------------------------------------------------------------


def paged(kind: str = "load", flags: int = V | R << 1 | W << 1 | X << 1 | A | D, at: int = DATA) -> Program:
    """A guest that has the page DATA at the virtual address 0x00400000, and itself where it is."""
    p = Program(ISA)
    p.li("t0", TABLES | 1)
    p("setptb", "t0")
    p.li("a0", 0x00400000)
    p.li("a1", 42)
    if kind == "store":
        p("sw", "a1", 4, "a0")
    elif kind == "lra":
        p("lra", "a2", "a0")
    else:
        p("lw", "a2", 4, "a0")
    p("brk")
    p.org(HANDLER)
    p("rdcr", "a3", "tval")
    p("rdcr", "a4", "cause")
    p("brk")
    p.org(DATA + 4)
    p.word(0xCAFE)
    p.org(TABLES)
    p.word(0 | V | 2 | 4 | 8 | A | D, SECOND_TABLE | V)
    p.org(SECOND_TABLE)
    p.word(at | flags)
    return p


def paging(p: Program, entries: Entries | None = None, engines: tuple[str, ...] = ENGINES) -> Left:
    return left(p, {fields.EXCEPTIONS: 1 << 2, guest("tvec"): HANDLER}, entries, engines=engines)


def test_both_dimensions() -> None:
    found = paging(paged(), engines=WAYS)
    assert found["a2"] == 0xCAFE and found[fields.EXIT_EVENT] == trap(2)


def test_accessed_and_dirty_bits_are_set_in_the_guests_tables() -> None:
    plain = V | 2 | 4
    found = paging(paged("load", plain), engines=WAYS)
    assert found.outcome.word(GUEST + SECOND_TABLE) == DATA | plain | A
    found = paging(paged("store", plain), engines=WAYS)
    assert found.outcome.word(GUEST + SECOND_TABLE) == DATA | plain | A | D
    assert found.outcome.word(GUEST + DATA + 4) == 42


def test_neighbours_in_the_first_tables_need_none_in_the_second() -> None:
    """Consecutive entries for consecutive pages, which lie apart."""
    p = Program(ISA)
    p.li("t0", TABLES | 1)
    p("setptb", "t0")
    p.li("a0", 0x00400000)
    p("lw", "a1", 0, "a0")
    p.li("a0", 0x00401000)
    p("lw", "a2", 0, "a0")
    p("brk")
    for at, value in ((DATA, 11), (DATA + 0x1000, 22), (0x9000, 33)):
        p.org(at)
        p.word(value)
    p.org(TABLES)
    p.word(0 | V | 2 | 4 | 8 | A | D, SECOND_TABLE | V)
    p.org(SECOND_TABLE)
    p.word(*(DATA + (n << 12) | V | 2 | 4 | A | D for n in range(2)))
    found = paging(p, {page(DATA + 0x1000): GUEST + 0x9000 | R | W | LEAF}, engines=WAYS)
    assert (found["a1"], found["a2"]) == (11, 33)


def test_store_needs_leave_of_both() -> None:
    found = paging(paged("store"), leaf(DATA, R))
    assert (found.reason, found[fields.QUALIFICATION], found[fields.PHYSICAL]) == (exits.VIOLATION, 2 | FINAL, DATA + 4)
    found = paging(paged("store", V | 2 | A), leaf(DATA, R | W))
    assert (found["a3"], found["a4"]) == (0x00400004, 7)


@pytest.mark.parametrize(("table", "at"), [(TABLES, TABLES + 4), (SECOND_TABLE, SECOND_TABLE)])
@pytest.mark.parametrize("rights", [0, R, R | X])
def test_reference_to_a_table_is_a_write(table: int, at: int, rights: int) -> None:
    """Whatever the access: the machine may set A and D there. `setptb` itself does not refer to it."""
    p = paged()
    found = paging(p, leaf(table, rights))
    assert (found.reason, found[fields.QUALIFICATION]) == (exits.VIOLATION, OF_A_TABLE)
    assert found[fields.PHYSICAL] == (at if table == SECOND_TABLE else TABLES)


def test_fault_of_the_guests_does_not_exit() -> None:
    """Not even if the page that is not allowed leads nowhere as well."""
    found = paging(paged(flags=0), leaf(DATA, 0))
    assert (found["a3"], found["a4"]) == (0x00400004, 6) and found[fields.EXIT_EVENT] == trap(2)


def test_table_of_the_guests_that_leads_nowhere_is_its_page_fault() -> None:
    p = paged()
    p.org(TABLES + 4)
    p.word(0x000F0000 | V)
    found = paging(p, {0xF0: ABSENT | R | W | LEAF})
    assert (found["a3"], found["a4"]) == (0x00400004, 6)


def test_lra_says_the_guest_physical_address() -> None:
    """And exits where a load would."""
    assert paging(paged("lra"))["a2"] == DATA
    assert paging(paged("lra", 0))["a2"] == ONES
    found = paging(paged("lra"), leaf(DATA, X))
    assert (found.reason, found[fields.QUALIFICATION], found[fields.PHYSICAL]) == (exits.VIOLATION, 1 | FINAL, DATA)


def test_two_pages_of_which_one_is_not_there() -> None:
    """Nothing of the store is done."""
    p = Program(ISA)
    p.li("a0", DATA + 0xFFE)
    p.li("a1", -1)
    p("sw", "a1", 0, "a0")
    found = left(p, BRK, leaf(DATA + 0x1000, R), engines=WAYS)
    assert (found.reason, found[fields.QUALIFICATION], found[fields.PHYSICAL]) == (
        exits.VIOLATION,
        2 | FINAL,
        DATA + 0x1000,
    )
    assert found.outcome.word(GUEST + DATA + 0xFFC) == 0


def test_without_nested_paging_the_guest_has_the_hosts_memory() -> None:
    p = Program(ISA)
    p.li("a0", GUEST)
    p("lw", "a2", 0, "a0")
    p("brk")
    changes = {fields.PRIMARY: controls.SECONDARY_CONTROLS, fields.SECONDARY: controls.TAGGED_TLB, guest("pc"): GUEST}
    found = left(p, BRK | changes)
    assert found[fields.EXIT_EVENT] == trap(2) and found["a2"] == found.outcome.word(GUEST)


def test_all_of_the_guests_memory_and_no_more() -> None:
    p = Program(ISA)
    p.li("a0", 0x3F000)
    p.li("a2", 0x1000)
    p.label("again")
    p("sw", "a2", 0, "a0")
    p("add", "a0", "a0", "a2")
    p("jal", "zero", "again")
    found = left(p, BRK)
    assert (found.reason, found[fields.PHYSICAL]) == (exits.VIOLATION, ROOM)
