"""Where a machine begins, and what its handlers may ask: what a description says of reset and traps is done."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from ring1.dbt.cli.main import main
from ring1.dbt.compare.contender import Setup
from ring1.dbt.compare.lockstep import Lockstep
from ring1.dbt.engines.table import ENGINES, make
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.vm import Vm
from ring1.isa.files import SHIPPED
from tests.machine.builder import Program, run
from tests.machine.extended import extended
from tests.ways import present

EQUIVALENT = ("interp", "bare", "bt", "hw", "kvm")
MONITORS = ("trap", "hybrid")
AT_8 = "on reset() { a0 = memory_size(); pc = 8; }"
BY_SIZE = "on reset() { if memory_size() == 0x10000 { pc = 0x100; } }"


def leaving(text: str, parent: str = "pg32") -> Program:
    """At 0 it leaves with 1, at 8 behind two instructions with 2, at 0x100 with 3."""
    p = Program(extended(text, parent))
    p("addi", "a1", "a1", 16)
    p("addi", "a2", "a2", 32)
    p("addi", "a3", "a3", 64)
    p.off(2)
    p.org(0x100)
    p.off(3)
    return p


@pytest.mark.parametrize("entry", [0, 4, 0x100])
def test_it_begins_where_reset_says(entry: int) -> None:
    """Wherever the program would: a reset vector is the machine's."""
    ways = [(name, "pg32") for name in present(EQUIVALENT)] + [(name, "pg32v") for name in MONITORS]
    for way, parent in ways:
        got = run(way, leaving(AT_8, parent), entry=entry)
        assert (got.stop, got["a1"], got["a2"], got["a3"], got["a0"]) == (Stop("exit", 2), 0, 0, 64, 1 << 16), way


def test_it_begins_where_the_program_says_if_reset_does_not() -> None:
    p = leaving("on reset() { a0 = 7; }")
    for entry, code in ((0, 2), (0x100, 3)):
        assert run("bt", p, entry=entry).stop == Stop("exit", code)
    p = leaving(BY_SIZE)
    assert run("bt", p).stop == Stop("exit", 3)
    got = run("bt", p, memory=1 << 17)  # this way through `on reset` says nothing
    assert (got.stop, got["a1"]) == (Stop("exit", 2), 16)
    assert run("bt", p, memory=1 << 17, entry=8)["a1"] == 0


def test_before_a_program_is_there() -> None:
    with Vm(extended(AT_8), 4096, output=io.BytesIO()) as vm:
        assert vm.cpu.pc == 8
        vm.load(bytes(16), 4)
        assert vm.cpu.pc == 8
    with Vm(extended(""), 4096, output=io.BytesIO()) as vm:
        assert vm.cpu.pc == 0


def test_a_snapshot_goes_on_where_it_was(tmp_path: Path) -> None:
    p, path = leaving(AT_8), tmp_path / "snap"
    with Vm(p.isa, 1 << 16, output=io.BytesIO()) as vm:
        vm.load(p.image())
        vm.engine = make("bt", vm, p.image())
        vm.run(1)
        snapshot.save(vm, str(path))
    with snapshot.load(str(path), p.isa, output=io.BytesIO()) as vm:
        assert (vm.cpu.pc, vm.cpu.retired) == (12, 1)
        vm.engine = make("interp", vm, p.image())
        assert vm.run() == Stop("exit", 2)


def test_lock_step_begins_there() -> None:
    p = leaving(AT_8)
    done = Lockstep(
        Setup(p.isa, p.image(), 0, 1 << 16, b"", None, 0, Mmu()), [ENGINES[name] for name in ("interp", "bt", "hw")]
    )
    try:
        done.run()
        assert not done.divergences
        assert [party.stop for party in done.parties] == [Stop("exit", 2)] * 3
    finally:
        done.close()


def test_the_command(tmp_path: Path) -> None:
    """With `_start` elsewhere, without it, and as a raw image."""
    (tmp_path / "pg32.isa").write_text((Path(SHIPPED) / "pg32.isa").read_text())
    (tmp_path / "own.isa").write_text(f'isa own extends pg32 "own";\n{AT_8}\n')
    text = "addi a1, zero, 1\naddi a1, a1, 2\naddi a1, a1, 4\nli a2, 0xf0\nout a2, a1\n"
    command = ["run", "--isa", str(tmp_path / "own.isa")]
    for start in ("_start:\n", ""):
        (tmp_path / "p.s").write_text(start + text)
        for engine in present(EQUIVALENT):
            assert main([*command, "--engine", engine, str(tmp_path / "p.s")]) == 4
    assert main(["asm", "--isa", str(tmp_path / "own.isa"), str(tmp_path / "p.s"), "-o", str(tmp_path / "p.bin")]) == 0
    assert main([*command, str(tmp_path / "p.bin")]) == 4


# --- Other handlers ----------------------------------------------------------------------------


SELECTIVE = """on trap(number, value) unless number == 2 | value == 9 | pc == 0x100 {
    epc = pc; cause = number; tval = value; psw.PRING = psw.RING; psw.PIE = psw.IE; psw.RING = 0; psw.IE = 0; pc = tvec;
}"""


@pytest.mark.parametrize(
    ("name", "operands", "at", "handled"),
    [
        ("syscall", (5,), 0, True),
        ("syscall", (9,), 0, False),
        ("syscall", (5,), 0x100, False),
        ("brk", (), 0, False),
        ("lw", ("a1", 0, "a2"), 0, True),
        ("lw", ("a1", 0, "a2"), 0x100, False),
    ],
)
def test_whether_a_trap_is_handled_may_depend_on_the_trap(
    name: str, operands: tuple[int | str, ...], at: int, handled: bool
) -> None:
    ways = [(way, "pg32") for way in present(EQUIVALENT)] + [(way, "pg32v") for way in MONITORS]
    for way, parent in ways:
        p = Program(extended(SELECTIVE, parent), at)
        p(name, *operands)
        p.org(0x200)
        p.off(4)
        got = run(way, p, entry=at, control={"tvec": 0x200}, registers={"a2": 1 << 20})
        if handled:
            assert got.stop == Stop("exit", 4), way
        else:
            number, value = {"syscall": (3, operands and operands[0]), "brk": (2, 0), "lw": (9, 1 << 20)}[name]
            assert isinstance(value, int)
            assert got.stop == Stop("trap", trap=TrapInfo(number, value, at)), way
