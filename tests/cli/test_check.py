"""`ring1 run --check`: right translations pass, wrong ones are found and shown."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random

import pytest

from ring1.dbt.engines.hw.hypervisor import Hypervisor
from ring1.dbt.host.values import NEGATED, Condition
from ring1.dbt.host.x86_64 import arithmetic, operations, selection
from ring1.dbt.vmm.check import Checker, Mistranslation
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.dbt.vt.exits import VmExit
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program as Image
from ring1.isa.load import load
from tests.cli.conftest import OFF, Outcome
from tests.engines.verdicts import EQUAL, verdict
from tests.machine.builder import machine as described
from tests.machine.compare import by_engine
from tests.machine.generator import SIZE, case, plan
from tests.programs import EXAMPLES, PROGRAMS, Program
from tests.ways import UNMODIFIED as ENGINES

Call = Callable[..., Outcome]

TRANSLATING = [name for name, engine in ENGINES.items() if engine.policy is not None and not engine.why_not()]
HERE = Options()
MOST = 20_000
"""Instructions of an example: enough for traces, and the long ones do not take seconds."""

XOR = """\
_start: lw a1, six(zero)
        lw a2, three(zero)
here:   xor a1, a1, a2
        addi a3, a1, 1
"""
DATA = "six:    .word 6\nthree:  .word 3\n"
LOOP = """\
_start: li a1, 3000
        li a4, 0x2000
again:  addi a2, a2, 5
        add a3, a3, a2
        sw a3, 0(a4)
        addi a1, a1, -1
        bnez a1, again
"""


@cache
def assembled(source: Path) -> Image:
    return assemble_files(load("pg32"), [str(source)])


def checked(engine: str, vm: Vm, image: bytes, options: Options = HERE) -> Checker:
    """An engine with all that it translates checked."""
    return ENGINES[engine].checked(vm, image, options)


@contextmanager
def machine(source: Path, engine: str, stdin: bytes = b"", disk: Path | None = None) -> Iterator[tuple[Vm, Checker]]:
    """A machine with a program and a checked engine; its console is `vm.output`."""
    isa, image = load("pg32"), assembled(source)
    with Vm(isa, 4 << 20, stdin, io.BytesIO(), str(disk) if disk else None) as vm:
        vm.load(image.image, image.entry)
        vm.engine = checker = checked(engine, vm, image.image)
        yield vm, checker


@pytest.mark.parametrize(
    "engine", [name if name == "bt" else pytest.param(name, marks=pytest.mark.soak) for name in TRANSLATING]
)
@pytest.mark.parametrize("program", {p.name: p for p in PROGRAMS}.values(), ids=lambda program: program.name)
def test_examples_pass(program: Program, engine: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk.img" if program.disk is not None else None
    if disk is not None and program.disk is not None:
        disk.write_bytes(program.disk)
    with machine(program.source, engine, program.stdin, disk) as (vm, checker):
        stop = vm.run(MOST)
        checker.compare_memory()
        if verdict(program.name, engine, "pg32") == EQUAL:
            assert stop.code == program.exit_code if stop.reason == "exit" else vm.cpu.retired == MOST
        assert checker.follower.time == vm.cpu.time  # it has been followed to the end


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(6, 12))])
def test_generated_programs_pass(seed: int, tmp_path: Path) -> None:
    """Paging, interrupts, devices and self-modifying code: the shadow sees what the machine sees."""
    made = case(plan(Random(seed), ("pg32", "pg32v", "pg32h")[seed % 3]))
    engine = (("bt", "trap", "hw"), ("bare", "hybrid", "bare"), ("hw", "trap", "bt"))[seed // 3 % 3][seed % 3]
    isa, disk = described(made.plan.isa), tmp_path / "disk.img"
    if made.disk is not None:
        disk.write_bytes(made.disk)
    with Vm(isa, SIZE, made.source, io.BytesIO(), str(disk) if made.disk else None, made.seed) as vm:
        vm.load(made.image)
        vm.engine = checker = checked(engine, vm, made.image, made.options)
        for limit in made.limits:
            vm.run(limit)
            checker.compare_memory()
        assert vm.state() == by_engine("interp", made)[-1].state


def test_a_long_run_is_checked_in_traces_too(tmp_path: Path) -> None:
    source = tmp_path / "loop.s"
    source.write_text(LOOP + OFF)
    with machine(source, "bt") as (vm, checker):
        assert vm.run().code == 0
        assert checker.traces and not checker.chains


@pytest.mark.parametrize("engine", [name for name in TRANSLATING if name != "hybrid"])
@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_instruction_is_named(call: Call, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    Path("xor.s").write_text(XOR + OFF + DATA)
    monkeypatch.setitem(arithmetic.ARITHMETIC, "^", operations.OR)
    done = call("run", "xor.s", "--check", "--engine", engine)
    assert done.status == 125
    # Where the VMM gives the guest its first page, a block begins behind the instruction that has wanted it.
    first = "0x00000004 _start+0x4" if engine == "hw" else "0x00000000 _start"
    assert f"differs from the interpreter in the block at {first}" in done.err
    assert "the instruction 0x00000008 (here, xor.s:3): xor a1, a1, a2\ndiffers by itself" in done.err
    rows = [line.split() for line in done.lines if "0x00000007" in line]
    assert rows[0][0] == "a1" and rows[0][2:] == ["0x00000007", "0x00000005"]
    shown = [line for line in done.lines if "here: xor a1, a1, a2" in line]
    assert len(shown) == 2 and all(" or " in line.partition("a2")[2] for line in shown)  # beside its host code
    assert done.lines[-1] == "ring1: translated code and the interpreter differ in a1, a3"


@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_way_is_found(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("way.s").write_text(
        "_start: li a1, 5\n        li a2, 5\n        bltu a1, a2, away\n" + OFF + "away:   j away\n"
    )
    monkeypatch.setitem(selection.CONDITIONS, "<u", Condition.NOT_ABOVE)
    monkeypatch.setitem(NEGATED, Condition.BELOW, Condition.ABOVE)
    done = call("run", "way.s", "--check", "--max-insns", 100)
    assert done.status == 125
    assert "pc" in done.lines[-1]
    assert "(_start+0x8, way.s:3): bltu a1, a2, " in done.err


@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_value_in_memory_is_found(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    text = XOR + "        li a4, 0x2000\n        sw a1, 0(a4)\n        li a1, 0\n        li a3, 0\n"
    Path("store.s").write_text(text + OFF + DATA)
    monkeypatch.setitem(arithmetic.ARITHMETIC, "^", operations.OR)
    done = call("run", "store.s", "--check")
    assert done.status == 125
    assert done.lines[-1] == "ring1: translated code and the interpreter differ in [0x00002000]"


def test_a_stray_store_is_found_at_the_end(tmp_path: Path) -> None:
    source = tmp_path / "loop.s"
    source.write_text(LOOP + OFF)
    with machine(source, "bt") as (vm, checker):
        vm.run(100)
        vm.memory.bytes[0x80004] = 7  # as generated code would
        with pytest.raises(Mistranslation) as caught:
            checker.compare_memory()
        assert caught.value.rows == [("[0x00080004]", -1, 7, 0)]


def test_what_the_guest_says_and_returns_is_the_same(call: Call) -> None:
    Path("say.s").write_text("_start: li a1, 'x'\n        out zero, a1\n        brk\n")
    plain, checked = call("run", "say.s"), call("run", "say.s", "--check")
    assert plain == checked
    assert (plain.status, plain.out) == (120, "x")


@pytest.mark.parametrize("name", ["hello", "holes", "smc", "traps"])
def test_what_is_checked_is_the_engine_itself(call: Call, name: str) -> None:
    """Its guest exits as often, and for the same reasons; but for the host, which wants its processor now and then."""
    exits = []
    for option in ((), ("--check",)):
        done = call("run", EXAMPLES / f"{name}.s", "--engine", "hw", "--json=result.json", *option)
        assert done.status == 0
        exits.append(json.loads(Path("result.json").read_text())["exits"])
        exits[-1].pop("external interrupt", None)
    assert exits[0] == exits[1]
    if name == "hello":
        assert exits[0] == {"nested violation": 1, "io": 15}  # 14 letters, and the power


@pytest.mark.soak
def test_an_event_that_is_injected_is_no_difference(tmp_path: Path) -> None:
    """Page faults, system calls and the timer, with exits between."""
    for program in PROGRAMS:
        if program.name in ("timer", "traps", "holes"):
            with machine(program.source, "hw", program.stdin) as (vm, checker):
                assert vm.run().code == 0
                checker.compare_memory()
                assert checker.follower.time == vm.cpu.time


def test_the_hottest_code_is_the_engines_own(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    left, exit_guest = list[str](), Hypervisor.exit_guest

    def noted(vm: Hypervisor, cause: VmExit) -> None:
        left.append(cause.name)
        exit_guest(vm, cause)

    monkeypatch.setattr(Hypervisor, "exit_guest", noted)
    done = call("translate", "--hot", "--engine", "hw", EXAMPLES / "sieve.s")
    assert done.status == 0 and "under hw: the hottest blocks" in done.out
    assert {"io", "nested violation"} <= set(left)


@pytest.mark.parametrize("option", ["--check", "--perf-map"])
def test_engines_that_translate_nothing_are_refused(call: Call, option: str) -> None:
    Path("off.s").write_text("_start:\n" + OFF)
    for extra in (("--engine", "interp"), ("--trace", "trace.txt")):
        done = call("run", "off.s", option, *extra)
        assert done.status == 2
        assert done.err.startswith(
            f"ring1: {option} is about translated code, and the engine interp translates nothing"
        )
