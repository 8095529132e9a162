"""Slots in virtual time are exact under every engine; partitions talk by channels, fail alone, and begin again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines import table
from ring1.dbt.hosting.hosted import ENDED
from ring1.dbt.hosting.plan import PlanError
from ring1.dbt.partition.partitions import Failure, Partitions, Ran
from ring1.dbt.partition.plan import read

ENGINES = table.ENGINES
HERE = [name for name in ("interp", "bare", "bt", "trap", "hybrid", "hw", "kvm") if not ENGINES[name].why_not()]
BUSY = """
_start: li      a0, 0
1:      addi    a0, a0, 1
        xor     a1, a1, a0
        slli    a2, a1, 3
        sw      a2, 0x200(zero)
        j       1b
"""
PERIODIC = """
        .equ    PERIOD, 5000
_start: la      t0, tick
        wrcr    tvec, t0
        li      t0, PERIOD
        wrcr    timecmp, t0
        wrcr    timecmph, zero
        li      t0, 1
        wrcr    ie, t0
        sti
wait:   hlt
        j       wait
tick:   rdcr    a0, time                # the time of each tick goes to the channel
        li      a1, 0x40
        out     a1, a0
        li      a1, 0x41
        out     a1, a0                  # ring
        li      a1, 0x3f
        out     a1, a0                  # all is well
        rdcr    t0, timecmp
        li      t1, PERIOD
        add     t0, t0, t1
        wrcr    timecmp, t0
        addi    a3, a3, 1
        rfe
"""
"""Ticks every 5,000 units of time, and waits between."""
READER = """
_start: la      t0, rung
        wrcr    tvec, t0
        li      t0, 4
        wrcr    ie, t0
        sti
1:      addi    a5, a5, 1
        j       1b
rung:   li      a1, 0x40
        in      a2, a1
        add     a3, a3, a2
        addi    a4, a4, 1
        li      a1, 0x41
        out     a1, zero                # silence
        rfe
"""
PLAN = """
[host]
[schedule]
usual = [["ticks", 2000], ["busy", 3100], ["reads", "2k"], ["ticks", 1000], ["busy", 1900]]
[channel.times]
from = "ticks"
to = "reads"
words = 8
[machine.ticks]
program = "periodic.s"
watchdog = "30k"
[machine.busy]
program = "busy.s"
[machine.reads]
program = "reader.s"
"""
FRAME = 10_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in (("busy", BUSY), ("periodic", PERIODIC), ("reader", READER)):
        (tmp_path / f"{name}.s").write_text(source)
    return tmp_path


@contextmanager
def partitions(folder: Path, plan: str, engine: str) -> Iterator[Partitions]:
    lines = [
        line + f'\nmemory = "64K"\nengine = "{engine}"' * line.startswith("[machine.") for line in plan.splitlines()
    ]
    (folder / "plan.toml").write_text("\n".join(lines))
    with closing(Partitions(read(str(folder / "plan.toml"), ENGINES), ENGINES)) as made:
        yield made


def ran(folder: Path, engine: str, frames: int) -> tuple[list[tuple[object, ...]], list[object]]:
    """What has become of each slot but for wall time, and the end."""
    slots: list[tuple[object, ...]] = []
    with partitions(folder, PLAN, engine) as made:
        made.run(frames, lambda r: slots.append((r.machine, r.begin, r.length, r.late, r.over, r.instructions)))
        ends = [part.machine.vm.state() for part in made.parts.values()]
        channel = made.channels[0]
        assert not made.failures and made.now == frames * FRAME
        return slots, [ends, channel.answered, channel.rung, channel.lost]


@pytest.mark.parametrize("engine", HERE[1:])
def test_every_engine_keeps_to_the_schedule(folder: Path, engine: str) -> None:
    frames = 4 if engine == "kvm" else 40
    wanted, got = ran(folder, "interp", frames), ran(folder, engine, frames)
    assert got == wanted
    slots = wanted[0]
    assert len(slots) == 5 * frames
    assert all(late == over == 0 for _, _, _, late, over, _ in slots)
    assert all(used == length for machine, _, length, _, _, used in slots if machine != "ticks")
    assert sum(used for machine, *_, used in slots if machine == "ticks") < frames * FRAME / 50  # type: ignore[misc]


def test_the_clock_goes_on_while_others_run(folder: Path) -> None:
    """Ticks come at the period, or where the slot begins if that is later; the doorbell is heard at the reader's."""
    with partitions(folder, PLAN, "bt") as made:
        made.run(20)
        channel = made.channels[0]
        memory = [made.parts["reads"].machine.vm.cpu.s[n] for n in range(16)]
        numbers = made.parts["reads"].machine.vm.isa.register_numbers
        ticks = made.parts["ticks"].machine.vm.cpu.s[numbers["a3"]]
        # Ticks are due at 5,000, 10,000 ...: one of each pair when the slot at 7,100 begins, the next one at 10,000.
        assert ticks == 2 * 20 - 1
        assert memory[numbers["a4"]] == len(channel.answered) == 19 and memory[numbers["a5"]] > 1000
        assert all(0 < answered - rung < FRAME for rung, answered in channel.answered)


@pytest.mark.soak
def test_many_slots(folder: Path) -> None:
    found = Counter[int]()
    with partitions(folder, PLAN, "bt") as made:
        made.run(20_000, lambda r: found.update((r.late, r.over)))
        assert made.now == 20_000 * FRAME
    assert found == {0: 200_000}


FAULTS = {"div a0, a0, zero": "trap", "lui a1, 0x7fff\n jr a1": "trap", "cli\n hlt": "halt", "j .": "watchdog"}
"""What a partition does at the end of its work, and why it has failed then."""


@pytest.mark.parametrize("engine", [name for name in HERE if name != "kvm"])
@pytest.mark.parametrize("instruction", FAULTS)
@pytest.mark.parametrize("action", ["stop", "warm", "cold", "schedule degraded"])
def test_one_that_fails(folder: Path, engine: str, instruction: str, action: str) -> None:
    """It is dealt with as the plan says, and its neighbour does not notice."""
    (folder / "fails.s").write_text(
        "_start: lw a0, 0x100(zero)\n addi a0, a0, 1\n sw a0, 0x100(zero)\n addi t0, a0, 64\n out zero, t0\n"
        f" li t1, 0x3f\n out t1, zero\n li t0, 300\n1: addi t0, t0, -1\n bnez t0, 1b\n {instruction}\n"
    )
    plan = f"""
[schedule]
usual = [["fails", 1000], ["busy", 1000]]
degraded = [["busy", 5000]]
[machine.fails]
program = "fails.s"
fault = "{action}"
watchdog = "4k"
[machine.busy]
program = "busy.s"
"""
    slots: list[Ran] = []
    with partitions(folder, plan, engine) as made:
        made.run(20, slots.append)
        fails, busy = made.parts["fails"], made.parts["busy"]
        assert all(ran.late == 0 and ran.over <= 0 for ran in slots)
        assert busy.machine.vm.cpu.retired == sum(ran.length for ran in slots if ran.machine == "busy")
        assert all(isinstance(each, Failure) and each.action == action for each in made.failures)
        assert {each.why for each in made.failures} == {FAULTS[instruction]}
        if action in ("warm", "cold"):
            assert len(made.failures) > 3 and fails.machine.state != ENDED
            letters = fails.output.decode()
            assert letters == ("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(letters)] if action == "warm" else "A" * len(letters))
            assert len(letters) in (len(made.failures), len(made.failures) + 1)
        else:
            assert len(made.failures) == 1 and fails.machine.state == ENDED and fails.output == b"A"
        degraded = [ran.length for ran in slots if ran.machine == "busy" and ran.length == 5000]
        assert bool(degraded) == action.startswith("schedule")


def test_a_channel_leads_one_way(folder: Path) -> None:
    """The receiver cannot write, the sender cannot read, others have none; what is too much is lost."""
    (folder / "sends.s").write_text(
        "_start: li a1, 0x40\n li a0, 7\n1: out a1, a0\n addi a0, a0, 1\n li t0, 20\n bne a0, t0, 1b\n in a2, a1\n"
        " li a1, 0x41\n in a3, a1\n2: j 2b\n"
    )
    (folder / "takes.s").write_text(
        "_start: li a1, 0x40\n out a1, a1\n li t1, 0x41\n in a3, t1\n in a0, a1\n in a2, a1\n3: in a4, t1\n"
        " beqz a4, 4f\n in a5, a1\n j 3b\n4: in t2, a1\n5: j 5b\n"
    )
    plan = """
[schedule]
s = [["sends", 500], ["takes", 500], ["other", 500]]
[channel.c]
from = "sends"
to = "takes"
words = 5
[machine.sends]
program = "sends.s"
[machine.takes]
program = "takes.s"
[machine.other]
program = "takes.s"
"""
    for engine in HERE:
        with partitions(folder, plan, engine) as made:
            made.run(1)
            sends, takes, other = (
                made.parts[name].machine.vm.state().registers for name in ("sends", "takes", "other")
            )
            assert (sends["a2"], sends["a3"], made.channels[0].lost) == (0xFFFFFFFF, 5, 8)
            assert [takes[name] for name in ("a3", "a0", "a2", "a5", "t2")] == [5, 7, 8, 11, 0xFFFFFFFF]
            assert other["a0"] == 0xFFFFFFFF


GOOD = "[machine.a]\nprogram = 'busy.s'\n[schedule]\ns = [['a', 1]]\n"
WRONG = {
    "[machine.a]\nprogram = []\n[schedule]\ns = [['a', 1]]\n": "no file is in it",
    GOOD.replace("[sch", "paused = true\n[sch"): "nobody can have a partition go on",
    "[machine.a]\nprogram = 'busy.s'\n": "there is no schedule in it",
    "[machine.a]\nprogram = 'busy.s'\n[schedule]\ns = []\n": "s: a schedule is a list of slots",
    "[machine.a]\nprogram = 'busy.s'\n[schedule]\ns = [['b', 3]]\n": "there is no machine b",
    "[machine.a]\nprogram = 'busy.s'\n[schedule]\ns = [['a', 0]]\n": "this is a number from 1",
    "[machine.a]\nprogram = 'busy.s'\n[schedule]\ns = [['a']]\n": "a slot is [machine, length]",
    "[machine.a]\nprogram = 'busy.s'\nfault = 'panic'\n[schedule]\ns = [['a', 1]]\n": "fault: this is one of stop",
    "[machine.a]\nprogram = 'busy.s'\nfault = 'schedule t'\n[schedule]\ns = [['a', 1]]\n": "there is no schedule t",
    GOOD + "[channel.c]\nfrom = 'a'\nto = 'b'\n": "there is no machine b",
    GOOD + "[channel.c]\nfrom = 'a'\nto = 'a'\n": "where it begins",
    GOOD + "[channel.c]\nfrom = 'a'\n": "c: to whom?",
    "[machine.a]\nprogram = 'busy.s'\nwatchdogs = 3\n[schedule]\ns = [['a', 1]]\n": "there is no key watchdogs",
}


@pytest.mark.parametrize("text", WRONG)
def test_plans_that_are_wrong(folder: Path, text: str) -> None:
    (folder / "plan.toml").write_text(text)
    with pytest.raises(PlanError) as caught:
        read(str(folder / "plan.toml"), ENGINES)
    assert any(WRONG[text] in fault.message for fault in caught.value.faults)


def test_a_limit_ends_a_partition(folder: Path) -> None:
    plan = "[schedule]\ns = [['a', 10]]\n[machine.a]\nprogram = 'busy.s'\nlimit = 25\n"
    for engine in HERE:
        with partitions(folder, plan, engine) as made:
            made.run(5)
            machine = made.parts["a"].machine
            assert (machine.state, machine.vm.cpu.retired, made.failures) == (ENDED, 25, [])


def test_channels_need_ports(folder: Path) -> None:
    (folder / "a.bin").write_bytes(bytes(4))
    plan = """
[schedule]
s = [["a", 1]]
[channel.c]
from = "a"
to = "b"
[machine.a]
program = "a.bin"
isa = "rv32"
[machine.b]
program = "busy.s"
"""
    (folder / "plan.toml").write_text(plan)
    with pytest.raises(MachineError, match="a: channels are behind ports, and rv32 has none"):
        Partitions(read(str(folder / "plan.toml"), ENGINES), ENGINES)
