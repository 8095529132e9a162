"""What decides how code is translated is part of what translations are remembered by, and is heeded when it changes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest

from ring1.dbt.engines.hw.hypervisor import Hypervisor
from ring1.dbt.engines.hw.policy import HardwareAssistance
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.ir.bind import bind
from ring1.dbt.machine.stop import Stop
from ring1.dbt.translate.policy import Decision, Policy
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.dbt.vt import controls, fields
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.intercept import Intercepts
from ring1.dbt.vt.setup import standard
from ring1.dbt.vt.vmcs import Vmcs
from ring1.isa.codec import Decoder, encode
from ring1.isa.effects import effects
from ring1.isa.model import Isa
from tests.machine.builder import Program, machine

TIMES = 20


def reading_time() -> Program:
    p = Program()
    p("addi", "s0", "zero", TIMES)
    p.label("again")
    p("rdtime", "a1")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(3)
    return p


def time_exits(vmcs: Vmcs, host: HostMemory) -> None:
    vmcs.write(fields.PRIMARY, vmcs.read(fields.PRIMARY) | controls.TIME_EXITING)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("RING1_CACHE", str(tmp_path / "cache"))
    yield tmp_path / "cache"


@pytest.mark.usefixtures("cache")
def test_translations_made_under_other_controls_are_not_used() -> None:
    """Both ways round, and each again, from what the run before has left."""
    image = reading_time().image()
    for change in (None, time_exits, None, time_exits):
        with Vm(machine(), 1 << 16, output=io.BytesIO()) as vm:
            vm.load(image)
            vm.engine = made = Executor(vm.cpu, partial(Hypervisor, change=change), image, Options(remember=True))
            assert vm.run() == Stop("exit", 3)
            assert made.exits().get("time read", 0) == (TIMES if change else 0)


def test_controls_that_change_later_are_heeded() -> None:
    """Between two exits the VMM sets the control, and takes it back."""
    p = reading_time()
    for at in (1, 1 + 3 * 7, 2 + 3 * 7):
        with Vm(machine(), 1 << 16, output=io.BytesIO()) as vm:
            vm.load(p.image())
            vm.engine = made = Executor(vm.cpu, Hypervisor, p.image())
            assert isinstance(made.platform, Hypervisor)
            vmcs = made.platform.vmcs
            vm.run(at)
            assert "time read" not in made.exits()
            time_exits(vmcs, made.platform.host)
            vm.run(at + 3 * 5)
            assert made.exits()["time read"] == 5
            vmcs.write(fields.PRIMARY, vmcs.read(fields.PRIMARY) & ~controls.TIME_EXITING)
            assert vm.run() == Stop("exit", 3)
            assert made.exits()["time read"] == 5


# --- Of every policy ---------------------------------------------------------------------------------


def decisions(isa: Isa, policy: Policy) -> list[Decision]:
    """What becomes of every instruction, with every control register, in every mode."""
    made, decoder = list[Decision](), Decoder(isa)
    for insn in isa.instructions.values():
        for number in isa.control_numbers:
            values = {o.name: number if o.kind == "control" else 1 for o in insn.operands}
            values |= {o.name: 0 for o in insn.operands if o.relative}
            word = encode(insn, values)
            decoded = decoder.decode(word)
            assert decoded is not None
            for mode in range(isa.mode.count if isa.mode else 1):
                body = bind(isa, decoded, word, 0, mode)
                whole = effects(isa, insn.body)
                made.append(policy(insn.name, body, effects(isa, body, files=whole.files)))
    return made


@pytest.mark.parametrize("name", [name for name, technique in ENGINES.items() if technique.policy is not None])
def test_policies_of_one_identity_decide_alike(name: str) -> None:
    make = ENGINES[name].policy
    assert make is not None
    one, other = make(machine()), make(machine())
    assert repr(one.identity) == repr(other.identity)
    assert decisions(machine(), one) == decisions(machine(), other)


@pytest.mark.parametrize("seed", range(40))
def test_controls_that_decide_otherwise_have_another_identity(seed: int) -> None:
    """Any bits of the execution controls: what is the same by its identity decides alike."""
    r, isa, host = Random(seed), machine(), HostMemory(0)
    vmcs = standard(isa, host)
    plain = HardwareAssistance(isa)
    writable = {
        fields.PRIMARY: controls.PRIMARY,
        fields.EXCEPTIONS: 0x3FF,
        fields.READS: (1 << len(isa.controls)) - 1,
        fields.WRITES: (1 << len(isa.controls)) - 1,
        fields.SECONDARY: controls.SECONDARY,
        fields.PIN: controls.PREEMPTION_TIMER,
    }
    for encoding in r.sample(sorted(writable), r.randint(1, 3)):
        bits = [1 << n for n in range(32) if writable[encoding] >> n & 1]
        vmcs.write(encoding, vmcs.read(encoding) ^ r.choice(bits))
    other = HardwareAssistance(isa, Intercepts(isa, vmcs, host).exiting)
    if decisions(isa, plain) != decisions(isa, other):
        assert plain.identity != other.identity
        assert repr(plain.identity) != repr(other.identity)
    if plain.identity == other.identity:
        assert repr(plain.identity) == repr(other.identity)
