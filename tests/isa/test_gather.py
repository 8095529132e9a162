"""Tables that several files add to, and thread-local variables: where they lie, and the symbols at their bounds."""

from __future__ import annotations

from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.program import Program
from tests.isa.assembly import pg32


def linked(*texts: str) -> Program:
    return assemble(pg32(), [(f"{n}.s", text) for n, text in enumerate(texts)])


def words(program: Program, begin: str, end: str) -> list[int]:
    """What lies between two symbols, which a word each names."""
    low, high = (int.from_bytes(program.image[program.symbols[s] :][:4], "little") for s in (begin, end))
    return [int.from_bytes(program.image[at : at + 4], "little") for at in range(low, high, 4)]


BOUNDS = "low: .word __init_array_start\nhigh: .word __init_array_end\n"


def test_constructors_lie_by_priority_whatever_files_they_are_from() -> None:
    first = (
        '.section .init_array.00200,"aw"\n.word 200\n.section .init_array,"aw"\n.word 1000\n.data\n.word 7\n'
        '.section .ctors.65435,"aw"\n.word 100\n'  # .ctors count from above: 65535 - 65435
    )
    second = (
        '.section .init_array.00101,"aw"\n.word 101\n.data\n.word 8\n.section .init_array,"aw"\n.word 1001\n'
        '.section .init_array.00200,"aw"\n.word 201\n'
    )
    program = linked(BOUNDS, first, second)
    assert words(program, "low", "high") == [100, 101, 200, 201, 1000, 1001]


def test_other_tables_are_apart() -> None:
    program = linked(
        "low: .word __fini_array_start\nhigh: .word __fini_array_end\n",
        '.section .fini_array,"aw"\n.word 1\n.section .init_array,"aw"\n.word 2\n.section .dtors,"aw"\n.word 3\n',
    )
    assert words(program, "low", "high") == [1, 3]


def test_an_empty_table_begins_where_it_ends() -> None:
    assert words(linked(BOUNDS), "low", "high") == []


def test_sections_called_like_c_identifiers_have_bounds() -> None:
    program = linked(
        "low: .word __start_table\nhigh: .word __stop_table\n",
        '.section table,"a"\n.word 1\n.section .rodata\n.word 7\n',
        '.section .rodata\n.word 8\n.section table,"a"\n.word 2\n',
    )
    assert words(program, "low", "high") == [1, 2]


def test_zeros_and_bytes_of_one_name() -> None:
    bounds = "low: .word __start_table\nhigh: .word __stop_table\n"
    zeros, data = '.section table,"aw",@nobits\n.zero 8\n', '.section table,"aw"\n.word 5\n'
    assert words(linked(bounds, zeros, data), "low", "high") == [0, 0, 5]
    assert words(linked(bounds, data, '.section table,"a"\n.word 6\n'), "low", "high") == [5, 6]


def test_a_program_s_own_symbols_count() -> None:
    program = linked(
        BOUNDS,
        ".globl __init_array_start, __init_array_end\n.set __init_array_start, 4\n"
        '__init_array_end: .word 0\n.section .init_array,"aw"\n.word 1\n',
    )
    assert program.image[:8] == (4).to_bytes(4, "little") + (8).to_bytes(4, "little")


def test_offsets_from_the_thread_pointer_count_from_the_first_variable() -> None:
    # .tbss is aligned to 16, so the first variable's address is: 4 bytes of .tdata, 12 of padding.
    text = """
        .section .tbss,"awT",@nobits
        .align 4
zeros:  .zero 8
        .section .tdata,"awT",@progbits
value:  .word 3
        .bss
other:  .zero 4
        .text
_start: lui a0, %tprel_hi(zeros)
        add a0, a0, tp, %tprel_add(zeros)
        addi a1, a0, %tprel_lo(zeros)
        addi a2, zero, %tprel_lo(value)
        .data
base:   .word __tls_base
"""
    program = linked(text)
    base = int.from_bytes(program.image[program.symbols["base"] :][:4], "little")
    assert base == program.symbols["value"] and base % 16 == 0
    assert program.symbols["zeros"] == base + 16
    assert program.symbols["other"] >= base + 24
    plain = linked(
        text.replace("%tprel_hi(zeros)", "0")
        .replace(", %tprel_add(zeros)", "")
        .replace("%tprel_lo(zeros)", "16")
        .replace("%tprel_lo(value)", "0")
    )
    assert program.image[:16] == plain.image[:16]


def test_bounds_can_be_taken_as_distances() -> None:
    program = linked('.word __init_array_end - __init_array_start\n.section .init_array,"aw"\n.word 1, 2, 3\n')
    assert program.image[:4] == (12).to_bytes(4, "little")
