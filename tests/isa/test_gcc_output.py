"""What GCC prints assembles as it is: outputs kept in gcc/, and the same sources compiled afresh."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble, assemble_files
from ring1.isa.asm.lines import statements
from ring1.isa.asm.program import Program
from ring1.isa.asm.shapes import grammar
from tests.isa.assembly import pg32

FOLDER = Path(__file__).parent / "gcc"
KEPT = sorted(FOLDER.glob("*.s"))
SOURCES = sorted(FOLDER.glob("*.c"))
GCC = "riscv64-unknown-elf-gcc"
MACHINE = ["-march=rv32em", "-mabi=ilp32e", "-mcmodel=medlow"]
OPTIONS = [
    *(["-O0"], ["-O1"], ["-O2"], ["-O3"], ["-Os"], ["-O0", "-g3"], ["-O2", "-g"]),
    *(["-O2", "-ffunction-sections", "-fdata-sections"], ["-O1", "-fcommon"], ["-O2", "-fverbose-asm"]),
    *(["-O2", "-fno-section-anchors", "-fno-jump-tables"], ["-O2", "-fasynchronous-unwind-tables"]),
]
needs_gcc = pytest.mark.skipif(shutil.which(GCC) is None, reason=f"{GCC} is not installed")

LIBGCC = """
    __adddf3 __subdf3 __muldf3 __divdf3 __ltdf2 __ledf2 __gedf2 __nedf2 __eqdf2 __gtdf2 __fixdfsi __fixdfdi
    __floatsidf __floatdidf __extendsfdf2 __divdi3 __udivdi3 __umoddi3 __ashldi3 __ashrdi3 __lshrdi3 __muldi3
"""
OTHERS = ["big", "name", "dispatch", "interpret", "t1", "scale", "call", "dollar$name", "memcpy", "memset"]
START = """
_start: mv      sp, a0
        call    main
        li      a1, 0xf0
        out     a1, a0
"""


def alone(path: Path) -> Program:
    """The program of one file; what it wants from others is there, and does nothing."""
    text = path.read_text()
    wanted = LIBGCC.split() + [name for name in OTHERS if f"\n{name}:" not in text]
    others = "".join(f".globl {name}\n{name}:\n" for name in wanted) + "ret\n"
    return assemble(pg32(), [(path.name, text), ("others.s", others)])


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_kept_output(path: Path) -> None:
    made = alone(path)
    assert made.image and made.where(0) is not None


@needs_gcc
@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_fresh_output(source: Path, options: Sequence[str], tmp_path: Path) -> None:
    alone(compiled(source, options, tmp_path))


def compiled(source: Path, options: Sequence[str], folder: Path) -> Path:
    output = folder / f"{source.stem}.s"
    subprocess.run([GCC, *options, *MACHINE, "-w", "-S", str(source), "-o", str(output)], check=True, timeout=60)
    return output


def test_data_is_what_the_source_says() -> None:
    made = alone(FOLDER / "data-O0.s")

    def at(name: str, size: int) -> bytes:
        return made.image[made.symbols[name] :][:size]

    def word(name: str) -> int:
        return int.from_bytes(at(name, 4), "little")

    one = b"x\0\xfe\xff\xff\xff\xff\x7f" + (1 | 2 << 3 | 3 << 16).to_bytes(4, "little") + b"abcdef\0\0"
    assert at("one", 20) == one
    assert word("pi") == made.symbols["one"] + 4
    assert word("ps") == made.symbols["many"] + 2 * 20 + 2
    assert word("end") == made.symbols["many"] + 3 * 20
    assert at("big", 8) == (-5).to_bytes(8, "little", signed=True)
    assert at("top", 8) == bytes([1, 0, 0, 0, 0, 0, 0, 0x80])
    expected = b"tab\t nl\n q\" bs\\ bell\a nul\0x oct\177 \x1b[0m ; # // /* */ ' {x} %d \\n\0"
    assert at("text", len(expected)) == expected
    assert at("wide", 10) == "wide\0".encode("utf-16-le")
    assert made.symbols["aligned"] % 64 == 0
    assert word("placed") == 4
    assert word("maybe") == 0
    assert made.symbols["also"] == made.symbols["weak_one"]
    assert made.symbols["buffer"] >= len(made.image)
    assert made.size >= made.symbols["buffer"] + 5000


def test_a_jump_table_leads_to_its_labels() -> None:
    text = (FOLDER / "switch-O2.s").read_text()
    made = alone(FOLDER / "switch-O2.s")
    entries = [line.split()[1] for line in text.split("\n") if line.startswith("\t.word\t.L")]
    assert len(entries) > 10
    found = {made.image[n : n + 4] for n in range(0, len(made.image), 4)}
    assert all(made.symbols[name].to_bytes(4, "little") in found for name in entries)


def test_symbols_called_like_registers() -> None:
    for kept in ("names-Os.s", "names-O2.s"):
        made = alone(FOLDER / kept)
        for name, value in {"s1": 1, "a0": 5, "gp": 3, "s0": 9, "r1": 4, "hi": 4, "lo": 5}.items():
            assert made.image[made.symbols[name] :][:4] == value.to_bytes(4, "little"), name


EXPECTED = (
    [0, 3, 8, -4, 0, 1000, 8 + 123456, 9, 0, 0, 0, 4, 0],  # big(-1) ... big(11)
    b'twothree "quoted"\t\nmany',
    [
        7 * 11 + 2,
        (5 * 2 + 7) * 2,
        100 + 22,
        6 * 4 + 5,
        0 + 5 + (22 + 22),
        1 + 2,
        sum(i * i for i in range(1000)),
    ],
)


def run(paths: Sequence[str]) -> tuple[bytes, int | None]:
    """What a program prints, and its exit code."""
    made, output = assemble_files(pg32(), paths), io.BytesIO()
    with Vm(pg32(), source=b"", output=output) as vm:
        vm.load(made.image, made.entry)
        vm.engine = table.make("interp", vm, made.image)
        stop = vm.run(1_000_000)
        assert stop.reason == "exit", stop
        return output.getvalue(), stop.code


def expected_output() -> bytes:
    first, text, second = EXPECTED
    lines = [b"".join(b"%d\n" % (n & 0xFFFFFFFF) for n in numbers) for numbers in (first, second)]
    return lines[0] + text + lines[1]


def test_kept_output_runs(tmp_path: Path) -> None:
    (tmp_path / "start.s").write_text(START)
    kept = [str(FOLDER / name) for name in ("run-O2.s", "switch-O0.s", "names-Os.s")]
    assert run([str(tmp_path / "start.s"), *kept]) == (expected_output(), EXPECTED[2][-1] % 100)


@needs_gcc
@pytest.mark.parametrize("level", ["-O0", "-O1", "-O2", "-O3", "-Os"])
def test_fresh_output_runs(level: str, tmp_path: Path) -> None:
    (tmp_path / "start.s").write_text(START)
    fresh = [str(compiled(FOLDER / f"{name}.c", [level], tmp_path)) for name in ("run", "switch", "names")]
    assert run([str(tmp_path / "start.s"), *fresh]) == (expected_output(), EXPECTED[2][-1] % 100)


def test_the_grammar_takes_whole_statements() -> None:
    """The assembler cuts statements itself and never asks for the rule `statement`: the two must agree."""
    taken = 0
    for path in [*KEPT, *sorted((FOLDER.parents[2] / "examples").glob("**/*.s"))]:
        text = path.read_text()
        assert statements(path.name, text, []) or not text
        for piece in statements(path.name, text, []):
            if ".macro" in text or "\\" in piece.text or piece.text.split()[0] in (".file", ".attribute", ".ident"):
                continue
            grammar().parse(piece.text, start="statement")
            taken += 1
    assert taken > 1000
