"""VM entry: every check with a VMCS that fails it alone, hostile VMCSs, and what a failing entry leaves
alone. Beside the hostile ones there is a canary."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.machine.stop import Stopped
from ring1.dbt.vt import controls, entry, exits, fields, vmcs
from ring1.dbt.vt.entry import control
from ring1.dbt.vt.entry import host as host_error
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.vmcs import VmFail
from tests.machine.builder import Program, machine
from tests.vmm.hostile import Canary, canary
from tests.vt.machines import HOST_PC, Bench, bench, guest, host

DOCS = (Path(__file__).parents[2] / "docs" / "vt.md").read_text()
EVENT = exits.VALID | exits.TRAP | exits.HAS_VALUE
Change = Callable[[Bench], None]


def write(encoding: int, value: int) -> Change:
    return lambda b: b.vmcs.write(encoding, value)


def bits(encoding: int, *values: int) -> Change:
    return lambda b: b.set(encoding, *values)


def no(encoding: int, *values: int) -> Change:
    return lambda b: b.drop(encoding, *values)


def interrupt(b: Bench) -> None:
    b.vmcs.write(fields.ENTRY_EVENT, exits.VALID | exits.INTERRUPT | 1)


FAILING: list[tuple[int, Change]] = [
    (control(1), bits(fields.PIN, 1 << 3)),
    (control(1), bits(fields.PIN, 1 << 31)),
    (control(1), no(fields.PIN, controls.EXTERNAL_INTERRUPT_EXITING)),
    (control(2), bits(fields.PRIMARY, 1 << 0)),
    (control(2), bits(fields.PRIMARY, 1 << 30)),
    (control(3), bits(fields.SECONDARY, 1 << 0)),
    (control(3), bits(fields.SECONDARY, 1 << 31)),
    (control(4), bits(fields.ON_EXIT, 1 << 9)),
    (control(5), bits(fields.ON_ENTRY, 1 << 9)),
    (control(6), write(fields.PORTS_LOW, 0x1001)),
    (control(6), write(fields.PORTS_LOW, 1 << 40)),
    (control(6), lambda b: b.vmcs.write(fields.PORTS_HIGH, b.host.base)),  # the guest could write it
    (control(7), bits(fields.READS, 1 << 15)),
    (control(7), bits(fields.WRITES, 1 << 31)),
    (control(8), write(fields.VPID, 0)),
    (control(9), write(fields.NESTED_TABLE, 0x2004)),
    (control(9), write(fields.NESTED_TABLE, 1 << 63)),
    (control(9), lambda b: b.vmcs.write(fields.NESTED_TABLE, b.host.base)),
    (control(10), no(fields.PIN, controls.PREEMPTION_TIMER)),
    (control(11), write(fields.ENTRY_EVENT, EVENT | 10)),
    (control(11), write(fields.ENTRY_EVENT, EVENT | 4 << 8)),
    (control(11), write(fields.ENTRY_EVENT, EVENT | 1 << 30)),
    (control(11), write(fields.ENTRY_EVENT, (EVENT | 3) & ~exits.HAS_VALUE)),
    (control(11), write(fields.ENTRY_EVENT, exits.VALID | exits.INTERRUPT | 32)),
    (control(11), write(fields.ENTRY_EVENT, exits.VALID | exits.INTERRUPT | exits.HAS_VALUE)),
    (host_error(1), write(host("pc"), 2)),
    (host_error(2), write(host("psw"), 1 << 6)),
    (host_error(2), write(host("ie"), 1 << 4)),
    (host_error(3), write(host("psw"), 1)),
    (host_error(3), write(host("psw"), 3)),
    (1, write(guest("pc"), 1)),
    (1, write(guest("pc"), 0xFFFFFFFE)),
    (2, write(guest("psw"), 1 << 16)),
    (2, write(guest("ptb"), 1 << 9)),
    (2, write(guest("tvec"), 2)),
    (2, write(guest("ip"), 1)),
    (3, write(fields.TRAP_SHADOW, 2)),
    (4, interrupt),
]


def test_every_check_is_tried_and_documented() -> None:
    checks = [*entry.CONTROLS, *entry.HOST, *entry.GUEST]
    assert len({check.number for check in checks}) == len(checks)
    assert {number for number, _ in FAILING} == {check.number for check in checks}
    for check in checks:
        assert f"| {check.number:#x} | {check.text} |" in DOCS, check


@pytest.mark.parametrize("launched", [False, True], ids=["launch", "resume"])
@pytest.mark.parametrize("at", range(len(FAILING)))
def test_entry_fails_with_its_number_and_nothing_else_happens(at: int, launched: bool) -> None:
    number, change = FAILING[at]
    p = Program()
    p("hlt")
    with bench(p) as b:
        if launched:
            b.run()
        change(b)
        state, values, memory = b.state(), dict(b.vmcs.values), b.memory()
        if number & 0xFF in (vmcs.INVALID_CONTROLS, vmcs.INVALID_HOST):
            with pytest.raises(VmFail) as failed:
                b.enter()
            assert failed.value.error == number
            assert b.vmcs.values == values | {fields.ERROR: number}
            assert b.state() == state
        else:
            with pytest.raises(VmExit) as left:
                b.enter()
            assert left.value.reason == exits.INVALID_GUEST | exits.ENTRY_FAILURE
            assert b.vmcs.read(fields.REASON) == exits.INVALID_GUEST | exits.ENTRY_FAILURE
            assert b.vmcs.read(fields.QUALIFICATION) == number
            changed = {at for at, value in b.vmcs.values.items() if value != values[at]}
            assert all(b.vmcs.fields[at].area == fields.EXIT for at in changed)
            assert b.cpu.pc == HOST_PC  # as after any exit
        assert b.processor.root and b.vmcs.launched == launched
        assert b.memory() == memory


def test_the_first_failing_check_counts() -> None:
    with bench() as b:
        for at in (-1, -4, 25, 7, 1):
            FAILING[at][1](b)
            with pytest.raises((VmFail, VmExit)) as caught:
                b.enter()
            found = getattr(caught.value, "error", 0) or b.vmcs.read(fields.QUALIFICATION)
            assert found == FAILING[at][0]


def test_what_is_not_activated_is_not_checked() -> None:
    p = Program()
    p("hlt")
    with bench(p) as b:
        b.drop(fields.PRIMARY, controls.SECONDARY_CONTROLS, controls.PORT_BITMAPS)
        for at in (fields.SECONDARY, fields.PORTS_LOW, fields.PORTS_HIGH, fields.NESTED_TABLE):
            b.vmcs.write(at, (1 << 64) - 1)
        b.vmcs.write(fields.VPID, 0)
        b.vmcs.write(fields.ENTRY_EVENT, ~exits.VALID)
        assert b.run().reason == exits.HLT


def test_launch_and_resume() -> None:
    p = Program()
    p("hlt")
    with bench(p) as b:
        with pytest.raises(VmFail) as failed:
            b.processor.resume()
        assert failed.value.error == b.vmcs.read(fields.ERROR) == vmcs.NOT_LAUNCHED
        b.processor.launch()
        for instruction in (b.processor.launch, b.processor.resume):
            with pytest.raises(VmFail) as failed:
                instruction()
            assert failed.value.error == vmcs.NOT_IN_ROOT
        b.go()
        with pytest.raises(VmFail) as failed:
            b.processor.launch()
        assert failed.value.error == vmcs.NOT_CLEAR
        b.processor.resume()
        b.go()
        b.vmcs.clear()
        b.processor.launch()


def test_what_entry_and_exit_load_and_save() -> None:
    """Each register of guest and host state, and no general register."""
    p = Program()
    p("addi", "a0", "a0", 1)
    p("hlt")
    isa = machine()
    with bench(p) as b:
        at_guest = {name: 0xA5A5A5A4 & c.stored for name, c in isa.controls.items() if c.stored}
        at_guest |= {"psw": 0xA500, "ptb": 0, "pc": 0}
        at_host = {name: 0x5A5A5A58 & c.stored for name, c in isa.controls.items() if c.stored}
        at_host |= {"psw": 0x5A00, "ptb": 0, "pc": 0x5558}
        for name in at_guest:
            b.vmcs.write(guest(name), at_guest[name])
            b.vmcs.write(host(name), at_host[name])
        b.cpu.s[isa.register_numbers["a0"]] = 41
        b.enter()
        assert {name: b.cpu.s[isa.slots[name]] for name in at_guest} == at_guest
        b.go()
        assert {name: b.cpu.s[isa.slots[name]] for name in at_guest} == at_host
        assert {name: b.vmcs.read(guest(name)) for name in at_guest} == at_guest | {"pc": 4}
        assert b.cpu.s[isa.register_numbers["a0"]] == 42


ENCODINGS = sorted(fields.fields(machine()))
VALUES = st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 1, 3, 4, 0x1000, 0x2000, 0x3000, 2**32 - 4]))


def attempt(writes: list[tuple[int, int]]) -> None:
    """Enter with these fields: it fails as documented, or the guest runs, exits and stops within its machine."""
    numbers = {check.number for check in (*entry.CONTROLS, *entry.HOST, *entry.GUEST)}
    p = Program()
    p("lw", "a1", 0x40, "zero")
    p("sw", "a1", 0x44, "zero")
    p("wrcr", "ie", "a1")
    p("in", "a2", "a1")
    p("hlt")
    with bench(p) as b:
        for encoding, value in writes:
            if b.vmcs.fields[encoding].area == fields.EXIT:
                with pytest.raises(VmFail):
                    b.vmcs.write(encoding, value)
            else:
                b.vmcs.write(encoding, value)
        for _ in range(3):
            before, values = b.state(), dict(b.vmcs.values)
            memory = b.memory()
            try:
                b.enter()
                for _ in range(20):
                    b.cpu.step()
                return
            except VmFail as failed:
                assert failed.error in numbers and b.state() == before
                assert b.vmcs.values == values | {fields.ERROR: failed.error}
                assert b.memory() == memory
                return
            except Stopped:
                return
            except VmExit as cause:
                if b.processor.root:
                    assert cause.reason == exits.INVALID_GUEST | exits.ENTRY_FAILURE
                    assert cause.qualification in numbers
                    assert b.memory() == memory
                    return
                b.processor.exit(cause)
                assert cause.reason in exits.NAMES


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    """A machine in the same process, which ends as it should."""
    with canary("interp") as made:
        made.go_on()
        yield made
        assert made.go_on(1 << 20)


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(ENCODINGS), VALUES), max_size=40))
def test_random_vmcs(bird: Canary, writes: list[tuple[int, int]]) -> None:
    attempt(writes)
    bird.check()


@settings(max_examples=300)
@given(st.sampled_from(ENCODINGS), VALUES)
def test_one_hostile_field(bird: Canary, encoding: int, value: int) -> None:
    """All the others are as they should be."""
    attempt([(encoding, value)])
    bird.check()


@pytest.mark.parametrize("injected", [False, True])
def test_an_entry_that_succeeds_has_launched_whatever_comes_next(injected: bool) -> None:
    """The triple fault of the first instruction, or of the event that entry delivers, is the guest's: it is entered."""
    p = Program()
    p("brk")
    with bench(p) as b:
        if injected:
            b.vmcs.write(fields.ENTRY_EVENT, EVENT | 3)
        with pytest.raises(Stopped):
            b.enter()
            b.cpu.step()
        assert b.vmcs.launched and not b.processor.root
        b.processor.exit(VmExit(exits.TRIPLE_FAULT))
        with pytest.raises(VmFail) as failed:
            b.processor.launch()
        assert failed.value.error == vmcs.NOT_CLEAR
