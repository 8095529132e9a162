"""Code that keeps changing: blocks have versions, chosen by what memory holds."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import pytest

from ring1.dbt.engines import table
from ring1.dbt.machine.state import MOST_VARYING
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from tests.isolation.run import proofs

pytestmark = pytest.mark.skipif(bool(table.ENGINES["bt"].why_not()), reason=table.ENGINES["bt"].why_not())
HERE = [name for name in ("bare", "bt", "trap", "hw", "kvm") if not table.ENGINES[name].why_not()]
MOST_VERSIONS = Options().most_versions
WORDS = ("addi a5, a5, 1", "addi a5, a5, 2", "jr ra", "sub a5, a5, a4", "xor a5, a5, s0", "j . + 16", "nop", "li a5, 7")
"""What is at `patched` by turns: blocks of different lengths."""
PAGED = """\
        li      t0, 0x80000
        li      t1, 0xdf                # 4 MiB of their own
        sw      t1, 0(t0)
        li      t1, 0x80001
        setptb  t1
"""


def program(kinds: int, rounds: int, paged: bool = False, more: int = 0) -> str:
    words = "\n".join(f"        {word}" for word in WORDS[:kinds])
    others = "\n".join(f"        {('add', 'or', 'xor')[n // 3]} a5, a5, a{n % 3}" for n in range(more))
    return f"""\
_start:
{PAGED if paged else ""}
        la      s0, patched
        la      s1, words
        li      a1, {rounds}
        mv      a3, s1
        li      tp, {4 * (kinds + more)}
        add     tp, tp, s1
1:      lw      a2, 0(a3)
        sw      a2, 0(s0)
        addi    a4, a4, 1
        jalr    ra, 0(s0)
        addi    a3, a3, 4
        bne     a3, tp, 2f
        mv      a3, s1
2:      addi    a1, a1, -1
        bnez    a1, 1b
        li      gp, 0xf0
        out     gp, zero
        .org    0x1000
words:
{words}
{others}
        .org    0x2000
patched:
        nop
        addi    a0, a0, 1
        add     sp, sp, a5
        jr      ra
later:  addi    a0, a0, 16
        jr      ra
"""


def ran(
    source: str, engine: str, options: Options | None = None, checked: bool = False
) -> tuple[Snapshot, Mapping[str, int]]:
    """Return the state at the end, and exits by reason."""
    isa = load("pg32")
    made = assemble(isa, [("versions.s", source)])
    with Vm(isa, 1 << 20, output=io.BytesIO()) as vm:
        vm.load(made.image, made.entry)
        technique = table.ENGINES[engine]
        vm.engine = (technique.checked if checked else technique.make)(vm, made.image, options or Options())
        assert vm.run() == Stop("exit", 0)
        return vm.state(), vm.engine.exits()


@pytest.mark.parametrize("engine", HERE)
@pytest.mark.parametrize("kinds", (1, 2, 5, len(WORDS)))
@pytest.mark.parametrize("paged", [False, True])
def test_by_turns(engine: str, kinds: int, paged: bool) -> None:
    source = program(kinds, 40, paged)
    wanted, _ = ran(source, "interp")
    for mmu in (Mmu(), Mmu("softtlb")) if paged else (Mmu(),):
        for options in (Options(mmu=mmu), Options(mmu=mmu, chain=False), Options(mmu=mmu, most_blocks=3)):
            assert ran(source, engine, options)[0] == wanted
    if kinds == len(WORDS) and engine == "bt":
        assert ran(source, engine, checked=True)[0] == wanted


def test_versions_are_found_without_leaving() -> None:
    """Each word costs an exit, however often it comes."""
    for rounds in (200, 2000):
        _, exits = ran(program(len(WORDS), rounds), "bt")
        assert exits["fault"] <= 4 and exits["stale"] == len(WORDS) - 1
    assert len(WORDS) == MOST_VERSIONS


def test_too_many_versions() -> None:
    """Stores are seen again, and for longer each time."""
    source = program(len(WORDS), 3000, more=9)
    wanted, _ = ran(source, "interp")
    state, exits = ran(source, "bt")
    assert state == wanted
    assert exits["adapted"] > 2500 and exits["stale"] < 300


VARYING = ("addi a5, s0, 0", "andi a5, s0, 1", "slli a5, s0, 0", "srai a5, s0, 0", "lui a5, 4096", "lw a5, 0(s0)",
           "lbu a5, 1(s0)", "slti a5, s0, -3", "sb s0, 0(gp)", "ori zero, s0, 1", "auipc a5, 0", "beq a0, zero, . + 8",
           "jal a5, . + 4", "addi a0, a5, 0")  # fmt: skip
"""Instructions with a constant, which are stored with one constant after the other."""


def varying(text: str, step: int, paged: bool) -> str:
    """Return a program that overwrites an instruction with one whose word is greater by `step`, and executes it."""
    return f"""\
_start:
{PAGED if paged else ""}
        la      s0, patched
        lw      s1, 0(s0)
        li      gp, 0x8000
        li      a1, 60
        li      tp, {step}
1:      sw      s1, 0(s0)
        jalr    ra, 0(s0)
        add     a2, a2, a5
        slli    t0, a2, 7
        xor     a2, a2, t0
        add     s1, s1, tp
        addi    a1, a1, -1
        bnez    a1, 1b
        lw      a3, 8(gp)
        li      gp, 0xf0
        out     gp, zero
        .org    0x2000
patched:
        {text}
        addi    a4, a4, 3
        ret
        .space  400
"""


@pytest.mark.soak
@pytest.mark.parametrize("text", VARYING)
@pytest.mark.parametrize("paged", [False, True])
def test_a_constant_that_keeps_changing(text: str, paged: bool) -> None:
    """Wherever in the word it is: what changes may be a register, or what is no constant of the instruction."""
    for step in (1, 4, 1 << 12, 1 << 16, 1 << 20):
        source = varying(text, step, paged)
        isa = load("pg32")
        made = assemble(isa, [("versions.s", source)])
        found = []
        for engine, mmu in (("interp", Mmu()), ("bare", Mmu()), ("bt", Mmu()), ("bt", Mmu("softtlb"))):
            with Vm(isa, 1 << 20, output=io.BytesIO()) as vm, proofs():
                vm.load(made.image, made.entry)
                vm.engine = table.ENGINES[engine].make(vm, made.image, Options(mmu=mmu))
                found.append((vm.run(3000), vm.state()))
        assert all(other == found[0] for other in found)


def test_a_constant_is_read_from_memory() -> None:
    source = varying("addi a5, s0, 0", 1, False).replace("li      a1, 60", "li      a1, 2000")
    state, exits = ran(source, "bt")
    assert state == ran(source, "interp")[0]
    assert exits["fault"] <= 4 and exits["stale"] <= 3 * MOST_VERSIONS


def several(words: int, rounds: int) -> str:
    """Return a program that overwrites so many instructions, each time with other constants."""
    stores = "".join(f"        add     s1, s1, gp\n        sw      s1, {8 * n}(s0)\n" for n in range(words))
    code = "        addi    a5, a5, 0\n        xor     a2, a2, a5\n" * words
    return f"""\
_start: la      s0, patched
        lw      s1, 0(s0)
        li      gp, 1
        li      a1, {rounds}
1:
{stores}
        jalr    ra, 0(s0)
        addi    a1, a1, -1
        bnez    a1, 1b
        li      gp, 0xf0
        out     gp, zero
        .org    0x2000
patched:
{code}
        ret
"""


@pytest.mark.parametrize("words", range(1, MOST_VARYING + 2))
def test_several_constants_are_read_from_memory(words: int) -> None:
    source = several(words, 2000)
    with proofs():
        state, exits = ran(source, "bt")
    assert state == ran(source, "interp")[0]
    left = exits["fault"] + exits.get("adapted", 0) <= 4 * words
    assert exits["stale"] <= 3 * MOST_VERSIONS and left == (words <= MOST_VARYING)


BORDER = """\
_start:
{paged}
        la      s0, patched
        lw      s1, 0(s0)
        li      gp, {step}
        li      a1, 300
1:      sw      s1, {offset}(s0)
        jalr    ra, 0(s0)
        add     s1, s1, gp
        addi    a1, a1, -1
        bnez    a1, 1b
        li      gp, 0xf0
        out     gp, zero
        .org    0x2ff8
        xor     a2, a2, a5
patched:
        addi    a5, a5, 0
        addi    a5, a5, 0
        add     a2, a2, a5
        ret
"""
"""Two pages of code; the store may straddle them."""


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize("offset", range(-2, 6))
@pytest.mark.parametrize("step", [0, 1, 0x100])
def test_at_the_border_of_pages(paged: bool, offset: int, step: int) -> None:
    source = BORDER.format(paged=PAGED if paged else "", offset=offset, step=step)
    isa = load("pg32")
    made = assemble(isa, [("versions.s", source)])
    found = []
    for engine, mmu in (("interp", Mmu()), ("bare", Mmu()), ("bt", Mmu()), ("hw", Mmu()), ("bt", Mmu("softtlb"))):
        with Vm(isa, 1 << 20, output=io.BytesIO()) as vm:
            vm.load(made.image, made.entry)
            vm.engine = table.ENGINES[engine].make(vm, made.image, Options(mmu=mmu))
            found.append((vm.run(3000), vm.state()))
    assert all(other == found[0] for other in found)


@pytest.mark.parametrize("at", [0x2000, 0x2004, 0x2008, 0x3000])
def test_somebody_looks(at: int) -> None:
    """A watched instruction is left to the interpreter, among the versions of a block as elsewhere."""
    for source in (program(len(WORDS), 600), varying("addi a5, s0, 0", 1, False)):
        isa = load("pg32")
        made = assemble(isa, [("versions.s", source)])
        found = []
        for engine in ("interp", "bt"):
            with Vm(isa, 1 << 20, output=io.BytesIO()) as vm:
                vm.load(made.image, made.entry)
                vm.engine = table.ENGINES[engine].make(vm, made.image, Options())
                for n in range(40):
                    vm.engine.attend(Attention(pcs=frozenset([at] if n % 2 else ())))
                    vm.run(37 * (n + 1))
                    found.append((n, vm.state()))
        assert found[:40] == found[40:]


DISK = """\
_start: li      s0, 0x2000
        li      a1, 40
1:      xori    a2, a2, 1
        li      t0, 0x10
        out     t0, a2
        li      t0, 0x11
        out     t0, s0
        li      t0, 0x12
        li      t1, 1
        out     t0, t1
        li      t0, 0x13
        out     t0, t1
2:      jalr    ra, 0(s0)
        in      t1, t0
        andi    t1, t1, 1
        bnez    t1, 2b
        addi    a1, a1, -1
        bnez    a1, 1b
        li      t0, 0xf0
        out     t0, zero
        .org    0x2000
        nop
        ret
"""


@pytest.mark.parametrize("engine", ["bare", "bt", "hw"])
def test_the_disk_brings_versions(engine: str, tmp_path: Path) -> None:
    isa = load("pg32")
    brought = [
        assemble(isa, [("brought.s", f"_start: {text}\n ret\n")]).image[:8].ljust(512, b"\0")
        for text in ("addi a5, a5, 1", "xor a4, a4, a5")
    ]
    made = assemble(isa, [("versions.s", DISK)])
    disk, found = tmp_path / "disk", []
    for name in ("interp", engine):
        disk.write_bytes(b"".join(brought))
        with Vm(isa, 1 << 20, output=io.BytesIO(), disk=str(disk)) as vm:
            vm.load(made.image, made.entry)
            vm.engine = table.ENGINES[name].make(vm, made.image, Options())
            found.append((vm.run(), vm.state()))
    assert found[0] == found[1]
    assert found[0][0] == Stop("exit", 0)


@pytest.mark.parametrize("other", ["xori a5, a5, {}", "addi a5, a4, {}", "addi a4, a5, {}", "sw a5, {}(s0)", "brk"])
def test_something_else_changes_after_constants_did(other: str) -> None:
    """What is read from memory is the constant alone: another instruction, or other registers, are another version."""
    source = program(0, 0).split("words:")[0]
    kept = [f"addi a5, a5, {n}" for n in range(3 * MOST_VERSIONS)]
    mixed = [line for n in range(8) for line in (f"addi a5, a5, {n}", other.format(256 + 4 * n))]
    words = [*kept, *mixed, *kept]
    source = source.replace("li      a1, 0\n", f"li      a1, {len(words)}\n").replace(
        "li      tp, 0\n", "li      tp, 4000\n"
    )
    code = "\n".join(f"        {word}" for word in words)
    isa = load("pg32")
    made = assemble(isa, [("versions.s", f"{source}words:\n{code}\n        .org 0x2000\npatched: nop\n        ret\n")])
    found = []
    for engine in ("interp", "bare", "bt"):
        with Vm(isa, 1 << 20, output=io.BytesIO()) as vm:
            vm.load(made.image, made.entry)
            vm.engine = table.ENGINES[engine].make(vm, made.image, Options())
            found.append((vm.run(2000), vm.state()))
    assert found[0] == found[1] == found[2]
