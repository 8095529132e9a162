"""Directives that put bytes into a program or move on in it."""

from __future__ import annotations

import pytest

from tests.isa.assembly import data, faults, program


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".byte 1, -1, 255, -128, 'a'", "01 ff ff 80 61"),
        (".half 0x1234, -2", "34 12 fe ff"),
        (".short 1; .hword 2; .2byte 3", "0100 0200 0300"),
        (".word 0x12345678, -1, 0xffffffff, -0x80000000", "78563412 ffffffff ffffffff 00000080"),
        (".long 1; .int 2; .4byte 3", "01000000 02000000 03000000"),
        (".dword 0x123456789abcdef0, -1", "f0debc9a78563412 ffffffffffffffff"),
        (".quad 1; .8byte 0xffffffffffffffff", "0100000000000000 ffffffffffffffff"),
        ('.ascii "abc"', "616263"),
        ('.asciz "abc"', "61626300"),
        ('.string "a", "b"', "6100 6200"),
        ('.asciz "a" "b"', "616200"),
        ('.ascii ""', ""),
        (r'.ascii "\a\b\f\n\r\t\v\e\\\"\?\'"', "07 08 0c 0a 0d 09 0b 1b 5c 22 3f 27"),
        (r'.ascii "\0\18\1234\377"', "00 01 38 53 34 ff"),
        (r'.ascii "\x41\x4g\xfff"', "41 04 67 ff"),
        ('.ascii "é€"', "c3a9 e282ac"),
        ('.ascii "a # b ; c // d"', "61202320 62203b20 63202f2f 2064"),
        (".space 3", "000000"),
        (".zero 2; .skip 1; .byte 1", "00000001"),
        (".space 3, 0xab", "ababab"),
        (".fill 2; .fill 2, 2, 0x102; .fill 1, 4, -1", "0000 0201 0201 ffffffff"),
        (".uleb128 0, 127, 128, 624485", "00 7f 8001 e58e26"),
        (".sleb128 2, -2, 127, -128, 128", "02 7e ff00 807f 8001"),
        (".byte 1; .data", "01"),
        (".BYTE 7", "07"),
    ],
)
def test_bytes(text: str, expected: str) -> None:
    assert data(".rodata\n" + text) == bytes.fromhex(expected)


def test_numbers_that_are_known_later() -> None:
    # Code is one word, so .rodata begins at 4; y is at 4 + 1 + 2 + 4 + 8 + 5 + 5 = 29.
    text = """
        nop
        .rodata
    x:  .byte y - x
        .half y
        .word y - 1
        .dword -y
        .uleb128 y - x
        .sleb128 x - y
    y:
    """
    expected = "19 1d00 1c000000 e3ffffffffffffff 9980808000 e7ffffff7f"
    assert data(text)[4:] == bytes.fromhex(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".byte 1; .align 2; .byte 2", "01000000 02"),
        (".byte 1; .p2align 1; .byte 2", "0100 02"),
        (".byte 1; .balign 8; .byte 2", "0100000000000000 02"),
        (".byte 1; .align 2, 0xaa; .byte 2", "01aaaaaa 02"),
        (".byte 1; .p2align 3,,6; .byte 2", "01 02"),
        (".byte 1; .p2align 3,,7; .byte 2", "0100000000000000 02"),
        (".byte 1; .align 0; .byte 2; .balign 1; .byte 3; .balign 0", "010203"),
        (".align 4; .byte 1", "01"),
        (".byte 1; .org 4; .byte 2; .org . + 2; .byte 3", "01000000 020000 03"),
        (".byte 1; .org 4, 0xff; .byte 2", "01ffffff 02"),
        ("x: .byte 1; .org x + 3; .byte 2", "010000 02"),
    ],
)
def test_moving_on(text: str, expected: str) -> None:
    assert data(".rodata\n" + text) == bytes.fromhex(expected)


def test_padding_in_code_can_be_run_through() -> None:
    nop = "00000028"
    assert data("nop; .align 4; brk") == bytes.fromhex(nop * 4 + "00000071")
    assert data(".byte 1; .align 3; brk") == bytes.fromhex("01000000" + nop + "00000071")
    assert data("nop; .align 3, 0; brk") == bytes.fromhex(nop + "00000000" + "00000071")
    assert data("nop; .rodata; .byte 1; .align 3") == bytes.fromhex(nop + "00000000" + "0100000000000000")


def test_bss_takes_no_room_in_the_image() -> None:
    made = program(".bss; a: .space 0x10000000; .align 3; b: .word 0, 0; .byte 0; .text; nop")
    assert made.image == bytes.fromhex("00000028")
    assert made.symbols["b"] == 4096 + 0x10000000
    assert made.size == 4096 + 0x10000000 + 9


def test_zeros_at_the_end_belong_to_the_program() -> None:
    made = program(".data; .byte 1; .space 100000")
    assert len(made.image) == made.size == 100001


def test_push_pop_and_previous() -> None:
    text = """
        .byte 1
        .pushsection .rodata
        .byte 2
        .pushsection .data
        .popsection
        .byte 3
        .popsection
        .byte 4
        .section .rodata
        .previous
        .byte 5
        .previous
        .byte 6
    """
    assert data(text) == bytes([1, 4, 5, 2, 3, 6])


def test_what_gcc_prints_without_effect() -> None:
    text = """
        .file "a.c"
        .option nopic
        .attribute arch, "rv32e1p9_m2p0"
        .attribute unaligned_access, 0
        .type f, @function
        .size f, .-f
        .ident "GCC: (x) 12.2.0; # no comment"
        .cfi_startproc
        .cfi_def_cfa_offset 16
        .loc 1 2 3 is_stmt 0
        .addrsig
        .addrsig_sym f
        .hidden f
        .section .note.GNU-stack,"",@progbits
        .section ".text.f","axG",@progbits,f,comdat
    f:  .byte 1
    """
    assert data(text) == b"\1"


def test_names_and_values() -> None:
    assert data(".equ a, 1; .set b, a + 1; c = b + 1; .equiv d, c + 1; .byte a, b, c, d") == bytes([1, 2, 3, 4])
    assert faults("x: .equiv x, 1; .equ x, 2; x = 3") == [
        "a.s:1:11: x is already defined",
        "a.s:1:22: x is already defined at a.s:1",
        "a.s:1:28: x is already defined at a.s:1",
    ]


def test_errors_that_the_author_raises() -> None:
    assert faults('.if 1\n.error "no such board"\n.endif\n.err') == [
        "a.s:2:1: no such board",
        "a.s:4:1: an .err directive",
    ]
