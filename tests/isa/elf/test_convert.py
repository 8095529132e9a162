"""Linked files as programs: what is code and what is not, and what is refused."""

from __future__ import annotations

import dataclasses
import random

import pytest

from ring1.isa.asm.disassemble import disassemble
from ring1.isa.elf.convert import convert
from ring1.isa.source import ElfError
from tests.isa.assembly import pg32
from tests.isa.elf.files import File, Load, code

ADDI = 0x00150513  # addi a0, a0, 1
RET = 0x00008067
LOOP = 0x0000006F  # jal zero, .


def text(image: bytes, at: int) -> str:
    return disassemble(pg32(), int.from_bytes(image[at : at + 4], "little"), at)


def test_executable_segments_are_code_where_there_are_no_sections() -> None:
    file = File([Load(0x1000, code(ADDI, LOOP)), Load(0x2000, code(ADDI), flags=6, size=100)], entry=0x1000)
    program = convert(pg32(), "x.elf", file.bytes())
    assert [text(program.image, at) for at in (0x1000, 0x1004)] == ["addi a0, a0, 1", "jal zero, 0x1004"]
    assert program.image[0x2000:] == code(ADDI)  # data
    assert (program.entry, program.size) == (0x1000, 0x2064)


def test_data_in_code_is_what_mapping_symbols_say() -> None:
    loads = [Load(0x1000, code(ADDI, ADDI, LOOP, ADDI, ADDI, LOOP))]
    symbols = [
        ("$x", 0x1000, 0),
        ("$d", 0x1004, 0),
        ("$xrv32e1p9_m2p0", 0x1008, 0),
        ("$d", 0x100C, 0),
        ("f", 0x1008, 0x12),
    ]
    file = File(loads, entry=0x1000, sections=[(0x1000, 16, 6), (0x1010, 8, 6)], symbols=symbols)
    program = convert(pg32(), "x.elf", file.bytes())
    words = [program.image[0x1000 + at :][:4] for at in range(0, 24, 4)]
    plain = code(ADDI)
    assert [word == plain for word in words] == [False, True, False, True, False, False]
    assert program.symbol(0x100C) == "f+0x4" and "$x" not in program.symbols


def test_sections_that_are_not_executable_are_not_code() -> None:
    file = File([Load(0x1000, code(ADDI, ADDI))], entry=0x1000, sections=[(0x1000, 4, 6), (0x1004, 4, 2)])
    assert convert(pg32(), "x.elf", file.bytes()).image[0x1004:] == code(ADDI)


def test_a_segment_is_loaded_where_its_physical_address_is() -> None:
    file = File([Load(0x1000, code(LOOP)), Load(0x1010, code(ADDI), virtual=0x8000)], entry=0x1000)
    program = convert(pg32(), "x.elf", file.bytes())
    assert text(program.image, 0x1010) == "addi a0, a0, 1"


def test_names() -> None:
    symbols = [(".L1", 0x1000, 0), ("object", 0x1000, 1), ("main", 0x1000, 0x12), ("local", 0x1004, 2), ("", 0x1004, 0)]
    file = File([Load(0x1000, code(ADDI, LOOP))], entry=0x1000, sections=[(0x1000, 8, 6)], symbols=symbols)
    program = convert(pg32(), "x.elf", file.bytes())
    assert program.labels == ((0x1000, "main"), (0x1004, "local"))


GOOD = File([Load(0x1000, code(ADDI, LOOP))], entry=0x1000)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ident": b"\x7fELF\x02\x01\x01" + bytes(9)}, "x.elf"),
        ({"ident": b"\x7fELF\x01\x02\x01" + bytes(9)}, "x.elf"),
        ({"ident": b"\x7fELG\x01\x01\x01" + bytes(9)}, "not an ELF file"),
        ({"machine": 62}, "X86_64, not for RISC-V"),
        ({"machine": 0x9999}, "not for RISC-V"),
        ({"kind": 1}, "not linked"),
        ({"kind": 3}, "-static"),
        ({"kind": 4}, "not a linked program"),
        ({"flags": 0}, "32 registers"),
        ({"flags": 9}, "compressed"),
        ({"flags": 8 | 4}, "floating-point"),
        ({"loads": []}, "nothing in it to load"),
        ({"loads": [Load(0x1000, b"", size=0)]}, "nothing in it to load"),
        ({"entry": 0x1002}, "entry"),
        ({"entry": 0x2000}, "entry"),
        ({"loads": [Load(0x1000, code(LOOP)), Load(0x1000, b"1234")]}, "two segments"),
        ({"loads": [Load(0x1000, code(LOOP), size=0x2000), Load(0x2FFF, b"1")]}, "two segments"),
        ({"loads": [Load(0x80000000, code(LOOP))], "entry": 0x80000000}, "does not fit"),
        ({"loads": [Load(0x1000, code(LOOP), size=0xFFFFFFFF)]}, "does not fit"),
        ({"loads": [Load(0x1000, code(LOOP), size=2)]}, "more bytes than"),
        ({"loads": [Load(0x1000, code(LOOP), stored=0x100000, size=0x100000)]}, "cut off"),
        ({"loads": [Load(0x1000 + 4 * n, code(LOOP)) for n in range(300)]}, "300 segments"),
        ({"sections": [(0x1000, 8, 6), (0x1004, 4, 6)]}, "two executable sections"),
        ({"symbols": [("n" * 4000, 0x1000, 0)] * 17000}, "names"),
        ({"loads": [Load(0x1000, code(LOOP)), Load(0, b"ld.so", kind=3)]}, "dynamically linked"),
        ({"loads": [Load(0x1000, code(LOOP)), Load(0, bytes(16), kind=2)]}, "dynamically linked"),
        ({"loads": [Load(0x1000, code(ADDI, 0x30529073, RET))]}, "0x1004"),
        ({"loads": [Load(0x1000, code(*[0x30529073] * 9))]}, "and 4 more"),
    ],
)
def test_what_is_refused(change: dict[str, object], why: str) -> None:
    convert(pg32(), "x.elf", GOOD.bytes())
    with pytest.raises(ElfError) as error:
        convert(pg32(), "x.elf", dataclasses.replace(GOOD, **change).bytes())  # type: ignore[arg-type]
    assert why in str(error.value) and str(error.value).startswith("x.elf: ")


def test_instructions_without_twins_are_named_with_their_place() -> None:
    file = File(
        [Load(0x1000, code(ADDI, 0x30529073))], entry=0x1000, sections=[(0x1000, 8, 6)], symbols=[("f", 0x1000, 2)]
    )
    with pytest.raises(ElfError) as error:
        convert(pg32(), "x.elf", file.bytes())
    assert "0x1004 (f+0x4)" in str(error.value) and "Zicsr" in str(error.value)


def test_cut_off_anywhere() -> None:
    data = dataclasses.replace(GOOD, sections=[(0x1000, 8, 6)], symbols=[("main", 0x1000, 2)]).bytes()
    for length in range(len(data)):
        try:
            convert(pg32(), "x.elf", data[:length])
        except ElfError as error:
            assert str(error).startswith("x.elf: ")


def test_bytes_changed_by_chance_are_refused_or_make_a_program() -> None:
    chance = random.Random(7)
    symbols = [("main", 0x1000, 2), ("$d", 0x1004, 0)]
    good = dataclasses.replace(GOOD, sections=[(0x1000, 8, 6)], symbols=symbols).bytes()
    for _ in range(1000):
        data = bytearray(good)
        for _ in range(chance.choice([1, 1, 2, 4])):
            data[chance.randrange(len(data))] = chance.choice([0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)])
        try:
            program = convert(pg32(), "x.elf", bytes(data))
            assert len(program.image) <= program.size <= 1 << 32
        except ElfError as error:
            assert str(error).startswith("x.elf: ")
