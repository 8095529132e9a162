"""What QEMU has besides what a description says: its look-aside buffer, its ROM, which portion of an access fails."""

from __future__ import annotations

import shutil
from random import Random

import pytest

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import DATA, ROOTS
from ring1.dbt.fuzz.listing import LABEL, ORG, Line, Lines
from ring1.dbt.fuzz.peer import layout, qemu
from ring1.dbt.fuzz.peer.compare import compared
from ring1.dbt.fuzz.peer.done import Done
from ring1.dbt.fuzz.peer.harness import Made, machine
from ring1.dbt.fuzz.peer.programs import facts, leave
from ring1.dbt.fuzz.writer import Writer

pytestmark = pytest.mark.skipif(shutil.which(qemu.COMMAND) is None, reason=f"{qemu.COMMAND} is not installed")
NUMBERS = {c.name: number for number, c in machine().control_numbers.items()}
MPRV, SUM, MXR, TO_M, TO_S = 1 << 17, 1 << 18, 1 << 19, 3 << 11, 1 << 11
LEAF, MARKS, READ_WRITE, OF_U = 0xCF, 0xC0, 0x06, 0x10
"""Bits of an entry: valid, for everything, accessed and dirty; the latter two; two rights; a page of U's."""
NOWHERE = 0x00800000
"""A physical address at which there is nothing."""
SUPERPAGE = 22
ALIAS = 0x40000000


class Program(Writer):
    """A program by hand, in M, with the first megabytes of RAM where they are, as pages of S's, and at ALIAS."""

    def __init__(self) -> None:
        super().__init__(facts(0), Random(0))
        self.entries = {ALIAS: entry(layout.BASE), layout.BASE: entry(layout.BASE)}
        """Address -> the entry that maps it."""
        self.set("mtvec", "end")
        self.set("satp", 1 << 31 | self.at(ROOTS[0]) >> 12)

    def set(self, name: str, value: int | str) -> None:
        self.constant(31, value)
        self.lines.append(Line("csrrw", (0, NUMBERS[name], 31)))

    def go(self, label: str, status: int) -> None:
        """Return to a label."""
        self.set("mepc", label)
        self.set("mstatus", status)
        self.lines += [Line("mret"), Line(LABEL, (label,))]

    def load(self, register: int, address: int) -> None:
        self.constant(31, address)
        self.lines.append(Line("lw", (register, 0, 31)))

    def made(self) -> Made:
        self.place("end")
        leave(self)
        for address, word in self.entries.items():
            self.org(ROOTS[0] + (address >> SUPERPAGE) * 4)
            self.word(word)
        return self.facts, tuple(self.lines)


def entry(address: int) -> int:
    return address >> 12 << 10 | LEAF


def ends(program: Program) -> dict[str, int]:
    """Compare a program under QEMU and the interpreter. Returns what its first round ends with."""
    return ends_with(*program.made())


def ends_with(f: Facts, lines: Lines) -> dict[str, int]:
    seen = list[Done]()

    def run(ram: bytes | bytearray) -> Done:
        seen.append(qemu.run(ram))
        return seen[-1]

    result = compared([(f, lines)], run)
    assert (result.differences, result.rounds, dict(result.doubts)) == ((), layout.ROUNDS, {})
    record = memoryview(seen[0].ram[layout.RECORDS : layout.RECORDS + layout.RECORD_SIZE]).cast("I")
    return dict(zip(layout.NAMES, record, strict=False))


def test_mprv_that_a_return_leaves_counts_in_m_alone() -> None:
    """In S, an access in U's name would fault (13)."""
    p = Program()
    p.go("inside", MPRV | TO_S)
    p.load(2, p.at(DATA))
    p.lines.append(Line("ecall"))
    assert ends(p)["mcause"] == 9


def test_what_m_has_used_is_found_in_the_name_of_another_mode() -> None:
    """MPP becomes U's by a return, for which QEMU does not flush."""
    p = Program()
    p.constant(31, MPRV | TO_M)
    p.lines.append(Line("csrrw", (0, NUMBERS["mstatus"], 31)))
    p.load(2, p.at(DATA))
    p.set("mepc", "on")
    p.lines += [Line("mret"), Line(LABEL, ("on",))]
    p.load(3, p.at(DATA))
    assert ends(p)["mcause"] == 0


def test_a_write_that_changes_mprv_flushes() -> None:
    p = Program()
    p.load(2, p.at(DATA))
    p.set("mstatus", MPRV)
    p.load(3, p.at(DATA))
    assert ends(p)["mcause"] == 13


@pytest.mark.parametrize("flushes", [False, True])
def test_an_entry_that_has_been_used_stays_until_a_flush(flushes: bool) -> None:
    p = Program()
    p.set("mstatus", MPRV | TO_S)
    p.constant(4, entry(layout.BASE + (1 << SUPERPAGE)))
    p.load(2, ALIAS + p.at(DATA) - layout.BASE)
    p.constant(31, p.at(ROOTS[0]) + (ALIAS >> SUPERPAGE) * 4)
    p.lines.append(Line("sw", (4, 0, 31)))
    if flushes:
        p.lines.append(Line("sfence.vma", (0, 0)))
    p.load(3, ALIAS + p.at(DATA) - layout.BASE)
    found = ends(p)
    assert (found["x2"] == found["x3"]) is not flushes and found["mcause"] == 0


def test_rom_is_read_and_executed_and_keeps_what_it_has() -> None:
    p = Program()
    for at in (0x1000, 0x1002, 0xFFFC):
        p.load(2, at)
    p.lines += [Line("sw", (0, 0, 31)), Line("lw", (3, 0, 31)), Line("amoadd.w", (4, 31, 31))]
    p.constant(31, 0xFFFE)
    p.lines.append(Line("jalr", (0, 0, 31)))
    assert ends(p)["mcause"] == 2


@pytest.mark.parametrize("name", ["sh", "sw", "lh", "lw"])
def test_of_two_portions_that_fail_the_first_is_told(name: str) -> None:
    """Of an access that wraps around, that at the end; of a load, the aligned address."""
    p = Program()
    p.constant(2, 0xFFFFFFFF)
    p.lines.append(Line(name, (1, 0, 2)))
    assert ends(p)["mtval"] == {"sh": 0xFFFFFFFF, "sw": 0xFFFFFFFF, "lh": 0xFFFFFFFE, "lw": 0xFFFFFFFC}[name]


@pytest.mark.parametrize("name", ["lw", "sw", "amoadd.w", "sc.w"])
def test_an_entry_that_leads_nowhere_is_marked(name: str) -> None:
    p = Program()
    p.entries[ALIAS] = entry(NOWHERE) & ~MARKS
    p.set("mstatus", MPRV | TO_S)
    p.constant(2, ALIAS)
    p.lines.append(Line(name, (1, 0, 2) if name in ("lw", "sw") else (1, 2, 2)))
    ends(p)


@pytest.mark.parametrize("name", ["lw", "sw"])
@pytest.mark.parametrize("missing", [0, 1])
def test_an_access_in_two_pages_of_which_one_is_not_there(name: str, missing: int) -> None:
    p = Program()
    pages = [ALIAS, ALIAS + (1 << SUPERPAGE)]
    p.entries[pages[1 - missing]] = entry(layout.BASE) & ~MARKS
    p.entries[pages[missing]] = 0
    p.set("mstatus", MPRV | TO_S)
    p.constant(2, pages[1] - 2)
    p.lines.append(Line(name, (1, 0, 2)))
    assert ends(p)["mtval"] == pages[1] - 2 * (not missing)


@pytest.mark.parametrize(("status", "cause"), [(0, 13), (MXR, 0)])
def test_mxr_makes_what_can_be_executed_readable(status: int, cause: int) -> None:
    p = Program()
    p.entries[ALIAS] = entry(layout.BASE) & ~READ_WRITE
    p.set("mstatus", status | MPRV | TO_S)
    p.load(2, ALIAS)
    assert ends(p)["mcause"] == cause


@pytest.mark.parametrize(("reads", "cause"), [(False, 12), (True, 9)])
def test_s_executes_what_it_has_read_of_u(reads: bool, cause: int) -> None:
    """The right to execute is kept with the right to read, which is SUM's."""
    p = Program()
    p.entries[ALIAS] = entry(layout.BASE) | OF_U
    p.go("inside", SUM | TO_S)
    there = ALIAS + p.at(DATA + 0x800) - layout.BASE
    if reads:
        p.load(2, there)
    p.constant(31, there)
    p.lines.append(Line("jalr", (0, 0, 31)))
    f, lines = p.made()
    assert ends_with(f, (*lines, Line(ORG, (DATA + 0x800,)), Line("ecall")))["mcause"] == cause
