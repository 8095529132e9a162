"""The manual: "Instruction fetch sees every earlier store (self-modifying code needs no fence)".

Whatever stores, wherever, and however the code has been translated.
"""

from __future__ import annotations

from typing import Any

import pytest

from ring1.dbt.vmm.options import Options
from tests.machine.builder import RAM, Outcome, Program, run_all

WAYS: list[dict[str, Any]] = [
    {},
    {"hot": True},
    {"options": Options(code_size=1 << 20, most_blocks=1)},
    {"options": Options(code_size=1 << 20, most_instructions=1)},
    {"options": Options(code_size=1 << 20, chain=False)},
]


def addi(immediate: int, rd: str = "a0", rs1: str = "a0") -> int:
    p = Program()
    p("addi", rd, rs1, immediate)
    return int.from_bytes(p.image(), "little")


def everyway(p: Program, **settings: Any) -> Outcome:
    """The program under every engine, in every way of keeping code: all the same."""
    first, *others = (run_all(p, **settings, **way) for way in WAYS)
    assert all(other == first for other in others)
    return first


@pytest.mark.parametrize("distance", range(1, 12))
def test_an_instruction_ahead(distance: int) -> None:
    """The next one, and others of the same block."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", addi(100))
    store = p("sw", "a1", 0, "zero")
    for _ in range(12):
        p("addi", "a0", "a0", 1)
    p.off()
    p.items[store] = "sw", ("a1", store + 4 * distance, "zero")
    assert everyway(p)["a0"] == 11 + 100


PARTS = [
    # store, value, offset in the instruction `addi a0, a0, 1`, what the instruction then makes of 5
    ("sb", 77, 0, 5 + 77),
    ("sb", 1, 1, 5 + 0x101),
    ("sb", 0xA0, 2, 1),  # addi a0, zero, 1
    ("sb", 0x2B, 3, 5 & 1),  # andi a0, a0, 1
    ("sh", 300, 0, 5 + 300),
    ("sh", 0x0102, 1, 5),  # addi zero, ra, 0x201
    ("sh", 0x2BA0, 2, 0),  # andi a0, zero, 1
]


@pytest.mark.parametrize("ahead", [0, 1, 2])
@pytest.mark.parametrize(("store", "value", "offset", "result"), PARTS)
def test_parts_of_an_instruction(store: str, value: int, offset: int, result: int, ahead: int) -> None:
    """Each byte of an instruction, the first and others of a routine that has run before."""
    p = Program()
    p.li("a1", value)
    p.li("a0", 5)
    p("jal", "ra", "routine")
    p.li("a0", 5)
    p(store, "a1", 0x700 + 4 * ahead + offset, "zero")
    p("jal", "ra", "routine")
    p.off()
    p.org(0x700)
    p.label("routine")
    for n in range(3):
        p("addi", *(("a0", "a0", 1) if n == ahead else ("a2", "a2", 1)))
    p("jalr", "zero", 0, "ra")
    got = everyway(p, registers={"a2": 0})
    assert (got["a0"], got["a2"]) == (result, 4)


@pytest.mark.parametrize("how", ["swap", "cas"])
def test_atomic_stores(how: str) -> None:
    p = Program()
    p.li("a0", 0)
    p.li("a1", addi(50))
    p.li("a2", "patched")
    p.li("a3", addi(1))
    p(how, "a3", "a1", "a2")
    p.label("patched")
    p("addi", "a0", "a0", 1)
    p.off()
    got = everyway(p)
    assert (got["a0"], got["a3"]) == (50, addi(1))


def test_every_round_of_a_loop() -> None:
    """A loop that counts its own increment up: 1 + 2 + ... + 50, by a store in each round."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", addi(1))
    p.li("a2", 50)
    p.label("again")
    p("sw", "a1", 0x700, "zero")
    p("jal", "ra", 0x700)
    p("addi", "a1", "a1", 1)
    p("addi", "a2", "a2", -1)
    p("bne", "a2", "zero", "again")
    p.off()
    p.org(0x704)
    p("jalr", "zero", 0, "ra")
    assert everyway(p)["a0"] == sum(range(1, 51))


def test_a_hot_loop_is_patched_at_its_end() -> None:
    """A hundred rounds with the old instruction, then, without leaving the loop, a hundred with the new one."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", addi(1000))
    p.li("a2", 200)
    p.li("a3", 101)
    p.label("again")
    p.label("patched")
    p("addi", "a0", "a0", 1)
    p("addi", "a2", "a2", -1)
    p("beq", "a2", "zero", "end")
    p("bne", "a2", "a3", "again")
    p("sw", "a1", p.labels["patched"], "zero")
    p("jal", "zero", "again")
    p.label("end")
    p.off()
    # The store comes when a2 is 101: after 99 rounds.
    assert everyway(p)["a0"] == 99 + 101 * 1000


@pytest.mark.parametrize("count", [1, 7, 8, 9, 100])
def test_data_beside_code(count: int) -> None:
    """Stores to data in the page of the code, more and fewer than it takes to give up protecting it; then to code."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", count)
    p.li("a4", addi(30))
    p.label("again")
    p("sw", "a1", 0x800, "zero")
    p("addi", "a0", "a0", 1)
    p("addi", "a1", "a1", -1)
    p("bne", "a1", "zero", "again")
    p("jal", "ra", 0x900)
    p("sw", "a4", 0x900, "zero")
    p("jal", "ra", 0x900)
    p.off()
    p.org(0x900)
    p("addi", "a0", "a0", 2)
    p("jalr", "zero", 0, "ra")
    assert everyway(p)["a0"] == count + 2 + 30


def test_a_store_across_two_pages_of_code() -> None:
    """Its bytes are in the last instruction of one page and in the first of the next."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", "last")
    p("jalr", "ra", 0, "a1")
    p.li("a2", addi(0x0203) >> 16 | addi(0x0405) << 16 & 0xFFFFFFFF)
    p.li("a3", 0xFFE)
    p("sw", "a2", 0, "a3")
    p("jalr", "ra", 0, "a1")
    p.off()
    p.org(0xFFC)
    p.label("last")
    p("addi", "a0", "a0", 1)
    p("addi", "a0", "a0", 1)
    p("jalr", "zero", 0, "ra")
    # Two bytes of each: the upper half of the first stays as it was, the lower half of the second is new.
    assert everyway(p)["a0"] == 2 + 1 + 0x0405


def test_code_is_made_in_fresh_memory() -> None:
    """A routine written word by word, run, written again with other words, run again; 20 times."""
    p = Program()
    p.li("a0", 0)
    p.li("s0", 20)
    p.li("a1", addi(3))
    p.li("a2", addi(7))
    p.li("a3", 0x69010000)  # jalr zero, 0(ra)
    p.li("a4", 0x5000)
    p.label("again")
    for first, second in (("a1", "a2"), ("a2", "a2")):
        p("sw", first, 0, "a4")
        p("sw", second, 4, "a4")
        p("sw", "a3", 8, "a4")
        p("jalr", "ra", 0, "a4")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off()
    q = Program()
    q("jalr", "zero", 0, "ra")
    assert int.from_bytes(q.image(), "little") == 0x69010000
    assert everyway(p)["a0"] == 20 * (3 + 7 + 7 + 7)


def test_an_instruction_that_overwrites_itself() -> None:
    """It has been fetched already; what it leaves is for the next time."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", addi(9))
    p.label("self")
    p("sw", "a1", p.at, "zero")
    p("addi", "a0", "a0", 1)
    p.li("a2", 11)
    p("blt", "a0", "a2", "self")
    p.off()
    # 1 in the first round; then 9 and 1 in the second: 11.
    assert everyway(p)["a0"] == 11


def test_the_last_word_of_ram() -> None:
    """The last instruction that there is, before and after a store to it; behind it the fetch faults."""
    p = Program()
    p.li("a0", 0)
    p.li("a1", addi(5))
    p.li("a2", RAM - 4)
    p.control("tvec", "behind")
    p("jalr", "zero", 0, "a2")
    p.label("behind")
    p("rdcr", "a3", "epc")
    p("sw", "a1", 0, "a2")
    p.control("tvec", "again")
    p("jalr", "zero", 0, "a2")
    p.label("again")
    p.off()
    p.org(RAM - 4)
    p("addi", "a0", "a0", 1)
    got = everyway(p)
    assert (got["a0"], got["a3"], got["cause"]) == (6, RAM, 9)
