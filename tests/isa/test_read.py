"""Descriptions with faults: each file of bad_isa/ with the messages that its author gets, all of them, each with file,
line, column, the source line and a caret. And PG32 with its variants, which are what the manual says and nothing more.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ring1.isa.files import SHIPPED
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.read import read
from ring1.isa.source import IsaError

BAD = Path(__file__).parent / "bad_isa"
NAMES = sorted(path.stem for path in BAD.glob("*.isa"))


@pytest.mark.parametrize("name", NAMES)
def test_bad_descriptions(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All faults of a file are reported at once, in order; expected texts are beside the files."""
    monkeypatch.chdir(BAD)
    with pytest.raises(IsaError) as caught:
        read(f"{name}.isa")
    assert str(caught.value) + "\n" == (BAD / f"{name}.txt").read_text()


def test_carets_point_into_the_line() -> None:
    """The expected texts themselves: the line is the file's, and the caret under the column that is named."""
    place = re.compile(r"(\w+\.isa):(\d+):(\d+): error: .+\n {4}(.*)\n {4}( *)\^\n")
    seen = 0
    for name in NAMES:
        for file, line, column, text, blanks in place.findall((BAD / f"{name}.txt").read_text()):
            assert (BAD / file).read_text().split("\n")[int(line) - 1] == text
            assert len(blanks) == int(column) - 1 < len(text) + 1
            seen += 1
    assert seen > 60


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"isa", b'isa x "no end"', b"\xff\xfe", b"}", b'isa x "t"; }', b"// only\n"]
)
def test_not_even_a_description(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.isa"
    file.write_bytes(content)
    with pytest.raises(IsaError) as caught:
        read(str(file))
    assert str(caught.value).startswith(f"{file}:")
    assert len(caught.value.faults) == 1


def test_a_machine_that_extends_another_describes_its_items_anew(tmp_path: Path) -> None:
    """Instructions, and with them all that there is one of: what the extended file says of it is replaced."""
    anew = (
        'isa new extends pg32 "PG32, a little otherwise";\n'
        "modifier hi(x) = x[31:20];\ncause privileged = 99;\noperand imm16 : signed 16;\n"
        "control vmid @11 reset 5;\nmode psw.RING supervisor 0 user 2;\n"
    )
    (tmp_path / "new.isa").write_text(anew)
    old, new = load("pg32"), read(str(tmp_path / "new.isa"))
    assert new.modifiers["hi"] != old.modifiers["hi"] and new.modifiers["lo"] == old.modifiers["lo"]
    assert new.causes["privileged"].number == 99 and new.controls["vmid"].reset == 5
    assert new.mode is not None and new.mode.user == 2
    assert new.instructions.keys() == old.instructions.keys()


def test_what_is_extended_is_found_beside_the_file_first(tmp_path: Path) -> None:
    beside = (Path(SHIPPED) / "pg32.isa").read_text().replace("cause privileged ", "cause forbidden ")
    (tmp_path / "pg32.isa").write_text(beside.replace("privileged(word)", "forbidden(word)"))
    (tmp_path / "new.isa").write_text('isa new extends pg32 "PG32, as it is here";\n')
    assert "forbidden" in read(str(tmp_path / "new.isa")).causes


def test_numbers_that_begin_with_zero(tmp_path: Path) -> None:
    """`07` is a fault of the author's, wherever it stands."""
    parts = ("@07", "{ A 07; }", "reset 010")
    for part in parts:
        file = tmp_path / "x.isa"
        file.write_text(f'isa x "t";\nregisters r[2] {{ x; y; }}\ncontrol c {part};\n'.replace("};", "}"))
        with pytest.raises(IsaError) as caught:
            read(str(file))
        assert caught.value.faults[0].position.line == 3


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        read(str(tmp_path / "nothing.isa"))
    with pytest.raises(IsaError, match="no such machine"):
        load("pg33")


def test_faults_come_in_the_order_of_files_and_lines() -> None:
    with pytest.raises(IsaError) as caught:
        read(str(BAD / "unknown_names.isa"))
    places = [(fault.position.line, fault.position.column) for fault in caught.value.faults]
    assert places == sorted(places) and len(places) == 12


# --- PG32 and its variants --------------------------------------------------------

HOLES = ("getpsw", "setpsw", "getptb", "lra", "jru")


@pytest.mark.parametrize(("name", "guarded"), [("pg32v", HOLES), ("pg32h", HOLES[:4])])
def test_variants_differ_as_the_manual_says(name: str, guarded: tuple[str, ...]) -> None:
    """`pg32v` guards all five holes, `pg32h` all but jru; apart from bodies of those, everything is PG32's."""
    plain, variant = load("pg32"), load(name)
    changed = [n for n in plain.instructions if plain.instructions[n].body != variant.instructions[n].body]
    assert sorted(changed) == sorted(guarded)
    assert list(plain.instructions) == list(variant.instructions)
    # What was added is the guard of the privileged instructions, before the body that was there.
    cli = plain.instructions["cli"].body
    for n in guarded:
        assert variant.instructions[n].body == (cli[0], *plain.instructions[n].body)
    for n, insn in plain.instructions.items():
        other = variant.instructions[n]
        assert (insn.parts, insn.operands, insn.syntax) == (other.parts, other.operands, other.syntax)
    same = (
        "registers",
        "hardwired",
        "causes",
        "operands",
        "reset",
        "undefined",
        "absent",
        "trap",
        "interrupts",
        "mode",
    )
    for attribute in (*same, "paging", "controls", "aliases", "modifiers"):
        assert getattr(plain, attribute) == getattr(variant, attribute), attribute


def control(isa: Isa, name: str) -> tuple[int, int, int]:
    made = isa.controls[name]
    return made.stored, made.writable, made.reset


def test_pg32_state_is_the_manuals() -> None:
    """Registers and their names, fields of psw and ptb, bits of the control registers, causes."""
    isa = load("pg32")
    names = ["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5"]
    assert [n[0] for n in isa.registers] == names and isa.hardwired == {0: 0}
    assert [isa.register_numbers[f"r{n}"] for n in range(16)] == list(range(16))
    assert isa.register_numbers["fp"] == isa.register_numbers["s0"] == 8
    psw = {b.name: (b.hi, b.lo) for b in isa.controls["psw"].fields}
    assert psw == {"RING": (1, 0), "IE": (2, 2), "PRING": (4, 3), "PIE": (5, 5), "FLAGS": (15, 8)}
    ptb = {b.name: (b.hi, b.lo) for b in isa.controls["ptb"].fields}
    assert ptb == {"EN": (0, 0), "ASID": (8, 1), "ROOT": (31, 12)}
    assert control(isa, "psw") == (0xFF3F, 0xFF3F, 0) and control(isa, "ptb") == (0xFFFFF1FF, 0xFFFFF1FF, 0)
    assert control(isa, "tvec") == control(isa, "epc") == (0xFFFFFFFC, 0xFFFFFFFC, 0)
    assert control(isa, "ie") == (15, 15, 0) and control(isa, "ip") == (8, 8, 0)
    assert control(isa, "time") == control(isa, "timeh") == (0, 0, 0)
    assert control(isa, "timecmp") == control(isa, "timecmph") == (0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    assert control(isa, "vmid")[1] == 0
    causes = ["illegal", "privileged", "breakpoint", "syscall", "divzero", "fetch_page_fault", "load_page_fault"]
    causes += ["store_page_fault", "misaligned", "bus_error"]
    assert {c.name: c.number for c in isa.causes.values()} == {name: n for n, name in enumerate(causes)}


def test_pg32_instructions_are_the_manuals() -> None:
    """No mnemonic is missing, and but for `mulhsu` none is more."""
    listed = """add sub and or xor sll srl sra slt sltu mul mulh mulhu div divu rem remu addi slti sltiu andi ori xori
        slli srli srai lui auipc lb lbu lh lhu lw sb sh sw swap cas beq bne blt bge bltu bgeu jal jalr syscall brk
        rdtime hcall in out setptb tlbflush rdcr wrcr cli sti hlt rfe getpsw setpsw getptb lra jru"""
    assert sorted(load("pg32").instructions) == sorted([*listed.split(), "mulhsu"])
