"""Programs for RV32: what a description says of handlers, timer and devices, and what programs do with it."""

from __future__ import annotations

from pathlib import Path
from random import Random

from ring1.dbt.fuzz import queues
from ring1.dbt.fuzz.case import Case, case, facts, program
from ring1.dbt.fuzz.compare import Difference, Observed
from ring1.dbt.fuzz.finding import read, text
from ring1.dbt.fuzz.listing import Listing
from ring1.dbt.fuzz.machine import PLAIN
from ring1.dbt.fuzz.tables import modes

MACHINE, SUPERVISOR, USER = 3, 1, 0


def test_what_handlers_have_to_do() -> None:
    """As the manual has it: two handlers, each with registers of its own."""
    f = facts("rv32")
    [m, s] = f.handlings
    assert (m.mode, m.vector, m.epc, m.cause, m.status, m.returns.insn.name) == (
        *(MACHINE, "mtvec", "mepc", "mcause", "mstatus"),
        "mret",
    )
    assert (s.mode, s.vector, s.epc, s.cause, s.status, s.returns.insn.name) == (
        *(SUPERVISOR, "stvec", "sepc", "scause", "sstatus"),
        "sret",
    )
    assert m.previous == ("mstatus", 12, 11) and s.previous == ("mstatus", 8, 8)
    assert set(m.deciding) == set(s.deciding) == {"medeleg", "mideleg"}
    assert "mip" in m.quiets and s.quiets == ("sip",)


def test_modes_timer_and_devices() -> None:
    """Mode 2 is none; S and U need pages of their own; the timer and the power switch are devices in memory."""
    f = facts("rv32")
    assert f.modes == (USER, SUPERVISOR, MACHINE) and set(modes(f)) == {USER, SUPERVISOR}
    assert f.turning == {"satp": 1 << 31}
    assert f.deadline == (0x2004004, 0x2004000)
    assert f.devices.off is not None and f.devices.off[0].window.start == 0x100000
    assert {(each.form.insn.name, each.allows) for each in f.allowances} >= {("csrrsi", True), ("csrrci", False)}
    places = {place.address: place.width for place in f.devices.places}
    assert places[0xC000004] == 4 and places[0x10000000] == 1 and 0x100000 not in places


def test_programs_do_what_they_are_for() -> None:
    """In every mode; page faults, calls from each mode, illegal instructions, and the timer's interrupt."""
    seen, met, outcomes = set[int](), set[int](), set[str]()
    for seed in range(60):
        observed = Observed(case("rv32", Random(seed), ("kernel", "mapped", "ticking")[seed % 3]))
        seen |= {mode for _, _, _, mode in observed.observer.events}
        outcomes |= {outcome for _, _, outcome, _ in observed.observer.events}
        for look in observed.looks:
            met |= {look.state.control["mcause"], look.state.control["scause"]}
    assert seen == {USER, SUPERVISOR, MACHINE}
    assert outcomes >= {"illegal", "breakpoint", "ecall_u", "ecall_m", "load_page", "store_page"}
    assert 0x80000007 in met


def test_a_case_is_written_and_read(tmp_path: Path) -> None:
    """Where RAM begins elsewhere, too."""
    for seed in range(6):
        made, path = case("rv32", Random(seed)), tmp_path / f"{seed}.s"
        path.write_text(text(Difference(made, PLAIN, 1, ()), str(path)))
        again, _ = read(path)
        assert Listing(again.facts, again.lines).image() == Listing(made.facts, made.lines).image()


def test_programs_make_requests_of_virtio_devices() -> None:
    """Most are served, where the program goes on for long enough; some have the device need a reset, and some write
    into pages with code."""
    f, used, reset = facts("rv32"), set[str](), set[str]()
    [console, disk] = f.devices.slots
    for seed in range(60):
        slot = (console, disk)[seed % 2]
        lines = program(f, seed, [(lambda w, slot=slot: queues.request(w, slot), seed)])  # type: ignore[misc]
        observed = Observed(Case("rv32", lines, source=b"what is typed", disk=True, stops=(3000,)))
        saved = observed.looks[-1].devices["devices"][slot.name]
        used |= {slot.name} if saved["interrupt"] & 1 else set()
        reset |= {slot.name} if saved["status"] & 0x40 else set()
    assert used == reset == {console.name, disk.name}
