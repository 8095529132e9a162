"""All examples and the OS x engines x variants of PG32: the same as interpreted, or not, each as the theory says."""

from __future__ import annotations

import io
import re
from functools import cache
from pathlib import Path

import pytest

from dbt.engines import table
from dbt.vmm.vm import Snapshot, Vm
from examples.os import image
from isa.asm.assemble import assemble_files
from isa.asm.program import Program as Image
from isa.load import load
from tests import test_os as operating_system
from tests.engines.verdicts import ALL, HOLES, USES, equivalent
from tests.programs import EXAMPLES, HOLES_ON_VARIANT, PROGRAMS, Program
from tests.ways import UNMODIFIED

ENGINES = [name for name, technique in UNMODIFIED.items() if name != "interp" and not technique.why_not()]
ISAS = tuple(HOLES)
MOST = 20_000_000
EACH = {program.name: program for program in PROGRAMS}
"""One run of each example: the last in the table, which is the longest."""


@cache
def assembled(source: Path, isa: str) -> Image:
    return assemble_files(load(isa), [str(source)])


def run(
    program: Program, engine: str, isa: str, folder: Path, most: int = MOST
) -> tuple[str, int | None, bytes, bytes, Snapshot]:
    """All that can be seen of a run of `most` instructions at most."""
    disk, output, made = folder / "disk.img", io.BytesIO(), assembled(program.source, isa)
    disk.write_bytes(program.disk or b"")
    with Vm(load(isa), source=program.stdin, output=output, disk=str(disk) if program.disk else None) as vm:
        vm.load(made.image, made.entry)
        vm.engine = table.make(engine, vm, made.image)
        stop = vm.run(most)
        return stop.reason, stop.code, output.getvalue(), disk.read_bytes(), vm.state()


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("name", EACH)
def test_example(name: str, isa: str, tmp_path: Path) -> None:
    expected = run(EACH[name], "interp", isa, tmp_path)
    most = expected[-1].instructions + 1
    found = {engine: run(EACH[name], engine, isa, tmp_path, most) == expected for engine in ENGINES}
    assert found == {engine: equivalent(name, engine, isa) for engine in ENGINES}


@pytest.mark.parametrize("isa", ISAS)
def test_os(isa: str, tmp_path: Path) -> None:
    path = tmp_path / "disk.img"
    path.write_bytes(image.build(operating_system.standard()))
    script = "hello\nforkwait 2\nchurn 1 2\nprimes 200 &\ncrash hlt\ncat motd\nexit 3\n"
    expected = operating_system.run("interp", script, path, isa=isa)
    assert expected.stop.code == 3
    most = expected.state.instructions + 1
    found = {e: operating_system.run(e, script, path, isa=isa, most=most) == expected for e in ENGINES}
    assert found == {engine: equivalent("os", engine, isa) for engine in ENGINES}


@pytest.mark.parametrize("name", sorted(EACH))
def test_the_table_names_the_holes_that_a_program_has(name: str) -> None:
    """By its source; who includes something is in the table by what it does with it."""
    mentioned = set(re.findall(rf"^\s*(?:\w+:\s*)?({'|'.join(ALL)})\b", (EXAMPLES / f"{name}.s").read_text(), re.M))
    supervisor, user = USES.get(name, (frozenset(), frozenset()))
    assert mentioned == supervisor | user


# --- What each hole shows -------------------------------------------------------------

# The real psw of a kernel in ring 1 is 2d: RING 1, IE, PRING 1, PIE, as the VMM came back from the last trap. The flags
# (bits 15:8) are the program's own. The VMM has the first MiB of real memory, and its page tables' root is at ff000.
# `jru` escapes to ring 3, 2f; the VMM is not told, and the next system call brings the program back to ring 1.
UNDER_TRAP = {
    "getpsw": ["0000002d", "0000a52f"],
    "getpsw after setpsw ffffff..": ["0000ff2d", "0000ff2d"],
    "getpsw after setpsw 00000000": ["0000002d"],
    "lra 00012345, paging off": ["00112345"],
    "getptb": ["000ff001", "000ff001"],
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
    "getptb": ["0020000b", "000ff001"],
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
    assert shown(run(EACH["holes"], engine, "pg32", tmp_path)[2]) == expected


def test_the_monitor_that_is_not_told_of_jru(tmp_path: Path) -> None:
    """On pg32h the first privileged instruction in ring 3 is emulated as if it were the kernel's, and shows its psw.
    The kernel's next `rfe` goes back to ring 0."""
    output = run(EACH["holes"], "trap", "pg32h", tmp_path)[2]
    bare = HOLES_ON_VARIANT["pg32h"]
    missed = b"  trapped: privileged\n  getpsw                         00000000\n  trapped: privileged\n"
    assert missed in bare
    assert output == bare.replace(missed, b"  getpsw                         0000a500\n", 1)
