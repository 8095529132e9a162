"""`ring1 translate`: which blocks, which host code, what is rewritten and why."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.cli.program import load as load_program
from ring1.dbt.cli.translate import translation
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.report.translation_text import as_text
from ring1.isa.load import load
from tests.cli.conftest import EXAMPLES, Command, Outcome

Call = Callable[..., Outcome]

# Two blocks by falling and jumping, one behind a call, one that only a label leads to; data that is no code.
FLOW = """\
_start: addi a1, zero, 1
        beq a1, zero, done
        jal ra, sub
        addi a1, a1, 2
done:   li t0, 0xf0
        out t0, a1
        .word 0xffffffff
sub:    addi a1, a1, 1
        ret
lonely: divu a1, a1, a2
        j lonely
data:   .asciz "text"
"""

SENSITIVE = """\
_start: getpsw a1
        setpsw a1
        rdtime a2
        rdcr a3, tvec
        in a4, a5
        setptb a1
        lra a1, a2
        cli
        hlt
        rfe
next:   syscall 7
        add a1, a1, a2
        lw a1, 0(a2)
        brk
        .word 0xffffffff
"""


def made(call: Call, *arguments: object) -> dict[str, Any]:
    done = call("translate", *arguments, "--format", "json")
    assert (done.status, done.err) == (0, "")
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def instructions(found: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Instruction by address, from whichever block has it."""
    return {insn["pc"]: insn for block in found["blocks"] for insn in block["instructions"]}


def pieces(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All host instructions of a block in the order in which they are shown."""
    yield from block["entry"]
    for insn in block["instructions"]:
        yield from insn["host"]
    yield from block["end"]
    for way in block["exits"]:
        yield from way["host"]
    yield from block["miss"]


@pytest.fixture
def flow() -> str:
    Path("flow.s").write_text(FLOW)
    return "flow.s"


# --- What is found --------------------------------------------------------------------


def test_every_block_that_code_or_labels_lead_to(call: Call, flow: str) -> None:
    found = made(call, flow)
    assert [(block["pc"], block["symbol"]) for block in found["blocks"]] == [
        (0x00, "_start"),
        (0x08, "_start+0x8"),
        (0x0C, "_start+0xc"),
        (0x10, "done"),
        (0x1C, "sub"),
        (0x24, "lonely"),
    ]
    texts = {pc: insn["text"] for pc, insn in instructions(found).items()}
    assert texts[0x04] == "beq a1, zero, 0x10"
    assert texts[0x1C] == "addi a1, a1, 1"
    assert texts[0x18] == ".word 0xffffffff"  # data behind `out`, which nobody knows not to come back
    assert 0x2C not in texts


def test_an_image_without_sources_is_followed_from_its_start(call: Call, flow: str) -> None:
    assert call("asm", flow).status == 0
    found = {block["pc"] for block in made(call, "flow.bin")["blocks"]}
    assert {0x00, 0x08, 0x0C, 0x10, 0x1C} <= found
    assert 0x24 not in found  # no label tells of it


@pytest.mark.parametrize("engine", ["bt", "bare"])
def test_each_byte_of_host_code_is_shown_once(call: Call, engine: str) -> None:
    for name in ("holes", "sha256"):
        for block in made(call, EXAMPLES / f"{name}.s", "--engine", engine)["blocks"]:
            at = 0
            for piece in sorted(pieces(block), key=lambda piece: int(piece["offset"])):
                assert piece["offset"] == at, (block["symbol"], piece)
                at += len(bytes.fromhex(piece["bytes"]))
            assert at == block["host_bytes"]


def test_the_host_code_of_an_instruction_stands_beside_it(call: Call) -> None:
    Path("sum.s").write_text("_start: add a1, a2, a3\n        sw a1, 12(a2)\n        jr a1\n")
    found = made(call, "sum.s")
    host = found["registers"]
    low = {name: {"rbx": "ebx", "rcx": "ecx", "rdx": "edx"}[host[name]] for name in ("a1", "a2", "a3")}
    [block] = found["blocks"]
    add, store, jump = ([h["text"] for h in insn["host"]] for insn in block["instructions"])
    assert add == [f"lea {low['a1']}, [{host['a2']} + {host['a3']}]"]
    assert store == [f"mov dword ptr [r15 + {host['a2']} + 0xc], {low['a1']}"]
    assert any("jmp qword ptr [r15 + rax*2 - 0x" in text for text in jump)
    assert [way["kind"] for way in block["exits"]] == ["budget"]


def test_places_in_the_state_block_are_named(call: Call) -> None:
    # Thirteen registers in use, most often t0: two of the others are in memory.
    names = {"ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3"}
    uses = "".join(f"        addi {r}, {r}, 1\n" for r in sorted(names - {"t0"}))
    Path("many.s").write_text("_start: getpsw t0\n        add t0, t0, t0\n" + uses + "        jr t0\n")
    found = made(call, "many.s")
    unpinned = names - set(found["registers"])
    assert len(unpinned) == 2
    [block] = found["blocks"]
    notes = {piece["note"] for piece in pieces(block)}
    assert unpinned | {"pc", "psw", "jump cache of mode 0", "look the block up"} <= notes
    # What an instruction assigns may be put off to where it is needed: here, to the jump.
    last = {h["note"] for h in block["instructions"][-1]["host"]}
    assert unpinned <= last


def test_jumps_say_where_they_lead(call: Call, flow: str) -> None:
    blocks = {block["pc"]: block for block in made(call, flow)["blocks"]}
    assert "to 0x10 done" in {h["note"] for h in blocks[0]["instructions"][1]["host"]}
    assert [h["note"] for h in blocks[0]["end"]] == ["to 0x8 _start+0x8"]
    assert [h["note"] for h in blocks[0]["entry"]] == ["pc", "not this block", "", "the budget is too small"]


# --- What is rewritten, and why -----------------------------------------------------------

BT_SUPERVISOR = {
    "getpsw": ("inline", "reads psw"),
    "setpsw": ("inline", "writes psw"),
    "rdtime": ("inline", "asks for the instructions retired since reset"),
    "rdcr": ("inline", "reads tvec; uses the control-register file"),
    "in": ("inline", "uses an I/O port"),
    "setptb": ("inline", "writes ptb"),
    "lra": ("callout", "asks for the physical address"),
    "cli": ("inline", "writes psw"),
    "hlt": ("callout", "waits for an interrupt"),
    "rfe": ("inline", "reads epc, psw; writes psw"),
    "syscall": ("trap", "always traps here as syscall"),
    "add": ("ident", ""),
    "lw": ("ident", ""),
    "brk": ("trap", "always traps here as breakpoint"),
}
PRIVILEGED = ("trap", "always traps here as privileged")
BT_USER = BT_SUPERVISOR | dict.fromkeys(("rdcr", "in", "setptb", "cli", "hlt", "rfe"), PRIVILEGED)
BARE_SUPERVISOR = BT_SUPERVISOR | {
    "getpsw": ("ident", ""),
    "setpsw": ("ident", ""),
    "rdtime": ("ident", ""),
    "in": ("ident", ""),
    **dict.fromkeys(("cli", "rdcr", "setptb", "rfe"), ("ident", "")),
}


@pytest.mark.parametrize(
    ("engine", "ring", "expected"),
    [("bt", None, BT_SUPERVISOR), ("bt", 0, BT_SUPERVISOR), ("bt", 1, BT_USER), ("bt", 3, BT_USER),
     ("bare", 0, BARE_SUPERVISOR)],
)  # fmt: skip
def test_how_and_why(call: Call, engine: str, ring: int | None, expected: dict[str, tuple[str, str]]) -> None:
    Path("all.s").write_text(SENSITIVE)
    options = [] if ring is None else ["--ring", ring]
    found = instructions(made(call, "all.s", "--engine", engine, *options))
    by_name = {insn["text"].split()[0]: insn for insn in found.values()}
    for name, (action, why) in expected.items():
        insn = by_name[name]
        assert insn["action"] == action, name
        assert why in insn["why"], name
        assert bool(insn["why"]) == (action != "ident"), name


# --- Formats -----------------------------------------------------------------------------


def test_text_marks_what_is_rewritten(call: Call) -> None:
    done = call("translate", EXAMPLES / "holes.s", "--ring", "3")
    assert done.status == 0
    assert "\x1b" not in done.out
    lines = done.out.splitlines()
    assert lines[0] == "pg32 under bt in ring 3"
    assert re.fullmatch(r"\d+ blocks, \d+ guest instructions \(.* inline, .*\), \d+ bytes of host code", lines[1])
    found = instructions(made(call, EXAMPLES / "holes.s", "--ring", "3"))
    for pc, insn in found.items():
        label = "" if "+" in insn["symbol"] else insn["symbol"] + ": "
        mark = " " if insn["action"] == "ident" else "*"
        start = f"{mark} {pc:08x}  {label}{insn['text']}"[:45]
        assert any(line.startswith(start) for line in lines), start
        if insn["host"]:
            assert any(line.startswith(start) and insn["host"][0]["text"] in line for line in lines), start
    place = next(n for n, line in enumerate(lines) if line.startswith("*") and "getpsw" in line)
    said = " ".join(line[:46].strip() for line in lines[place + 1 : place + 3])
    assert said.startswith("INLINE acts on the virtual CPU: it reads psw")


def test_what_shows_no_host_code_is_explained(call: Call) -> None:
    for form in ("text", "html"):
        assert "A value is computed where it is needed" in call("translate", EXAMPLES / "hello.s", "--format", form).out
    assert "A value is computed where it is needed" in call("translate", "--help").out


CALLS = "_start: lra a0, a1\n"
"""Calls the VMM."""


def test_colours_are_only_for_terminals(ring1: Command) -> None:
    (ring1.folder / "call.s").write_text(CALLS)
    guest = load_program(load("pg32"), [str(ring1.folder / "call.s")])
    coloured = as_text(translation(load("pg32"), guest, ENGINES["bt"], 0), True)
    plain = as_text(translation(load("pg32"), guest, ENGINES["bt"], 0), False)
    assert "\x1b[33m" in coloured  # a callout
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
    assert "\x1b[33m" in on_terminal(ring1, {})
    for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}):
        without = on_terminal(ring1, variables)
        assert "\x1b" not in without
        assert "lra a0, a1" in without


def test_colours_can_be_forced(ring1: Command) -> None:
    (ring1.folder / "call.s").write_text(CALLS)
    ring1.environment = {**ring1.environment, "FORCE_COLOR": "1", "TERM": "dumb"}
    assert "\x1b[33m" in ring1("translate", "call.s").out
    ring1.environment["FORCE_COLOR"] = ""
    assert "\x1b" not in ring1("translate", "call.s").out


def on_terminal(ring1: Command, variables: dict[str, str]) -> str:
    """What `ring1 translate` prints on a terminal."""
    command = Command(ring1.folder, {**ring1.environment, "TERM": "xterm", **variables})
    ours, theirs = os.openpty()
    with command.start("translate", "call.s", stdout=theirs) as process:
        os.close(theirs)
        data = b""
        try:
            while piece := os.read(ours, 65536):
                data += piece
        except OSError:  # EIO: the other side has closed the terminal
            pass
        assert process.wait(60) == 0
    os.close(ours)
    return data.decode()


class Page(HTMLParser):
    """Checks that tags are balanced, and collects what a page says and refers to."""

    VOID = ("meta", "br")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.references: list[str] = []
        self.classes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href")]
        self.classes += [value or "" for name, value in attrs if name == "class"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_page_needs_nothing_else(call: Call) -> None:
    found = instructions(made(call, EXAMPLES / "holes.s"))
    assert call("translate", EXAMPLES / "holes.s", "--format", "html", "-o", "out.html").status == 0
    text = Path("out.html").read_text()
    page = Page()
    page.feed(text)
    page.close()
    assert (page.open, page.references) == ([], [])
    assert "http" not in text
    assert "url(" not in text
    assert {"inline", "callout", "ident"} <= set(page.classes)
    said = "".join(page.texts)
    for insn in found.values():
        assert insn["text"] in said
        assert insn["why"] in said


@pytest.mark.parametrize("extra", [(), ("--hot",)])
def test_an_engine_that_cannot_run_the_machine(call: Call, extra: tuple[str, ...]) -> None:
    description = Path(__file__).parents[1] / "translate" / "two.isa"
    Path("nothing.bin").write_bytes(bytes(4))
    done = call("translate", "--isa", description, "--engine", "para", "nothing.bin", *extra)
    assert (done.status, done.out) == (123, "")
    assert done.err == "ring1: the engine para cannot run this machine: two has no instruction hcall\n"
