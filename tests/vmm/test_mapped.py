"""Devices in memory, whose registers generated code accesses by itself: devices, the guest and the host see what they
see under the interpreter, in the same order and at the same times."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from ring1.dbt.devices.fed_input import FedInput
from ring1.dbt.engines import table
from ring1.dbt.host.x86_64.assembler import BlockAssembler
from ring1.dbt.host.x86_64.operations import HOLE, MOV, state
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.state import MOST_POSTED
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.view import device_entries
from ring1.dbt.native import slots
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.check import Mistranslation
from ring1.dbt.vmm.engine import Attention
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from tests.machine.builder import machine
from tests.machine.rv32 import BASE, SIZE, assembled
from tests.ways import way

pytestmark = pytest.mark.skipif(bool(table.ENGINES["bt"].why_not()), reason=table.ENGINES["bt"].why_not())
ENGINES = "bt", "bare/softtlb", "bt/shadow/traced", "trap", "hw"
LEDGERS = 0x1F000000
Seen = list[tuple[str, int, int, int]]


class Ledger(Device):
    """Writes down when its registers are written to, and publishes how often anybody has written to the second one.
    Writes to the first one can wait."""

    def __init__(self, name: str, first: int, width: int, seen: Seen, most: int) -> None:
        self.name, self.window, self.width = name, range(first, first + 8 * width), width
        self.inline = 0, 2
        self.seen, self.most, self.count = seen, most, 0

    def read(self, port: int, now: int) -> int:
        return self.count if port == 2 else len(self.seen) + now if port == 3 else 0xF0E1D2C3

    def write(self, port: int, value: int, now: int) -> None:
        self.seen.append((self.name, port, value, now))
        self.count += port == 1

    def answer(self, port: int) -> int | None:
        return self.count if port == 2 and self.count != 3 else None

    def posts(self, port: int) -> int:
        return self.most if port == 0 and self.count != 5 else 0


class Board:
    """A machine with a program, the board `virt`, and two ledgers behind it that share one list."""

    def __init__(self, text: str, name: str, source: bytes | FedInput = b"", output: io.BytesIO | None = None) -> None:
        engine, mmu = way(name)
        image, self.symbols = assembled(text)
        self.output, self.seen = output or io.BytesIO(), list[tuple[str, int, int, int]]()
        self.vm = vm = Vm(machine("rv32"), SIZE, source=source, output=self.output)
        vm.bus.extend(
            (Ledger("words", LEDGERS + 0x10, 4, self.seen, 1 << 30), Ledger("bytes", LEDGERS + 0x10A0, 1, self.seen, 3))
        )
        vm.load(image, BASE)
        vm.engine = table.ENGINES[engine].make(vm, image, Options(mmu=mmu))

    def so_far(self) -> tuple[object, ...]:
        self.vm.bus.flush()
        return self.vm.state(), self.seen, self.output.getvalue(), [device.save() for device in self.vm.bus.devices]

    def device_exits(self) -> int:
        assert isinstance(self.vm.engine, Executor)
        return self.vm.engine.counts["device"] + self.vm.engine.counts["fault"]

    def __enter__(self) -> Board:
        return self

    def __exit__(self, *error: object) -> None:
        self.vm.close()


PAGED = """
        .equ ROOT, 0x80080000
        .equ LEAVES, ROOT + 0x1000
        li t0, ROOT
        li t1, 0x200000cf               # RAM where it is
        addi t2, t0, 0x400
        sw t1, 0x400(t2)
        li t2, LEAVES >> 2 | 1
        sw t2, 0x500(t0)                # 0x50000000
        li t0, LEAVES
        li t1, 0x04000007               # the UART, neither accessed nor dirty
        sw t1, 0(t0)
        li t1, 0x07c00007               # the ledgers
        sw t1, 4(t0)
        li t1, 0x07c00407
        sw t1, 8(t0)
        li t1, 0x07c00003               # the first one, not to be written
        sw t1, 12(t0)
        li t1, 0x00040007               # power
        sw t1, 16(t0)
        li t1, 0x80080080
        csrw satp, t1
        la_ t1, on
        csrw mepc, t1
        la_ t1, trap
        csrw stvec, t1
        li t1, 0xf0f0
        csrw medeleg, t1
        li t1, 0x1000
        csrc mstatus, t1
        li t1, 0x800
        csrs mstatus, t1
        mret
trap:   csrr t1, sepc                   # a6 is what has trapped
        slli a6, a6, 3
        csrr t2, scause
        add a6, a6, t2
        csrr t2, stval
        xor a6, a6, t2
        addi t1, t1, 4
        csrw sepc, t1
        sret
"""
FLAT = """
        la_ t1, trap
        csrw mtvec, t1
        j on
        .balign 4
trap:   csrr t1, mepc
        slli a6, a6, 3
        csrr t2, mcause
        add a6, a6, t2
        csrr t2, mtval
        xor a6, a6, t2
        addi t1, t1, 4
        csrw mepc, t1
        mret
"""
ADDRESSES = {FLAT: (0x10000000, LEDGERS, 0x100000), PAGED: (0x50000000, 0x50001000, 0x50004000)}
END = """
        li a0, {power}
        li a1, 0x5555
        sw a1, 0(a0)
"""
OFF = END.format(power=0x100000)
BOTH = """
on:     li s0, {uart}
        li s1, {ledgers}
        li s6, {ledgers} + 0x1000
        li s2, 30
        li s3, 'a'
again:  sw s2, 0x10(s1)                    # to one
        sb s3, 0(s0)                    # to the console
        sb s2, 0xa0(s6)                 # to the other
        lw a2, 0x18(s1)                    # what it has published
        add a3, a3, a2
        lbu a2, 5(s0)
        add a3, a3, a2
        lb a2, 0xa2(s6)
        add a3, a3, a2
        lb a4, 0xa3(s6)                 # nothing that it publishes
        lw a5, 0x1c(s1)
        add a3, a3, a4
        add a3, a3, a5
        andi a2, s2, 3
        bnez a2, 1f
        sw a3, 0x14(s1)                    # changes what it answers
        sb s2, 0xa1(s6)
1:      lb a2, 0xa4(s6)                 # its sign
        xor a3, a3, a2
        lbu zero, 0xa3(s6)
        addi s3, s3, 1
        addi s2, s2, -1
        bnez s2, again
"""


def text_of(text: str, setting: str) -> str:
    uart, ledgers, power = ADDRESSES[setting]
    return setting + (text + END).format(uart=uart, ledgers=ledgers, power=power)


@pytest.mark.parametrize("setting", [FLAT, PAGED], ids=["flat", "paged"])
@pytest.mark.parametrize("engine", ENGINES)
def test_order_and_times(engine: str, setting: str) -> None:
    """Wherever the machine is stopped, each device has seen what it has under the interpreter, at the same times."""
    text = text_of(BOTH, setting)
    with Board(text, "interp") as reference:
        assert reference.vm.run() == Stop("exit", 0)
        total, wanted = reference.vm.cpu.retired, reference.so_far()
        assert len(reference.seen) == 74 and len({name for name, *_ in reference.seen}) == 2
    with Board(text, engine) as whole:
        assert whole.vm.run() == Stop("exit", 0)
        assert whole.so_far() == wanted
        if engine.startswith(("bt", "bare")):
            assert whole.device_exits() < 170  # of 374 accesses; 134 have to be asked for
    with Board(text, engine) as vm, Board(text, "interp") as other:
        for limit in range(1, total + 1, 1 if engine == "bt" else 7):
            assert vm.vm.run(limit) == other.vm.run(limit)
            assert vm.so_far() == other.so_far()


EDGES = """
on:     li s0, {uart}
        li s1, {ledgers}
        li s6, {ledgers} + 0x1000
        li s2, 6
again:  lw a2, 0(s0)                    # four registers
        add a3, a3, a2
        lh a2, 4(s0)
        add a3, a3, a2
        sw s2, 0(s0)                    # a byte to the console, and three others
        lbu a2, 0x18(s1)                   # part of a register
        add a3, a3, a2
        lw a2, 0x19(s1)
        sw s2, 0x12(s1)
        sb s2, 0x10(s1)
        lbu a2, 0x40(s1)                # between the devices
        lbu a2, 0xa8(s6)                # behind them
        sb s2, 0xa7(s6)
        lw a2, 0x2c(s1)
        lw a2, 0x30(s1)
        addi a4, s1, 0x10
        amoadd.w a2, s2, (a4)
        sw a3, 0x10(s1)
        addi s2, s2, -1
        bnez s2, again
"""


@pytest.mark.parametrize("setting", [FLAT, PAGED], ids=["flat", "paged"])
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_no_whole_register(engine: str, setting: str) -> None:
    """It traps, or is several registers, whatever the instruction has accessed before."""
    same(text_of(EDGES, setting), engine)


def same(text: str, *engines: str, source: bytes = b"") -> Board:
    """Run a program to its end under engines, alike."""
    with Board(text, "interp", source) as reference:
        assert reference.vm.run(1_000_000) == Stop("exit", 0)
        wanted = reference.so_far()
    for engine in engines:
        with Board(text, engine, source) as board:
            assert board.vm.run(1_000_000) == Stop("exit", 0)
            assert board.so_far() == wanted
    return reference


ENTRIES = """
on:     li s0, {uart}
        li s1, {ledgers}
        li s6, {ledgers} + 0x1000
        li s5, LEAVES
        li s2, 40
        li s3, 'a'
        li s4, 0x07c00007 ^ 0x04000007
again:  sw s2, 0x10(s1)                    # by the ledgers' entry, which leads elsewhere now and then
        lw a2, 0x18(s1)
        add a3, a3, a2
        lui a4, 2
        add a4, a4, s1                  # the page that is not to be written
        andi a2, s2, 4
        beqz a2, 1f
        mv a4, s1
1:      sw s2, 0x10(a4)
        lw a2, 0(s5)                    # accessed and dirty
        add a3, a3, a2
        lw a2, 4(s5)
        add a3, a3, a2
        andi a2, s2, 7
        bnez a2, 1f
        lw a2, 4(s5)
        xori a2, a2, 1                  # there no longer, or again
        sw a2, 4(s5)
        sfence.vma
1:      andi a2, s2, 15
        bnez a2, 1f
        lw a2, 4(s5)
        xor a2, a2, s4                  # another device's page
        sw a2, 4(s5)
        sfence.vma s1
1:      sb s3, 0(s0)
        addi s3, s3, 1
        addi s2, s2, -1
        bnez s2, again
"""


@pytest.mark.parametrize("engine", [*ENGINES, "bt/softtlb", "bare"])
def test_entries_decide(engine: str) -> None:
    """Rights, accessed and dirty bits of a device's page, and what is left of it when its entry changes."""
    same(text_of(ENTRIES, PAGED), engine)


INTERRUPTS = """
        li t0, 0x0c000028               # source 10
        li t1, 1
        sw t1, 0(t0)
        li t0, 0x0c002000
        li t1, 0x400
        sw t1, 0(t0)
        la_ t1, trap
        csrw mtvec, t1
        li s0, 0x10000000
        li s1, 0x0c201000 - 0x1000
        li s2, 200
        li t1, 2
        sb t1, 1(s0)                    # interrupts when the transmitter is empty
        li t1, 0x800
        csrs mie, t1
        csrsi mstatus, 8
again:  addi a4, a4, 1
        bnez s2, again
        li a0, 0x100000
        li a1, 0x5555
        sw a1, 0(a0)
        .balign 4
trap:   lw t2, 4(s1)                    # claim
        xor a5, a5, t2
        add a5, a5, a4
1:      lbu t3, 2(s0)                   # why
        add a5, a5, t3
        andi t4, t3, 1
        bnez t4, 3f
        li t5, 5
2:      lbu t6, 5(s0)
        add a5, a5, t6
        andi t3, s2, 63
        addi t3, t3, 48
        sb t3, 0(s0)                    # the first one raises the line, the others change nothing
        beqz s2, 4f
        addi s2, s2, -1
4:      addi t5, t5, -1
        bnez t5, 2b
        andi t5, s2, 1
        bnez t5, 1b
3:      bnez s2, 5f
        sb zero, 1(s0)
5:      sw t2, 4(s1)                    # complete
        mret
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_interrupts_that_writes_raise(engine: str) -> None:
    reference = same(INTERRUPTS, engine)
    assert len(reference.output.getvalue()) >= 200


ECHO = """
        li s0, 0x10000000
        li t1, '?'
        sb t1, 0(s0)
again:  lbu t0, 5(s0)
        xor a4, a4, t0
        addi a5, a5, 1
        andi t1, t0, 1
        beqz t1, 1f
        lbu a2, 0(s0)
        sb a2, 0(s0)
        j again
1:      lbu t0, 2(s0)
        lbu t2, 6(s0)
        add a4, a4, t0
        add a4, a4, t2
        addi s2, s2, 1
        li t2, 1000
        bne s2, t2, again
"""


@pytest.mark.parametrize("engine", ["bt", "bare", "trap", "hw"])
@pytest.mark.parametrize("source", [b"", b"x", b"all of this is echoed" * 20])
def test_the_status_of_what_is_received(engine: str, source: bytes) -> None:
    """It is withdrawn, or another one, when the last byte has been read."""
    reference = same(ECHO + OFF, engine, source=source)
    assert reference.output.getvalue() == b"?" + source


@pytest.mark.parametrize("engine", ["bt", "bare"])
def test_input_that_comes_later(engine: str) -> None:
    """What a read of the status says is never older than the input."""
    states = []
    for each in (engine, "interp"):
        keyboard = FedInput()
        with Board(ECHO + OFF, each, keyboard) as board:
            for n in range(1, 6):
                assert board.vm.run(1000 * n) == Stop("limit")
                keyboard.feed(b"abc")
            keyboard.closed = True
            assert board.vm.run(100_000) == Stop("exit", 0)
            states.append(board.so_far())
    assert states[0] == states[1]


LONG = """
        li s0, 0x10000000
        li s3, 'a'
        li s2, {count}
again:  sb s3, 0(s0)
        addi s3, s3, 1
        addi s2, s2, -1
        bnez s2, again
"""


@pytest.mark.parametrize("count", [MOST_POSTED - 1, MOST_POSTED + 1, 3 * MOST_POSTED + 5])
def test_a_queue_that_is_full(count: int) -> None:
    with Board(LONG.format(count=count) + OFF, "bt") as board:
        assert board.vm.run() == Stop("exit", 0)
        assert board.output.getvalue() == bytes(ord("a") + n & 0xFF for n in range(count))
        assert board.device_exits() < 20


@pytest.mark.parametrize("engine", ["bt", "bare", "trap"])
@pytest.mark.parametrize("room", [0, 1, 7, MOST_POSTED, MOST_POSTED + 1])
def test_a_limit_of_the_output(engine: str, room: int) -> None:
    """The machine stops before the write that there is no room for, and goes on from there."""
    states = []
    for each in (engine, "interp"):
        with Board(LONG.format(count=5000) + OFF, each) as board:
            board.vm.output.room = room
            assert board.vm.run() == Stop("output")
            states.append(board.so_far())
            assert len(board.output.getvalue()) == room
            board.vm.output.room = 3
            assert board.vm.run() == Stop("output")
            board.vm.output.room = None
            assert board.vm.run() == Stop("exit", 0)
            assert board.output.getvalue() == bytes(ord("a") + n & 0xFF for n in range(5000))
    assert states[0] == states[1]


class Closed(io.BytesIO):
    """A pipe that takes some bytes, and is closed then."""

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if len(self.getvalue()) + len(data) > 20000:
            raise BrokenPipeError
        return super().write(data)


def test_a_pipe_that_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is told between two instructions: the machine has the state that the interpreter has there, and goes
    on."""
    monkeypatch.setattr("ring1.dbt.vmm.vm.FLUSH_SECONDS", 1e9)
    text = LONG.format(count=70000) + OFF
    with Board(text, "bt", output=Closed()) as board:
        with pytest.raises(BrokenPipeError):
            board.vm.run()
        retired, before = board.vm.cpu.retired, board.vm.state()
        board.vm.output.stream = io.BytesIO()
        assert board.vm.run(retired + 999) == Stop("limit")
        later = board.vm.state()
    with Board(text, "interp") as other:
        other.vm.run(retired)
        assert other.vm.state() == before
        other.vm.run(retired + 999)
        assert other.vm.state() == later


def test_a_snapshot_amid_what_is_posted() -> None:
    """At one instruction count all engines write the same bytes, and go on from them."""
    text, files = text_of(BOTH, PAGED), []
    for engine in ("interp", "bt", "bare/softtlb"):
        with Board(text, engine) as board:
            board.vm.run(400)
            file = io.BytesIO()
            snapshot.write(board.vm, file)
            files.append(file.getvalue())
    assert files[0] == files[1] == files[2]


class Patient(FedInput):
    """Input that notes what had been shown when somebody looked for it."""

    def __init__(self, output: io.BytesIO) -> None:
        super().__init__()
        self.output = output
        self.shown: list[bytes] = []

    def ready(self) -> bool:
        self.shown.append(self.output.getvalue())
        return super().ready()


@pytest.mark.parametrize("register", [0, 5])
def test_a_prompt_is_shown_before_anybody_waits(register: int) -> None:
    output = io.BytesIO()
    keyboard = Patient(output)
    text = f"""
        li s0, 0x10000000
        li t1, '$'
        li s2, 10
again:  sb t1, 0(s0)
        addi s2, s2, -1
        bnez s2, again
        lbu t0, {register}(s0)
"""
    with Board(text + OFF, "bt", keyboard, output) as board:
        board.vm.run()
        assert keyboard.shown[0] == b"$" * 10


def test_instructions_that_are_observed() -> None:
    """The interpreter executes them, and no page of a device is taken to be where they once accessed one."""
    text = text_of(BOTH, PAGED)
    with Board(text, "interp") as reference:
        reference.vm.run()
        wanted = reference.so_far()
    with Board(text, "bt") as board:
        assert board.vm.run(300) == Stop("limit")
        engine = board.vm.engine
        assert isinstance(engine, Executor)
        engine.attend(Attention(pcs=frozenset({board.symbols["again"], board.symbols["again"] + 4})))
        assert board.vm.run(600) == Stop("limit")
        engine.attend(Attention())
        assert board.vm.run() == Stop("exit", 0)
        assert board.so_far() == wanted


def test_pages_of_devices_that_share_an_entry() -> None:
    """Generated code finds the registers in both: here the UART's page and the first ledger's."""
    assert device_entries(0x10000)[0] == device_entries(LEDGERS >> 12)[0]
    with Board(text_of(BOTH, FLAT), "bt") as board:
        board.vm.run()
        assert board.device_exits() < 170


# --- Checked -----------------------------------------------------------------------------


def checked(text: str) -> None:
    image, _ = assembled(text)
    with Vm(machine("rv32"), SIZE, output=io.BytesIO()) as vm:
        seen: Seen = []
        vm.bus.extend(
            (Ledger("words", LEDGERS + 0x10, 4, seen, 1 << 30), Ledger("bytes", LEDGERS + 0x10A0, 1, seen, 3))
        )
        vm.load(image, BASE)
        vm.engine = table.ENGINES["bt"].checked(vm, image, Options())
        assert vm.run().reason == "exit"


@pytest.mark.parametrize("text", [text_of(BOTH, FLAT), text_of(BOTH, PAGED), text_of(ENTRIES, PAGED), INTERRUPTS])
def test_the_checker_follows_devices(text: str) -> None:
    checked(text)


REACH = BlockAssembler.reach_device


def another(slot: int) -> Callable[[BlockAssembler], None]:
    def change(host: BlockAssembler) -> None:
        host.emit(MOV, state(4, slot), HOLE, imm=LEDGERS + 0x10 if slot == slots.PORT else 0x19)

    return change


def late(host: BlockAssembler) -> None:
    host.count += 1


@pytest.mark.parametrize("change", [another(slots.PORT), another(slots.VALUE), late])
def test_the_checker_sees_what_is_posted_wrongly(
    change: Callable[[BlockAssembler], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(self: BlockAssembler, slot: int, size: int, unknown: int, ask: int) -> None:
        change(self)
        REACH(self, slot, size, unknown, ask)

    monkeypatch.setattr(BlockAssembler, "reach_device", changed)
    with pytest.raises(Mistranslation) as error:
        checked(text_of(BOTH, FLAT))
    assert "post" in error.value.astray
