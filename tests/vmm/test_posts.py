"""Posted writes: devices and the host see them as if each had been made at once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest

from ring1.dbt.devices.fed_input import FedInput
from ring1.dbt.engines import table
from ring1.dbt.host.x86_64.assembler import BlockAssembler
from ring1.dbt.host.x86_64.operations import HOLE, MOV, state
from ring1.dbt.machine.bus import Bus, Device
from ring1.dbt.machine.posts import Posts
from ring1.dbt.machine.state import MOST_POSTED, SEATS, State
from ring1.dbt.machine.stop import Stop
from ring1.dbt.native import slots
from ring1.dbt.vmm.check import Mistranslation
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load

pytestmark = pytest.mark.skipif(bool(table.ENGINES["bt"].why_not()), reason=table.ENGINES["bt"].why_not())
TRANSLATED = "bare", "bt"
Seen = list[tuple[str, int, int, int]]


class Ledger(Device):
    """Writes down when it is written to, and reads how often anybody has been."""

    def __init__(self, name: str, first: int, seen: Seen, most: int) -> None:
        self.name, self.ports = name, range(first, first + 2)
        self.seen, self.most = seen, most

    def read(self, port: int, now: int) -> int:
        return len(self.seen)

    def write(self, port: int, value: int, now: int) -> None:
        self.seen.append((self.name, port, value, now))

    def posts(self, port: int) -> int:
        return self.most


def machine(source: str, engine: str, output: io.BytesIO, options: Options | None = None) -> Vm:
    """Return a machine with a program, and two ledgers at the ports 0x18 and 0x1c, which share one list."""
    isa = load("pg32")
    program = assemble(isa, [("posts.s", source)])
    vm = Vm(isa, 1 << 20, output=output)
    seen: Seen = []
    vm.bus.extend((Ledger("one", 0x18, seen, 1 << 30), Ledger("two", 0x1C, seen, 3)))
    vm.load(program.image, program.entry)
    vm.engine = table.ENGINES[engine].make(vm, program.image, options or Options())
    return vm


def seen_by(vm: Vm) -> Seen:
    return next(device.seen for device in vm.bus.devices if isinstance(device, Ledger))


TWO = """\
_start: li      s0, 0x18
        li      s1, 0x1c
        li      a2, 'x'
        li      a3, 9
1:      out     s0, a3                  # to one
        add     a4, a4, a3
        out     s1, a4                  # to the other
        addi    t0, s1, 1
        out     t0, a3
        out     zero, a2                # to the console
        in      a5, s0                  # how many of those there were
        add     a1, a1, a5
        addi    t0, s0, 1
        out     t0, a5
        out     s0, zero
        addi    a3, a3, -1
        bnez    a3, 1b
        li      gp, 0xf0
        out     gp, a3
"""


@pytest.mark.soak
@pytest.mark.parametrize("engine", TRANSLATED)
def test_order_and_times(engine: str) -> None:
    """Wherever the machine is stopped, each device has seen what it has under the interpreter, at the same times."""
    reference = machine(TWO, "interp", io.BytesIO())
    assert reference.run() == Stop("exit", 0)
    wanted, total = seen_by(reference), reference.cpu.retired
    assert len(wanted) == 45 and [each[0] for each in wanted[:5]] == ["one", "two", "two", "one", "one"]
    for limit in range(total + 1):
        output, again = io.BytesIO(), io.BytesIO()
        with machine(TWO, engine, output) as vm, machine(TWO, "interp", again) as other:
            assert vm.run(limit) == other.run(limit)
            assert seen_by(vm) == seen_by(other)
            assert (vm.state(), output.getvalue()) == (other.state(), again.getvalue())
    with machine(TWO, engine, io.BytesIO(), Options(post=False)) as vm:
        assert vm.run() == Stop("exit", 0)
        assert seen_by(vm) == wanted
    with machine(TWO, engine, io.BytesIO()) as vm:
        vm.run()
        exits = vm.engine.exits() if vm.engine else {}
        outs = sum(n for reason, n in exits.items() if re.search(r"\bout\b", reason))
        assert seen_by(vm) == wanted and outs == 1  # power
    reference.close()


LONG = """\
_start: li      a2, 'a'
        li      a3, COUNT
1:      out     zero, a2
        addi    a2, a2, 1
        addi    a3, a3, -1
        bnez    a3, 1b
        li      gp, 0xf0
        out     gp, a3
"""


@pytest.mark.parametrize("engine", TRANSLATED)
@pytest.mark.parametrize("count", [1, MOST_POSTED - 1, MOST_POSTED, MOST_POSTED + 1, 3 * MOST_POSTED + 5])
def test_a_queue_that_is_full(engine: str, count: int) -> None:
    output = io.BytesIO()
    with machine(LONG.replace("COUNT", f"{count}"), engine, output) as vm:
        assert vm.run() == Stop("exit", 0)
    assert output.getvalue() == bytes(ord("a") + n & 0xFF for n in range(count))


@pytest.mark.parametrize("engine", TRANSLATED)
@pytest.mark.parametrize("room", [0, 1, 2, 7, MOST_POSTED, MOST_POSTED + 1])
def test_a_limit_of_the_output(engine: str, room: int) -> None:
    """The machine stops before the write that there is no room for, and goes on from there."""
    states = []
    for each in (engine, "interp"):
        output = io.BytesIO()
        with machine(LONG.replace("COUNT", "5000"), each, output) as vm:
            vm.output.room = room
            assert vm.run() == Stop("output")
            states.append(vm.state())
            assert len(output.getvalue()) == room
            vm.output.room = 3
            assert vm.run() == Stop("output")
            vm.output.room = None
            assert vm.run() == Stop("exit", 0)
            assert output.getvalue() == bytes(ord("a") + n & 0xFF for n in range(5000))
    assert states[0] == states[1]


class Closed(io.BytesIO):
    """A pipe that takes some bytes, and is closed then."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if len(self.getvalue()) + len(data) > self.room:
            raise BrokenPipeError
        return super().write(data)


FAULTING = """\
        .equ    ROOT, 0x80000
_start: la      t0, trap
        wrcr    tvec, t0
        li      t0, ROOT
        li      t1, 0xdf                # 4 MiB of their own
        sw      t1, 0(t0)
        li      t1, ROOT | 1
        setptb  t1
        li      a2, 'a'
        li      s1, 0x1000000
1:      out     zero, a2
        addi    a4, a4, 1
        out     zero, a2
        add     a5, a4, a4
        lw      a3, 0(s1)               # nobody is there
        j       1b
trap:   addi    a2, a2, 1
        rdcr    t2, epc
        addi    t2, t2, 4
        wrcr    epc, t2
        rfe
"""


@pytest.mark.parametrize("engine", TRANSLATED)
@pytest.mark.parametrize("source", [LONG.replace("COUNT", "70000"), FAULTING])
def test_a_pipe_that_is_closed(engine: str, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is told between two instructions: the machine has the state that the interpreter has there, and goes
    on."""
    monkeypatch.setattr("ring1.dbt.vmm.vm.FLUSH_SECONDS", 1e9)
    with machine(source, engine, Closed(20000)) as vm:
        with pytest.raises(BrokenPipeError):
            while True:
                vm.run(vm.cpu.retired + 1_000_000)
        retired, state = vm.cpu.retired, vm.state()
        vm.output.stream = io.BytesIO()
        assert vm.run(retired + 999) == Stop("limit")
        later = vm.state()
    with machine(source, "interp", io.BytesIO()) as other:
        other.run(retired)
        assert other.state() == state
        other.run(retired + 999)
        assert other.state() == later


class Patient(FedInput):
    """Input that notes what had been shown when somebody waited for it."""

    def __init__(self, output: io.BytesIO) -> None:
        super().__init__()
        self.output = output
        self.shown: list[bytes] = []

    def wait(self) -> bool:
        self.shown.append(self.output.getvalue())
        return super().wait()

    def ready(self) -> bool:
        self.shown.append(self.output.getvalue())
        return super().ready()


@pytest.mark.parametrize("engine", TRANSLATED)
@pytest.mark.parametrize("port", [0, 1])
def test_a_prompt_is_shown_before_anybody_waits(engine: str, port: int) -> None:
    source = f"""\
_start: li      a2, '$'
        li      a3, ' '
        out     zero, a2
        out     zero, a3
        li      t0, {port}
        in      a4, t0
        li      gp, 0xf0
        out     gp, a4
"""
    isa, output = load("pg32"), io.BytesIO()
    program = assemble(isa, [("prompt.s", source)])
    keyboard = Patient(output)
    with Vm(isa, 1 << 20, source=keyboard, output=output) as vm:
        vm.load(program.image, program.entry)
        vm.engine = table.make(engine, vm, program.image)
        if port == 0:
            assert vm.run() == Stop("input")
            keyboard.feed(b"y")
        assert vm.run().reason == "exit"
        assert keyboard.shown[0] == b"$ "
    assert output.getvalue() == b"$ "


def test_grants_are_no_more_than_the_queue_holds() -> None:
    """However many devices there are, and whatever they would take."""
    state, bus, seen = State(load("pg32")), Bus(), Seen()
    bus.extend(Ledger(f"{n}", 4 * n, seen, 200 if n == 3 else 1500) for n in range(9))
    bus.post_to(Posts(state))
    share = MOST_POSTED // 16
    wanted = [share, share, 0, 0] * 8
    wanted[12:14] = 200, 200
    assert Posts(state).grants.tolist() == wanted + [0] * SEATS


# --- Checked -----------------------------------------------------------------------------


def checked(source: str) -> None:
    isa = load("pg32")
    program = assemble(isa, [("posts.s", source)])
    with Vm(isa, 1 << 20, output=io.BytesIO()) as vm:
        seen: Seen = []
        vm.bus.extend((Ledger("one", 0x18, seen, 1 << 30), Ledger("two", 0x1C, seen, 3)))
        vm.load(program.image, program.entry)
        # So long that nothing is copied, from what others have made.
        vm.engine = table.ENGINES["bt"].checked(vm, program.image, Options(most_instructions=200))
        assert vm.run().reason == "exit"


POST = BlockAssembler.post


def posting(change: Callable[[BlockAssembler], None]) -> Callable[[BlockAssembler, int], None]:
    """Return an assembler's operation that posts a write after a change."""

    def changed(self: BlockAssembler, otherwise: int) -> None:
        change(self)
        POST(self, otherwise)

    return changed


def another(slot: int) -> Callable[[BlockAssembler], None]:
    def change(host: BlockAssembler) -> None:
        host.emit(MOV, state(4, slot), HOLE, imm=0x19)

    return change


def late(host: BlockAssembler) -> None:
    host.count += 1


def twice(host: BlockAssembler) -> None:
    label = host.label()
    POST(host, label)
    host.place(label)


def test_the_checker_follows_what_is_posted() -> None:
    checked(TWO)


@pytest.mark.parametrize("change", [another(slots.PORT), another(slots.VALUE), late, twice])
def test_the_checker_sees_what_is_posted_wrongly(
    change: Callable[[BlockAssembler], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BlockAssembler, "post", posting(change))
    with pytest.raises(Mistranslation) as error:
        checked(TWO)
    assert "post" in error.value.astray
