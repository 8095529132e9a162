"""Nested VT: what a guest that is a hypervisor sees of VT is what the machine has; and towers of hypervisors."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.recursion import LEAST, MORE, tower
from ring1.dbt.vt import controls, exits, fields
from ring1.examples.hypervisor.image import BUILDS, Guest, disk, hypervisor
from tests.hypervisor.machines import Ended, host, inside, needs_gcc, run, unix
from tests.hypervisor.test_recursion import KEYS, unpacked
from tests.machine.builder import Program, started
from tests.pg32x import test_exits, test_instructions, test_nested_paging
from tests.pg32x.machines import ISA, LEAF, RAM, Host, R, W, X, guest, standard, trap
from tests.pg32x.machines import host as host_field
from tests.pg32x.test_entry import NOT_HERE, transferred, waiting, waiting_pg32
from tests.vt.machines import bench
from tests.vt.test_entry import FAILING

pytestmark = needs_gcc
MACHINE = BUILDS["vt"].isa
ROOM = 4 << 20


def equal(program: Program, folder: Path, engine: str = "interp", build: str = "vt") -> None:
    """A host's program as a guest of the hypervisor leaves its memory, its VMCSs too, registers and time as on the bare
    machine."""
    image = program.image()
    with started("interp", image, isa=ISA, memory=RAM) as (vm, output):
        stop = vm.run(200_000)
        bare, memory, shown = vm.state(), bytes(vm.memory.bytes[:RAM]), output.getvalue()
    assert stop.reason == "exit"
    whole = host([Guest(image, 0, b"", RAM)], ROOM, build)
    file = folder / "disk"
    file.write_bytes(whole.disk)
    with started(engine, whole.kernel, isa=ISA, memory=ROOM, entry=whole.entry, disk=str(file)) as (vm, output):
        end = vm.run(5_000_000)
        state = inside(vm, build)
        seen = bytes(vm.memory.bytes[state.ram : state.ram + RAM])
    assert (end.reason, end.code) == ("exit", stop.code), output.getvalue()
    assert seen == memory
    assert list(state.reg) == list(bare.registers.values())
    assert state.time - state.skipped == bare.instructions
    assert output.getvalue().startswith(shown)


def test_every_check_of_entry(tmp_path: Path) -> None:
    """The hypervisor makes them in C, the machine from its description."""
    for number, change in FAILING:
        if number not in NOT_HERE:
            with bench(waiting_pg32()) as b:
                change(b)
                values = transferred(b)
            equal(Host(waiting(), standard() | values), tmp_path)
    equal(Host(waiting(), standard() | {fields.ENTRY_EVENT: trap(3)}), tmp_path)


@pytest.mark.parametrize("half", [0, 1])
def test_exits_of_instructions(half: int, tmp_path: Path) -> None:
    for body, changes, _, _ in test_exits.INSTRUCTIONS[half::2]:
        equal(Host(test_exits.made(body), standard() | changes), tmp_path)


USUAL = {guest("tvec"): test_exits.HANDLER, fields.EXCEPTIONS: 1 << 2}
SECOND = controls.SECONDARY_CONTROLS
WINDOW = {fields.PRIMARY: SECOND | controls.INTERRUPT_WINDOW_EXITING}


def loop(p: Program) -> None:
    p.label("again")
    p("addi", "a1", "a1", 1)
    p("jal", "zero", "again")


def through(p: Program) -> None:
    p("out", "zero", "a1")
    p("rdtime", "a2")
    p.control("timecmp", 3)
    p("rdcr", "a3", "timecmp")


OTHERS: dict[str, tuple[Program, dict[int, int]]] = {
    "exception": (test_exits.made(lambda p: p("syscall", 5)), {fields.EXCEPTIONS: 8}),
    "its own trap": (test_exits.made(lambda p: p("syscall", 5), lambda p: p("brk")), USUAL),
    "triple": (test_exits.made(lambda p: p("syscall", 5)), {}),
    "stuck": (test_exits.made(lambda p: p("syscall", 5), lambda p: p("brk")), {guest("tvec"): test_exits.HANDLER}),
    "timer": (test_exits.made(loop), {fields.TIMER: 700}),
    "timer of 0": (
        test_exits.made(loop),
        {fields.TIMER: 0, fields.ENTRY_EVENT: trap(3), fields.ENTRY_VALUE: 6} | USUAL,
    ),
    "injected": (
        test_exits.made(loop, lambda p: p("brk")),
        USUAL | {guest("psw"): 4, fields.ENTRY_EVENT: exits.VALID | 2},
    ),
    "window": (test_exits.made(lambda p: p("sti")), WINDOW),
    "window at once": (test_exits.made(loop), WINDOW | {guest("psw"): 4}),
    "its host's timer": (
        test_exits.made(loop),
        {host_field("ie"): 1, host_field("timecmp"): 500, host_field("timecmph"): 0},
    ),
    "its host's software line": (test_exits.made(loop), {host_field("ie"): 8, host_field("ip"): 8}),
    "lines of its own": (
        test_exits.made(lambda p: p("hlt")),
        {
            guest("psw"): 4,
            guest("ie"): 9,
            guest("ip"): 8,
            guest("timecmp"): 0,
            fields.PRIMARY: SECOND | controls.HLT_EXITING,
        },
    ),
    "what it lets through": (test_exits.made(through), USUAL),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_exits(name: str, tmp_path: Path) -> None:
    program, changes = OTHERS[name]
    equal(Host(program, standard() | changes), tmp_path)


def test_merged_tables(tmp_path: Path) -> None:
    """Rights, violations and tables of the guest's guest."""
    for kind in test_nested_paging.NEEDS:
        at = test_nested_paging.CODE if kind == "fetch" else test_nested_paging.DATA
        for rights in (0, R, W, R | W, R | X, R | W | X, R | 1 << 8):
            program = test_nested_paging.access(kind, at)
            equal(Host(program, standard() | USUAL, test_nested_paging.leaf(at, rights)), tmp_path)
    for kind in ("load", "store", "lra"):
        for entries in (
            {},
            {test_nested_paging.page(test_nested_paging.SECOND_TABLE): 0},
            {5: 0x7FF000 | R | W | LEAF},
        ):
            equal(Host(test_nested_paging.paged(kind, 7), standard() | USUAL, entries), tmp_path)


def test_vmcs_that_is_written_to_meanwhile(tmp_path: Path) -> None:
    """By the guest's guest, which may make it no machine's state: the hypervisor goes on."""
    equal(Host(test_exits.scribbler(), standard() | USUAL, test_exits.SCRIBBLED), tmp_path)


def test_fields_and_errors(tmp_path: Path) -> None:
    """`vmread` and `vmwrite` of every field that there is, and of none."""
    script = test_instructions.Script()
    for encoding in (*sorted(test_instructions.ALL), 0x4001, 0x8000, 0x681E, 0xFFFFFFFF):
        script.write(encoding, 0xA5A50000 + encoding)
        script.read(encoding)
    for name, address in (("vmptrld", 4), ("vmclear", RAM), ("vmptrld", 0xC000), ("vmclear", 0xC000)):
        script.pointer(name, address)
    script.read(fields.PIN)
    script.enter("vmresume")
    script.off()
    equal(script, tmp_path)


@pytest.mark.parametrize(
    ("build", "engine", "depth"),
    [
        ("direct", "bt", 2),
        pytest.param("vt", "bare", 2, marks=pytest.mark.long),
        pytest.param("direct", "interp", 2, marks=pytest.mark.long),
        pytest.param("direct", "bt", 3, marks=pytest.mark.long),
        pytest.param("vt", "bt", 3, marks=pytest.mark.long),
    ],
)
def test_tower(build: str, engine: str, depth: int, tmp_path: Path) -> None:
    """At each depth the innermost guest shows the same, and each level executes as many instructions as where it is the
    outermost one."""
    levels: list[Ended] = [run(tower(n, build), KEYS, tmp_path, "bare", MACHINE).ended for n in range(depth)]
    ran = run(tower(depth, build), KEYS, tmp_path, engine, MACHINE)
    assert ran.ended.code == 0
    output, counts = unpacked(ran.output)
    assert output == levels[0].output
    assert counts == [level.instructions for level in levels]


@pytest.mark.long
def test_trap_and_emulate_by_vt(tmp_path: Path) -> None:
    """A hypervisor of the one kind as a guest of the other."""
    inner = hypervisor()
    middle = Guest(inner.image, inner.entry, disk([unix()]), LEAST + MORE)
    made = hypervisor("direct")
    ran = run(Guest(made.image, made.entry, disk([middle]), LEAST + 2 * MORE), KEYS, tmp_path, "bt", MACHINE)
    output, counts = unpacked(ran.output)
    assert output == run(unix(), KEYS, tmp_path).ended.output
    assert counts == [run(each, KEYS, tmp_path).ended.instructions for each in (unix(), middle)]
