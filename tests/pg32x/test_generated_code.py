"""What has been generated for physical memory and for exits: the same again and again, so that it is not the
interpreter that does it."""

from __future__ import annotations

import pytest

from ring1.dbt.vt import controls, exits, fields
from tests.machine.builder import Outcome, Program, run_all, started
from tests.pg32x.machines import EXITED, FAILED, ISA, RAM, VMCS, WAYS, Host, guest, host, place, standard, trap
from tests.pg32x.test_exits import INSTRUCTIONS, made, primary

AGAIN, CALLS = 12, 4
"""How often a guest exits, and behind how many exits, less one, code is called."""
CODE = VMCS + place(fields.INSTRUCTION)
"""An instruction in the VMCS's page, at the word that an exit overwrites."""
HANDLER, WITHIN = 0x6000, 0x7000
"""Where the host's trap handler is, and a guest without second page tables."""
MISALIGNED = 8
ADDING = Program(ISA).encoded(0, "addi", ("a4", "a4", 1))
TIMES = primary(controls.TIME_EXITING)


class Again(Host):
    """A host that enters its guest again when it has exited."""

    times = AGAIN

    def before(self) -> None:
        self.li("s1", self.times)

    def exited(self) -> None:
        self("addi", "s1", "s1", -1)
        self("beq", "s1", "zero", "done")
        self("vmresume")
        self.off(FAILED)
        self.label("done")
        self.off(EXITED)


class Calling(Again):
    """A host that calls the code in the VMCS's page behind its last exits, makes it another instruction, and calls
    that: earlier exits are those by which it is generated what exits do."""

    def exited(self) -> None:
        self("addi", "t2", "s1", -CALLS)
        self("bge", "t2", "zero", "usual")
        self.li("t0", CODE)
        self.li("a3", ADDING)
        self("jalr", "ra", 0, "t0")
        self("sw", "a3", 0, "t0")
        self("jalr", "ra", 0, "t0")
        self.label("usual")
        super().exited()


class Often(Again):
    times = 10_000


def run(made: Host) -> Outcome:
    outcome = run_all(made, isa=ISA, memory=RAM, engines=WAYS)
    assert outcome.stop.code == EXITED
    return outcome


@pytest.mark.parametrize("at", range(len(INSTRUCTIONS)))
def test_an_exit_is_the_same_each_time(at: int) -> None:
    body, changes, reason, qualification = INSTRUCTIONS[at]
    program = made(body)
    word = int.from_bytes(program.image()[0xC:0x10], "little")
    found = run(Again(program, standard() | changes))
    told = {fields.REASON: reason, fields.QUALIFICATION: qualification, fields.INSTRUCTION: word, guest("pc"): 0xC}
    assert {field: found.word(VMCS + place(field)) for field in told} == told


def test_exits_are_taken_in_generated_code() -> None:
    """Ten thousand exits leave it less than a hundred times."""
    image = Often(made(lambda p: p("rdtime", "a2")), standard() | TIMES).image()
    with started("bare", image, isa=ISA, memory=RAM) as (vm, _):
        assert vm.run().code == EXITED
        assert vm.engine is not None and sum(vm.engine.exits().values()) < 100


def test_an_exit_withdraws_the_code_that_it_overwrites() -> None:
    """By turns the code is the instruction that has exited, which does not do so in root operation, and another."""
    program = Calling(made(lambda p: p("rdtime", "t1")), standard() | TIMES)
    program.org(CODE + 4)
    program("jalr", "zero", 0, "ra")
    found = run(program)
    assert found["a4"] == CALLS - 1 and found["t1"] > 0


def test_vmwrite_withdraws_the_code_that_it_overwrites() -> None:
    """`addi a4, a4, 1` and `addi a4, a4, 16` by turns, in a field that anything can be written to."""
    p, at = Program(ISA), VMCS + place(fields.ENTRY_VALUE)
    words = [p.encoded(0, "addi", ("a4", "a4", n)) for n in (1, 16)]
    p.li("s0", VMCS)
    p("vmptrld", "s0")
    p.li("s1", AGAIN)
    p.li("a0", fields.ENTRY_VALUE)
    p.li("a1", words[0])
    p.li("a2", words[1])
    p.li("t0", at)
    p.label("again")
    for value in ("a1", "a2"):
        p("vmwrite", "a0", value)
        p("jalr", "ra", 0, "t0")
    p("addi", "s1", "s1", -1)
    p("bne", "s1", "zero", "again")
    p.off(EXITED)
    p.org(at + 4)
    p("jalr", "zero", 0, "ra")
    assert run_all(p, isa=ISA, memory=RAM, engines=WAYS)["a4"] == AGAIN * 17


class Raising(Again):
    """A host whose guest, which has all of memory, asserts a line in the host's part of the VMCS. The host's handler
    counts in a3, and the host itself in a4."""

    def __init__(self) -> None:
        values = standard() | TIMES | {host("tvec"): HANDLER, host("psw"): 4, host("ie"): 8, guest("pc"): WITHIN}
        super().__init__(Program(ISA), values | {fields.SECONDARY: controls.TAGGED_TLB})
        self.org(WITHIN)
        self.li("a0", VMCS + place(host("ip")))
        self.li("a1", 8)
        self("sw", "a1", 0, "a0")
        self("rdtime", "a2")
        self.org(HANDLER)
        self("addi", "a3", "a3", 1)
        self("add", "a5", "a5", "a4")
        self("wrcr", "ip", "zero")
        self("rfe")

    def exited(self) -> None:
        self("addi", "a4", "a4", 1)
        self.li("t0", VMCS + place(host("ip")))
        self("sw", "zero", 0, "t0")
        self.li("t0", WITHIN)
        self.li("t1", VMCS + place(guest("pc")))
        self("sw", "t0", 0, "t1")
        super().exited()


def test_an_interrupt_that_an_exit_lets_in_comes_before_the_host_goes_on() -> None:
    found = run(Raising())
    assert (found["a3"], found["a4"], found["a5"]) == (AGAIN, AGAIN, sum(range(AGAIN)))


def test_exceptions_exit_again() -> None:
    """A trap whose value depends on a register, by the exception bitmap."""
    program = made(lambda p: p("swap", "a2", "a0", "a1"))
    found = run(Again(program, standard() | {fields.EXCEPTIONS: 1 << MISALIGNED}))
    told = (fields.REASON, fields.EXIT_EVENT, fields.EXIT_VALUE)
    assert [found.word(VMCS + place(field)) for field in told] == [exits.EXCEPTION, trap(MISALIGNED), 77]
