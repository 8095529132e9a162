"""What programs see of paging: tables changed under way, address spaces, self-mapping, `lra`; under
every engine.

"The TLB may keep entries until `tlbflush`; `setptb` does not flush, and entries are tagged with ASID."
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop, TrapInfo
from tests.machine.builder import Program, run
from tests.machine.tables import (
    ALL,
    BUS_ERROR,
    CODE_USED,
    DATA,
    HANDLER,
    LOAD,
    ONE,
    OTHER,
    RAM,
    ROOT,
    STORE,
    TABLE,
    TWO,
    A,
    D,
    R,
    Space,
    U,
    V,
    W,
    X,
    attempt,
    changes,
    everyway,
    image,
    trapped,
)
from tests.ways import PAGED

ONES = 0xFFFFFFFF
HERE = 0x5000
SLOT = TABLE + 4 * 5
OTHER_ROOT, OTHER_TABLE = 0x12000, 0x13000
FIRST, SECOND = (int.from_bytes(data[:4], "little") for data in (DATA, OTHER))
"""The first words of pages ONE and TWO."""


@pytest.mark.parametrize("ring", range(4))
@pytest.mark.parametrize("engine", PAGED)
def test_lra(engine: str, ring: int) -> None:
    """The physical address that a load would use in this ring, or all ones if it would fault; no trap, no mark."""
    cases = [
        ({5: ONE | V | R | U}, {}, HERE + 0x123, ONE + 0x123),
        ({5: ONE | ALL}, {}, HERE + 0xFFF, ONE + 0xFFF),
        ({5: ONE | V | R}, {}, HERE, ONES if ring == 3 else ONE),
        ({5: ONE | V | X | U}, {}, HERE, ONES),
        ({5: ONE | V | W | U}, {}, HERE, ONES),
        ({5: ONE | ALL & ~V}, {}, HERE, ONES),
        ({5: 0x7FFF0000 | ALL}, {}, HERE, ONES),
        ({}, {3: ALL}, 0xC00000 + TWO + 5, TWO + 5),
        ({}, {3: ALL}, 0xC00000 + RAM, ONES),
        ({}, {3: ALL | 0x1000}, 0xC00000, ONES),
        ({}, {3: RAM | V}, 0xC00000, ONES),
    ]
    for pages, roots, address, expected in cases:
        got, before = attempt(engine, Space(pages, roots), "lra", address, ring)
        assert trapped(got) is None
        assert got["a0"] == expected, (pages, roots, hex(address))
        assert changes(before, got) == CODE_USED


@pytest.mark.parametrize("engine", PAGED)
def test_straddling_the_end_of_the_address_space(engine: str) -> None:
    """The page behind the last is page 0; "the lowest faulting address" is then 0, if that faults."""
    top = {0x3FF: 0x14000 | V}
    p = Program()
    p.org(0x1000)
    p("lw", "a0", 0, "a1")
    for first, last, expected in (
        (ONE | ALL, TWO | ALL, None),
        (0, TWO | ALL, (LOAD, 0)),
        (0, 0, (LOAD, 0)),
        (ONE | ALL, 0, (LOAD, 0xFFFFFFFE)),
        (RAM | ALL, 0, (BUS_ERROR, 0)),
        (ONE | ALL, RAM | ALL, (BUS_ERROR, 0xFFFFFFFE)),
    ):
        p = Program()
        p.org(0x1000)
        p("lw", "a0", 0, "a1")
        p.org(0x14000 + 4 * 0x3FF)
        p.word(last)
        memory = image(Space({0: first, 1: 0x1000 | ALL}, top), p)
        settings = {"control": {"ptb": ROOT | 1}, "registers": {"a1": 0xFFFFFFFE}, "entry": 0x1000, "memory": RAM}
        got = run(engine, memory, 1, **settings)
        assert trapped(got) == expected
        if expected is None:
            assert got["a0"] == int.from_bytes(OTHER[0xFFE:] + DATA[:2], "little")


def test_setptb_takes_effect_at_the_next_instruction() -> None:
    """Page 0 is where it was, page 5 is not; and off again."""
    p = Program()
    p("lw", "a0", 0, "a1")
    p("setptb", "a2")
    p("lw", "a3", 0, "a1")
    p("setptb", "zero")
    p("lw", "a4", 0, "a1")
    memory = bytearray(image(Space({4: TWO | ALL}), p))
    got = everyway(bytes(memory), 5, registers={"a1": ONE, "a2": ROOT | 1})
    assert (got["a0"], got["a3"], got["a4"]) == (FIRST, SECOND, FIRST)


def test_setptb_may_move_the_code_itself() -> None:
    """The next instruction is fetched through the new table."""
    p = Program()
    p("setptb", "a2")
    p("addi", "a0", "zero", 1)
    p.org(0x6004)
    p("addi", "a0", "zero", 2)
    got = everyway(image(Space({0: 0x6000 | ALL}), p), 2, registers={"a2": ROOT | 1})
    assert (got["a0"], got["pc"]) == (2, 8)


def test_changed_mapping_after_tlbflush() -> None:
    """An entry is changed, through a page that maps the table itself; after `tlbflush` the change holds."""
    p = Program()
    p("lw", "a0", 0, "a1")
    p("sw", "a2", 0, "a3")
    p("tlbflush")
    p("lw", "a4", 0, "a1")
    p("lw", "a5", 0, "a3")
    space = Space({5: ONE | ALL, 6: TABLE | ALL})
    registers = {"a1": HERE, "a2": TWO | V | R, "a3": 0x6000 + 4 * 5}
    got = everyway(image(space, p), 5, registers=registers, control={"ptb": ROOT | 1})
    # The load has marked the entry that was stored.
    assert (got["a0"], got["a4"], got["a5"]) == (FIRST, SECOND, TWO | V | R | A)
    assert got.word(TABLE + 4 * 6) == TABLE | ALL | A | D


def test_taking_away_a_right_after_tlbflush() -> None:
    p = Program()
    p("sw", "zero", 0, "a1")
    p("sw", "a2", 0, "a3")
    p("tlbflush")
    p("lw", "a0", 0, "a1")
    p("sw", "zero", 4, "a1")
    space = Space({5: ONE | ALL, 6: TABLE | ALL})
    registers = {"a1": HERE, "a2": ONE | V | R, "a3": 0x6000 + 4 * 5}
    got = everyway(image(space, p), registers=registers, control={"ptb": ROOT | 1})
    assert got.stop == Stop("trap", trap=TrapInfo(STORE, HERE + 4, 16))


def test_clearing_marks() -> None:
    """A and D that the program cleared are set again by the next use after `tlbflush`, as that use asks for."""
    p = Program()
    p("sw", "zero", 0, "a1")
    p("sw", "a2", 0, "a3")
    p("tlbflush")
    p("lw", "a0", 0, "a1")
    p("lw", "a4", 0, "a3")
    p("sw", "a2", 0, "a3")
    p("tlbflush")
    p("sw", "zero", 0, "a1")
    p("lw", "a5", 0, "a3")
    space = Space({5: ONE | ALL, 6: TABLE | ALL})
    registers = {"a1": HERE, "a2": ONE | ALL, "a3": 0x6000 + 4 * 5}
    got = everyway(image(space, p), 9, registers=registers, control={"ptb": ROOT | 1})
    assert (got["a4"], got["a5"]) == (ONE | ALL | A, ONE | ALL | A | D)


def test_table_that_maps_itself() -> None:
    """The root's last entry points to the root: tables appear at the top of the address space, leaves as pages."""
    p = Program()
    p("lw", "a0", 0, "a1")  # root[3], a superpage, as page 3 of the last 4 MiB
    p("lw", "a2", 0, "a3")  # root[0] points to a table: as a leaf it is none
    space = Space(roots={3: ALL, 0x3FF: ROOT | V})
    registers = {"a1": 0xFFC00000 + 3 * 0x1000 + 0, "a3": 0xFFC00000}
    got = everyway(image(space, p), registers=registers, control={"ptb": ROOT | 1})
    assert got["a0"] == int.from_bytes(image(Space(), p)[:4], "little")  # physical page 0 is the code
    assert got.word(ROOT + 12) == ALL | A
    assert got.stop == Stop("trap", trap=TrapInfo(LOAD, 0xFFC00000, 4))


def test_two_address_spaces() -> None:
    """Different ASIDs, different tables: each `setptb` brings the right page, without a flush."""
    p = Program()
    for n in range(4):
        p("setptb", "a1" if n % 2 else "a2")
        p("lw", f"a{(0, 3, 4, 5)[n]}", 0, "s0")
    p.org(OTHER_ROOT)
    p.word(OTHER_TABLE | V)
    p.org(OTHER_TABLE)
    p.word(V | R | X)
    p.org(OTHER_TABLE + 4 * 5)
    p.word(TWO | ALL)
    registers = {"a1": OTHER_ROOT | 7 << 1 | 1, "a2": ROOT | 6 << 1 | 1, "s0": HERE}
    got = everyway(image(Space({5: ONE | ALL}), p), 8, registers=registers)
    assert [got[name] for name in ("a0", "a3", "a4", "a5")] == [FIRST, SECOND, FIRST, SECOND]


def test_rings_share_a_space() -> None:
    """A page without U: rings 0 to 2 use it, ring 3 does not, in one program and without a flush between."""
    p = Program()
    p.li("t0", HANDLER)
    p("wrcr", "tvec", "t0")
    p("lw", "a0", 0, "s0")
    p.li("a1", "user")
    p("jru", "a1")
    p.label("user")
    at = p("lw", "a2", 0, "s0")
    p.org(HANDLER)
    p("lw", "a3", 0, "s0")
    p("rdcr", "a4", "tval")
    p("rdcr", "a5", "cause")
    p("jal", "zero", HANDLER + 12)
    space = Space({5: ONE | V | R | W | X})
    got = everyway(image(space, p), 15, registers={"s0": HERE, "a2": 0}, control={"ptb": ROOT | 1})
    assert [got[name] for name in ("a0", "a2", "a3", "a4", "a5")] == [FIRST, 0, FIRST, HERE, LOAD]
    assert got["epc"] == at
