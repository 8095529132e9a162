"""VM exits on pg32x: reason, qualification and what else docs/vt.md says of each, under every engine that runs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ring1.dbt.vt import controls, exits, fields
from tests.machine.builder import Program
from tests.pg32x.machines import EXITED, ISA, LEAF, NUMBERS, VMCS, WAYS, Left, R, W, guest, host, left, trap

SECOND, TIMER = controls.SECONDARY_CONTROLS, controls.PREEMPTION_TIMER
HANDLER = 0x400
Body = Callable[[Program], object]


def made(body: Body, handler: Body | None = None) -> Program:
    """A guest that does a few things first: where it exits is neither at its beginning nor at time 0."""
    p = Program(ISA)
    p.li("a0", 0x12340010)
    p.li("a1", 77)
    body(p)
    p("brk")
    if handler is not None:
        p.org(HANDLER)
        handler(p)
    return p


def primary(*bits: int) -> dict[int, int]:
    return {fields.PRIMARY: SECOND | sum(bits)}


def control(bitmap: int, name: str) -> dict[int, int]:
    return {bitmap: 1 << NUMBERS[name]}


READ = exits.READ
INSTRUCTIONS: list[tuple[Body, dict[int, int], int, int]] = [
    (lambda p: p("out", "a0", "a1"), primary(controls.PORT_EXITING), exits.IO, 0x0010_0003),
    (lambda p: p("in", "a1", "a0"), primary(controls.PORT_EXITING), exits.IO, 0x0010_000B),
    (lambda p: p("hlt"), primary(controls.HLT_EXITING), exits.HLT, 0),
    (lambda p: p("tlbflush"), primary(controls.FLUSH_EXITING), exits.FLUSH, 0),
    (lambda p: p("rdtime", "a2"), primary(controls.TIME_EXITING), exits.TIME, 0),
    (lambda p: p("setptb", "zero"), control(fields.WRITES, "ptb"), exits.CONTROL, 1),
    (lambda p: p("wrcr", "timecmp", "a1"), control(fields.WRITES, "timecmp"), exits.CONTROL, 11),
    (lambda p: p("rdcr", "a2", "tval"), control(fields.READS, "tval"), exits.CONTROL, 5 | READ),
    (lambda p: p("rdcr", "a2", "time"), {fields.READS: 1 << 9}, exits.CONTROL, 9 | READ),
    (lambda p: p("getpsw", "a2"), control(fields.READS, "psw"), exits.CONTROL, 0 | READ),
    (lambda p: p("getptb", "a2"), control(fields.READS, "ptb"), exits.CONTROL, 1 | READ),
    *(
        (lambda p, name=name, given=given: p(name, *given), control(fields.WRITES, "psw"), exits.CONTROL, 0)
        for name, given in (("cli", ()), ("sti", ()), ("setpsw", ("a1",)), ("jru", ("a0",)), ("rfe", ()))
    ),
    (lambda p: p("rfe"), control(fields.READS, "epc"), exits.CONTROL, 3 | READ),
    (lambda p: p("rfe"), {fields.READS: 9, fields.WRITES: 1}, exits.CONTROL, 0),  # a write before a read
    (lambda p: p("rfe"), {fields.READS: 9}, exits.CONTROL, 0 | READ),  # the lowest counts
    (lambda p: p("vmclear", "a0"), {}, 19, 0),
    (lambda p: p("vmlaunch"), {}, 20, 0),
    (lambda p: p("vmptrld", "a0"), {}, 21, 0),
    (lambda p: p("vmread", "a1", "a0"), {}, 23, 0),
    (lambda p: p("vmresume"), {}, 24, 0),
    (lambda p: p("vmwrite", "a1", "a0"), {}, 25, 0),
    (lambda p: p("invept"), {}, 50, 0),
]


@pytest.mark.parametrize("at", range(len(INSTRUCTIONS)))
def test_instruction(at: int) -> None:
    """It has done nothing, and pc is at it; without its control it does not exit (VM instructions always do)."""
    body, changes, reason, qualification = INSTRUCTIONS[at]
    program = made(body)
    word = int.from_bytes(program.image()[0xC:0x10], "little")
    found = left(program, changes)
    assert (found.reason, found[fields.QUALIFICATION]) == (reason, qualification)
    assert (found[guest("pc")], found[fields.LENGTH], found[fields.INSTRUCTION]) == (0xC, 4, word)
    assert (found["a0"], found["a1"], found["a2"]) == (0x12340010, 77, 0)
    assert (found[fields.EXIT_EVENT], found[fields.EXIT_VALUE], found[fields.PHYSICAL]) == (0, 0, 0)
    assert found[fields.TIMER] == 50_000 - 3


@pytest.mark.parametrize("name", ["vmclear", "vmlaunch", "vmptrld", "vmread", "vmresume", "vmwrite", "invept", "out"])
def test_trap_in_its_ring_comes_first(name: str) -> None:
    operands = {
        "vmread": ("a1", "a0"),
        "vmwrite": ("a1", "a0"),
        "out": ("a1", "a0"),
        "vmclear": ("a0",),
        "vmptrld": ("a0",),
    }
    changes = primary(controls.PORT_EXITING) | {guest("psw"): 3, fields.EXCEPTIONS: 1 << 1}
    found = left(made(lambda p: p(name, *operands.get(name, ()))), changes)
    assert (found.reason, found[fields.EXIT_EVENT]) == (exits.EXCEPTION, trap(1))
    assert found[fields.EXIT_VALUE] == int.from_bytes(
        made(lambda p: p(name, *operands.get(name, ()))).image()[0xC:0x10], "little"
    )


def test_what_is_not_said_to_exit_does_not() -> None:
    """All of it at once, and then the guest is through."""

    def body(p: Program) -> None:
        p("tlbflush")
        p("rdtime", "a2")
        p("getpsw", "a2")
        p("sti")
        p("cli")
        p("rdcr", "a2", "ip")
        p("wrcr", "scratch", "a1")
        p("out", "zero", "a1")
        p.li("a3", 1)
        p("syscall", 5)

    def handler(p: Program) -> None:
        p("rdcr", "a3", "tval")
        p("brk")

    found = left(made(body, handler), {guest("tvec"): HANDLER, fields.EXCEPTIONS: 1 << 2})
    assert (found.reason, found[fields.EXIT_EVENT], found["a3"]) == (exits.EXCEPTION, trap(2), 5)
    assert found[guest("scratch")] == 77 and found.outcome.output == b"M"
    assert found[guest("pc")] == HANDLER + 4 and found[guest("cause")] == 3


@pytest.mark.parametrize(
    ("body", "cause", "value"),
    [
        (lambda p: p("syscall", 9), 3, 9),
        (lambda p: p("brk"), 2, 0),
        (lambda p: p("divu", "a0", "a0", "zero"), 4, 0),
        (lambda p: p("swap", "a2", "a1", "a1"), 8, 77),
        (lambda p: p.word(0xFF000000), 0, 0xFF000000),
    ],
)
def test_exception(body: Body, cause: int, value: int) -> None:
    """With its bit the trap exits: `pc` is at the instruction, `epc` and `cause` are as before. Without, it is the
    guest's."""
    program = made(body, lambda p: p("hlt"))
    usual = {guest("tvec"): HANDLER, guest("epc"): 0x44, guest("cause"): 99} | primary(controls.HLT_EXITING)
    found = left(program, usual | {fields.EXCEPTIONS: 1 << cause})
    assert (found.reason, found[fields.QUALIFICATION], found[fields.LENGTH]) == (exits.EXCEPTION, value, 0)
    assert (found[fields.EXIT_EVENT], found[fields.EXIT_VALUE]) == (trap(cause), value)
    assert [found[guest(name)] for name in ("pc", "epc", "cause")] == [0xC, 0x44, 99]
    found = left(program, usual | {fields.EXCEPTIONS: 0x3FF & ~(1 << cause)})
    assert found.reason == exits.HLT
    assert [found[guest(name)] for name in ("pc", "epc", "cause", "tval")] == [HANDLER, 0xC, cause, value]


def test_triple_fault_without_a_handler() -> None:
    found = left(made(lambda p: p("syscall", 1)))
    assert (found.reason, found[fields.QUALIFICATION], found[guest("pc")]) == (exits.TRIPLE_FAULT, 0, 0xC)


def test_triple_fault_by_a_trap_that_changes_nothing() -> None:
    """The machine would stop; a guest exits, and the host goes on."""
    found = left(made(lambda p: p("syscall", 1), lambda p: p("brk")), {guest("tvec"): HANDLER})
    assert found.reason == exits.TRIPLE_FAULT
    assert [found[guest(name)] for name in ("pc", "epc", "cause")] == [HANDLER, HANDLER, 2]


@pytest.mark.parametrize("after", [0, 1, 2, 5, 700])
def test_preemption_timer(after: int) -> None:
    """It counts instructions, to the instruction, the trap that takes none included."""

    def body(p: Program) -> None:
        p.label("again")
        p("addi", "a1", "a1", 1)
        p("jal", "zero", "again")

    found = left(made(body), {fields.TIMER: after})
    assert (found.reason, found[fields.TIMER], found[fields.QUALIFICATION]) == (exits.TIMER, 0, 0)
    assert found[guest("pc")] == (4 * after if after < 3 else 0xC + 4 * ((after - 3) % 2))


def test_timer_of_0_comes_behind_the_event() -> None:
    found = left(
        made(lambda p: p("hlt")),
        {fields.TIMER: 0, guest("tvec"): HANDLER, fields.ENTRY_EVENT: trap(3), fields.ENTRY_VALUE: 6},
    )
    assert found.reason == exits.TIMER
    assert [found[guest(name)] for name in ("pc", "epc", "cause", "tval")] == [HANDLER, 0, 3, 6]
    assert found[fields.ENTRY_EVENT] == trap(3) & ~exits.VALID


def test_interrupt_is_injected_as_the_machine_takes_it() -> None:
    changes = {guest("tvec"): HANDLER, guest("psw"): 0x5504, guest("pc"): 4, fields.ENTRY_EVENT: exits.VALID | 2}
    found = left(made(lambda p: p("hlt"), lambda p: p("hlt")), changes | primary(controls.HLT_EXITING))
    assert found.reason == exits.HLT
    assert [found[guest(name)] for name in ("pc", "epc", "cause", "tval", "psw")] == [HANDLER, 4, 0x80000002, 0, 0x5520]


def test_interrupt_window() -> None:
    """Before the next instruction as soon as the guest takes interrupts."""

    def body(p: Program) -> None:
        p("sti")
        p("addi", "a1", "a1", 1)

    found = left(made(body), primary(controls.INTERRUPT_WINDOW_EXITING))
    assert (found.reason, found[guest("pc")], found["a1"]) == (exits.INTERRUPT_WINDOW, 0x10, 77)
    found = left(made(body), primary(controls.INTERRUPT_WINDOW_EXITING) | {guest("psw"): 4})
    assert (found.reason, found[guest("pc")]) == (exits.INTERRUPT_WINDOW, 0)


def test_timer_comes_before_the_window() -> None:
    found = left(made(lambda p: p("sti")), primary(controls.INTERRUPT_WINDOW_EXITING) | {fields.TIMER: 4})
    assert found.reason == exits.TIMER


@pytest.mark.parametrize("psw", [0, 4], ids=["off", "on"])
@pytest.mark.parametrize("line", ["timer", "software"])
def test_external_interrupt(line: str, psw: int) -> None:
    """The host's lines exit whatever the guest's psw, ie and ip are, and are not the guest's."""

    def body(p: Program) -> None:
        p.label("again")
        p("addi", "a1", "a1", 1)
        p("jal", "zero", "again")

    changes = {
        guest("psw"): psw,
        guest("tvec"): HANDLER,
        fields.PIN: controls.EXTERNAL_INTERRUPT_EXITING,
        fields.ON_EXIT: 0,
    }
    changes |= (
        {host("ie"): 1, host("timecmp"): 100, host("timecmph"): 0}
        if line == "timer"
        else {host("ie"): 8, host("ip"): 8}
    )
    found = left(made(body), changes)
    assert (found.reason, found[fields.QUALIFICATION]) == (exits.EXTERNAL_INTERRUPT, 0)
    ran = 0 if line == "software" else 100 - 4  # of the host's instructions
    assert found["a1"] == (77 + (ran - 3 + 1) // 2 if ran else 0)
    assert found[guest("pc")] == (0xC + 4 * ((ran - 3) % 2) if ran else 0)


def test_guests_own_lines_do_not_interrupt_it() -> None:
    """They are the VMM's to inject."""
    changes = {
        guest("psw"): 4,
        guest("ie"): 9,
        guest("ip"): 8,
        guest("timecmp"): 0,
        guest("timecmph"): 0,
        guest("tvec"): HANDLER,
    }
    found = left(made(lambda p: p("hlt")), changes | primary(controls.HLT_EXITING))
    assert (found.reason, found[guest("pc")]) == (exits.HLT, 0xC)


def test_wait_that_does_not_exit_ends_with_an_exit() -> None:
    found = left(made(lambda p: p("hlt")), {fields.TIMER: 1000})
    assert (found.reason, found[guest("pc")], found[fields.TIMER]) == (exits.TIMER, 0x10, 0)
    assert found.outcome.state.instructions < 200


def test_time_is_the_machines() -> None:
    found: Left = left(made(lambda p: p("rdtime", "a2")), {fields.EXCEPTIONS: 4})
    assert found.code == EXITED and found["a2"] == found.outcome.state.instructions - len(("rdtime", "li", "li", "out"))


def scribbler() -> Program:
    """A guest that can write to its VMCS, at 0x7000, and does."""
    p = Program(ISA)
    p.li("a0", 0x7000)
    p("lw", "a1", 0x7B8, "a0")
    p("ori", "a1", "a1", 3)
    p("sw", "a1", 0x7B8, "a0")
    for at, value in (
        (0x108, 0),
        (0x118, 0),
        (0x160, -1),
        (0x780, 0xFFFFFFC0),
        (0x784, 0x2FE),
        (0x788, 0x403),
        (0x79C, -1),
    ):
        p.li("a1", value)
        p("sw", "a1", at, "a0")
    p("rdcr", "a1", "scratch")
    p("brk")
    return p


SCRIBBLED = {7: VMCS | R | W | LEAF}


def test_vmcs_that_is_written_to_meanwhile() -> None:
    """Controls count as they were at entry; of host state only bits that the machine has are loaded."""
    found = left(scribbler(), {fields.EXCEPTIONS: 1 << 2}, SCRIBBLED, engines=WAYS)
    assert (found.reason, found[fields.EXIT_EVENT]) == (exits.EXCEPTION, trap(2))
    assert found[fields.TIMER] < 50_000
    assert [found[name] for name in ("psw", "ptb", "tvec", "ie")] == [0xFF00, 0xFE, 0x400, 0xF]
