"""The templates that come with ring1 are keystone's, and a run does without keystone for having them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from pathlib import Path
from random import Random

import pytest

from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.encoder import Encoder, assemble_each
from ring1.dbt.host.x86_64.forms import forms, generate
from ring1.dbt.host.x86_64.operations import ADD, HOLE, MOV, Immediate, Memory, Op, Operand, Operation, text
from ring1.dbt.host.x86_64.registers import EAX, ECX, TEXTS, Register, sized
from ring1.dbt.host.x86_64.templates import REGISTERS, Templates, shipped
from ring1.dbt.native import cpu

ROOT = Path(__file__).resolve().parents[2]
DISPLACEMENTS = (-128, -64, -4, 0, 4, 127, 128, 280, 3968, 1 << 20)


def contents(templates: Templates) -> object:
    """What it holds, however it is packed."""
    return {key: (stride, zlib.decompress(data)) for key, (stride, data) in templates.made.items()}, templates.texts


MEMORY = re.compile(
    r"(?:(byte|word|dword|qword) ptr )?\[(?:([a-z]\w+)(?![\w*])\+?)?(?:([a-z]\w+)(?:\*(\d))?)?([+-]\d+|\{:\+d\})?\]"
)
BY_TEXT = {text: register for register, text in TEXTS.items()}


def operand(shown: str) -> Operand:
    """What is written so."""
    place = MEMORY.fullmatch(shown)
    if place:
        size = ("", "byte", "word", "", "dword", "", "", "", "qword").index(place[1] or "")
        shown = place[5] or ""
        displacement = None if not shown else HOLE if shown == "{:+d}" else int(shown)
        return Memory(size, place[2] or "", place[3] or "", int(place[4] or 1), displacement)
    if shown == "{}":
        return HOLE
    if shown.isdecimal():
        return Immediate(int(shown))
    return BY_TEXT.get(shown) or Register(shown, 64)


def parsed(line: str) -> tuple[Operation, tuple[Operand, ...]]:
    """The instruction of a line of assembly."""
    name, _, rest = line.partition(" ")
    made = Operation(name), tuple(operand(shown) for shown in rest.split(", ") if shown)
    assert text(*made) == line
    return made


def test_they_are_keystones() -> None:
    """All of them, made anew. If not: python -m ring1.dbt.host.x86_64.forms"""
    assert contents(shipped()) == contents(generate(assemble))


@pytest.mark.parametrize("imm", [2, -1, 127, -128, 128, -129, 0x7FFFFFFF, -0x80000000])
def test_what_is_looked_up_is_what_keystone_makes(imm: int) -> None:
    """With constants for which keystone has no shorter way, as it has for shifts by 1."""
    random = Random(imm)
    texts = []
    for form in forms():
        for _ in range(6):
            line = form
            for width in re.findall(r"<(\d+)>", form):
                line = line.replace(f"<{width}>", sized(random.choice(REGISTERS), int(width)).text, 1)
            displacement = random.choice(DISPLACEMENTS)
            if not displacement and "[rbp#" not in form:
                displacement = 8  # there would be a shorter way
            texts.append(line.replace("#", f"{displacement:+d}"))
    is_small, wanted, lines = -128 <= imm <= 127, [], []
    for line in texts:
        template = shipped().get(*parsed(line), is_small)
        assert not is_small or template == shipped().line(line)
        if template is None:
            assert not is_small, line
            continue
        code, at, size = template
        if size == 1 and not is_small:
            continue  # a store of a byte, whose constant has 8 bits
        wanted.append(code[:at] + imm.to_bytes(size, "little", signed=True) + code[at + size :] if size else code)
        lines.append(line.format(imm))
    assert len(lines) > 50
    for line, made, code in zip(lines, wanted, assemble_each(assemble, lines), strict=True):
        assert made == code, line


def test_what_is_not_there_is_left_to_keystone() -> None:
    asked = []

    def watched(text: str) -> bytes:
        asked.append(text)
        return assemble(text)

    encoder = Encoder(watched, {}, shipped().get)
    host = encoder.encode(
        [Op(MOV, (ECX, HOLE), 5), Op(Operation("bswap"), (EAX,)), Op(ADD, (sized("r9", 32), sized("rbx", 32)))], []
    )
    assert host.code == b"".join(map(assemble, ("mov ecx, 5", "bswap eax", "add r9d, ebx")))
    assert len(asked) == 1 and "bswap" in asked[0] and "ecx" not in asked[0] and encoder.changed
    assert Encoder(assemble, {}).encode([Op(MOV, (ECX, HOLE), 5)], []).code == assemble("mov ecx, 5")


@pytest.mark.skipif("bmi2" not in cpu.flags(), reason="shifts by a register take other instructions here")
@pytest.mark.parametrize("name", ["hello", "sha256", "mandelbrot", "holes", "timer", "smc"])
def test_a_run_does_without_keystone(name: str, tmp_path: Path) -> None:
    """With an empty cache, and then with what that run has left there."""
    code = (
        "import sys; from ring1.dbt.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: assert 'keystone' not in sys.modules, 'keystone was needed'"
    )
    command = [sys.executable, "-c", code, "run", "--quiet", f"examples/{name}.s"]
    environment = {**os.environ, "RING1_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True)
        assert b"keystone was needed" not in done.stderr, done.stderr.decode()
        assert done.returncode < 120, done.stderr.decode()
