"""`ring1 isa`: the manual, the checker, the list; and semantics printed so that they read back as the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from ring1.isa.files import SHIPPED
from ring1.isa.load import load, shipped
from ring1.isa.manual import diagram
from ring1.isa.model import Instruction, Isa, Modifier, Part
from ring1.isa.read import read
from ring1.isa.show import expression, number, statements
from tests.cli.conftest import Outcome

Call = Callable[..., Outcome]

UNGUARDED = re.compile(r"^guard (?:.*\}|.*\{\n(?: .*\n)*\})\n", re.MULTILINE)


# --- Semantics as text -------------------------------------------------------------


def format_of(insn: Instruction) -> str:
    """The format of one instruction, in the description language."""

    def text(part: Part) -> str:
        other = f"any:{part.width}" if part.any else f"{part.value}:{part.width}"
        return f"{part.operand}[{part.hi}:{part.lo}]" if part.operand else other

    return f'format {called(insn)}() : {" ".join(map(text, insn.parts))} "{insn.syntax}";\n'


def described(isa: Isa, insn: Instruction) -> str:
    """The instruction described anew, with what guards put before it."""
    lines = statements(isa, insn.body)
    return format_of(insn) + f"insn {insn.name} : {called(insn)}() {{\n" + "\n".join(lines) + "\n}\n"


def modifier(isa: Isa, m: Modifier) -> str:
    place, of = f", {m.place}" if m.place else "", f" of {m.of}" if m.of else ""
    return f"modifier {m.name}({m.parameter}{place}){of} = {expression(isa, m.value)};\n"


def called(insn: Instruction) -> str:
    return f"F_{insn.name.replace('.', '_')}"


def beside_pg32(tmp_path: Path, text: str, parent: str = "pg32", guarded: bool = True) -> Isa:
    """A machine that extends a shipped one, or the same without its guards."""
    for name in shipped():
        described = (Path(SHIPPED) / f"{name}.isa").read_text()
        (tmp_path / f"{name}.isa").write_text(described if guarded else UNGUARDED.sub("", described))
    (tmp_path / "again.isa").write_text(f'isa again extends {parent} "again";\n{text}')
    return read(str(tmp_path / "again.isa"))


@pytest.mark.parametrize("name", shipped())
def test_what_is_shown_reads_back_as_the_same(tmp_path: Path, name: str) -> None:
    isa = load(name)
    modifiers = [modifier(isa, m) for m in isa.modifiers.values()]
    text = "".join(described(isa, insn) for insn in isa.instructions.values())
    again = beside_pg32(tmp_path, text + "".join(modifiers), name, guarded=False)
    for insn in isa.instructions.values():
        made = again.instructions[insn.name]
        assert (made.mask, made.match, made.syntax) == (insn.mask, insn.match, insn.syntax), insn.name
        assert made.body == insn.body, insn.name
    assert again.modifiers == isa.modifiers


BODIES = [
    "rd = (rs1 + rs2) * rs1 - ~(rs1 | rs2) & -rs2;",
    "rd = rs1 - (rs2 - rs1) - (rs1 - rs2 * (rs1 + 3));",
    "rd = (rs1 & rs2 ^ rs1 | rs2) ^ (rs1 | rs2) & rs1;",
    "rd = rs1 == rs2 & rs1 <s rs2 ? rs1 : rs1 <=u rs2 ? 1 : 4096;",
    "rd = (rs1 <s rs2 ? rs1 : rs2) + 1;",
    "rd = zx(!(rs1 == rs2) | !(rs1 >u rs2));",
    "rd = (rs1 << 3) >>u (rs2 >>s 2)[4:0];",
    "rd = {rs1[7:0], rs2[31:9], rs1[0]};",
    "rd = ((sx(rs1, 64) * zx(rs2, 64)) %s sx(rs2, 64) /u zx(rs1, 64))[47:16];",
    "let a = sx(mem[rs1, 2]); mem[rs2 + a, 1] = a[7:0]; rd = a;",
    "let old = mem[rs1, 4, write]; mem[rs1, 4] = {rs2[15:0], rs2[31:16]}; rd = old;",
    "if rs1 == 0 { rd = 1; } else if rs1 == 1 { rd = 2; rd = 3; } else { pc = pc + rs2; }",
    "if psw.RING == 3 { if rs1 == 0 { rd = 1; } } else { require rs2 != 0 else divzero; trap syscall(rs1); }",
    "require rs1 <u rs2 else misaligned(rs1 + rs2); psw.FLAGS = rs1[9:2]; ptb = rs2; pc = epc;",
    "port[rs1[15:0]] = port[rs2[15:0]] + time()[40:9]; rd = physical(rs1); flush; wait;",
    "a0 = sp; rd = pc + word; psw.IE = reached({rs1, rs2}); ra = memory_size();",
]
"""Statements of an instruction with the operands rd, rs1 and rs2: all operators, and what parentheses are for."""


def test_any_body_reads_back_as_the_same(tmp_path: Path) -> None:
    def machine(bodies: list[str]) -> Isa:
        items = [f"insn x{n} : R({0xC0 + n:#x}) {{ {body} }}\n" for n, body in enumerate(bodies)]
        return beside_pg32(tmp_path, "".join(items))

    first = machine(BODIES)
    shown = ["\n".join(statements(first, first.instructions[f"x{n}"].body)) for n in range(len(BODIES))]
    second = machine(shown)
    for n, text in enumerate(shown):
        assert second.instructions[f"x{n}"].body == first.instructions[f"x{n}"].body, text


def test_bodies_are_shown_as_an_author_would_write_them() -> None:
    isa = load("pg32")
    shown = {name: " ".join(statements(isa, insn.body)) for name, insn in isa.instructions.items()}
    assert shown["add"] == "rd = rs1 + rs2;"
    assert shown["beq"] == "if rs1 == rs2 { pc = pc + off; }"
    assert shown["sltu"] == "rd = zx(rs1 <u rs2);"
    assert shown["div"] == "require rs2 != 0 else divzero; rd = rs1 /s rs2;"
    assert shown["jalr"] == "let target = rs1 + imm & ~3; rd = pc + 4; pc = target;"
    assert shown["rdcr"] == "require psw.RING == 0 else privileged(word); rd = csr[cr];"
    assert shown["setpsw"] == "if psw.RING == 0 { psw = rs1; } else { psw.FLAGS = rs1[15:8]; }"


# --- The manual ----------------------------------------------------------------------


def cells(numbers: str, names: str) -> list[tuple[int, int, str]]:
    """A bit diagram, read back."""
    assert names[0] == names[-1] == "|"
    edges = [n for n, c in enumerate(names) if c == "|"]
    found = []
    for begin, end in pairwise(edges):
        bits = [int(n) for n in re.findall(r"\d+", numbers.ljust(end)[begin:end])]
        found.append((bits[0], bits[-1], names[begin + 1 : end].strip()))
    return found


def test_a_diagram_has_each_bit_over_its_cell() -> None:
    drawn = [(31, 24, "00010000"), (23, 20, "rd"), (19, 3, "a name that is wide"), (2, 2, "X"), (1, 0, "")]
    assert cells(*diagram(drawn)) == drawn


@pytest.mark.parametrize("name", shipped())
def test_the_manual_has_all_that_the_machine_has(call: Call, name: str) -> None:
    isa = load(name)
    done = call("isa", "show", name)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == f"{isa.name}: {isa.text}"
    assert max(map(len, lines)) <= 120
    for control in isa.controls.values():
        assert any(line.startswith(f"{control.name}  ") for line in lines), control.name
    for cause in isa.causes.values():
        assert any(line.split()[:2] == [number(cause.number), cause.name] for line in lines), cause.name
    for names in isa.registers:
        assert any(line.split()[1:2] in ([names[0]], [names[0] + ","]) for line in lines), names
    for alias in isa.aliases:
        assert any(line.split()[:1] == [alias.name] for line in lines), alias.name
    for insn in isa.instructions.values():
        head = f"{insn.name} {re.sub('[{}]', '', insn.syntax)}".strip()
        place = next(n for n, line in enumerate(lines) if line.startswith(head) and "|" in lines[n + 2])
        drawn = cells(lines[place + 1][4:], lines[place + 2][4:])
        assert (drawn[0][0], drawn[-1][1]) == (8 * insn.size - 1, 0), insn.name
        assert all(a[1] == b[0] + 1 for a, b in pairwise(drawn)), insn.name
        constant = {hi: text for hi, lo, text in drawn if re.fullmatch("[01]+", text) and len(text) == hi - lo + 1}
        for hi, text in constant.items():
            assert insn.match >> (hi - len(text) + 1) & (1 << len(text)) - 1 == int(text, 2), insn.name
        assert sum(map(len, constant.values())) == insn.mask.bit_count(), insn.name
        body = " ".join(line.strip() for line in statements(isa, insn.body))
        assert " ".join(line.strip() for line in lines[place + 3 :]).startswith(body)


def test_the_manual_tells_of_traps_interrupts_and_paging(call: Call) -> None:
    text = call("isa", "show", "pg32").out
    for said in (
        "psw.RING is the processor mode, 0 to 3",
        "If tvec == 0, the machine stops instead",
        "cause = 0x80000000 | line",
        "On when ptb.EN is 1. Pages of 4096 bytes",
        "|  PPN  |  0   | D | A | G | U | X | W | R | V |",
        "psw.RING == 3 & !U",
        "%hi(x)         (x + 0x800)[31:12]",
        "always 0; writes are dropped",
    ):
        assert said in text, said


def test_a_manual_is_printed_from_a_file_as_well(call: Call) -> None:
    Path("tiny.isa").write_text('isa tiny "a machine with nothing in it";\nregisters x[2] { zero = 0; ra; }\n')
    done = call("isa", "show", "./tiny.isa")
    assert done.status == 0
    assert done.out.startswith("tiny: a machine with nothing in it\n")
    assert "Paging" not in done.out


# --- The checker and the list -----------------------------------------------------------


def test_the_list(call: Call) -> None:
    done = call("isa", "list")
    assert [line.split(maxsplit=1) for line in done.out.splitlines()] == [[n, load(n).text] for n in shipped()]


@pytest.mark.parametrize("name", shipped())
def test_the_machines_that_are_shipped_have_no_faults(call: Call, name: str) -> None:
    done = call("isa", "check", Path(SHIPPED) / f"{name}.isa")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"{name}: no faults, {len(load(name).instructions)} instructions, ")


HEAD = 'isa bad "bad";\nregisters r[4] { zero = 0; a; b; c; }\noperand x y : register;\noperand i : signed 16;\n'
FORMAT = 'format F(op) : op:8 x y 0:20 "{x}, {y}";\n'


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            HEAD + 'format F(op) : op:8 x y "{x}, {y}";\ninsn p : F(1) { x = y; }\n',
            [(5, 1, "12 bits together, not 32")],
        ),
        (HEAD + FORMAT + "insn p : F(1) { x = y; }\ninsn q : F(1) { x = y; }\n", [(7, 6, "of p and q overlap")]),
        (HEAD + FORMAT + "insn p : F(1) { x = z; }\n", [(6, 21, "unknown name z")]),
        (HEAD + FORMAT + "insn p : F(1) { x = y[7:0]; }\n", [(6, 21, "8 bits wide, 32 are wanted")]),
        (HEAD + FORMAT + "insn p : F(1) { x = y + ; }\n", [(6, 25, "does not fit here")]),
        (HEAD + FORMAT + "insn p : F(999) { x = y; }\n", [(5, 16, "does not fit in 8 bits")]),
        (
            HEAD + FORMAT + "insn p : F(1) { x = u; }\ninsn q : F(2) { y = v; }\n\tinsn r : G(3) { }\n",
            [(6, 21, "unknown name u"), (7, 21, "unknown name v"), (8, 11, "unknown format G")],
        ),
        ("", [(1, 1, "")]),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_places(call: Call, text: str, places: list[tuple[int, int, str]]) -> None:
    Path("bad.isa").write_text(text)
    done = call("isa", "check", "bad.isa")
    assert (done.status, done.out) == (2, "")
    faults = [n for n, line in enumerate(done.lines) if ": error: " in line]
    assert len(faults) == len(places), done.err
    for at, (line, column, message) in zip(faults, places, strict=True):
        where, _, said = done.lines[at].partition(": error: ")
        assert (where, message in said) == (f"bad.isa:{line}:{column}", True), done.lines[at]
        source = text.split("\n")[line - 1]
        assert done.lines[at + 1] == "    " + source
        caret = "".join("\t" if c == "\t" else " " for c in source[: column - 1]) + "^"
        assert done.lines[at + 2] == "    " + caret
    count = f"{len(places)} error{'s' if len(places) > 1 else ''}"
    assert done.lines[-1] == f"ring1: {count}"


def test_files_that_are_no_text_at_all(call: Call) -> None:
    Path("noise.isa").write_bytes(bytes(range(128, 256)))
    done = call("isa", "check", "noise.isa")
    assert (done.status, done.out) == (2, "")
    assert "noise.isa:1:1: error: not UTF-8 text: byte 0x80" in done.err
    Path("folder.isa").mkdir()
    assert call("isa", "check", "./folder.isa").status == 2
