"""Engines in lock step: equal ones are found equal, and of a wrong one the instruction at which it first differs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from ring1.dbt.compare import lockstep
from ring1.dbt.compare.contender import Contender, Setup
from ring1.dbt.compare.difference import Divergence
from ring1.dbt.compare.lockstep import Lockstep
from ring1.dbt.devices.disk import LATENCY, Disk
from ring1.dbt.devices.sectors import Sectors
from ring1.dbt.engines.interp import Interp
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique, nothing
from ring1.dbt.host.x86_64 import arithmetic, operations
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.engine import Engine
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble, assemble_files
from ring1.isa.record import replace
from tests.machine.builder import machine
from tests.programs import PROGRAMS
from tests.vmm import believers
from tests.vmm.believers import believer, late

HERE = [name for name in ("interp", "bare", "bt") if not ENGINES[name].why_not()]

COUNT = """
        .equ TIMES, 9000
_start: li a1, 0
        li a2, TIMES
again:  addi a1, a1, 1
here:   add a3, a3, a1
        la a4, memory
store:  sw a3, 0(a4)
        bne a1, a2, again
        li t0, 0
        li t1, 'y'
print:  out t0, t1
        li t0, 0x10
sector: out t0, t1
        div a4, a1, a3
        li t0, 0xf0
        li t1, 9
off:    out t0, t1
        .data
memory: .word 0
"""
ROUND = 6
"""Instructions of a round of `again`."""
BEFORE = 2
"""Instructions before the first."""


def setup(source: str, stdin: bytes = b"", disk: bytes | None = None, mmu: Mmu | None = None) -> Setup:
    made = assemble(machine(), [("test.s", source)])
    return Setup(machine(), made.image, made.entry, 1 << 20, stdin, disk, 0, mmu or Mmu())


@contextmanager
def compared(given: Setup, *engines: str | Technique, limit: int | None = None) -> Iterator[Lockstep]:
    techniques = [ENGINES[each] if isinstance(each, str) else each for each in engines]
    with closing(Lockstep(given, techniques)) as done:
        done.run(limit)
        yield done


def label(source: str, name: str) -> int:
    labels = assemble(machine(), [("test.s", source)]).labels
    return next(address for address, known in labels if known == name)


@pytest.fixture
def wrong() -> Any:
    """Compares a program under interp and a wrong engine, which diverges: how."""

    def diverges(technique: Technique, source: str = COUNT, **options: Any) -> Divergence:
        with compared(setup(source, **options), "interp", technique) as done:
            return done.divergences["wrong"]

    return diverges


# --- Equal -----------------------------------------------------------------------------


@pytest.mark.parametrize("mmu", [Mmu(), Mmu("softtlb", True)], ids=str)
@pytest.mark.parametrize("name", ["hello", "echo", "timer", "traps", "holes", "smc", "disk", "fib"])
def test_examples_are_equivalent(name: str, mmu: Mmu) -> None:
    """Each machine has the input and the disk for itself."""
    program = next(p for p in PROGRAMS if p.name == name and p.disk_after != b"" and p.exit_code == 0)
    made = assemble_files(machine(), [str(program.source)])
    given = Setup(machine(), made.image, made.entry, 16 << 20, program.stdin, program.disk, 0, mmu)
    with compared(given, "interp", "bare", "bt") as done:
        assert not done.divergences
        for party in done.parties:
            assert party.stop == Stop("exit", program.exit_code)
            assert party.output.getvalue() == program.output
            assert party.contents() == program.disk_after
            assert party.vm.cpu.retired == done.equal
        interpreted = [party.engine.interpreted for party in done.parties]
        assert interpreted[0] == done.equal and all(0 < n <= done.equal for n in interpreted[1:])


def test_a_limit_ends_the_comparison() -> None:
    with compared(setup(COUNT), *HERE, limit=12_345) as done:
        assert not done.divergences and done.equal == 12_345
        assert {party.stop for party in done.parties} == {Stop("limit")}


def test_the_slow_path_counts_what_it_retires() -> None:
    """Every `in` of a program without anything else that is slow, and nothing twice."""
    again = "li t1, 0x20\nagain: in t2, t1\naddi a1, a1, -1\nbnez a1, again"
    party = Contender(ENGINES["bt"], setup(f"_start: li a1, 100\n{again}\nli t0, 0xf0\nout t0, zero"))
    with closing(party):
        party.run(1 << 20)
        assert party.stop == Stop("exit", 0)
        exits = party.vm.engine.exits() if party.vm.engine else {}
        assert (exits["callout in"], exits["callout out"]) == (100, 1)
        rest = party.engine.interpreted - 101
        assert 0 <= rest <= 20, "a few before a budget ends"


# --- Different -------------------------------------------------------------------------


@pytest.mark.parametrize("translated", [True, False])
@pytest.mark.parametrize("round_", [1, 166, 167, 8_999])
def test_a_register_at_any_time(wrong: Any, round_: int, translated: bool) -> None:
    """In the first stretch, beside its end, and in later ones; everything behind it differs as well."""
    text = f"insn add : R(0x10) {{ if rs2 == {round_} {{ rd = rs1 + rs2 + 1; }} else {{ rd = rs1 + rs2; }} }}"
    found = wrong(believer(text, translated))
    total = round_ * (round_ + 1) // 2 & 0xFFFFFFFF
    assert found.exact and found.low == BEFORE + (round_ - 1) * ROUND + 1
    assert found.pc == label(COUNT, "here") and found.place == f"{found.pc:#x}"
    assert found.apart.rows == (("a3", total - round_, total + 1, total),)


XOR = """
_start: li a1, 0
        li a2, 3000
again:  addi a1, a1, 1
        andi a3, a1, 1023
        sltiu a4, a3, 1
        slli a5, a4, 10
here:   xor a5, a5, a1
        add s0, s0, a5
        bne a1, a2, again
        li t0, 0xf0
        out t0, zero
"""
"""The xor does what an or would, until a5 and a1 are both 1024."""


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_translator(wrong: Any, monkeypatch: pytest.MonkeyPatch, alone: bool) -> None:
    """The slow path is right: a limit within a block must not hide what its code does, if that can be helped."""
    monkeypatch.setitem(arithmetic.ARITHMETIC, "^", operations.OR)
    if not alone:
        monkeypatch.setattr(Executor, "singly", lambda executor: None)
    found = wrong(replace(ENGINES["bare"], name="wrong", why_not=nothing), XOR)
    at = 2 + 1023 * 7 + 4  # the round in which a1 is 1024, and so is a5
    if alone:
        assert (found.exact, found.low, found.pc) == (True, at, label(XOR, "here"))
        assert found.apart.rows == (("a5", 1024, 1024, 0),)
    else:
        assert not found.exact and found.low <= at < found.high <= found.low + 256
        assert found.apart.rows


def test_memory_alone(wrong: Any) -> None:
    """Nobody ever reads what was stored."""
    indexed = "slli a5, a1, 2\nadd a4, a4, a5\nstore:  sw a1, 0(a4)"
    source = COUNT.replace("store:  sw a3, 0(a4)", indexed)
    text = "insn sw : S(0x4a) { if rs2 == 777 { mem[rs1 + imm, 4] = 5; } else { mem[rs1 + imm, 4] = rs2; } }"
    found = wrong(believer(text), source)
    place = label(source, "memory") + 4 * 777
    assert found.exact and found.pc == label(source, "store")
    assert found.apart.rows == ((f"[{place:#010x}]", 0, 5, 777),)


def test_a_difference_that_heals_is_none() -> None:
    """The next round stores the right value: at the next checkpoint the machines are equal."""
    text = "insn sw : S(0x4a) { if rs2 == 777 { mem[rs1 + imm, 4] = 5; } else { mem[rs1 + imm, 4] = rs2; } }"
    with compared(setup(COUNT.replace("sw a3, 0", "sw a1, 0")), "interp", believer(text)) as done:
        assert not done.divergences


def test_output_alone(wrong: Any) -> None:
    text = "insn out : XX(0x81) { if rs1 == 0 { port[rs1[15:0]] = rs2 + 1; } else { port[rs1[15:0]] = rs2; } }"
    found = wrong(believer(text))
    assert found.exact and found.pc == label(COUNT, "print")
    assert (found.apart.rows, found.apart.console) == ((), (b"z", b"y"))


def test_a_device_alone(wrong: Any) -> None:
    text = "insn out : XX(0x81) { if rs1 == 0x10 { port[rs1[15:0] + 1] = rs2; } else { port[rs1[15:0]] = rs2; } }"
    found = wrong(believer(text))
    assert found.exact and found.pc == label(COUNT, "sector")
    assert (found.apart.rows, found.apart.devices) == ((), ("disk's registers",))


WRITES = """
_start: li t0, 0x12
        li t1, 1
        out t0, t1
        li t0, 0x13
        li t1, 2
        out t0, t1
        li a1, 2000
wait:   addi a1, a1, -1
        bnez a1, wait
        li t0, 0xf0
        out t0, zero
"""


class Shifted(Sectors):
    """Sectors that are written two further on."""

    def write(self, sector: int, data: bytes | memoryview) -> int:
        return super().write(sector + 2, data)


def test_a_disk_alone(wrong: Any) -> None:
    """The disk of the engine's machine writes to other sectors, 1000 instructions after it was told to."""

    def made(vm: Vm, image: bytes, options: Options) -> Engine:
        disk = next(device for device in vm.bus.devices if isinstance(device, Disk))
        right = disk.file
        disk.file = Shifted(f"/proc/self/fd/{right.fd}")
        right.close()
        return Interp(vm.cpu)

    found = wrong(believers.wrong(made), WRITES, disk=b"\xff" * 4096)
    assert found.exact and found.low == 5 + LATENCY
    assert found.apart.sectors == (0, 2) and found.apart.rows == ()


def test_a_trap_that_is_not_taken(wrong: Any) -> None:
    """Division by zero: the reference stops, the engine goes on."""
    source = COUNT.replace("div a4, a1, a3", "there: div a4, a1, zero")
    op = machine().instructions["div"].match >> 24
    found = wrong(believer(f"insn div : R({op:#x}) {{ rd = rs1; }}"), source)
    assert found.exact and found.pc == label(source, "there")
    mine, theirs = found.apart.stops
    assert (mine, theirs.reason) == (Stop("limit"), "trap")


def test_a_handler_that_is_entered_wrongly(wrong: Any) -> None:
    """The trap that each took is told, and the handler's first instruction is what differs."""
    source = """
_start: la t0, handler
        wrcr tvec, t0
        li a1, 3
there:  lw a2, 2(zero)
        brk
        .org 0x100
handler: li t0, 0xf0
        out t0, zero
"""
    found = wrong(believer("insn brk : Z(0x71) { trap syscall(7); }"), source)
    assert found.exact and found.pc == label(source, "there") + 4
    mine, theirs = found.apart.traps
    assert mine is not None and theirs is not None
    assert (mine.cause, mine.value, theirs.cause, theirs.value) == (3, 7, 2, 0)
    assert {row[0] for row in found.apart.rows} == {"cause", "tval"}


def test_the_end(wrong: Any) -> None:
    text = "insn out : XX(0x81) { if rs1 == 0xf0 { port[rs1[15:0]] = rs2 + 1; } else { port[rs1[15:0]] = rs2; } }"
    found = wrong(believer(text))
    assert found.exact and found.pc == label(COUNT, "off")
    assert found.apart.stops == (Stop("exit", 10), Stop("exit", 9))


def test_a_difference_that_depends_on_what_was_before(wrong: Any) -> None:
    """Made anew at the last checkpoint the engine is right for too long: it is made anew from reset."""
    at = 5 * lockstep.FIRST
    found = wrong(late(at))
    assert found.exact and found.low == at - 1
    assert [row[0] for row in found.apart.rows] == ["a5"]


def test_a_difference_that_does_not_come_again(wrong: Any) -> None:
    """Between which checkpoints it came is all that is known."""
    once = iter([True])
    found = wrong(late(5 * lockstep.FIRST, lambda: next(once, False)))
    assert not found.exact and found.low < 5 * lockstep.FIRST <= found.high
    assert [row[0] for row in found.apart.rows] == ["a5"]


def test_the_others_go_on() -> None:
    with compared(setup(COUNT), "interp", late(100), late(2500, name="later"), "bt") as done:
        assert {name: found.low for name, found in done.divergences.items()} == {"wrong": 99, "later": 2499}
        assert done.equal == done.reference.vm.cpu.retired > 50_000
        assert done.parties[-1].stop == done.reference.stop == Stop("exit", 9)


def test_a_checkpoint_is_the_whole_machine() -> None:
    """Made anew in the middle of everything, a machine ends as it would have."""
    program = next(p for p in PROGRAMS if p.name == "disk" and p.disk is not None and len(p.disk) > 8192)
    made = assemble_files(machine(), [str(program.source)])
    given = Setup(machine(), made.image, made.entry, 1 << 20, b"", program.disk, 3, Mmu())
    for at in (0, 777, 1500, 5000):
        with closing(Contender(ENGINES["bt"], given)) as whole:
            whole.run(at)
            checkpoint = whole.checkpoint()
            with closing(Contender(ENGINES["bare"], given, checkpoint)) as part:
                assert part.checkpoint() == checkpoint
                for party in (whole, part):
                    party.run(1 << 30)
                assert part.equals(whole)
                assert (part.output.getvalue(), part.contents()) == (program.output, program.disk_after)
