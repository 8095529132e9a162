"""Event injection: entry delivers an event as the machine would take it, before the guest's next instruction."""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stopped, TrapInfo
from ring1.dbt.vt import exits, fields
from tests.machine.builder import Program, machine
from tests.vt.machines import bench, guest

IE, PIE, USER = 1 << 2, 1 << 5, 3
HANDLER = 0x200
NOTHING = 0x8000
"""Where zeros are."""


def handler() -> Program:
    p = Program()
    p("hlt")
    p.org(HANDLER)
    p("hlt")
    return p


@pytest.mark.parametrize("cause", sorted(cause.number for cause in machine().causes.values()))
@pytest.mark.parametrize("psw", [0, IE, IE | USER, USER])
def test_trap(cause: int, psw: int) -> None:
    with bench(handler()) as b:
        b.vmcs.write(guest("tvec"), HANDLER)
        b.vmcs.write(guest("pc"), 0x80)
        b.vmcs.write(guest("psw"), psw)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | cause)
        b.vmcs.write(fields.ENTRY_VALUE, 0xCAFE)
        b.enter()
        read = {name: b.cpu.control(name) for name in ("epc", "cause", "tval", "psw")}
        after = (PIE if psw & IE else 0) | (psw & USER) << 3
        assert read == {"epc": 0x80, "cause": cause, "tval": 0xCAFE, "psw": after}
        assert b.cpu.pc == HANDLER and b.cpu.time == 0
        assert not b.vmcs.read(fields.ENTRY_EVENT) & exits.VALID
        assert b.go().reason == exits.HLT
        assert b.vmcs.read(fields.TRAP_SHADOW) == 1


@pytest.mark.parametrize("line", range(4))
def test_interrupt(line: int) -> None:
    with bench(handler()) as b:
        b.vmcs.write(guest("tvec"), HANDLER)
        b.vmcs.write(guest("pc"), 0x80)
        b.vmcs.write(guest("psw"), IE | USER)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.INTERRUPT | line)
        b.enter()
        assert (b.cpu.control("cause"), b.cpu.control("tval"), b.cpu.pc) == (0x80000000 | line, 0, HANDLER)


def test_injected_once() -> None:
    p = Program()
    p.org(HANDLER)
    p("hlt")
    p("hlt")
    with bench(p) as b:
        b.vmcs.write(guest("tvec"), HANDLER)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | 3)
        assert b.run().reason == exits.HLT
        b.skip()
        assert b.run().reason == exits.HLT
        assert b.vmcs.read(guest("pc")) == HANDLER + 4


def test_injection_does_not_ask_the_exception_bitmap() -> None:
    with bench(handler()) as b:
        b.vmcs.write(guest("tvec"), HANDLER)
        b.vmcs.write(fields.EXCEPTIONS, 0xFFFFFFFF)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | 3)
        assert b.run().reason == exits.HLT


def test_without_a_handler() -> None:
    with bench(handler()) as b:
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | 3)
        with pytest.raises(Stopped) as stopped:
            b.enter()
        assert stopped.value.stop.reason == "trap"


@pytest.mark.parametrize("shadow", [0, 1])
def test_a_trap_upon_a_trap(shadow: int) -> None:
    """The trap shadow says that no instruction has retired since the last trap. Another one is a trap all the same."""
    with bench(handler()) as b:
        b.vmcs.write(guest("tvec"), HANDLER)
        b.vmcs.write(fields.TRAP_SHADOW, shadow)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | 3)
        assert b.run().reason == exits.HLT
        assert b.vmcs.read(guest("cause")) == 3


@pytest.mark.parametrize("shadow", [0, 1])
def test_a_trap_that_changes_nothing(shadow: int) -> None:
    """The handler is no instruction, again and again."""
    with bench(handler()) as b:
        b.vmcs.write(guest("tvec"), NOTHING)
        b.vmcs.write(fields.TRAP_SHADOW, shadow)
        b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.TRAP | exits.HAS_VALUE | 3)
        with pytest.raises(Stopped) as stopped:
            b.run()
        stop = stopped.value.stop
        assert (stop.reason, stop.trap) == ("double-fault", TrapInfo(0, 0, NOTHING))
        assert (b.cpu.control("epc"), b.cpu.control("cause")) == (NOTHING, 0)
