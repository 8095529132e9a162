"""Entries of page tables that change under a running program: each kind of entry after each other kind.

"The TLB may keep entries until `tlbflush`": behind it, a load, a store and a call see the new entry, in a loop that is
hot, in both rings, whatever the page was before. Under every engine and each way to translate addresses.
"""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from tests.machine.builder import Program
from tests.machine.tables import (
    ALL,
    BUS_ERROR,
    CODE,
    FETCH,
    HANDLER,
    LOAD,
    ONE,
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
)

LIST, LOG = 0x7000, 0xC000
"""Pages with the entries to try, and with what came of them."""
OTHER_TABLE, EMPTY_TABLE = 0x12000, 0x13000
ONES = 0xFFFFFFFF
WORD, FUNCTION = 0x20, 0x40
"""What is loaded and stored in a page, and what is called."""


def every_pair(entries: list[int]) -> list[int]:
    """A sequence in which each entry comes once behind each, itself too (de Bruijn's, of order 2)."""
    pairs = [n for i, one in enumerate(entries) for n in (one, *(n for two in entries[i + 1 :] for n in (one, two)))]
    return [*pairs, entries[0]]


def program(entry: int, target: int, sequence: list[int]) -> Program:
    """For each entry of the sequence: the kernel puts it at the address `entry` and flushes; then `target` is loaded
    from, stored to and called. Of each access the log has cause or ones, tval, a0, and the entry as it is then."""
    p = Program()
    p.org(CODE)
    for register, value in (("s0", LIST), ("s1", entry), ("sp", LOG), ("a5", target), ("a3", target + FUNCTION)):
        p.li(register, value)
    p.label("again")
    p("lw", "a1", 0, "s0")
    p("addi", "s0", "s0", 4)
    p("syscall", 0)
    for access in (("lw", "a0", WORD, "a5"), ("sw", "s0", WORD, "a5"), ("jalr", "ra", 0, "a3")):
        p("addi", "t1", "zero", -1)
        p("addi", "a0", "zero", 0)
        p(*access)
        p("lw", "a2", 0, "s1")
        for n, register in enumerate(("t1", "gp", "a0", "a2")):
            p("sw", register, 4 * n, "sp")
        p("addi", "sp", "sp", 16)
        p("addi", "gp", "zero", 0)
    p.li("a2", LIST + 4 * len(sequence))
    p("bne", "s0", "a2", "again")
    p("brk")
    p.org(HANDLER)
    p("rdcr", "t0", "cause")
    p("addi", "t2", "zero", 3)
    p("bne", "t0", "t2", "fault")
    p("sw", "a1", 0, "s1")
    p("tlbflush")
    p("jal", "zero", "next")
    p.label("fault")
    p("addi", "t1", "t0", 0)
    p("rdcr", "gp", "tval")
    p("rdcr", "t0", "epc")
    p("beq", "t0", "gp", "return")
    p("addi", "t0", "t1", -2)
    p("beq", "t0", "zero", "end")
    p.label("next")
    p("rdcr", "t0", "epc")
    p("addi", "t0", "t0", 4)
    p("wrcr", "epc", "t0")
    p("rfe")
    p.label("return")  # nothing was executed at the target
    p("wrcr", "epc", "ra")
    p("rfe")
    p.label("end")
    p.off()
    for n, value in enumerate(sequence):
        p.org(LIST + 4 * n)
        p.word(value)
    for n, page in enumerate((ONE, TWO)):
        p.org(page + FUNCTION)
        p("addi", "a0", "a0", n + 1)
        p("jalr", "zero", 0, "ra")
    return p


def memory(p: Program, space: Space) -> bytes:
    """The program with its tables; the data of pages ONE and TWO are their addresses."""
    for page in (ONE, TWO):
        p.org(page + WORD)
        p.word(page)
    space.put(p)
    return p.image()


def expected(sequence: list[int], target: int, ring: int, leads: dict[int, tuple[int, int]]) -> list[int]:
    """The log. `leads`: entry -> rights, and the physical page that it leads to."""
    found, words = list[int](), {ONE: ONE, TWO: TWO}
    for number, entry in enumerate(sequence):
        now, (rights, page) = entry, leads[entry]
        for need, cause, mark, offset in ((R, LOAD, A, WORD), (W, STORE, A | D, WORD), (X, FETCH, A, FUNCTION)):
            if not rights & V or rights & (R | W) == W or not rights & need or (ring == 3 and not rights & U):
                found += [cause, target + offset, 0, now]
            elif page >= RAM:
                found += [BUS_ERROR, target + offset, 0, now]
            else:
                now |= mark if entry & (R | W | X) else 0
                words[page] = LIST + 4 * (number + 1) if need == W else words[page]
                found += [ONES, 0, {R: words[page], W: 0, X: 1 if page == ONE else 2}[need], now]
    return found


def check(sequence: list[int], leads: dict[int, tuple[int, int]], entry: int, target: int, ring: int) -> None:
    """Try the sequence at the virtual address `entry`; what comes of it at `target`."""
    p = program(entry, target, sequence)
    for page in (ONE, TWO):
        p.org(page + WORD)
        p.word(page)
    p.org(OTHER_TABLE + 4 * (ONE >> 12))
    p.word(TWO | ALL)
    log = {n: n << 12 | V | R | W | U for n in range(LOG >> 12, ROOT >> 12)}
    tables = {6: TABLE | V | R | W | U, 8: ROOT | V | R | W | U, 7: LIST | V | R | U}
    Space(tables | log).put(p)
    got = hotly(p.image(), control={"ptb": ROOT | 1, "tvec": HANDLER, "psw": ring}, registers={"gp": 0})
    assert got.stop == Stop("exit", 0)
    wanted = expected(sequence, target, ring, leads)
    assert [got.word(LOG + 4 * n) for n in range(len(wanted))] == wanted


@pytest.mark.parametrize("ring", [0, 3])
def test_every_leaf_after_every_other(ring: int) -> None:
    """Frames, permissions, W without R, nothing, and a page that is not in RAM."""
    rights = (V | R | U, V | R | W | U, V | W | X | U, V | R | X, ALL)
    leaves = [0, *(ONE | some for some in rights), TWO | ALL, RAM | ALL]
    leads = {leaf: (leaf & 0xFF, leaf & ~0xFFF) for leaf in leaves}
    check(every_pair(leaves), leads, 0x6000 + 4 * 5, 0x5000, ring)


@pytest.mark.parametrize("ring", [0, 3])
def test_superpages_and_tables_after_each_other(ring: int) -> None:
    """A superpage that shows page ONE, a table that shows TWO there, an empty one, one that is not in RAM, nothing."""
    leads = {
        0: (0, 0),
        ALL: (ALL, ONE),
        V | R | U: (V | R | U, ONE),
        0x1000 | ALL: (0, 0),
        OTHER_TABLE | V: (ALL, TWO),
        EMPTY_TABLE | V: (0, 0),
        RAM | V: (0, 0),
    }
    check(every_pair([*leads]), leads, 0x8000 + 4 * 3, 0xC00000 + ONE, ring)
