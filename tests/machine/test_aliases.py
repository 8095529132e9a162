"""One page at several addresses, and what lies across two pages, in loops that are hot: data, code and page tables.

Under every engine and each way to translate addresses.
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop, TrapInfo
from tests.machine.builder import Program
from tests.machine.tables import (
    ALL,
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
    hotly,
    image,
)
from tests.machine.test_paging import granted
from tests.machine.test_self_modifying import addi

ON = {"ptb": ROOT | 1}
FAR = 0x405000
"""An alias that has the entry of 0x5000 in a look-aside buffer of 1024 entries."""
BETWEEN = int.from_bytes(DATA[0xFFE:] + OTHER[:2], "little")
"""The word across pages ONE and TWO."""


def counted(p: Program, rounds: int) -> None:
    """The end of a loop from the label `again`, by s0 that begins as 0."""
    p("addi", "s0", "s0", 1)
    p.li("t0", rounds)
    p("bne", "s0", "t0", "again")


def skipping(p: Program) -> None:
    """A handler at HANDLER that adds cause to t1 and tval to t2, counts in tp, and goes on behind the instruction."""
    p.org(HANDLER)
    p("rdcr", "t0", "cause")
    p("add", "t1", "t1", "t0")
    p("rdcr", "t0", "tval")
    p("add", "t2", "t2", "t0")
    p("addi", "tp", "tp", 1)
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("rfe")


ZERO = dict.fromkeys(("s0", "a0", "a1", "a2", "a3", "tp", "t1", "t2"), 0)


@pytest.mark.parametrize("other", [0x6000, FAR])
def test_stores_by_one_address_loads_by_another(other: int) -> None:
    """Each sees at once what the other has stored; the page is dirty by both entries."""
    p = Program()
    p.label("again")
    p("sw", "s0", 0x10, "a4")
    p("lw", "a1", 0x10, "a5")
    p("add", "a0", "a0", "a1")
    p("sb", "s0", 0x13, "a5")
    p("lw", "a1", 0x12, "a4")
    p("add", "a2", "a2", "a1")
    counted(p, 60)
    p("brk")
    table = Space({5: ONE | ALL, 6: ONE | ALL}, {1: TABLE | V})
    data = image(table, p)
    got = hotly(data, control=ON, registers=ZERO | {"a4": 0x5000, "a5": other})
    # lw at 0x12: the upper half of the word, with the byte on top, and the first two bytes behind
    behind = int.from_bytes(DATA[0x14:0x16], "little") << 16
    assert got["a0"] == sum(range(60))
    assert got["a2"] == sum(n << 8 | behind for n in range(60)) % 2**32
    assert got.word(TABLE + 20) == ONE | ALL | A | D


@pytest.mark.parametrize(
    ("ring", "first", "second"),
    [
        (0, ALL, V | R),
        (0, V | R | W, V | R | U),
        (3, V | X | U, ALL),
        (3, ALL, V | W | U),
        (3, ALL, V | R | W),
        (3, V | R | W, V | R | U),
    ],
)
def test_one_page_with_different_rights(ring: int, first: int, second: int) -> None:
    """At 0x5000 and at 0x6000 in turns: each address grants what its own entry says."""
    p = Program()
    p.label("again")
    for register in ("a4", "a5"):
        p("lw", "a1", 0x10, register)
        p("sw", "s0", 0x10, register)
    counted(p, 20)
    p.label("end")
    p("jal", "zero", "end")
    skipping(p)
    space = Space({5: ONE | first, 6: ONE | second})
    control = ON | {"tvec": HANDLER, "psw": ring}
    got = hotly(image(space, p), 2000, control=control, registers=ZERO | {"a4": 0x5000, "a5": 0x6000})
    rights = {0x5010: first, 0x6010: second}
    denied = [(at, kind) for at in rights for kind in (LOAD, STORE) if not granted(rights[at], kind, ring)]
    assert got["tp"] == 20 * len(denied)
    assert (got["t1"], got["t2"]) == (20 * sum(kind for _, kind in denied), 20 * sum(at for at, _ in denied))
    written = any((at, STORE) not in denied for at in rights)
    assert got.word(ONE + 0x10) == (19 if written else int.from_bytes(DATA[0x10:0x14], "little"))


def test_words_across_pages_that_are_not_neighbours() -> None:
    """5 and 6 are ONE and TWO, 7 and 8 are TWO and ONE; every offset, for loads and stores of every size."""
    p = Program()
    p.label("again")
    for offset in (-3, -2, -1):
        p("lw", "a1", offset, "a4")
        p("xor", "a0", "a0", "a1")
        p("sw", "a0", offset, "a5")
    p("lh", "a1", -1, "a5")
    p("add", "a0", "a0", "a1")
    p("sh", "a0", -1, "a4")
    counted(p, 30)
    p("brk")
    data = image(Space({5: ONE | ALL, 6: TWO | ALL, 7: TWO | ALL, 8: ONE | ALL}), p)
    got = hotly(data, control=ON, registers=ZERO | {"a4": 0x6000, "a5": 0x8000})
    memory, a0 = bytearray(data), 0

    frames = {5: ONE, 6: TWO, 7: TWO, 8: ONE}

    def place(at: int) -> int:
        return frames[at >> 12] + at % 0x1000

    def load(at: int, size: int) -> int:
        return int.from_bytes(bytes(memory[place(at + i)] for i in range(size)), "little")

    def store(at: int, size: int, value: int) -> None:
        for i in range(size):
            memory[place(at + i)] = value >> 8 * i & 0xFF

    for _ in range(30):
        for offset in (-3, -2, -1):
            a0 ^= load(0x6000 + offset, 4)
            store(0x8000 + offset, 4, a0)
        half = load(0x8000 - 1, 2)
        a0 = a0 + half - (half >> 15 << 16) & 0xFFFFFFFF
        store(0x6000 - 1, 2, a0)
    assert got["a0"] == a0
    assert got.memory[ONE : TWO + 0x1000] == bytes(memory[ONE : TWO + 0x1000])


@pytest.mark.parametrize(
    ("ring", "first", "second"),
    [
        (0, ALL, 0),
        (0, 0, ALL),
        (0, V | R, V | R | W),
        (3, ALL, V | R | U),
        (3, V | R | W, ALL),
        (3, ALL, V | R | W),
        (3, ALL, V | X | U),
    ],
)
def test_straddling_in_a_loop(ring: int, first: int, second: int) -> None:
    """Both pages in use where they may be used, and words across them: a fault changes nothing, in any round."""
    p = Program()
    p.label("again")
    for offset in (-4, 0, -2):
        p("lw", "a1", offset, "a4")
        p("add", "a0", "a0", "a1")
        p("sw", "s0", offset, "a4")
    counted(p, 20)
    p.label("end")
    p("jal", "zero", "end")
    skipping(p)
    space = Space({5: ONE | first, 6: TWO | second})
    control = ON | {"tvec": HANDLER, "psw": ring}
    got = hotly(image(space, p), 3000, control=control, registers=ZERO | {"a4": 0x6000})
    where = {0x5FFC: (first,), 0x6000: (second,), 0x5FFE: (first, second)}
    count, causes, addresses = 0, 0, 0
    for at, entries in where.items():
        for kind in (LOAD, STORE):
            bad = [n for n, entry in enumerate(entries) if not granted(entry, kind, ring)]
            if bad:
                count, causes = count + 20, causes + 20 * kind
                addresses += 20 * (0x6000 if bad == [1] else at)
    assert (got["tp"], got["t1"], got["t2"]) == (count, causes, addresses)
    assert got["s0"] == 20


def test_an_entry_that_is_stored_through_itself() -> None:
    """The store marks the entry that it goes through, then replaces it; the load finds its own mark."""
    p = Program()
    p("sw", "a2", 0, "a1")
    p("tlbflush")
    p("lw", "a0", 0, "a1")
    p("brk")
    for value in (TABLE | V | R, TABLE | V | R | W | D):
        data = image(Space({5: TABLE | V | R | W}), p)
        got = hotly(data, control=ON, registers={"a1": 0x5000 + 4 * 5, "a2": value})
        assert got.stop == Stop("trap", trap=TrapInfo(2, 0, 12))
        assert got["a0"] == got.word(TABLE + 20) == value | A


def test_a_root_that_is_its_own_table() -> None:
    """The root's entry 1 points to the root, so that entry 3, no superpage, shows the root at 0x403000. Through that,
    entry 2 is one table and another in turns."""
    p = Program()
    p.label("again")
    p("xor", "a2", "a2", "a3")
    p("sw", "a2", 8, "a4")
    p("tlbflush")
    p("lw", "a1", 0x10, "a5")
    p("add", "a0", "a0", "a1")
    counted(p, 40)
    p("lw", "a1", 12, "a4")
    p("lw", "a2", 16, "a4")
    p("brk")
    p.org(TABLE + 0x1000 + 4 * 5)
    p.word(TWO | ALL)
    space = Space({5: ONE | ALL}, {1: ROOT | V, 3: ROOT | V | R | W, 4: RAM | V})
    tables = {"a2": TABLE | V, "a3": TABLE ^ TABLE + 0x1000, "a4": 0x403000, "a5": 0x805000}
    got = hotly(image(space, p), control=ON, registers=ZERO | tables)
    assert got["a0"] == sum(20 * int.from_bytes(page[0x10:0x14], "little") for page in (DATA, OTHER)) % 2**32
    assert (got["a1"], got["a2"]) == (ROOT | V | R | W | A | D, RAM | V)


def test_code_across_two_pages_one_of_which_is_replaced() -> None:
    """A hot loop over pages that are not neighbours; then its second half is another page, and another again."""
    p = Program()
    p.org(0x9FF8)
    p("addi", "a0", "a0", 1)
    p("addi", "a1", "a1", -1)
    for page, what in ((0xC000, 10), (0x7000, 100)):
        p.org(page)
        p("addi", "a0", "a0", what)
        p.items[p.at] = "bne", ("a1", "zero", p.at - 12)
        p.at += 4
        p("jalr", "zero", 0, "ra")
    p.org(0)
    p.label("again")
    p("xor", "a2", "a2", "a3")
    p("sw", "a2", 4 * 6, "a4")
    p("tlbflush")
    p("addi", "a1", "zero", 25)
    p("jalr", "ra", 0, "a5")
    counted(p, 6)
    p("brk")
    data = bytearray(0xD000)
    data[: len(p.image())] = p.image()
    q = Program()
    Space({5: 0x9000 | ALL, 6: 0x7000 | ALL, 7: TABLE | V | R | W}).put(q)
    tables = q.image()
    memory = bytes(data) + bytes(ROOT - len(data)) + tables[ROOT:]
    registers = ZERO | {"a2": 0x7000 | ALL, "a3": 0xC000 ^ 0x7000, "a4": 0x7000, "a5": 0x5FF8}
    got = hotly(memory, control=ON, registers=registers)
    assert got.stop == Stop("trap", trap=TrapInfo(2, 0, 32))
    assert got["a0"] == 3 * 25 * (1 + 10) + 3 * 25 * (1 + 100)


@pytest.mark.parametrize("rounds", [3, 60])
def test_a_loop_that_is_written_by_another_address(rounds: int) -> None:
    """It counts its own increment up by an alias that may not be fetched from: before the page is shared and after."""
    p = Program()
    p.label("again")
    p("sw", "a1", 4, "a4")
    p("addi", "a0", "a0", 0)
    p("addi", "a1", "a1", 1)
    counted(p, rounds)
    p("brk")
    got = hotly(image(Space({5: V | R | W}), p), control=ON, registers=ZERO | {"a1": addi(0), "a4": 0x5000})
    assert got["a0"] == sum(range(rounds))


def test_two_aliases_of_code_run_in_turns() -> None:
    """One routine at two addresses, rewritten through a third: both are the new one at once."""
    p = Program()
    p.label("again")
    p("sw", "a1", 0x700, "a5")
    p("jalr", "ra", 0x700, "a3")
    p("jalr", "ra", 0x700, "a4")
    p("addi", "a1", "a1", 1)
    counted(p, 40)
    p("brk")
    p.org(0x9700)
    p("addi", "a0", "a0", 0)
    p("jalr", "zero", 0, "ra")
    space = Space({5: 0x9000 | V | X, 7: 0x9000 | V | R | W}, {1: TABLE | V})
    registers = ZERO | {"a1": addi(0), "a3": 0x5000, "a4": FAR, "a5": 0x7000}
    got = hotly(image(space, p), control=ON, registers=registers)
    assert got["a0"] == 2 * sum(range(40))


def test_one_superpage_with_code_data_and_tables() -> None:
    """A superpage that shows all of RAM: the code in it changes data, its own instructions, and page tables in it."""
    p = Program()
    p.label("again")
    p("sw", "a1", 16, "zero")
    p("xor", "a2", "a2", "a3")
    p("sw", "a2", 4 * 5, "a4")
    p("tlbflush")
    assert p("addi", "a0", "a0", 0) == 16
    p("lw", "tp", 0x10, "a5")
    p("sw", "tp", 0x200, "zero")
    p("lw", "tp", 0x200, "zero")
    p("add", "t1", "t1", "tp")
    p("addi", "a1", "a1", 1)
    counted(p, 40)
    p("brk")
    space = Space(roots={0: V | R | W | X, 1: TABLE | V})
    data = image(space, p)
    registers = ZERO | {"a1": addi(0), "a2": TWO | ALL, "a3": ONE ^ TWO, "a4": TABLE, "a5": FAR}
    got = hotly(data, control=ON, registers=registers)
    words = [int.from_bytes(page[0x10:0x14], "little") for page in (DATA, OTHER)]
    assert (got["a0"], got["t1"]) == (sum(range(40)), 20 * sum(words) % 2**32)
    assert got.word(ROOT) == V | R | W | X | A | D
