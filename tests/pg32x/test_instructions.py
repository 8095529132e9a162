"""VM instructions of pg32x: fields by encoding, errors, and where the current VMCS is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ring1.dbt.vt import controls, exits, fields
from tests.machine.builder import ONES, Outcome, Program, machine, run_all
from tests.pg32x.machines import (
    ENGINES,
    HERE,
    ISA,
    RAM,
    VMCS,
    WAYS,
    Host,
    Left,
    guest,
    host,
    left,
    place,
    standard,
)

OTHER, RESULTS = 0xC000, 0x20000
NO_CURRENT, NO_FIELD, READ_ONLY, BAD_CLEAR, BAD_POINTER, NOT_CLEAR, NOT_LAUNCHED = 255, 12, 13, 2, 9, 4, 5
ALL = fields.fields(machine())


class Script(Program):
    """VM instructions one after the other; what each has given goes to RESULTS: FLAGS, and a register."""

    def __init__(self, current: int | None = VMCS) -> None:
        super().__init__(ISA)
        self.count = 0
        self.li("s0", RESULTS)
        if current is not None:
            self.pointer("vmptrld", current)

    def did(self) -> None:
        self("getpsw", "a1")
        self("sw", "a1", 0, "s0")
        self("sw", "a0", 4, "s0")
        self("addi", "s0", "s0", 8)
        self.count += 1

    def pointer(self, name: str, address: int) -> None:
        self.li("a0", address)
        self(name, "a0")
        self.did()

    def read(self, encoding: int) -> None:
        self.li("a0", 0x77)
        self.li("t0", encoding)
        self("vmread", "a0", "t0")
        self.did()

    def write(self, encoding: int, value: int) -> None:
        self.li("a0", value)
        self.li("t0", encoding)
        self("vmwrite", "t0", "a0")
        self.did()

    def enter(self, name: str) -> None:
        self(name)
        self.did()

    def results(self, engines: tuple[str, ...] = ENGINES) -> tuple[list[tuple[int, int]], Outcome]:
        """FLAGS and a0 behind each instruction."""
        self.off()
        outcome = run_all(self, isa=ISA, memory=RAM, engines=engines)
        places = range(RESULTS, RESULTS + 8 * self.count, 8)
        return [(outcome.word(at) >> 8, outcome.word(at + 4)) for at in places], outcome


def flags(script: Script) -> list[int]:
    return [flag for flag, _ in script.results()[0]]


def test_what_is_written_is_read_as_wide_as_the_field() -> None:
    """Every field of docs/vt.md that pg32x has, and none that it lacks. Values of 64 bits have no high half here."""
    script = Script()
    for encoding in sorted(ALL):
        script.write(encoding, 0xA5A50000 + encoding)
        script.read(encoding)
    found = iter(script.results(("interp",))[0][1:])
    for encoding in sorted(ALL):
        (wrote, _), (read, value) = next(found), next(found)
        field = ALL[encoding]
        if encoding not in HERE:
            assert (wrote, read, value) == (NO_FIELD, NO_FIELD, 0x77)
        elif field.area == fields.EXIT:
            assert (wrote, read) == (READ_ONLY, 0)
            assert value == (READ_ONLY if encoding == fields.ERROR else 0)
        else:
            assert (wrote, read) == (0, 0)
            assert value == (0xA5A50000 + encoding) % 2 ** min(field.width, 32)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.one_of(st.integers(0, ONES), st.integers(0, 0x7FFF)), min_size=12, max_size=12))
def test_encodings_of_nothing(encodings: list[int]) -> None:
    """They change nothing but the error."""
    script = Script()
    tried = [encoding for encoding in encodings if encoding not in HERE]
    for encoding in tried:
        script.write(encoding, 1)
        script.read(encoding)
    found, outcome = script.results(("interp",))
    assert {flag for flag, _ in found[1:]} <= {NO_FIELD}
    page = outcome.memory[VMCS : VMCS + 0x1000]
    assert not any(page[: place(fields.ERROR)]) and not any(page[place(fields.ERROR) + 4 :])


def test_no_current_vmcs() -> None:
    script = Script(None)
    script.read(fields.PIN)
    script.write(fields.PIN, 1)
    script.enter("vmlaunch")
    script.enter("vmresume")
    script.pointer("vmptrld", 4)
    script.enter("invept")
    found, outcome = script.results()
    assert [flag for flag, _ in found] == [NO_CURRENT] * 5 + [0] and found[0][1] == 0x77
    assert not any(outcome.memory[0x1000:RESULTS])


@pytest.mark.parametrize("address", [1, VMCS + 4, RAM, RAM + 0x1000, 0xFFFFF000, ONES])
def test_bad_pointer(address: int) -> None:
    """The current VMCS stays so, and is told."""
    script = Script()
    script.pointer("vmptrld", address)
    script.read(fields.ERROR)
    script.pointer("vmclear", address)
    script.read(fields.ERROR)
    assert script.results()[0][1:] == [(BAD_POINTER, address), (0, BAD_POINTER), (BAD_CLEAR, address), (0, BAD_CLEAR)]


def test_each_vmcs_is_a_page_of_its_own() -> None:
    script = Script()
    script.write(fields.EXCEPTIONS, 5)
    script.pointer("vmptrld", OTHER)
    script.read(fields.EXCEPTIONS)
    script.write(fields.EXCEPTIONS, 6)
    script.pointer("vmptrld", VMCS)
    script.read(fields.EXCEPTIONS)
    script.pointer("vmclear", OTHER)
    script.read(fields.EXCEPTIONS)
    script.pointer("vmclear", VMCS)
    script.read(fields.EXCEPTIONS)
    found, outcome = script.results(WAYS)
    assert [found[n] for n in (3, 6, 8, 10)] == [(0, 0), (0, 5), (0, 5), (NO_CURRENT, 0x77)]
    assert (outcome.word(VMCS + place(fields.EXCEPTIONS)), outcome.word(OTHER + place(fields.EXCEPTIONS))) == (5, 6)


def test_launch_wants_it_clear_and_resume_launched() -> None:
    script = Script()
    script.enter("vmresume")
    script.enter("vmlaunch")  # for its controls
    script.li("t0", VMCS + 0x800)
    script.li("t1", 1)
    script("sw", "t1", 0, "t0")
    script.enter("vmlaunch")
    script.pointer("vmclear", VMCS)
    script.pointer("vmptrld", VMCS)
    script.enter("vmlaunch")
    assert flags(script)[1:] == [NOT_LAUNCHED, 7, NOT_CLEAR, 0, 0, 7]


def test_guest_that_goes_on() -> None:
    """The exit has saved where; `vmresume` goes on there, with the timer as it was."""
    p = Program(ISA)
    p("addi", "a0", "a0", 1)
    p("hlt")
    p("addi", "a0", "a0", 1)
    p("hlt")
    values = standard() | {fields.PRIMARY: controls.SECONDARY_CONTROLS | controls.HLT_EXITING}
    script = Program(ISA)
    script.li("s0", VMCS)
    script("vmptrld", "s0")
    script("vmlaunch")
    script.off(1)
    back = script.at
    script("addi", "s1", "s1", 1)
    script.li("t0", 2)
    script("beq", "s1", "t0", "end")
    script.li("t0", guest("pc"))
    script("vmread", "t1", "t0")
    script("addi", "t1", "t1", 4)
    script("vmwrite", "t0", "t1")
    script("vmresume")
    script.label("end")
    script.off(2)
    made = Host(p, values | {host("pc"): back})
    made.items = {at: item for at, item in made.items.items() if at >= 0x1000} | script.items
    made.labels = script.labels
    found = Left(run_all(made, isa=ISA, memory=RAM, engines=WAYS))
    assert (found.reason, found["a0"], found["s1"]) == (exits.HLT, RAM + 2, 2)
    assert found[fields.TIMER] == 50_000 - 2


def test_program_in_ring_3_of_root_operation() -> None:
    p = Program(ISA)
    p.li("t2", 0x100)
    p.control("tvec", 0x200)
    p("jru", "t2")
    p.org(0x100)
    p("vmptrld", "zero")
    p.org(0x200)
    p("rdcr", "a0", "cause")
    p("rdcr", "a1", "tval")
    p.off()
    found = run_all(p, isa=ISA, memory=RAM, engines=ENGINES)
    assert (found["a0"], found["a1"] >> 24, found["vmcs"]) == (1, 0xA5, 0)


def test_tagged_or_not_what_the_second_tables_say_counts_at_the_next_entry() -> None:
    """Without a tag, entry and exit flush."""
    found = left(Program(ISA), {fields.SECONDARY: controls.NESTED_PAGING, fields.VPID: 0}, {0: 0})
    assert (found.reason, found[fields.PHYSICAL]) == (exits.VIOLATION, 0)
