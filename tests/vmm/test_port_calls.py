"""Port accesses that generated code has made by the VMM, without leaving the instruction."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.engines import table
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.machine.supervisor import Layer
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load

pytestmark = pytest.mark.skipif(bool(table.ENGINES["bt"].why_not()), reason=table.ENGINES["bt"].why_not())
TRANSLATED = "bare", "bt"
PATCH = 0x600
"""Where the code is that a device overwrites."""


class Busy(Device):
    """Does everything that a device may do at an access. Ports: 0 reads the time and wants to be looked at; 1 is
    written with a word that it puts into the guest's code; 2 raises and lowers its line; 3 stops the machine if it is
    read, once."""

    name, ports, line = "busy", range(0x100, 0x104), 2

    def __init__(self, memory: Memory) -> None:
        self.memory, self.up, self.stopped = memory, False, False
        self.seen: list[tuple[int, int]] = []

    def read(self, port: int, now: int) -> int:
        self.seen.append((port, now))
        if port == 3 and not self.stopped:
            self.stopped = True
            raise Stopped(Stop("input"))
        self.attention = port == 0
        return 1 << 31 | now

    def write(self, port: int, value: int, now: int) -> None:
        self.seen.append((port, now))
        if port == 1:
            self.memory.write(PATCH, value.to_bytes(4, "little"))
        if port == 2:
            self.up, self.attention = bool(value), True

    def level(self) -> bool:
        return self.up


SOURCE = f"""\
        .equ    BUSY, 0x100
_start: la      t0, trap
        wrcr    tvec, t0
        li      t0, 1 << 2
        wrcr    ie, t0
        sti
        li      s0, BUSY
        li      s1, BUSY + 1
        li      tp, BUSY + 2
        li      t2, BUSY + 3
        li      a1, 20
        la      t0, word
        lw      sp, 0(t0)
        lw      gp, 4(t0)
        j       rounds
trap:   out     tp, zero
        addi    ra, ra, 1
        rfe
word:   addi    a5, a5, 1
        addi    a5, a5, 2
        .org    {PATCH} - 0x38
rounds: addi    a4, a4, 1
        in      a0, s0                  # to be looked at
        add     a2, a2, a0
        in      zero, s0
        in      a3, t2                  # stops
        add     a2, a2, a3
        out     tp, a1                  # an interrupt, here
        addi    a4, a4, 2
        mv      t1, sp
        mv      sp, gp
        mv      gp, t1
        out     s1, sp                  # this block is another one now
        addi    a4, a4, 4
        addi    a4, a4, 8
        .org    {PATCH}
        addi    a5, a5, 1
        addi    a1, a1, -1
        bnez    a1, rounds
        in      s0, s0                  # its own port
        li      gp, 0xf0
        out     gp, zero
"""


class Started:
    def __init__(self, engine: str, options: Options | None = None, checked: bool = False) -> None:
        isa = load("pg32")
        program = assemble(isa, [("calls.s", SOURCE)])
        self.vm = vm = Vm(isa, 1 << 20, output=io.BytesIO())
        self.busy = Busy(vm.memory)
        del vm.bus.driver[2]  # there is no disk
        vm.bus.add(self.busy)
        vm.load(program.image, program.entry)
        technique = table.ENGINES[engine]
        make = technique.checked if checked else technique.make
        vm.engine = make(vm, program.image, options or Options())

    def run(self) -> tuple[list[Stop], object, list[tuple[int, int]]]:
        with self.vm as vm:
            stops = [vm.run()]
            while stops[-1].reason == "input":
                stops.append(vm.run())
            return stops, vm.state(), self.busy.seen


@pytest.mark.parametrize("engine", TRANSLATED)
@pytest.mark.parametrize(
    "options",
    [Options(), Options(chain=False), Options(most_instructions=1), Options(most_blocks=1), Options(most_pinned=0)],
)
def test_whatever_a_device_does(engine: str, options: Options) -> None:
    """It wants to be looked at in the middle of a block, raises its line, overwrites the code behind the access or
    stops the machine."""
    stops, state, seen = Started("interp").run()
    assert [stop.reason for stop in stops] == ["input", "exit"] and len(seen) > 100
    assert Started(engine, options).run() == (stops, state, seen)
    if options == Options():
        assert Started(engine, options, True).run() == (stops, state, seen)


@pytest.mark.soak
@pytest.mark.parametrize("engine", TRANSLATED)
def test_at_every_count(engine: str) -> None:
    for limit in range(0, 400, 7):
        one, other = Started(engine), Started("interp")
        with one.vm, other.vm:
            for vm in (one.vm, other.vm):
                while vm.run(limit).reason == "input":
                    pass
            assert one.vm.state() == other.vm.state(), limit
            assert one.busy.seen == other.busy.seen


@pytest.mark.parametrize("engine", TRANSLATED)
def test_accesses_are_callouts(engine: str) -> None:
    """They count as they do where each is interpreted."""
    started = Started(engine)
    with started.vm as vm:
        while vm.run().reason == "input":
            pass
        executor = vm.engine
        assert isinstance(executor, Executor)
        reasons = {reason: n for reason, n in executor.counts.items() if reason.split()[0] in ("step", "callout")}
        made = sum(n for reason, n in reasons.items() if reason.split()[1] in ("in", "out"))
        assert made == len(started.busy.seen) + 1  # power
        assert executor.callouts == sum(reasons.values())
        assert executor.unseen == (0 if engine == "bt" else executor.callouts)
        # The one that stopped the machine has been made once in vain.
        assert executor.interpreted >= made - 1


class Watcher(Layer):
    """Sees port accesses."""

    def __init__(self, vm: Vm) -> None:
        super().__init__(vm.cpu.supervisor)
        self.vm, self.seen = vm, list[tuple[str, int, int]]()
        vm.cpu.supervise(self)

    def port_in(self, port: int) -> int:
        self.seen.append(("in", port, self.vm.cpu.pc))
        return super().port_in(port) + 1 & 0xFFFFFFFF

    def port_out(self, port: int, value: int) -> None:
        self.seen.append(("out", port, value))
        super().port_out(port, value)


def test_who_takes_part_in_port_accesses_sees_them() -> None:
    """And is asked in the place of those below."""
    found = []
    for engine in ("interp", "bt"):
        started = Started(engine)
        watcher = Watcher(started.vm)
        done = started.run()
        found.append((done, [each for each in watcher.seen if each[0] == "out"], len(watcher.seen)))
    assert found[0] == found[1] and found[0][2] > 100
