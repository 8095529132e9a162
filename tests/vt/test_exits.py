"""What exits, with which reason, qualification and instruction; and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ring1.dbt.machine.stop import Stopped
from ring1.dbt.vt import controls, exits, fields
from tests.machine.builder import Program, machine
from tests.vt.machines import NUMBERS, Bench, bench, guest

DOCS = (Path(__file__).parents[2] / "docs" / "vt.md").read_text()
INDEX = {name: n for n, name in enumerate(machine().controls)}
CAUSES = {name: cause.number for name, cause in machine().causes.items()}
USER = 3


def one(name: str, *operands: int | str) -> Program:
    """One instruction, and a `hlt` behind it."""
    p = Program()
    p(name, *operands)
    p("hlt")
    return p


def first(p: Program, *, ring: int = 0, **changes: int) -> tuple[Bench, exits.VmExit]:
    """The first exit of a program; `changes` are bits to set, by the name of the field."""
    with bench(p) as b:
        for name, bits in changes.items():
            b.set(getattr(fields, name), bits)
        b.vmcs.write(guest("psw"), ring)
        b.cpu.s[machine().register_numbers["a0"]] = 0xABCD1234
        cause = b.run()
        assert b.vmcs.read(fields.REASON) == cause.reason
        assert b.vmcs.read(fields.QUALIFICATION) == cause.qualification
        return b, cause


def test_reasons_are_documented() -> None:
    for number, name in exits.NAMES.items():
        assert f"| {number} | {name.replace('control write', 'control read, control write')} |" in DOCS, name


@pytest.mark.parametrize(
    ("changes", "name", "operands", "reason", "qualification"),
    [
        ({}, "hlt", (), exits.HLT, 0),
        ({}, "in", ("a1", "a0"), exits.IO, 3 | exits.INPUT | 0x1234 << 16),
        ({}, "out", ("a0", "a1"), exits.IO, 3 | 0x1234 << 16),
        ({"PRIMARY": controls.FLUSH_EXITING}, "tlbflush", (), exits.FLUSH, 0),
        ({"PRIMARY": controls.TIME_EXITING}, "rdtime", ("a1",), exits.TIME, 0),
        ({}, "wrcr", ("timecmp", "a0"), exits.CONTROL, INDEX["timecmp"]),
        ({}, "wrcr", ("ie", "a0"), exits.CONTROL, INDEX["ie"]),
        ({"WRITES": 1 << INDEX["ptb"]}, "setptb", ("a0",), exits.CONTROL, INDEX["ptb"]),
        ({"WRITES": 1 << INDEX["psw"]}, "cli", (), exits.CONTROL, INDEX["psw"]),
        ({"WRITES": 1 << INDEX["psw"]}, "sti", (), exits.CONTROL, INDEX["psw"]),
        ({"WRITES": 1 << INDEX["psw"]}, "rfe", (), exits.CONTROL, INDEX["psw"]),
        ({"WRITES": 1 << INDEX["psw"]}, "jru", ("a0",), exits.CONTROL, INDEX["psw"]),
        ({"WRITES": 1 << INDEX["scratch"]}, "wrcr", ("scratch", "a0"), exits.CONTROL, INDEX["scratch"]),
        ({"READS": 1 << INDEX["scratch"]}, "rdcr", ("a1", "scratch"), exits.CONTROL, INDEX["scratch"] | exits.READ),
        ({"READS": 1 << INDEX["timeh"]}, "rdcr", ("a1", "timeh"), exits.CONTROL, INDEX["timeh"] | exits.READ),
        ({"READS": 1 << INDEX["ptb"]}, "getptb", ("a1",), exits.CONTROL, INDEX["ptb"] | exits.READ),
        ({"READS": 1 << INDEX["psw"]}, "getpsw", ("a1",), exits.CONTROL, INDEX["psw"] | exits.READ),
    ],
)
def test_instructions(
    changes: dict[str, int], name: str, operands: tuple[str, ...], reason: int, qualification: int
) -> None:
    p = one(name, *operands)
    b, cause = first(p, **changes)
    assert (cause.reason, cause.qualification) == (reason, qualification)
    assert b.vmcs.read(guest("pc")) == 0 and b.cpu.time == 0  # nothing of it is done
    assert b.vmcs.read(fields.INSTRUCTION) == p.encoded(0, name, operands)
    assert b.vmcs.read(fields.LENGTH) == 4


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("sti", ()),
        ("cli", ()),
        ("tlbflush", ()),
        ("rdtime", ("a1",)),
        ("setptb", ("zero",)),
        ("wrcr", ("tvec", "a0")),
        ("wrcr", ("scratch", "a0")),
        ("rdcr", ("a1", "ip")),
        ("rdcr", ("a1", "timecmp")),
        ("getpsw", ("a1",)),
        ("getptb", ("a1",)),
        ("lra", ("a1", "zero")),
    ],
)
def test_most_of_a_kernel_does_not_exit(name: str, operands: tuple[str, ...]) -> None:
    """With the standard VMCS these run to the `hlt` behind them."""
    b, cause = first(one(name, *operands))
    assert cause.reason == exits.HLT and b.vmcs.read(guest("pc")) == 4


@pytest.mark.parametrize("name", ["hlt", "in", "wrcr"])
def test_privilege_comes_first(name: str) -> None:
    """Outside ring 0 they trap in the guest; nothing exits."""
    operands = {"hlt": (), "in": ("a1", "a0"), "wrcr": ("ie", "a0")}[name]
    p = Program()
    p(name, *operands)
    p.org(0x100)
    p("rdtime", "a3")
    with bench(p) as b:
        b.set(fields.PRIMARY, controls.TIME_EXITING)
        b.vmcs.write(guest("psw"), USER)
        b.vmcs.write(guest("tvec"), 0x100)
        assert b.run().reason == exits.TIME
        assert b.vmcs.read(guest("cause")) == CAUSES["privileged"]
        assert b.vmcs.read(guest("pc")) == 0x100 and b.vmcs.read(guest("epc")) == 0


def test_without_the_controls_nothing_exits() -> None:
    p = Program()
    p.out(0x20, 1)
    p("wrcr", "timecmp", "a1")
    p.control("ie", 1)
    p("hlt")
    p("tlbflush")
    p.off(7)
    with bench(p) as b:
        b.drop(fields.PRIMARY, controls.HLT_EXITING, controls.PORT_BITMAPS)
        b.vmcs.write(fields.WRITES, 0)
        b.enter()
        for _ in range(30):
            b.cpu.step()
            if b.cpu.bus.power is not None:
                break
        assert b.cpu.bus.power == 7 and not b.processor.root


@pytest.mark.parametrize("port", [0x00, 0x07, 0x20, 0x7FFF, 0x8000, 0xFFFF])
def test_port_bitmaps(port: int) -> None:
    """A port that is not in the bitmaps is the guest's own; its neighbours still exit."""
    for number in {port, (port + 1) & 0xFFFF, (port - 1) & 0xFFFF, port ^ 0x8000}:
        p = Program()
        p.inp(number, "a1")
        p("hlt")
        with bench(p) as b:
            b.port(port, exits=False)
            cause = b.run()
            if number == port:
                assert cause.reason == exits.HLT
            else:
                assert (cause.reason, cause.qualification >> 16) == (exits.IO, number)
        with bench(p) as b:
            b.drop(fields.PRIMARY, controls.PORT_BITMAPS)
            b.set(fields.PRIMARY, controls.PORT_EXITING)
            assert b.run().reason == exits.IO


@pytest.mark.parametrize(
    ("cause", "name", "operands", "value"),
    [
        ("syscall", "syscall", (77,), 77),
        ("breakpoint", "brk", (), 0),
        ("divzero", "div", ("a1", "a0", "zero"), 0),
        ("misaligned", "swap", ("a1", "a1", "a2"), 1),
        ("illegal", "hcall", (5,), -1),
        ("privileged", "cli", (), -1),
    ],
)
def test_exceptions(cause: str, name: str, operands: tuple[int | str, ...], value: int) -> None:
    """A trap whose bit is set exits with the event; with the others set only, the guest takes it."""
    p = one(name, *operands)
    number, word = CAUSES[cause], p.encoded(0, name, operands)
    value = word if value < 0 else value
    ring = USER if cause == "privileged" else 0
    with bench(p) as b:
        b.vmcs.write(fields.EXCEPTIONS, 1 << number)
        b.vmcs.write(guest("psw"), ring)
        b.vmcs.write(guest("tvec"), 0x200)
        b.cpu.s[machine().register_numbers["a2"]] = 1
        assert b.run().reason == exits.EXCEPTION
        event = exits.VALID | exits.TRAP | exits.HAS_VALUE | number
        assert b.vmcs.read(fields.EXIT_EVENT) == event and b.vmcs.read(fields.EXIT_VALUE) == value
        assert b.vmcs.read(fields.QUALIFICATION) == value
        assert (b.vmcs.read(guest("pc")), b.vmcs.read(guest("cause"))) == (0, 0)
        b.vmcs.write(fields.EXCEPTIONS, ~(1 << number))
        b.enter()
        b.cpu.step()
        assert (b.cpu.pc, b.cpu.control("cause"), b.cpu.control("tval")) == (0x200, number, value)


def test_a_trap_that_nobody_handles_stops_the_machine() -> None:
    with bench(one("brk")) as b:
        b.enter()
        with pytest.raises(Stopped) as stopped:
            b.cpu.step()
        assert stopped.value.stop.reason == "trap"


def test_registers_have_the_numbers_of_their_fields() -> None:
    assert all(INDEX[name] == number for name, number in NUMBERS.items() if name != "pc")


@pytest.mark.parametrize("count", [0, 1, 5])
def test_preemption_timer(count: int) -> None:
    """It counts instructions that retire; with 0 the guest executes none. What is left is saved."""
    p = Program()
    for _ in range(8):
        p("addi", "a1", "a1", 1)
    p("hlt")
    with bench(p) as b:
        b.vmcs.write(fields.TIMER, count)
        assert b.run().reason == exits.TIMER
        assert b.vmcs.read(guest("pc")) == 4 * count and b.vmcs.read(fields.TIMER) == 0
        b.vmcs.write(fields.TIMER, 100)
        assert b.run().reason == exits.HLT
        assert b.vmcs.read(fields.TIMER) == 100 - (8 - count)
        b.drop(fields.ON_EXIT, controls.SAVE_TIMER)
        b.vmcs.write(fields.TIMER, 9)
        assert b.run().reason == exits.HLT and b.vmcs.read(fields.TIMER) == 9
        b.drop(fields.PIN, controls.PREEMPTION_TIMER)
        b.vmcs.write(fields.TIMER, 0)
        assert b.run().reason == exits.HLT


def test_the_timer_runs_out_behind_an_injected_event() -> None:
    with bench(one("hlt")) as b:
        b.vmcs.write(guest("tvec"), 0x200)
        b.vmcs.write(fields.TIMER, 0)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | 3)
        assert b.run().reason == exits.TIMER
        assert (b.vmcs.read(guest("pc")), b.vmcs.read(guest("cause"))) == (0x200, 3)


def test_interrupt_window() -> None:
    """As soon as the guest takes interrupts, before its next instruction; at once if it does already."""
    p = Program()
    p("addi", "a1", "a1", 1)
    p("sti")
    p("cli")
    p("hlt")
    with bench(p) as b:
        b.set(fields.PRIMARY, controls.INTERRUPT_WINDOW_EXITING)
        assert b.run().reason == exits.INTERRUPT_WINDOW
        assert b.vmcs.read(guest("pc")) == 8
        assert b.run().reason == exits.INTERRUPT_WINDOW
        assert b.vmcs.read(guest("pc")) == 8
        b.drop(fields.PRIMARY, controls.INTERRUPT_WINDOW_EXITING)
        assert b.run().reason == exits.HLT


def test_controls_may_change_between_exit_and_entry() -> None:
    """What was found out about an instruction under other controls does not count."""
    p = Program()
    for _ in range(4):
        p("tlbflush")
        p("wrcr", "scratch", "a0")
    p("hlt")
    with bench(p) as b:
        assert b.run().reason == exits.HLT
        b.vmcs.write(guest("pc"), 0)
        b.set(fields.PRIMARY, controls.FLUSH_EXITING)
        assert (b.run().reason, b.vmcs.read(guest("pc"))) == (exits.FLUSH, 0)
        b.skip()
        assert (b.run().reason, b.vmcs.read(guest("pc"))) == (exits.FLUSH, 8)
        b.drop(fields.PRIMARY, controls.FLUSH_EXITING)
        b.set(fields.WRITES, 1 << INDEX["scratch"])
        assert (b.run().reason, b.vmcs.read(guest("pc"))) == (exits.CONTROL, 12)
        b.drop(fields.WRITES, 1 << INDEX["scratch"])
        assert b.run().reason == exits.HLT
