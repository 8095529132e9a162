"""The builds of examples/hypervisor by VT: their guests do what they do on the bare machine, to the instruction."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.cli.cflags import Build
from ring1.dbt.cli.program import load as load_program
from ring1.examples.hypervisor.image import BUILDS, ISA, Guest, disk
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from tests.hypervisor import hostile
from tests.hypervisor.machines import (
    EXAMPLES,
    KEY,
    Ran,
    apart,
    assembled,
    host,
    inside,
    needs_gcc,
    program,
    run,
    single,
    unix,
)
from tests.hypervisor.test_exact import GUESTS, SHOW
from tests.hypervisor.test_random import CODES, LIMIT, ROOM, kernel
from tests.machine.builder import RAM, started
from tests.pg32x.machines import guest as guest_field
from tests.pg32x.machines import place
from tests.programs import PROGRAMS, Program

pytestmark = needs_gcc
DEMO = (EXAMPLES / "os" / "demo.txt").read_bytes()
SHORT = b"hello\ncrash zero\nhalt\n"
QUICK = {"timer", "traps", "echo", "disk"}
"""Examples for `make test`: what exits, traps or is slow by itself."""
KEYS = b"hello\nprimes 3000 &\nforkbomb\ncrash null\nexit 7\n"
BY_VT = ["vt", pytest.param("direct", marks=pytest.mark.long)]
MACHINE = BUILDS["vt"].isa
IN_VMCS = "psw", "ptb", "tvec", "epc", "cause", "tval", "scratch", "vmid", "pc"
"""Registers of a guest that are in its VMCS, and not in `struct vm`."""


def under(
    guests: list[Guest], stdin: bytes, folder: Path, build: str = "vt", engine: str = "bt", limit: int | None = None
) -> Ran:
    """Run guests under a build of the hypervisor."""
    return run(host(guests, build=build), stdin, folder, engine, MACHINE, limit)


@pytest.mark.parametrize(
    "example", [p if p.name in QUICK else pytest.param(p, marks=pytest.mark.long) for p in PROGRAMS], ids=str
)
def test_examples(example: Program, tmp_path: Path) -> None:
    """All of them: `rdtime` exits, so that nothing shows the hypervisor's time."""
    guest = assembled(example.source, contents=example.disk or b"")
    bare = run(guest, example.stdin, tmp_path, "interp")
    ran = under([guest], example.stdin.replace(KEY, KEY + KEY), tmp_path, engine="bare")
    assert single(ran) == bare.ended
    if example.disk_after is not None:
        assert ran.disk[-len(guest.disk) :] == bare.disk == example.disk_after


@pytest.mark.long
@pytest.mark.parametrize("build", ["vt", "direct"])
def test_unix(build: str, tmp_path: Path) -> None:
    expected = run(unix(), DEMO, tmp_path, "interp").ended
    assert single(under([unix()], DEMO, tmp_path, build)) == expected


@pytest.mark.parametrize("build", BY_VT)
def test_equal_under_every_engine(build: str, tmp_path: Path) -> None:
    """The whole machine, hypervisor and guest, ends in the same state, and the guest as on the bare machine."""
    ends = {engine: under([unix()], SHORT, tmp_path, build, engine) for engine in ("interp", "bare", "bt")}
    assert {engine: ran == ends["interp"] for engine, ran in ends.items()} == dict.fromkeys(ends, True)
    assert single(ends["bt"]) == run(unix(), SHORT, tmp_path, "interp").ended


def test_two_unixes_and_a_program_in_c(tmp_path: Path) -> None:
    made = load_program(load(ISA), [str(EXAMPLES / "c" / "queens.c")], Build())
    queens = Guest(made.image, made.entry, b"", 5 << 20)
    first, second = b"hello\nprimes 5000 &\ncat motd\nsleep 20\n", b"crash null\nforkbomb\nls\nhalt\n"
    keys = first + b"\x141" + second + b"\x140free\nexit 3\n"
    ends = apart(under([unix(), unix(2 << 20), queens], keys, tmp_path).output)
    assert ends == {
        0: run(unix(), first + b"free\nexit 3\n", tmp_path).ended,
        1: run(unix(2 << 20), second, tmp_path).ended,
        2: run(queens, b"", tmp_path).ended,
    }


@pytest.mark.parametrize(
    "text", [*list(GUESTS.values())[1:], pytest.param(GUESTS["deadlines"], marks=pytest.mark.long)]
)
def test_close_look(text: str, tmp_path: Path) -> None:
    made = assemble(load(ISA), [("guest.s", SHOW + text)])
    guest = Guest(made.image, made.entry, b"", 1 << 20)
    assert (
        single(under([guest], b"", tmp_path, engine="interp", limit=3_000_000))
        == run(guest, b"", tmp_path, "interp").ended
    )


@pytest.mark.soak
@pytest.mark.parametrize(
    "name", [*list(hostile.ALL)[:1], *(pytest.param(n, marks=pytest.mark.long) for n in list(hostile.ALL)[1:])]
)
def test_hostile_neighbour(name: str, tmp_path: Path) -> None:
    """The Unix is what it is alone, and has nearly half of the time."""
    made = assemble(load(ISA), [("guest.s", hostile.ALL[name])])
    attacker = Guest(made.image, made.entry, bytes(range(256)) * 16, 4 << 20)
    alone = under([unix()], KEYS, tmp_path)
    limit = 3 * alone.state.instructions + 1_000_000
    ran = under([attacker, unix()], b"\x141" + KEYS, tmp_path, limit=limit)
    assert ran.stop.reason == "limit"
    assert apart(ran.output)[1] == single(alone) == run(unix(), KEYS, tmp_path).ended
    assert ran.disk == disk([attacker, unix()])


@pytest.mark.parametrize(
    ("text", "said", "code"),
    [
        ("_start: lw a0, -4(zero)", b"a trap without a handler", 120),
        ("_start: li t0, -4\n wrcr tvec, t0\n brk", b"a trap that changes nothing", 120),
        ("_start: hlt", b"nothing to wait for", 122),
        ("_start: li t0, 8\n wrcr ie, t0\n wrcr ip, t0\n sti\n nop", b"a trap without a handler", 120),
    ],
)
def test_guest_that_cannot_go_on(text: str, said: bytes, code: int, tmp_path: Path) -> None:
    made = assemble(load(ISA), [("guest.s", text)])
    ran = under([Guest(made.image, made.entry)], b"", tmp_path)
    assert b"[guest 0: " + said in ran.output and single(ran).code == code


def test_image_that_wants_another_machine(tmp_path: Path) -> None:
    """On pg32v the first VM instruction is illegal, and the hypervisor says so."""
    ran = run(host([unix()], build="vt"), b"", tmp_path, "bt", "pg32v", 1_000_000)
    assert (ran.stop.reason, ran.stop.code) == ("exit", 99) and b"hypervisor: trap 00000000" in ran.output


@pytest.mark.parametrize("seeds", [range(20), pytest.param(range(20, 60), marks=pytest.mark.long)], ids=str)
def test_random_kernels(seeds: range, tmp_path: Path) -> None:
    """They end in the state in which they end on the bare machine: registers, control registers, all of memory with the
    marks in its page tables, time, output and disk."""
    assert sum(compare(seed, tmp_path) for seed in seeds) > len(seeds) // 3


@pytest.mark.long
def test_many_random_kernels(tmp_path: Path) -> None:
    assert sum(compare(seed, tmp_path) for seed in range(1000, 2000)) > 500


def compare(seed: int, folder: Path) -> bool:
    guest, stdin = kernel(seed)
    isa, file = load(ISA), folder / "disk"
    file.write_bytes(guest.disk)
    with started("interp", guest.kernel, isa=isa, memory=RAM, entry=guest.entry, source=stdin, disk=str(file)) as (
        vm,
        output,
    ):
        stop = vm.run(LIMIT)
        bare, memory, shown, skipped = vm.state(), bytes(vm.memory.bytes[:RAM]), output.getvalue(), vm.cpu.idle
    disk_after = file.read_bytes()
    if stop.reason == "limit":
        return False
    whole = host([guest], ROOM, "vt")
    file.write_bytes(whole.disk)
    typed = stdin.replace(KEY, KEY + KEY)
    x = load(MACHINE)
    with started("interp", whole.kernel, isa=x, memory=ROOM, entry=whole.entry, source=typed, disk=str(file)) as (
        vm,
        output,
    ):
        end = vm.run(LIMIT * 1000)
        state = inside(vm, "vt")
        seen = bytes(vm.memory.bytes[state.ram : state.ram + state.size])
        page = vm.memory.words[program("vt").symbols["vts"] >> 2]
        control = {name: vm.memory.words[page + place(guest_field(name)) >> 2] for name in IN_VMCS}
    virtual = dict(zip((c.name for c in isa.control_numbers.values()), state.control, strict=True))
    control |= {name: virtual[name] for name in ("ie", "timecmp", "timecmph")}
    assert (end.reason, end.code) == ("exit", CODES.get(stop.reason, stop.code)), seed
    assert (state.time - state.skipped, state.skipped) == (bare.instructions, skipped), seed
    assert list(state.reg) == list(bare.registers.values()), seed
    assert control == {name: (bare.control | {"pc": bare.pc})[name] for name in control}, seed
    assert seen == memory, seed
    assert output.getvalue().startswith(shown) and file.read_bytes()[-len(disk_after) :] == disk_after, seed
    return True
