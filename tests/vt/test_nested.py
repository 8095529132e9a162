"""Nested paging: violations, misconfigurations, accessed and dirty bits, references of a walk."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.vt import exits, fields, nested, walker
from ring1.dbt.vt.nested import ACCESSED, DIRTY, FETCH, READ, RIGHTS, WRITE
from tests.machine.builder import Program, machine
from tests.vt.machines import RAM, Bench, bench, guest

DATA = 0x5000
ROOT, TABLE = 0x10000, 0x11000
"""Guest page tables."""
V, R, W, X, A, D = 1, 2, 4, 8, 0x40, 0x80


def access(name: str) -> Program:
    """An instruction that loads from or stores to DATA, by a0."""
    p = Program()
    if name == "cas":
        p("cas", "a1", "a2", "a0")
    else:
        p(name, "a1", 0, "a0")
    p("hlt")
    return p


def at_data(b: Bench) -> None:
    b.cpu.s[machine().register_numbers["a0"]] = DATA


def rights(b: Bench, page: int, allowed: int) -> None:
    """Rights of a page, with A and D cleared."""
    b.host.quads[b.tables.leaf(page) >> 3] = b.host.base + (page << 12) | allowed
    b.processor.invept()


def paged(b: Bench, entry: int = V | R | W | X) -> None:
    """Give the guest page tables: addresses from 0 on are as they are."""
    words = b.vm.memory.words
    words[ROOT >> 2] = TABLE | V
    for page in range(16):
        words[(TABLE >> 2) + page] = page << 12 | entry
    b.vmcs.write(guest("ptb"), ROOT | 1)


@pytest.mark.parametrize(
    ("name", "missing", "kind"), [("lw", READ | WRITE, READ), ("sw", WRITE, WRITE), ("cas", WRITE, WRITE)]
)
def test_violation_of_an_access(name: str, missing: int, kind: int) -> None:
    with bench(access(name)) as b:
        at_data(b)
        rights(b, DATA >> 12, RIGHTS & ~missing)
        before = b.vm.memory.read(0, RAM)
        assert b.run().reason == exits.VIOLATION
        allowed = RIGHTS & ~missing
        assert b.vmcs.read(fields.QUALIFICATION) == kind | allowed << 3 | exits.HAS_LINEAR | exits.FINAL
        assert b.vmcs.read(fields.PHYSICAL) == b.vmcs.read(fields.LINEAR) == DATA
        assert b.vmcs.read(guest("pc")) == 0 and b.cpu.time == 0 and b.vm.memory.read(0, RAM) == before
        assert not b.tables.entry(DATA >> 12) & (ACCESSED | DIRTY)
        b.tables.map(DATA >> 12)
        assert b.run().reason == exits.HLT  # and with the rights it goes through


def test_violation_of_a_fetch() -> None:
    with bench(access("lw")) as b:
        rights(b, 0, READ | WRITE)
        assert b.run().reason == exits.VIOLATION
        assert b.vmcs.read(fields.QUALIFICATION) == FETCH | (READ | WRITE) << 3 | exits.HAS_LINEAR | exits.FINAL


def test_rights_of_upper_levels_count() -> None:
    with bench(access("sw")) as b:
        at_data(b)
        b.host.quads[b.vmcs.read(fields.NESTED_TABLE) >> 3] &= ~WRITE
        assert b.run().reason == exits.VIOLATION
        assert b.vmcs.read(fields.QUALIFICATION) >> 3 & RIGHTS == READ | FETCH


def test_not_present_at_any_level() -> None:
    with bench(access("lw")) as b:
        b.vmcs.write(fields.NESTED_TABLE, b.host.page())
        assert b.run().reason == exits.VIOLATION
        assert b.vmcs.read(fields.QUALIFICATION) == FETCH | exits.HAS_LINEAR | exits.FINAL


def test_violation_of_an_access_to_a_page_table() -> None:
    """It counts as a read and a write, whatever the guest does (SDM vol. 3C, 28.2.3.2 and table 27-7: with accessed and
    dirty flags both bits are set), and the linear address is the access's."""
    with bench(access("lw")) as b:
        at_data(b)
        paged(b)
        rights(b, TABLE >> 12, READ | FETCH)
        assert b.run().reason == exits.VIOLATION
        assert b.vmcs.read(fields.QUALIFICATION) == READ | WRITE | (READ | FETCH) << 3 | exits.HAS_LINEAR
        assert (b.vmcs.read(fields.PHYSICAL), b.vmcs.read(fields.LINEAR)) == (TABLE, 0)


def test_a_page_fault_of_the_guest_does_not_exit() -> None:
    p = access("lw")
    p.org(0x200)
    p("hlt")
    with bench(p) as b:
        at_data(b)
        paged(b)
        b.vm.memory.words[(TABLE >> 2) + (DATA >> 12)] = 0
        b.vmcs.write(guest("tvec"), 0x200)
        rights(b, DATA >> 12, 0)  # never reached
        assert b.run().reason == exits.HLT
        assert (b.vmcs.read(guest("cause")), b.vmcs.read(guest("tval"))) == (6, DATA)


@pytest.mark.parametrize(
    "entry",
    [WRITE, WRITE | FETCH, READ | 1 << 3, READ | 1 << 7, READ | 1 << 10, READ | 1 << 52, READ | 1 << 63],
)
@pytest.mark.parametrize("level", [0, 1, 3])
def test_misconfiguration(entry: int, level: int) -> None:
    """W without R, and reserved bits, at any level."""
    with bench(access("lw")) as b:
        table = b.vmcs.read(fields.NESTED_TABLE)
        for _ in range(3 - level):
            table = b.host.quads[table >> 3] & nested.FRAME
        b.host.quads[table >> 3] = b.host.quads[table >> 3] & nested.FRAME | entry
        assert b.run().reason == exits.MISCONFIGURATION
        assert (b.vmcs.read(fields.PHYSICAL), b.vmcs.read(fields.QUALIFICATION)) == (0, 0)


@pytest.mark.parametrize("page", [RAM >> 12, (RAM >> 12) + 1, 0xFFFFF])
def test_a_leaf_for_what_is_no_ram_of_the_guests(page: int) -> None:
    """It leads to where such a page would be, behind the guest's RAM, and that is nowhere."""
    with bench(access("lw")) as b:
        b.cpu.s[machine().register_numbers["a0"]] = page << 12
        b.tables.map(page)
        assert b.run().reason == exits.MISCONFIGURATION
        assert b.vmcs.read(fields.PHYSICAL) == page << 12
        b.host.quads[b.tables.leaf(page) >> 3] = 0  # as it has to be
        assert b.run().reason == exits.VIOLATION


@pytest.mark.parametrize("frame", [0, 0x3000, 1 << 40])
def test_a_leaf_that_leads_elsewhere(frame: int) -> None:
    """To the VMM's memory, or to none at all: no guest gets there."""
    with bench(access("lw")) as b:
        at_data(b)
        b.host.quads[b.tables.leaf(DATA >> 12) >> 3] = frame | RIGHTS
        assert b.run().reason == exits.MISCONFIGURATION
        assert b.vmcs.read(fields.PHYSICAL) == DATA


def test_a_table_that_leads_to_the_guests_memory() -> None:
    with bench(access("lw")) as b:
        b.host.quads[b.vmcs.read(fields.NESTED_TABLE) >> 3] = b.host.base | RIGHTS
        assert b.run().reason == exits.MISCONFIGURATION


@pytest.mark.parametrize(("name", "marked"), [("lw", ACCESSED), ("sw", ACCESSED | DIRTY), ("cas", ACCESSED)])
def test_accessed_and_dirty(name: str, marked: int) -> None:
    """`cas` does not store here: it needs leave to write, and writes nothing."""
    with bench(access(name)) as b:
        at_data(b)
        b.cpu.s[machine().register_numbers["a1"]] = 1 if name == "cas" else 0
        assert b.run().reason == exits.HLT
        bits = ACCESSED | DIRTY
        assert b.tables.entry(DATA >> 12) & bits == marked
        assert b.tables.entry(0) & bits == ACCESSED
        assert b.tables.entry(1) & bits == 0
        root = b.host.quads[b.vmcs.read(fields.NESTED_TABLE) >> 3]
        assert root & bits == ACCESSED


def test_page_tables_are_accessed_and_dirty() -> None:
    with bench(access("lw")) as b:
        at_data(b)
        paged(b, V | R | W | X | A | D)
        assert b.run().reason == exits.HLT
        for page in (ROOT >> 12, TABLE >> 12):
            assert b.tables.entry(page) & (ACCESSED | DIRTY) == ACCESSED | DIRTY
        assert b.tables.entry(DATA >> 12) & (ACCESSED | DIRTY) == ACCESSED


def test_lra_uses_no_page() -> None:
    p = Program()
    p("lra", "a1", "a0")
    p("hlt")
    with bench(p) as b:
        at_data(b)
        assert b.run().reason == exits.HLT
        assert b.tables.entry(DATA >> 12) & (ACCESSED | DIRTY) == 0
        assert b.cpu.s[machine().register_numbers["a1"]] == DATA


def test_an_address_beyond_ram_violates() -> None:
    with bench(access("lw")) as b:
        b.cpu.s[machine().register_numbers["a0"]] = 0xF0000000
        assert b.run().reason == exits.VIOLATION
        assert b.vmcs.read(fields.PHYSICAL) == 0xF0000000


def test_references_of_a_walk() -> None:
    """(n + 1)(m + 1) - 1, counted where they happen: one for each entry of the guest's, m for each nested walk."""
    with bench(access("lw")) as b:
        at_data(b)
        for levels, changed in ((0, lambda b: None), (2, paged)):
            changed(b)
            made = 0
            refer, ask = b.cpu.walker.refer, b.processor.nested.access  # type: ignore[union-attr]

            def counted_refer(address: int, refer=refer) -> int:  # type: ignore[no-untyped-def]
                nonlocal made
                made += 1
                return int(refer(address))

            def counted_access(*arguments: object, ask=ask, **named: object) -> None:  # type: ignore[no-untyped-def]
                nonlocal made
                made += nested.LEVELS
                ask(*arguments, **named)

            b.vmcs.write(guest("pc"), 0)
            b.enter()
            b.cpu.walker.refer, b.processor.nested.access = counted_refer, counted_access  # type: ignore
            b.cpu.walker.walk(DATA, 1)  # type: ignore[union-attr]
            b.cpu.walker.refer, b.processor.nested.access = refer, ask  # type: ignore
            assert made == walker.references(levels) == (levels + 1) * (nested.LEVELS + 1) - 1
            assert b.go().reason == exits.HLT


ENTRIES = st.one_of(
    st.integers(0, 2**64 - 1),
    st.builds(lambda page, low: page << 12 | low, st.integers(0, 0x1200), st.integers(0, 0xFFF)),
)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20), ENTRIES), max_size=12))
def test_random_tables(changes: list[tuple[int, int, int]]) -> None:
    """Whatever is in the nested tables: the guest goes on, violates or finds them misconfigured, and marks only entries
    that were there."""
    with bench(access("sw")) as b:
        at_data(b)
        paged(b)
        tables = [b.vmcs.read(fields.NESTED_TABLE)]
        for _ in range(3):
            tables.append(b.host.quads[tables[-1] >> 3] & nested.FRAME)
        for level, index, value in changes:
            b.host.quads[(tables[level] >> 3) + index] = value
        before = list(b.host.quads[: 1 << 13])
        assert b.run().reason in (exits.HLT, exits.VIOLATION, exits.MISCONFIGURATION)
        after = list(b.host.quads[: 1 << 13])
        assert all(
            then & ~(ACCESSED | DIRTY) == now & ~(ACCESSED | DIRTY) for then, now in zip(before, after, strict=True)
        )
        assert all(then & RIGHTS for then, now in zip(before, after, strict=True) if then != now)
