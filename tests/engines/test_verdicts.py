"""All examples and the OS x all engines x the variants of PG32: each cell as the table of verdicts says."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import pytest

from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program as Image
from ring1.isa.load import load
from ring1.isa.record import Record
from tests import test_os as operating_system
from tests.engines.verdicts import ALL, COLUMNS, DIVERGES, EQUAL, HOLES, REFUSED, ROWS, Uses, verdict
from tests.machine.builder import machine
from tests.programs import EXAMPLES, HOLES_ON_VARIANT, PROGRAMS, Program

ENGINES = [name for name, technique in table.ENGINES.items() if name != "interp" and not technique.why_not()]
MOST = 20_000_000
MEMORY = 4 << 20
SESSION = b"hello\nforkwait 2\ncrash hlt\nexit 3\n"
EACH = {program.name: program for program in reversed(PROGRAMS)}
"""One run of each example: the first in the table, which is the shortest."""


class Outcome(Record):
    """All that can be seen of a run."""

    reason: str
    seen: tuple[int | None, bytes, bytes]
    """Exit code, console output, disk: what two builds of a guest have in common."""
    state: Snapshot


@cache
def assembled(source: Path, symbol: str = "") -> Image:
    """The variants have the same encodings."""
    return assemble_files(load("pg32"), [str(source)], definitions=[symbol] if symbol else [])


@cache
def sessions() -> Program:
    """The OS, and what is typed."""
    return Program("os/kernel", SESSION, image.build(operating_system.standard()), b"", 3)


def run(program: Program, engine: str, isa: str, folder: Path, most: int | None = MOST) -> Outcome:
    """A run of `most` instructions at most."""
    disk, output, made = folder / "disk.img", io.BytesIO(), assembled(program.source, table.ENGINES[engine].build)
    disk.write_bytes(program.disk or b"")
    with Vm(machine(isa), MEMORY, source=program.stdin, output=output, disk=str(disk) if program.disk else None) as vm:
        vm.load(made.image, made.entry)
        vm.engine = table.make(engine, vm, made.image)
        stop = vm.run(most)
        return Outcome(stop.reason, (stop.code, output.getvalue(), disk.read_bytes()), vm.state())


def judged(expected: Outcome, found: Outcome, unmodified: bool) -> str:
    """The verdict on a run, beside that of the reference."""
    if found.reason == REFUSED:
        return REFUSED
    same = found == expected if unmodified else (found.reason, found.seen) == (expected.reason, expected.seen)
    return EQUAL if same else DIVERGES


CELLS = [
    pytest.param(name, isa, marks=() if name in {*ROWS, "hello"} - {"os"} else pytest.mark.soak)
    for name in (*EACH, "os")
    for isa in HOLES
]
"""Always: programs that use something, and one that does not. That the others are equal on pg32, tests/test_examples.py
says too."""


@pytest.mark.parametrize(("name", "isa"), CELLS)
def test_verdicts(name: str, isa: str, tmp_path: Path) -> None:
    """A row of the table on a variant."""
    program = sessions() if name == "os" else EACH[name]
    expected = run(program, "interp", isa, tmp_path)
    assert expected.reason == "exit" and expected.seen[0] == program.exit_code
    most = expected.state.instructions * 2
    found = {
        engine: judged(expected, run(program, engine, isa, tmp_path, most), table.ENGINES[engine].unmodified)
        for engine in ENGINES
    }
    assert found == {engine: verdict(name, engine, isa) for engine in ENGINES}


def test_every_engine_has_a_column() -> None:
    assert list(COLUMNS) == list(table.ENGINES)


@pytest.mark.parametrize("name", sorted(EACH))
def test_the_table_names_what_a_program_uses(name: str) -> None:
    """By its source; who includes something is in the table by what it does with it."""
    source = (EXAMPLES / f"{name}.s").read_text()
    mentioned = set(re.findall(rf"^\s*(?:\w+:\s*)?({'|'.join(ALL)})\b", source, re.M))
    uses = ROWS.get(name, Uses())
    assert mentioned == uses.supervisor | uses.user
    assert ("PARAVIRT" in source) == uses.paravirtual


# --- What each hole shows -------------------------------------------------------------

# The real psw of a kernel in ring 1 is 2d: RING 1, IE, PRING 1, PIE, as the VMM came back from the last trap. The flags
# (bits 15:8) are the program's own. The VMM has the first MiB of real memory, and its page tables' root is at ff000.
# `jru` escapes to ring 3, 2f; the VMM is not told, and the next system call brings the program back to ring 1.
UNDER_TRAP = {
    "getpsw": ["0000002d", "0000a52f"],
    "getpsw after setpsw ffffff..": ["0000ff2d", "0000ff2d"],
    "getpsw after setpsw 00000000": ["0000002d"],
    "lra 00012345, paging off": ["00112345"],
    "getptb": ["000ff00b", "000ff00b"],
    "lra 40001123, the kernel's": ["00303123", "00303123"],
    "lra 40002456, ring 3's": ["00304456", "00304456"],
    "lra 40000000, not readable": ["ffffffff", "ffffffff"],
    "lra 40003000, not valid": ["ffffffff", "ffffffff"],
    "page table entry after lra": ["00203007"],
    "page table entry after a load": ["00203047"],
    "getpsw after jru": ["0000002f"],
}
# Interpreted, the kernel is as on the bare machine; ring 3 sees a psw of 3f, RING 3 and PRING 3.
UNDER_HYBRID = {
    "getpsw": ["00000000", "0000a53f"],
    "getpsw after setpsw ffffff..": ["0000ff3c", "0000ff3f"],
    "getpsw after setpsw 00000000": ["0000003f"],
    "lra 00012345, paging off": ["00012345"],
    "getptb": ["0020000b", "000ff00b"],
    "lra 40001123, the kernel's": ["00203123", "ffffffff"],
    "lra 40002456, ring 3's": ["00204456", "00304456"],
    "lra 40000000, not readable": ["ffffffff", "ffffffff"],
    "lra 40003000, not valid": ["ffffffff", "ffffffff"],
    "page table entry after lra": ["00203007"],
    "page table entry after a load": ["00203047"],
    "getpsw after jru": ["0000003f"],
}


def shown(output: bytes) -> dict[str, list[str]]:
    """What holes.s shows by each name, in order."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^  (.*?) +([0-9a-f]{8})$", output.decode(), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(("engine", "expected"), [("trap", UNDER_TRAP), ("hybrid", UNDER_HYBRID)])
def test_what_the_holes_show(engine: str, expected: dict[str, list[str]], tmp_path: Path) -> None:
    assert shown(run(EACH["holes"], engine, "pg32", tmp_path).seen[1]) == expected


def test_the_monitor_that_is_not_told_of_jru(tmp_path: Path) -> None:
    """On pg32h the first privileged instruction in ring 3 is emulated as if it were the kernel's, and shows its psw.
    The kernel's next `rfe` goes back to ring 0."""
    output = run(EACH["holes"], "trap", "pg32h", tmp_path).seen[1]
    bare = HOLES_ON_VARIANT["pg32h"]
    missed = b"  trapped: privileged\n  getpsw                         00000000\n  trapped: privileged\n"
    assert missed in bare
    assert output == bare.replace(missed, b"  getpsw                         0000a500\n", 1)
