"""Hypercalls and traps of a paravirtualized guest are done by generated code as the VMM does them, or left to it."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from ring1.dbt.machine.memory import GUARDED
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.hypercalls import FIRST, KINDS, SECOND
from ring1.isa.codec import encode
from ring1.isa.model import Isa
from tests.machine.builder import Program, machine, run, started
from tests.vmm.emulated import AT_ONCE, BUDGET, NEVER, Monitored

RAM = 1 << 16
FRAMES = (0x4000, 0, 0x4002, RAM - 24, RAM - 20, RAM, 0x4FE8, 0x4FEC, 0x6000, 0xFFFFFFF0)
"""Addresses of frames: in 0x6000 a guarded page."""
FRAMELESS = "poll", "update", "space", "time", "port_in", "port_out", "lines", "timer"
"""Hypercalls that generated code may do whatever the frame is."""
FRAME, TIMER, SYSCALL = 0x4000, 1, 3
"""Where the guests have their frame; the line of the timer, and the cause of system calls."""


def state(isa: Isa, r: Random, mode: int, frame: int) -> list[int]:
    words = [r.choice((0, 1, 0xFFFFFFFF, r.getrandbits(32), r.getrandbits(16))) for _ in isa.slots]
    for name, control in isa.controls.items():
        if control.stored:
            words[isa.slots[name]] &= control.stored
    for number, value in isa.hardwired.items():
        words[number] = value
    assert isa.mode is not None
    slot = isa.slots[isa.mode.control]
    words[slot] = words[slot] & ~isa.mode.bits.mask | mode
    words[isa.slots["scratch"]] = frame
    words[isa.slots["ptb"]] &= ~1  # paging is off, so that Python can fetch the handler
    return words


def seen(monitored: Monitored) -> tuple[list[int], bytes, int, object]:
    cpu = monitored.cpu
    words = cpu.s[: len(cpu.isa.slots)].tolist()
    return words, cpu.memory.read(0, RAM), cpu.time, cpu.trapped and cpu.first


def calls(isa: Isa) -> list[tuple[str, int, int]]:
    """Names, words and modes of instructions at which the VMM gets control."""
    named = [(kind, encode(isa.instructions["hcall"], {"uimm": n}), 1) for n, kind in enumerate(KINDS)]
    traps = [("syscall", {"uimm": 7}), ("brk", {}), ("hcall", {"uimm": 2}), ("cli", {})]
    made = [(name, encode(isa.instructions[name], values), 3) for name, values in traps]
    return [*named, *made, ("syscall", encode(isa.instructions["syscall"], {"uimm": 9}), 1), ("undefined", 0, 3)]


def test_what_is_done_is_what_the_vmm_does() -> None:
    isa, r = machine("pg32v"), Random(7)
    monitored, done = Monitored(isa, "para", verified=False), dict[str, int]()
    with monitored.vm:
        cpu = monitored.cpu
        cpu.memory.watch[6] |= GUARDED
        for (kind, word, mode), frame, _ in product(calls(isa), FRAMES, range(12)):
            words = state(isa, r, mode, frame)
            words[isa.register_numbers[FIRST]] &= r.choice((0xFFFF, 0xFFFFFFFF))
            if kind == "space":
                words[isa.register_numbers[FIRST]] &= ~1
            memory = bytes(r.choice((b"\0", b"\1", b"\xff", bytes([r.getrandbits(8)])))[0] for _ in range(24))
            memory = r.choice((bytes(4), memory[:4])) + memory[4:]
            plain = bool(frame) and frame + 24 <= RAM
            if plain:
                cpu.memory.bytes[frame : frame + 24] = memory
            pending = r.choice((0, 0, 0, 1))
            monitored.put(words, pending)
            before, budget = seen(monitored), r.choice((0, 1, BUDGET))
            if not monitored.by_code(word, mode, budget):
                assert seen(monitored) == before
                continue
            got = seen(monitored)
            assert plain or kind in FRAMELESS
            assert frame not in (0x4002, 0x4FEC, 0x6000) or kind in FRAMELESS
            if plain:
                cpu.memory.bytes[frame : frame + 24] = memory
            monitored.put(words, pending)
            assert monitored.by_python(word), kind
            assert got == seen(monitored), (kind, hex(frame), words)
            done[kind] = done.get(kind, 0) + 1
    wanted = {*FRAMELESS, "iret", "syscall", "brk", "hcall", "cli", "undefined"}
    assert done.keys() == wanted and min(done.values()) > 3


BATCH = 0x8000
TARGETS = 0x9000, 0x9004, 0x4000, 0x400C, RAM - 4, 0x9FFC
"""Words that batches write."""
BAD = RAM, 0x9002, 0x6010, BATCH, BATCH + 12, 0xFFFFFFFC
"""Likewise: outside RAM, not aligned, in a guarded page, and in the batch itself, as far as it goes."""


def test_batches_are_written_as_the_vmm_does_it() -> None:
    isa, r = machine("pg32v"), Random(9)
    first, second = isa.register_numbers[FIRST], isa.register_numbers[SECOND]
    word = encode(isa.instructions["hcall"], {"uimm": KINDS.index("update")})
    monitored, done = Monitored(isa, "para", verified=False), 0
    with monitored.vm:
        cpu = monitored.cpu
        cpu.memory.watch[6] |= GUARDED
        for n in range(600):
            words, count = state(isa, r, 1, 0x4000), r.choice((0, 1, 2, 3, 7))
            pairs = [(r.choice(BAD if r.random() < 0.08 else TARGETS), r.getrandbits(32)) for _ in range(count)]
            at = BATCH if n % 9 else r.choice((BATCH + 1, RAM - 8 * count, RAM - 8 * count + 4, RAM, 0xFFFFFFF0))
            words[first], words[second] = at, (count if n % 31 else r.choice((513, 1 << 30))) | (n % 4 == 0) << 31
            data = b"".join(word.to_bytes(4, "little") for pair in pairs for word in pair)
            memory = bytearray(r.randbytes(RAM))
            if at + len(data) <= RAM:
                memory[at : at + len(data)] = data
            pending = r.choice((0, 1))

            def put(words: list[int] = words, memory: bytes = bytes(memory), pending: int = pending) -> None:
                cpu.memory.bytes[:] = memory
                monitored.put(words, pending)

            put()
            before, budget = seen(monitored), r.choice((0, 1, BUDGET))
            emulated = monitored.by_code(word, 1, budget)
            got = seen(monitored)
            done += bool(emulated)
            if not emulated and got == before:
                continue
            if not emulated:  # all but the flush is done, and the VMM does it again
                assert words[second] >> 31 and monitored.by_python(word)
                got = seen(monitored)
            put()
            assert monitored.by_python(word)
            assert got == seen(monitored), (words[first], words[second], pairs)
    assert done > 200


@pytest.mark.soak
@pytest.mark.parametrize("engine", ("para", "para/softtlb"))
def test_a_guest_stops_at_every_count_as_if_the_vmm_did_it(engine: str) -> None:
    p = Program(machine("pg32v"))
    p.li("a4", "handler")
    p.li("a5", 0x4000)
    p("hcall", 1)
    p.li("t0", "user")
    p.li("t1", 0x4000)
    p("sw", "t0", 8, "t1")
    p.li("t0", 0x38)
    p("sw", "t0", 20, "t1")
    p("hcall", 2)
    p.label("user")
    p("addi", "s0", "s0", 1)
    p("syscall", 7)
    p("cli")
    p("jal", "zero", "user")
    p.label("handler")
    p("lw", "t0", 8, "t1")
    p("addi", "t0", "t0", 4)
    p("sw", "t0", 8, "t1")
    p("hcall", 9)
    p("addi", "s1", "a4", 0)
    p("hcall", 0)
    p.li("a4", 0x2000)
    p("hcall", 4)
    p("hcall", 2)
    for limit in (*range(1, 110), 5000):
        assert run(engine, p, limit, options=AT_ONCE) == run(engine, p, limit, options=NEVER), limit
    with started(engine, p, options=AT_ONCE) as (vm, _):
        vm.run(5000)
        assert isinstance(vm.engine, Executor) and vm.engine.emulations.total() > 1000


def ticking(nested: bool) -> Program:
    """A kernel that is interrupted by the timer, in ring 3 and in its own code, and sets it again; `nested`: its
    handler lets interrupts in. Much of what it does is done while a line is pending that it masks."""
    p = Program(machine("pg32v"))
    p.li("a4", "handler")
    p.li("a5", FRAME)
    p("hcall", 1)
    p.li("t1", FRAME)
    p.li("a4", TIMER)
    p("hcall", 7)
    p("addi", "a4", "a0", 0)
    p.li("a5", 0)
    p("hcall", 10)
    p.li("t0", "user")
    p("sw", "t0", 8, "t1")
    p.li("t0", 0x38)
    p("sw", "t0", 20, "t1")
    p("hcall", 2)
    p.label("user")
    p("addi", "s0", "s0", 1)
    p("syscall", 7)
    p("addi", "s0", "s0", 2)
    p("jal", "zero", "user")
    p.label("handler")
    p("addi", "s1", "s1", 1)
    p("lw", "t0", 12, "t1")
    p("add", "a2", "a2", "t0")
    p("addi", "t0", "t0", -SYSCALL)
    p("beq", "t0", "zero", "called")
    p("hcall", 9)
    p("add", "a4", "a4", "a1")
    p("hcall", 10)
    p("hcall", 2)
    p.label("called")
    p("lw", "gp", 8, "t1")
    p("lw", "tp", 20, "t1")
    p("hcall", 9)
    p("add", "a3", "a3", "a4")
    if nested:
        p("sw", "zero", 0, "t1")
        p("lw", "t0", 4, "t1")
        p("beq", "t0", "zero", "none")
        p("andi", "a4", "s1", 0xFF)
        p("slli", "a4", "a4", 1)
        p("hcall", 4)  # whatever the call, and to an address space that may be new
        p.label("none")
        p("addi", "a3", "a3", 1)
        p.li("t0", 1)
        p("sw", "t0", 0, "t1")
    p("addi", "t0", "gp", 4)
    p("sw", "t0", 8, "t1")
    p("sw", "tp", 20, "t1")
    p("hcall", 2)
    return p


@pytest.mark.soak
@pytest.mark.parametrize("engine", ("para", "para/softtlb"))
@pytest.mark.parametrize("nested", (False, True))
def test_interrupts_come_at_the_same_instruction(engine: str, nested: bool) -> None:
    """With the timer at every count, and again so many instructions later."""
    p = ticking(nested)
    for due, every in product(range(15, 75), (40, 61)):
        registers = {"a0": due, "a1": every}
        here, there = (
            run(name, p, 1001, registers=registers, options=options)
            for name, options in ((engine, AT_ONCE), ("para-interpreted", NEVER))
        )
        assert here == there, (due, every)
    assert here["s1"] > 20 and here["a3"]


def test_interrupts_do_not_need_the_vmm() -> None:
    with started("para", ticking(True), registers={"a0": 30, "a1": 100}, options=AT_ONCE) as (vm, _):
        vm.run(100_000)
        assert isinstance(vm.engine, Executor)
        assert vm.engine.counts["budget"] < 20 and vm.engine.counts["interrupt"] < 20
        assert vm.cpu.s[vm.isa.register_numbers["s1"]] > 2000
