"""Code with paging on: which pages can be fetched from, code in scattered pages, and stores to code by other addresses.

Under every engine.
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop, TrapInfo
from tests.machine.builder import Program
from tests.machine.tables import (
    ALL,
    DATA,
    FETCH,
    ONE,
    OTHER,
    ROOT,
    TABLE,
    TWO,
    A,
    R,
    Space,
    U,
    V,
    W,
    X,
    everyway,
    image,
    trapped,
)

HERE = 0x5000
SLOT = TABLE + 4 * 5
FIRST, SECOND = (int.from_bytes(data[:4], "little") for data in (DATA, OTHER))
"""The first words of pages ONE and TWO."""


@pytest.mark.parametrize("rights", [0, V, V | R, V | R | W | U, V | W | X, (V | R | X) & ~V])
def test_running_into_a_page_that_cannot_be_fetched(rights: int) -> None:
    """The fault is at the page's first address, after the instruction before it has retired; no mark on the page."""
    p = Program()
    p.org(0xFFC)
    p("addi", "a0", "zero", 1)
    p.word(*[0x28000000] * 2)
    got = everyway(
        image(Space({1: 0x1000 | rights}), p),
        entry=0xFFC,
        control={"ptb": ROOT | 1},
        registers={"a0": 0},
    )
    assert got.stop == Stop("trap", trap=TrapInfo(FETCH, 0x1000, 0x1000))
    assert (got["a0"], got.word(TABLE + 4)) == (1, 0x1000 | rights)


@pytest.mark.parametrize("ring", range(4))
def test_fetch_needs_x_and_in_ring_3_u(ring: int) -> None:
    for rights, able in ((V | X, ring != 3), (V | X | U, True), (V | R | U, False), (V | R | X, ring != 3)):
        p = Program()
        p.org(0x1000)
        p("addi", "a0", "zero", 1)
        p("addi", "a0", "zero", 2)
        space = Space({1: 0x1000 | rights})
        got = everyway(image(space, p), 2, entry=0x1000, control={"ptb": ROOT | 1, "psw": ring})
        assert trapped(got) == (None if able else (FETCH, 0x1000))
        assert got.word(TABLE + 4) == 0x1000 | rights | (A if able else 0)


def test_code_in_pages_that_are_not_neighbours() -> None:
    """A loop across a page boundary, its second half anywhere in RAM."""
    p = Program()
    p.org(0x4FF8)
    p("addi", "a0", "a0", 1)
    p("addi", "a1", "a1", -1)
    p.org(0x9000)
    p("bne", "a1", "zero", 0x8FF8)  # that is -8 from here, as from the page that it is seen in
    p("brk")
    memory = bytearray(p.image())
    space = Space({5: 0x4000 | ALL, 6: 0x9000 | ALL})
    q = Program()
    space.put(q)
    tables = q.image()
    memory += bytes(len(tables) - len(memory))
    memory[ROOT : len(tables)] = tables[ROOT:]
    got = everyway(bytes(memory), entry=0x5FF8, control={"ptb": ROOT | 1}, registers={"a0": 0, "a1": 9})
    assert got.stop == Stop("trap", trap=TrapInfo(2, 0, 0x6004))
    assert (got["a0"], got.state.instructions) == (9, 27)


def test_stores_to_code_by_another_address() -> None:
    """One page at two addresses: what is written by one is fetched by the other, at once."""
    patch = Program()
    patch("addi", "a0", "zero", 7)
    word = int.from_bytes(patch.image(), "little")
    p = Program()
    p("sw", "a2", 0, "a1")
    p("addi", "a0", "zero", 1)
    p("sw", "a3", 4, "a1")
    p("jal", "zero", 4)
    space = Space({0: ALL, 5: ALL})
    registers = {"a1": HERE + 4, "a2": word, "a3": 0x71000000}
    got = everyway(image(space, p), registers=registers, control={"ptb": ROOT | 1})
    assert got["a0"] == 7 and got.stop.trap == TrapInfo(2, 0, 8)


def test_stores_to_code_with_and_without_paging() -> None:
    """Code that has run with paging off is changed with paging on, by its other address, and runs again."""
    patch = Program()
    patch("addi", "a0", "a0", 10)
    word = int.from_bytes(patch.image(), "little")
    p = Program()
    p("jal", "ra", "function")
    p("setptb", "a1")
    p("sw", "a2", 0, "a3")
    p("jal", "ra", "function")
    p("setptb", "zero")
    p("jal", "ra", "function")
    p("brk")
    p.org(0x700)
    p.label("function")
    p("addi", "a0", "a0", 1)
    p("jalr", "zero", 0, "ra")
    space = Space({0: ALL, 5: ALL})
    registers = {"a0": 0, "a1": ROOT | 1, "a2": word, "a3": HERE + 0x700}
    got = everyway(image(space, p), registers=registers)
    assert (got["a0"], got.stop.reason) == (21, "trap")


def test_tables_written_with_paging_off() -> None:
    """Between two times with paging on: the second sees what has been written, after a flush."""
    p = Program()
    p("setptb", "a1")
    p("lw", "a0", 0, "s0")
    p("setptb", "zero")
    p("sw", "a2", 0, "a3")
    p("tlbflush")
    p("setptb", "a1")
    p("lw", "a4", 0, "s0")
    registers = {"a1": ROOT | 1, "a2": TWO | ALL, "a3": SLOT, "s0": HERE}
    got = everyway(image(Space({5: ONE | ALL}), p), 7, registers=registers)
    assert (got["a0"], got["a4"]) == (FIRST, SECOND)


def test_trap_and_interrupt_entry_with_paging() -> None:
    """`tvec` is a virtual address; a handler that cannot be fetched is a double fault."""
    for rights, expected in ((V | X, "limit"), (0, "double-fault"), (V | R, "double-fault")):
        p = Program()
        p("brk")
        p.org(0x6000)
        p("addi", "a0", "zero", 5)
        space = Space({7: 0x6000 | rights})
        got = everyway(image(space, p), 1, control={"ptb": ROOT | 1, "tvec": 0x7000, "psw": 3})
        assert got.stop.reason == expected
        if expected == "double-fault":
            assert got.stop == Stop(expected, trap=TrapInfo(FETCH, 0x7000, 0x7000), first=TrapInfo(2, 0, 0))
        else:
            assert got["a0"] == 5
