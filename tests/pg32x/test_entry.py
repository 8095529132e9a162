"""VM entry on pg32x: every check of docs/vt.md, held against the model of dbt/vt, which shares nothing with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.vt import controls, entry, exits, fields
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.vmcs import VmFail
from tests.machine.builder import ONES, Program
from tests.pg32x.machines import (
    EXITED,
    FAILED,
    HERE,
    ISA,
    LAUNCHED,
    NUMBERS,
    VMCS,
    Fields,
    Host,
    guest,
    host,
    left,
    place,
)
from tests.pg32x.machines import standard as usual
from tests.vt.machines import Bench, bench
from tests.vt.test_entry import FAILING

DOCS = (Path(__file__).parents[2] / "docs" / "vt.md").read_text()
FAILURE = exits.INVALID_GUEST | exits.ENTRY_FAILURE
NOT_HERE = {entry.control(6), 3}
"""Checks of what pg32x does not have: I/O bitmaps and the trap shadow."""
EVENT, INTERRUPT = exits.VALID | exits.TRAP | exits.HAS_VALUE, exits.VALID | exits.INTERRUPT
BARE = controls.PORT_EXITING | controls.PORT_BITMAPS


def waiting() -> Program:
    p = Program(ISA)
    p("hlt")
    return p


def transferred(b: Bench) -> Fields:
    """The fields of a bench's VMCS that pg32x has, with tables and a host of its own; all ports instead of bitmaps."""
    made = {at: value if value <= ONES else 1 << 31 for at, value in b.vmcs.values.items() if at in HERE}
    ours, model = usual(), standard_of(b)
    made |= {at: ours.get(at, 0) for at in HERE if b.vmcs.values[at] == model[at] and at != fields.PRIMARY}
    if made[fields.PRIMARY] & controls.PORT_BITMAPS:
        made[fields.PRIMARY] ^= BARE
    del made[fields.ERROR]
    return {at: value for at, value in made.items() if value or at in ours}


def standard_of(b: Bench) -> Fields:
    with bench(waiting_pg32()) as fresh:
        return dict(fresh.vmcs.values)


def waiting_pg32() -> Program:
    p = Program()
    p("hlt")
    return p


def outcome(b: Bench) -> tuple[int, int]:
    """How the model fares: the number of the check that fails, and whether that is one of guest state."""
    try:
        b.enter()
    except VmFail as failed:
        return failed.error, 0
    except VmExit:
        return b.vmcs.read(fields.QUALIFICATION), 1
    return 0, 0


def test_every_check_that_is_documented_is_there() -> None:
    """The rows of the tables are the numbers tried here; those that pg32x lacks its section says."""
    rows = {int(number, 16) for number in re.findall(r"^\| (0x[0-9a-f]+) \|", DOCS, re.M)}
    assert rows == {number for number, _ in FAILING} | {5}
    section = DOCS[DOCS.index("## pg32x") :]
    for number in NOT_HERE:
        assert f"`{number:#x}`" in section


@pytest.mark.parametrize("at", [at for at, (number, _) in enumerate(FAILING) if number not in NOT_HERE])
def test_entry_fails_with_its_number_and_nothing_else_happens(at: int) -> None:
    number, change = FAILING[at]
    with bench(waiting_pg32()) as b:
        change(b)
        values = transferred(b)
        assert outcome(b)[0] == number
    found = left(waiting(), values)
    own = Host(waiting(), usual() | values).image()
    if number & 0xFF in (7, 8) and number > 0xFF:
        assert (found.code, found.error) == (FAILED, number)
        changed = {fields.ERROR}
    else:
        assert (found.code, found.reason, found[fields.QUALIFICATION]) == (EXITED, FAILURE, number)
        changed = {at for at in HERE if at >> 10 & 3 == fields.EXIT}
    assert found.outcome.word(LAUNCHED) == 0
    before = {at: int.from_bytes(own[VMCS + place(at) :][:4], "little") for at in HERE - changed}
    assert {at: found[at] for at in before} == before


def test_event_for_a_guest_without_a_handler() -> None:
    """On pg32x it fails entry, with a number of its own; in the model it is a triple fault."""
    found = left(waiting(), {fields.ENTRY_EVENT: EVENT | 3})
    assert (found.reason, found[fields.QUALIFICATION]) == (FAILURE, 5)


def test_first_check_counts() -> None:
    both = {fields.PIN: 0, fields.ON_ENTRY: 1, guest("pc"): 1}
    assert left(waiting(), both).error == entry.control(1)
    assert left(waiting(), {fields.ON_ENTRY: 1, guest("pc"): 1}).error == entry.control(5)


KINDS = [fields.PIN, fields.PRIMARY, fields.SECONDARY, fields.ON_EXIT, fields.ON_ENTRY, fields.ENTRY_EVENT, fields.VPID]
KINDS += [fields.READS, fields.WRITES, fields.NESTED_TABLE]
KINDS += [area(name) for name in ("psw", "ptb", "tvec", "epc", "ie", "ip", "pc") for area in (guest,)]
BITS = st.one_of(st.integers(0, 31).map(lambda bit: 1 << bit), st.sampled_from([0, 3, 0xB03, 0x80000001, 0x80000B02]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KINDS), BITS), min_size=1, max_size=3))
def test_as_the_model(flips: list[tuple[int, int]]) -> None:
    """Random bits of a VMCS: entry fails where the model's does, with the same number."""
    with bench(waiting_pg32()) as b:
        b.vmcs.write(guest("tvec"), 0x400)
        b.drop(fields.PRIMARY, controls.PORT_BITMAPS)
        for at, bits in flips:
            wanted = b.vmcs.values[at] ^ bits
            if at == fields.PRIMARY:
                wanted &= ~controls.PORT_BITMAPS
            b.vmcs.write(at, wanted)
        values = transferred(b)
        number, of_guest = outcome(b)
        wide = b.vmcs.values[fields.NESTED_TABLE]
    if number != entry.control(9) and wide not in (0, standard_table()):
        return  # the model's memory is larger
    found = left(waiting(), values, engines=("interp",), limit=100_000)
    if of_guest:
        assert (found.reason, found[fields.QUALIFICATION]) == (FAILURE, number)
    elif number:
        assert found.error == number
    else:
        assert found.outcome.word(LAUNCHED) == 1


def standard_table() -> int:
    with bench(waiting_pg32()) as b:
        return b.vmcs.values[fields.NESTED_TABLE]


def test_registers_are_loaded_and_saved() -> None:
    """Each register of guest and of host state, and no general one."""
    p = Program(ISA)
    p("addi", "a0", "a0", 1)
    p("hlt")
    stored = {name: c.stored for name, c in ISA.controls.items() if name in NUMBERS}
    at_guest = {name: 0xA5A5A5A4 & mask for name, mask in stored.items()} | {"psw": 0xA500, "ptb": 0, "pc": 0}
    at_host = {name: 0x5A5A5A58 & mask for name, mask in stored.items()} | {"psw": 0x5A00, "ptb": 0, "ie": 0}
    values = {guest(name): value for name, value in at_guest.items()}
    values |= {host(name): value for name, value in at_host.items()}
    values[fields.PRIMARY] = controls.SECONDARY_CONTROLS | controls.HLT_EXITING
    found = left(p, values, registers={"a0": 41})
    assert found.reason == exits.HLT and found["a0"] == 42
    assert {name: found[guest(name)] for name in at_guest} == at_guest | {"pc": 4}
    assert {name: found[name] for name in at_host} == at_host
