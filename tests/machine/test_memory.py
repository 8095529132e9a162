"""Loads, stores and atomics on physical memory: "Addresses wrap modulo 2^32. Any alignment is allowed; an access that
faults in any byte changes nothing, and `tval` holds the lowest faulting address." Under every engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.machine.memories import differing
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.stop import Stop, TrapInfo
from tests.machine.builder import ENGINES, RAM, Outcome, Program, run, run_all

BUS_ERROR, MISALIGNED = 9, 8
DATA = 0x4000
PATTERN = bytes((0x80, 0x01, 0xFF, 0x7F, 0x00, 0xFE, 0x81, 0x55, 0xAA, 0x7E, 0x80, 0x90))
SIZES = {"lb": 1, "lbu": 1, "lh": 2, "lhu": 2, "lw": 4, "sb": 1, "sh": 2, "sw": 4}
LOADS, STORES = ("lb", "lbu", "lh", "lhu", "lw"), ("sb", "sh", "sw")


def loaded(name: str, data: bytes) -> int:
    """What a load makes of bytes."""
    return int.from_bytes(data[: SIZES[name]], "little", signed=name in ("lb", "lh")) % 2**32


def with_data(p: Program, data: bytes = PATTERN, at: int = DATA) -> bytes:
    image = p.image()
    return image + bytes(at - len(image)) + data


def test_loads_at_every_alignment() -> None:
    p = Program()
    p.li("a1", DATA)
    for offset in range(8):
        for n, name in enumerate(LOADS):
            p(name, "a0", offset, "a1")
            p("sw", "a0", 0x100 + 32 * offset + 4 * n, "a1")
    p.off()
    got = run_all(with_data(p))
    for offset in range(8):
        for n, name in enumerate(LOADS):
            assert got.word(DATA + 0x100 + 32 * offset + 4 * n) == loaded(name, PATTERN[offset:]), (name, offset)


@pytest.mark.parametrize("name", STORES)
def test_stores_change_their_bytes_only(name: str) -> None:
    p = Program()
    p.li("a0", 0x89ABCDEF)
    p.li("a1", DATA)
    for offset in range(8):
        p(name, "a0", 0x40 * offset + offset + 8, "a1")
    p.off()
    expected = bytearray(b"\x33" * 0x240)
    for offset in range(8):
        at = 0x41 * offset + 8
        expected[at : at + SIZES[name]] = (0x89ABCDEF).to_bytes(4, "little")[: SIZES[name]]
    assert run_all(with_data(p, b"\x33" * 0x240)).memory[DATA : DATA + 0x240] == expected


def test_addresses_wrap() -> None:
    """Below 0 and beyond 2^32, in the sum of base and offset."""
    p = Program()
    p("jal", "zero", 0x100)
    p.org(0x10)
    p.word(0x12345678)
    p.org(0x100)
    p.li("a1", 0xFFFFFFF8)
    p("lw", "a0", 8 + 0x10, "a1")
    p.li("a2", 0x8010)
    p("lw", "a3", -0x8000, "a2")
    p.li("a4", 0xFFFF8021)
    p("sw", "a0", 0x7FFF, "a4")
    p.off()
    got = run_all(p)
    assert (got["a0"], got["a3"], got.memory[0x20:0x24]) == (0x12345678, 0x12345678, bytes.fromhex("78563412"))


def trapped(got: Outcome) -> tuple[int, int]:
    assert got.stop.reason == "trap" and got.stop.trap is not None
    return got.stop.trap.cause, got.stop.trap.value


OUTSIDE = [
    # address, lowest faulting address of accesses of 1, 2 and 4 bytes; None where all bytes exist
    (RAM - 4, None, None, None),
    (RAM - 3, None, None, RAM),
    (RAM - 2, None, None, RAM),
    (RAM - 1, None, RAM, RAM),
    (RAM, RAM, RAM, RAM),
    (RAM + 3, RAM + 3, RAM + 3, RAM + 3),
    (0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF),
    (0x80000000, 0x80000000, 0x80000000, 0x80000000),
    (0xFFFFFFFC, 0xFFFFFFFC, 0xFFFFFFFC, 0xFFFFFFFC),
    # The bytes behind 2^32 are those at 0, which exist.
    (0xFFFFFFFD, 0xFFFFFFFD, 0xFFFFFFFD, 0xFFFFFFFD),
    (0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFE),
    (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF),
]


@pytest.mark.parametrize("offset", [0, -4, 0x7FFF])
@pytest.mark.parametrize("engine", ENGINES)
def test_outside_ram(engine: str, offset: int) -> None:
    """Every size, at every place around the end of RAM and of the address space: nothing changes but what the machine
    reports, whether the offset is in the register or in the instruction."""
    for address, *lowest in OUTSIDE:
        for name in LOADS + STORES:
            expected = lowest[{1: 0, 2: 1, 4: 2}[SIZES[name]]]
            p = Program()
            p(name, "a0", offset, "a1")
            p.word(0)
            registers = {"a0": 0x5A5A5A5A, "a1": (address - offset) % 2**32}
            got = run(engine, p, registers=registers)
            if expected is None:
                assert got.stop == Stop("trap", trap=TrapInfo(0, 0, 4)), (name, hex(address))
                continue
            assert got.stop == Stop("trap", trap=TrapInfo(BUS_ERROR, expected, 0)), (name, hex(address))
            assert got["a0"] == 0x5A5A5A5A and got.state.instructions == 0
            assert got.memory == p.image() + bytes(RAM - len(p.image())), (name, hex(address))


@pytest.mark.parametrize("engine", ENGINES)
def test_load_to_zero_still_faults(engine: str) -> None:
    for name in LOADS:
        p = Program()
        p(name, "zero", 0, "a1")
        assert trapped(run(engine, p, registers={"a1": RAM})) == (BUS_ERROR, RAM)


@pytest.mark.parametrize("engine", ENGINES)
def test_swap(engine: str) -> None:
    p = Program()
    p("swap", "a0", "a2", "a1")  # all apart
    p("swap", "a2", "a2", "a1")  # rd = rs2
    p("swap", "zero", "a3", "a1")  # the old word is dropped, the store is not
    p("swap", "a1", "zero", "a1")  # rd = rs1
    p("swap", "a4", "a4", "a4")  # all the same: stores its own address
    p.org(DATA)
    p.word(0x11111111)
    p.org(RAM - 4)
    p.word(0x44444444)
    registers = {"a0": 7, "a1": DATA, "a2": 0x22222222, "a3": 0x33333333, "a4": RAM - 4}
    got = run(engine, p, 5, registers=registers)
    # memory: 11 -> 22, then a2 <-> 22 again (a2 holds 22), then 33, then 0
    assert [got[name] for name in ("a0", "a2", "a1", "a4")] == [0x11111111, 0x22222222, 0x33333333, 0x44444444]
    assert (got.word(DATA), got.word(RAM - 4), got["zero"]) == (0, RAM - 4, 0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("operands", "old", "stored", "result"),
    [
        (("a0", "a2", "a1"), 5, 9, 5),  # equal: stored
        (("a0", "a2", "a1"), 6, 6, 6),  # not: rd says what is there
        (("zero", "a2", "a1"), 0, 9, 0),  # compared with zero
        (("zero", "a2", "a1"), 5, 5, 0),
        (("a2", "a2", "a1"), 9, 9, 9),  # rd = rs2: stores what was there
        (("a2", "a2", "a1"), 8, 8, 8),
        (("a1", "a2", "a1"), DATA, 9, DATA),  # rd = rs1: compared with the address
        (("a1", "a2", "a1"), 5, 5, 5),
        (("a0", "zero", "a1"), 5, 0, 5),
        (("a0", "a1", "a1"), 5, DATA, 5),
    ],
)
def test_cas(engine: str, operands: tuple[str, str, str], old: int, stored: int, result: int) -> None:
    p = Program()
    p("cas", *operands)
    p.org(DATA)
    p.word(old)
    got = run(engine, p, 1, registers={"a0": 5, "a1": DATA, "a2": 9})
    assert (got.word(DATA), got[operands[0]]) == (stored, result)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["swap", "cas"])
def test_atomics_fault(engine: str, name: str) -> None:
    """`misaligned` is checked first, also where there is no memory; nothing changes."""
    places = [(a, MISALIGNED) for a in (DATA + 1, DATA + 2, DATA + 3, RAM - 1, RAM + 2, 0xFFFFFFFF)]
    for address, cause in [*places, (RAM, BUS_ERROR), (0xFFFFFFFC, BUS_ERROR)]:
        p = Program()
        p(name, "a0", "a2", "a1")
        p.word(0)
        got = run(engine, p, registers={"a0": 0, "a1": address, "a2": 9})
        assert trapped(got) == (cause, address)
        assert got["a0"] == 0 and not any(got.memory[4:])


accesses = st.lists(
    st.tuples(
        st.sampled_from(LOADS + STORES),
        st.one_of(st.integers(DATA - 4, DATA + 12), st.integers(RAM - 16, RAM - 4)),
        st.integers(-0x8000, 0x7FFF),
        st.integers(0, 2**32 - 1),
        st.sampled_from(("zero", "ra", "gp", "tp", "a0", "a5", "a1")),
    ),
    min_size=1,
    max_size=40,
)


@given(accesses)
def test_any_accesses(given: list[tuple[str, int, int, int, str]]) -> None:
    """A sequence of loads and stores, its base register among the data registers, against a bytearray."""
    p, memory = Program(), bytearray(RAM)
    expected: list[int] = []
    for name, address, offset, value, register in given:
        if register != "a1":
            p.li(register, value)
        base = (address - offset) % 2**32
        p.li("a1", base)
        p(name, register, offset, "a1")
        held = {"zero": 0, "a1": base}.get(register, value)
        if name in LOADS:
            held = 0 if register == "zero" else loaded(name, bytes(memory[address : address + 4]))
        else:
            memory[address : address + SIZES[name]] = held.to_bytes(4, "little")[: SIZES[name]]
        p("sw", register, 0x5000 + 4 * len(expected), "zero")
        expected.append(held)
    p.off()
    got = run_all(p)
    assert [got.word(0x5000 + 4 * n) for n in range(len(expected))] == expected
    assert got.memory[DATA - 4 : DATA + 16] == memory[DATA - 4 : DATA + 16]
    assert got.memory[RAM - 16 :] == memory[RAM - 16 :]


def test_memories_that_begin_elsewhere_are_compared() -> None:
    """Where RAM is, and nowhere else."""
    one, other = Memory(1 << 16, 0x80000000), Memory(1 << 16, 0x80000000)
    other.write(0x8000F000, b"\1")
    assert differing(one, other) == [0x8000F]
    one.close()
    other.close()
