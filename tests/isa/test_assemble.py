"""Instructions, pseudo-instructions, expressions, symbols, layout.

Words are put together by hand from pg32.isa's encodings: opcode in the top byte, then registers of four bits,
the immediate in the low bits.
"""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.isa.asm.assemble import assemble, assemble_files
from ring1.isa.asm.listing import listing
from ring1.isa.source import AsmError
from tests.isa.assembly import data, faults, pg32, program, words

# --- Instructions ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("add a0, a1, a2", 0x10ABC000),
        ("remu t2, zero, a5", 0x2370F000),
        ("addi a0, a1, 5", 0x28AB0005),
        ("addi sp, sp, -16", 0x2822FFF0),
        ("andi a0, a0, 0xffffffff", 0x2BAAFFFF),
        ("sltiu a3, ra, -1", 0x2AD1FFFF),
        ("slli a0, a1, 3", 0x30AB0003),
        ("srai a0, a1, 31", 0x32AB001F),
        ("lui a0, 0x12345", 0x38A12345),
        ("auipc ra, 0xfffff", 0x391FFFFF),
        ("lw a0, 4(a1)", 0x44AB0004),
        ("lbu a0, -1(s0)", 0x41A8FFFF),
        ("sw a0, -4(sp)", 0x4AA2FFFC),
        ("sh t0, 0x7fff(gp)", 0x49537FFF),
        ("swap a0, a1, (a2)", 0x50ACB000),
        ("cas a0, a1, (a2)", 0x51ACB000),
        ("beq a0, a1, . + 8", 0x60AB0002),
        ("bgeu a0, a1, . - 4", 0x65ABFFFF),
        ("jal ra, . + 16", 0x68100004),
        ("jalr ra, 8(a0)", 0x691A0008),
        ("syscall 7", 0x70000007),
        ("syscall 0xffff", 0x7000FFFF),
        ("brk", 0x71000000),
        ("hcall 1", 0x72000001),
        ("rdtime a0", 0x73A00000),
        ("in a0, a1", 0x80AB0000),
        ("out a0, a1", 0x810AB000),
        ("setptb a0", 0x820A0000),
        ("tlbflush", 0x83000000),
        ("rdcr a0, cause", 0x84A00002),
        ("wrcr tvec, a0", 0x850A0000),
        ("wrcr vmid, r15", 0x850F000B),
        ("hlt", 0x88000000),
        ("rfe", 0x89000000),
        ("getpsw a0", 0x90A00000),
        ("setpsw a0", 0x910A0000),
        ("lra a0, a1", 0x93AB0000),
        ("jru a0", 0x940A0000),
    ],
)
def test_instruction(text: str, word: int) -> None:
    assert words(text) == [word]


def test_register_names() -> None:
    names = ["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5"]
    for number, name in enumerate(names):
        assert words(f"add {name}, r{number}, {name}") == [0x10000000 | number * 0x111000], name
    assert words("mv fp, fp") == words("mv s0, s0")


@pytest.mark.parametrize(
    ("pseudo", "real"),
    [
        ("nop", "addi zero, zero, 0"),
        ("li a0, 0", "addi a0, zero, 0"),
        ("li a0, -1", "addi a0, zero, -1"),
        ("li a0, 32767", "addi a0, zero, 32767"),
        ("li a0, -32768", "addi a0, zero, -32768"),
        ("li a0, 0xffff8000", "addi a0, zero, -32768"),
        ("li a0, 0x10000", "lui a0, 0x10"),
        ("li a0, 0x80000000", "lui a0, 0x80000"),
        ("li a0, -2147483648", "lui a0, 0x80000"),
        ("li a0, 0x12345678", "lui a0, 0x12345; addi a0, a0, 0x678"),
        ("li a0, 0x12345fff", "lui a0, 0x12346; addi a0, a0, -1"),
        ("li a0, 0xfffe8fff", "lui a0, 0xfffe9; addi a0, a0, -1"),
        ("li a0, 'A'", "addi a0, zero, 65"),
        ("la a0, 0x12345fff", "lui a0, 0x12346; addi a0, a0, -1"),
        ("mv a0, a1", "addi a0, a1, 0"),
        ("not a0, a1", "xori a0, a1, -1"),
        ("neg a0, a1", "sub a0, zero, a1"),
        ("j 8", "jal zero, 8"),
        ("jal 8", "jal ra, 8"),
        ("jr a0", "jalr zero, 0(a0)"),
        ("jalr a0", "jalr ra, 0(a0)"),
        ("call 8", "jal ra, 8"),
        ("tail 8", "jal zero, 8"),
        ("ret", "jalr zero, 0(ra)"),
        ("beqz a0, 8", "beq a0, zero, 8"),
        ("bnez a0, 8", "bne a0, zero, 8"),
        ("bltz a0, 8", "blt a0, zero, 8"),
        ("bgez a0, 8", "bge a0, zero, 8"),
        ("bgtz a0, 8", "blt zero, a0, 8"),
        ("blez a0, 8", "bge zero, a0, 8"),
        ("bgt a0, a1, 8", "blt a1, a0, 8"),
        ("ble a0, a1, 8", "bge a1, a0, 8"),
        ("bgtu a0, a1, 8", "bltu a1, a0, 8"),
        ("bleu a0, a1, 8", "bgeu a1, a0, 8"),
        ("seqz a0, a1", "sltiu a0, a1, 1"),
        ("snez a0, a1", "sltu a0, zero, a1"),
        ("sltz a0, a1", "slt a0, a1, zero"),
        ("sgtz a0, a1", "slt a0, zero, a1"),
        ("sgt a0, a1, a2", "slt a0, a2, a1"),
        ("sgtu a0, a1, a2", "sltu a0, a2, a1"),
        ("push a0", "addi sp, sp, -4; sw a0, 0(sp)"),
        ("pop a0", "lw a0, 0(sp); addi sp, sp, 4"),
        ("ebreak", "brk"),
        ("and a0, a1, 7", "andi a0, a1, 7"),
        ("sll a0, a1, 7", "slli a0, a1, 7"),
        ("lw a0, (a1)", "lw a0, 0(a1)"),
        ("swap a0, a1, 0(a2)", "swap a0, a1, (a2)"),
        ("jalr a0, a1", "jalr a0, 0(a1)"),
        ("fence iorw, iorw", "nop"),
    ],
)
def test_pseudo_instruction(pseudo: str, real: str) -> None:
    assert words(pseudo) == words(real)


@given(st.integers(-(1 << 31), (1 << 32) - 1), st.sampled_from(["%hi({}) %lo({})", "hi({}) lo({})"]))
def test_hi_and_lo_make_any_constant(value: int, form: str) -> None:
    hi, lo = form.format(value, value).split()
    first, second = words(f"lui a0, {hi}; addi a0, a0, {lo}")
    assert first >> 20 == 0x38A and second >> 16 == 0x28AA
    low = second & 0xFFFF
    assert ((first & 0xFFFFF) * 0x1000 + (low - (low >> 15 << 16)) - value) % (1 << 32) == 0


@given(st.integers(-(1 << 31), (1 << 32) - 1))
def test_li_makes_any_constant(value: int) -> None:
    result = 0
    for word in words(f"li a0, {value}"):
        if word >> 24 == 0x38:
            result = (word & 0xFFFFF) << 12
        else:
            assert word >> 24 == 0x28
            result += (word & 0xFFFF) - (word >> 15 & 1) * 0x10000
    assert (result - value) % (1 << 32) == 0


def test_li_of_what_is_known_later_takes_the_general_form() -> None:
    assert words("li a0, x\n.equ x, 5") == words("lui a0, 0; addi a0, a0, 5")
    assert words(".equ x, 5\nli a0, x") == words("addi a0, zero, 5")
    assert words("x: li a0, x") == words("lui a0, 0; addi a0, a0, 0")
    assert words("x: nop; y: li a0, y - x") == words("nop; addi a0, zero, 4")


def test_symbols_may_be_called_like_registers() -> None:
    text = """
        lui  a5, %hi(s1)
        lw   a0, %lo(s1)(a5)
        lw   a0, %lo(s1+4)(a5)
        call ra
        j    a0
        la   t0, t0
    s1: nop
    ra: nop
    a0: nop
    t0: nop
    """
    # s1 is at 28, ra at 32, a0 at 36, t0 at 40.
    assert words(text)[:7] == [
        *(0x38F00000, 0x44AF001C, 0x44AF0020),
        *(0x68100005, 0x68000005),
        *(0x38500000, 0x28550028),
    ]


def test_a_modifiers_name_is_free_elsewhere() -> None:
    assert words("lui a0, %hi(hi)\nlw a0, %lo(lo)(a0)\nhi: lo: .word hi, lo")[2:] == [8, 8]
    assert words("hi = 3; lo = 4; .word hi + lo, hi(0x12345fff), hi (hi)") == [7, 0x12346, 0]


def test_distances_wrap_around_the_address_space() -> None:
    assert words("j 0xfffffffc") == [0x680FFFFF]


# --- Expressions -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("-7 / 2", -3),
        ("-7 % 2", -1),
        ("7 / -2", -3),
        ("1 << 4 | 1", 17),
        ("1 << 2 + 1", 8),
        ("6 & 3 ^ 5 | 8", 15),
        ("1 | 2 & 0", 1),
        ("5 & 3 == 3", 1),
        ("~0", -1),
        ("!5 + !0", 1),
        ("- - 3", 3),
        ("-+~5", 6),
        ("2 > 1", 1),
        ("2 <= 1", 0),
        ("1 != 2 && 2 == 2", 1),
        ("0 || 0", 0),
        ("3 || 0", 1),
        ("0 && 1 / 0", 0),
        ("1 || 1 / 0", 1),
        ("1 ? 2 : 3", 2),
        ("0 ? 2 : 0 ? 3 : 4", 4),
        ("1 ? 5 : 1 / 0", 5),
        ("0x1F + 0b101 + 017", 31 + 5 + 15),
        ("'a' + '\\n' + '\\x41' + '\\101' + '\\'' + '\\\\' + '\"'", 97 + 10 + 65 + 65 + 39 + 92 + 34),
        ("'a + 1", 98),
        ("'#' + ';' + '/'", 35 + 59 + 47),
        ("(1 << 100) >> 98", 4),
        ("-1 >> 20", -1),
        ("10 % 4 * 3", 6),
        ("%hi(0x800) + %lo(0x12345fff)", 0),
        ("1 - -1", 2),
        ("x * 2 + y", 11),
    ],
)
def test_expression(text: str, value: int) -> None:
    assert words(f".equ x, 3\n.word {text}\n.set y, 5") == [value & 0xFFFFFFFF]


OPERATORS = ["+", "-", "*", "&", "|", "^", "<<", "==", "<", ">=", "&&", "||"]


def larger(e: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(e, st.sampled_from(OPERATORS), e)
    return st.one_of(pairs.map(lambda p: f"({' '.join(p)})"), e.map(lambda a: f"-{a}"), e.map(lambda a: f"~{a}"))


@given(st.recursive(st.integers(0, 50).map(str), larger))
def test_expressions_agree_with_python(text: str) -> None:
    python = text.replace("&&", "and").replace("||", "or")
    try:
        value = eval(python)
    except (ValueError, OverflowError, MemoryError):
        return  # a negative shift
    if "and" in python or "or" in python or not -(1 << 63) <= value < 1 << 64:
        return
    assert data(f".dword {text}") == (int(value) & ((1 << 64) - 1)).to_bytes(8, "little")


def test_the_current_address() -> None:
    assert words("nop; .word ., . + 4, . - 8") == [0x28000000, 4, 12, 4]
    assert words("nop; x = .; nop; .word x, . - x") == [0x28000000, 0x28000000, 4, 8]


def test_local_labels() -> None:
    text = """
    1:  .word 1b, 1f
    1:  .word 1b, 1f, 2f
    2:
    1:  .word 1b, 2b
    """
    assert words(text) == [0, 8, 8, 20, 20, 20, 20]


def test_a_long_chain_and_deep_parentheses() -> None:
    assert words("x: .word " + " + ".join(["x - x + 1"] * 3000)) == [3000]
    assert words(".word " + "(" * 100 + "7" + ")" * 100) == [7]


# --- Symbols -----------------------------------------------------------------


def test_set_again_and_forward_references() -> None:
    assert words(".word x; .set x, 1; .word x; .set x, x + 1; .word x; x = 5") == [5, 1, 2]
    assert words(".equ a, b + 1; .equ b, c * 2; .word a; .equ c, 4") == [9]
    assert words(".set .LANCHOR0, . + 0; .word .LANCHOR0 + 4") == [4]
    assert words("nop; .equ end, last; .word end - 4; last:")[1] == 4


def test_labels_are_local_to_their_file() -> None:
    a = "x: .word x, y, z; .globl x"
    b = "y: .word x, y; x: .word x; .globl y, z; z = 77"
    assert words(a, b) == [0, 12, 77, 20, 12, 20]


def test_start_is_global_and_the_entry() -> None:
    made = program("j _start", "nop; _start: nop")
    assert (made.entry, made.symbols["_start"]) == (8, 8)
    assert program("nop").entry == 0


def test_weak_symbols_give_way() -> None:
    assert words(".weak f; f: .word f", ".globl f; nop; f: .word f") == [8, 0x28000000, 8]
    assert words(".weak g; .word g") == [0]
    assert words(".weak f; f: .word f", ".weak f; f: .word f") == [0, 0]


def test_common_symbols() -> None:
    made = program(".comm a, 40, 16; .local b; .comm b, 4, 4; .word a, b", ".comm a, 8, 4; .comm c, 1; .word a, c")
    # Words from 0 to 16, .bss on the page after; b is the first file's own and comes before what is shared.
    words_ = [int.from_bytes(made.image[at : at + 4], "little") for at in range(0, 16, 4)]
    assert words_ == [4112, 4096, 4112, 4152]
    assert made.size == 4153
    assert words(".comm a, 4, 4; .word a", ".globl a; .word 5; a: .word 6") == [8, 5, 6]


def test_symbols_of_a_program() -> None:
    made = program("x: nop; .L1: nop; y = 5; .globl y", "nop; x: nop; 1: nop; z: nop; w: .globl w", "w: nop")
    assert made.symbols == {"x": 0, ".L1": 4, "y": 5, "z": 20, "w": 24}
    assert made.symbol(0) == "x"
    assert made.symbol(6) == ".L1+0x2"
    assert made.symbol(12) == "x"
    assert made.symbol(24) == "w"
    assert made.symbol(27) == "w+0x3"
    assert made.symbol(28) == "0x1c"
    assert made.symbol(0x80000000) == "0x80000000"


def test_where() -> None:
    made = program("a: nop\n  li a0, 0x12345678; .byte 1, 2\n", ".bss\nb: .space 10\n")
    at = [made.where(address) for address in (0, 3, 4, 11, 12, 13, 4096, 4105)]
    found = [(p.file, p.line, p.column) for p in at if p]
    assert found == [("a.s", 1, 1)] * 2 + [("a.s", 2, 3)] * 2 + [("a.s", 2, 22)] * 2 + [("b.s", 2, 1)] * 2
    assert [made.where(address) for address in (14, 4095, 4106)] == [None, None, None]


def test_a_program_can_be_pickled() -> None:
    made = program(".macro m; nop; .endm; x: m; .word 5")
    made.where(0)
    assert pickle.loads(pickle.dumps(made)) == made


# --- Layout ------------------------------------------------------------------


def test_sections_are_laid_out_by_kind() -> None:
    a = """
        .data
    d:  .word 1
        .section .rodata.str1.4,"aMS",@progbits,1
    r:  .string "abc"
        .text
    t:  nop
        .section .text.startup,"ax",@progbits
    s:  nop
        .bss
    b:  .space 8
        .section .sdata,"aw"
    e:  .word 2
        .section .init_array,"aw"
    i:  .word 3
        .section .constants,"a"
    c:  .word 4
    """
    b = '.section .sbss,"aw",@nobits; x: .zero 4; .text; y: nop; .section fast,"ax"; z: nop'
    made = program(a, b)
    read_only = {"t": 0, "s": 4, "y": 8, "z": 12, "r": 16, "c": 20}
    assert made.symbols == read_only | {"d": 4096, "e": 4100, "i": 4104, "b": 4108, "x": 4116}
    assert made.size == 4120
    assert made.image[16:24] == b"abc\0\4\0\0\0"
    assert made.image[24:4096] == bytes(4072)
    assert made.image[4096:] == bytes([1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0])


def test_what_can_be_written_needs_no_page_of_its_own_alone() -> None:
    made = program(".data; .word 1; .bss; x: .space 4")
    assert (len(made.image), made.size, made.symbols["x"]) == (4, 8, 4)


def test_alignment_of_sections() -> None:
    made = program("nop; .rodata; .align 4; x: .byte 1; .text; .word 5", ".rodata; .byte 2; .balign 8; y: .byte 3")
    assert (made.symbols["x"], made.symbols["y"]) == (16, 32)


def test_debugging_sections_are_not_loaded() -> None:
    made = program('.word 1; .section .debug_info,"",@progbits; d: .word d, nowhere; .uleb128 300; .text; .word 2')
    assert made.image == bytes([1, 0, 0, 0, 2, 0, 0, 0])
    assert "d" not in made.symbols


def test_org_in_a_file_without_sections_is_an_address() -> None:
    made = program(".org 0x20; x: .word 1; .org 0x10; y: .word 2", ".text; z: nop")
    assert made.symbols == {"x": 0x20, "y": 0x10, "z": 0}
    assert made.image == bytes.fromhex("00000028") + bytes(12) + b"\2" + bytes(15) + b"\1\0\0\0"


def test_org_in_a_section_is_relative_to_it() -> None:
    made = program("nop; nop; .rodata; .word 1; .org 8; x: .word 2; .org . + 4; y: .word 3")
    assert (made.symbols["x"], made.symbols["y"]) == (16, 24)
    assert made.image[8:] == b"\1" + bytes(7) + b"\2" + bytes(7) + b"\3\0\0\0"


def test_overlaps() -> None:
    assert faults(".org 0x10; .word 1, 2; .org 0x14; .word 3") == ["a.s:1:35: address 0x14 is already taken by a.s:1"]
    assert faults(".text; nop; nop", ".org 4; nop") == ["b.s:1:9: address 0x4 is already taken by a.s:1"]
    assert faults(".text; nop; .org 2") == ["a.s:1:18: .org cannot go back in a section"]


# --- Files -------------------------------------------------------------------


def test_files_and_includes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "main.s").write_text('.include "lib/a.s"\n.word x, y\n.include "lib/b.s"\n')
    (tmp_path / "lib" / "a.s").write_text('.include "b.s"\n.equ x, 7\n')
    (tmp_path / "lib" / "b.s").write_text("\ufeff.ifndef y\n.equ y, 8\n.endif\n.byte 1, 2\n", encoding="utf-8")
    made = assemble_files(pg32(), [str(tmp_path / "main.s")])
    assert made.image == bytes([1, 2, 7, 0, 0, 0, 8, 0, 0, 0, 1, 2])
    assert [Path(name).name for name, _ in made.sources] == ["main.s", "a.s", "b.s"]
    where = made.where(0)
    assert where is not None and (Path(where.file), where.line) == (tmp_path / "lib" / "b.s", 4)
    # What is not beside the file is looked for in the working directory.
    (tmp_path / "lib" / "c.s").write_text('.include "main.s"\n')
    monkeypatch.chdir(tmp_path)
    assert assemble_files(pg32(), ["lib/c.s"]).image == made.image


def test_a_file_that_includes_itself(tmp_path: Path) -> None:
    (tmp_path / "a.s").write_text('nop\n.include "b.s"\n')
    (tmp_path / "b.s").write_text('  .include "../' + tmp_path.name + '/a.s"\n')
    with pytest.raises(AsmError) as caught:
        assemble_files(pg32(), [str(tmp_path / "a.s")])
    (fault,) = caught.value.faults
    assert (Path(fault.position.file).name, fault.position.line, fault.position.column) == ("b.s", 1, 12)
    assert "includes itself" in fault.message


def test_bytes_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.bin").write_bytes(b"abcdef")
    (tmp_path / "a.s").write_text('.incbin "x.bin"\n.incbin "x.bin", 2, 3\n.incbin "x.bin", 4')
    made = assemble_files(pg32(), [str(tmp_path / "a.s")])
    assert made.image == b"abcdefcdeef"
    assert (str(tmp_path / "x.bin"), "") in made.sources


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        assemble_files(pg32(), [str(tmp_path / "none.s")])
    for text in ("nop\n", "_start: j x\nx: nop\n"):
        for order in ("utf-16-le", "utf-16-be"):
            (tmp_path / "a.s").write_bytes(("\ufeff" + text).encode(order))
            with pytest.raises(OSError, match="not UTF-8 but UTF-16 text"):
                assemble_files(pg32(), [str(tmp_path / "a.s")])
    (tmp_path / "a.s").write_text('.include "b.s"\n.incbin "c"\n')
    for name in ("b.s", "c"):
        (tmp_path / name).mkdir()
    with pytest.raises(AsmError) as caught:
        assemble_files(pg32(), [str(tmp_path / "a.s")])
    assert [(f.position.line, f.position.column, f.message) for f in caught.value.faults] == [
        (1, 10, "cannot read b.s: it is not a file"),
        (2, 9, "cannot read c: it is not a file"),
    ]


def test_what_is_not_utf_8_is_a_fault_where_it_means_something(tmp_path: Path) -> None:
    """In comments it does not."""
    source = tmp_path / "a.s"
    source.write_bytes(b"# caf\xe9\n\tnop // \xff\n/* \xe9\n \xe9 */ nop\n")
    assert assemble_files(pg32(), [str(source)]).image == 2 * data("nop")
    source.write_bytes('\t.byte 1\r# \u00e9\r\n\t.ascii "\u00e9"'.encode())
    assert assemble_files(pg32(), [str(source)]).image == b"\x01\xc3\xa9"
    source.write_bytes(b'nop # \xe9\n\t.ascii "caf\xe9 \xff" # \xe9\n\xa0 nop\n l\xe4: nop\n')
    with pytest.raises(AsmError) as caught:
        assemble_files(pg32(), [str(source)])
    assert [(f.position.line, f.position.column, f.message) for f in caught.value.faults] == [
        (2, 13, "byte 0xe9 is not UTF-8"),
        (3, 1, "byte 0xa0 is not UTF-8"),
        (4, 3, "byte 0xe4 is not UTF-8"),
    ]
    shown = str(caught.value).splitlines()
    assert shown[1:3] == ['    \t.ascii "caf\ufffd \ufffd" # \ufffd', "    \t           ^"]
    (tmp_path / "b.s").write_text('.include "a.s"')
    with pytest.raises(AsmError, match=r"a\.s:2:13: error: byte 0xe9 is not UTF-8"):
        assemble_files(pg32(), [str(tmp_path / "b.s")])


def test_bytes_that_a_file_does_not_have(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(bytes(range(10)))
    source = tmp_path / "a.s"

    def assembled(text: str) -> bytes | tuple[int, str]:
        source.write_text(text)
        try:
            return assemble_files(pg32(), [str(source)]).image
        except AsmError as error:
            (fault,) = error.faults
            return fault.position.column, fault.message

    assert assembled('.incbin "x", 8') == b"\x08\x09"
    assert assembled('.incbin "x", 10') == assembled('.incbin "x", 10, 0') == b""
    assert assembled('.incbin "x", 3, 7') == bytes(range(3, 10))
    assert assembled('.incbin "x",, 3') == b"\x00\x01\x02"
    assert assembled('.incbin "x", 11') == (14, "x has only 10 bytes")
    assert assembled('.incbin "x", 20, 0') == (14, "x has only 10 bytes")
    assert assembled('.incbin "x", 0, 11') == (17, "x has only 10 bytes")
    assert assembled('.incbin "x", 2, 30') == (17, "x has only 10 bytes, 8 of them behind 2")
    with (tmp_path / "x").open("wb") as file:
        file.truncate((1 << 28) + 2)
    assert assembled('.incbin "x", 1 << 28') == b"\0\0"
    assert assembled('.incbin "x", 1') == (9, f"{(1 << 28) + 1} bytes are more than {1 << 28}")


def test_comments_and_separators() -> None:
    text = """\
.byte 1 # ; .byte 2
/* .byte 3
 */ .byte 4 /* x */, 5 // .byte 6
.byte 7; .byte 8\r
.ascii "#;//"; .byte '#'
#APP"""
    assert data(text) == bytes([1, 4, 5, 7, 8]) + b"#;//#"
    assert data("a: b: c: .byte c - a, 1; d: .byte 2") == bytes([0, 1, 2])


def test_an_empty_program() -> None:
    made = program("# nothing\n\n", "")
    assert (made.image, made.entry, made.size, made.lines) == (b"", 0, 0, ())


# --- Listing -----------------------------------------------------------------


def test_a_program_that_begins_elsewhere() -> None:
    """Labels, entry, sections and .org as if the image's first byte were at that address."""
    begin = 0x40000000
    text = ".word x, _start\n_start: lw a0, 8(a1)\n.data\nx: .word y\n.bss\ny: .space 8\nend:\n"
    made = assemble(pg32(), [("a.s", text)], begin)
    assert (made.entry, made.size) == (begin + 8, begin + 4096 + 12)
    assert [made.symbols[name] for name in ("x", "y", "end")] == [begin + 4096 + n for n in (0, 4, 12)]
    assert made.image[:8] == (begin + 4096).to_bytes(4, "little") + (begin + 8).to_bytes(4, "little")
    assert made.image[4096:] == (begin + 4100).to_bytes(4, "little")
    assert made.symbol(begin + 12) == "_start+0x4"
    absolute = assemble(pg32(), [("a.s", f".org {begin + 8}\n.byte 1\n")], begin)
    assert absolute.image == bytes(8) + b"\1"


def test_nothing_lies_below_the_beginning() -> None:
    with pytest.raises(AsmError, match="this lies below 0x1000, where the program begins"):
        assemble(pg32(), [("a.s", ".org 0xffc\n.word 1\n")], 0x1000)


def test_listing() -> None:
    text = """\
.macro twice x
    .byte \\x
    .byte \\x + 1
.endm
    .text       # code
_start:
    nop
    twice 5
    .ascii "0123456789"
"""
    assert listing(program(text)).splitlines() == [
        "# a.s",
        "",
        "                                       1  .macro twice x",
        "                                       2      .byte \\x",
        "                                       3      .byte \\x + 1",
        "                                       4  .endm",
        "                                       5      .text       # code",
        "                                       6  _start:",
        "00000000  00 00 00 28                  7      nop",
        "                                       8      twice 5",
        "00000004  05                           + .byte 5",
        "00000005  06                           + .byte 5 + 1",
        '00000006  30 31 32 33 34 35 36 37      9      .ascii "0123456789"',
        "0000000e  38 39",
        "",
        "# Symbols",
        "",
        "00000000  _start",
    ]
