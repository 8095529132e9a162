"""pg32x with a host that enters a guest once, and switches off with what came of it. All that the two share is the VMCS
and the second page tables, which are put into memory as they are to be at VM entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ring1.dbt.vt import controls, exits, fields
from ring1.isa.load import load
from tests.machine.builder import ONES, Outcome, Program, machine, run_all

ISA = load("pg32x")
ENGINES = ("interp", "bt")
WAYS = ("interp", "bare", "bt", "bare/softtlb", "bt/traced")
"""Enough for most tests, and all."""
RAM = 1 << 20
VMCS, ROOT, TABLE, GUEST, ROOM = 0x8000, 0x9000, 0xA000, 0x40000, 0x40000
"""Where the VMCS is, the second page tables, and the guest's memory, with its bytes. Its page n is entry n of TABLE."""
FAILED, EXITED = 1, 2
"""Exit codes: VM entry has failed, or the guest has exited."""
R, W, X, LEAF = 1, 2, 4, 8
LAUNCHED = VMCS + 0x800
NUMBERS = fields.registers(machine())
HERE = {encoding for encoding, field in fields.fields(machine()).items()} - {
    fields.PORTS_LOW,
    fields.PORTS_HIGH,
    fields.TRAP_SHADOW,
}
"""The fields that pg32x has."""
Fields = dict[int, int]


def place(encoding: int) -> int:
    """Return where a field is in the VMCS's page."""
    return 4 * ((encoding >> 10 & 3) << 7 | (encoding >> 13 & 3) << 5 | (encoding >> 1 & 31))


def guest(name: str) -> int:
    return fields.GUEST_REGISTERS + 2 * NUMBERS[name]


def host(name: str) -> int:
    return fields.HOST_REGISTERS + 2 * NUMBERS[name]


def standard() -> Fields:
    """Return a VMCS with which entry succeeds: nothing exits but interrupts and the timer, in the far future."""
    return {
        fields.PIN: controls.EXTERNAL_INTERRUPT_EXITING | controls.PREEMPTION_TIMER,
        fields.ON_EXIT: controls.SAVE_TIMER,
        fields.PRIMARY: controls.SECONDARY_CONTROLS,
        fields.SECONDARY: controls.NESTED_PAGING | controls.TAGGED_TLB,
        fields.VPID: 1,
        fields.NESTED_TABLE: ROOT,
        fields.TIMER: 50_000,
        host("timecmp"): ONES,
        host("timecmph"): ONES,
        guest("timecmp"): ONES,
        guest("timecmph"): ONES,
    }


class Host(Program):
    """The host's program, with a guest's, at guest-physical address 0."""

    def __init__(self, guest: Program, values: Mapping[int, int], entries: Mapping[int, int] | None = None) -> None:
        """`values`: of the VMCS's fields. `entries`: those of TABLE that are not as usual."""
        super().__init__(ISA)
        self.guest = guest
        self.li("s0", VMCS)
        self("vmptrld", "s0")
        self.before()
        self("vmlaunch")
        self("getpsw", "a5")
        self.off(FAILED)
        values = {host("pc"): self.at} | dict(values)
        self.exited()
        self.org(ROOT)
        self.word(TABLE | R | W | X)
        for page in range(ROOM >> 12):
            self.org(TABLE + 4 * page)
            self.word(GUEST + (page << 12) | R | W | X | LEAF)
        for page, entry in (entries or {}).items():
            self.org(TABLE + 4 * page)
            self.word(entry)
        for encoding, value in values.items():
            self.org(VMCS + place(encoding))
            self.word(value & ONES)

    def before(self) -> None:
        """Append what is done before VM entry."""

    def exited(self) -> None:
        """Append what is done when the guest has exited."""
        self.off(EXITED)

    def image(self) -> bytes:
        return super().image().ljust(GUEST, b"\0") + self.guest.image()


class Left:
    """What has come of a host's run."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.code = outcome.stop.code

    def __getitem__(self, what: int | str) -> int:
        """A field, by encoding, or a register."""
        return self.outcome[what] if isinstance(what, str) else self.outcome.word(VMCS + place(what))

    @property
    def reason(self) -> int:
        assert self.code == EXITED, self.outcome.stop
        return self[fields.REASON]

    @property
    def error(self) -> int:
        """The number with which VM entry has failed."""
        assert self.code == FAILED, self.outcome.stop
        assert self["a5"] >> 8 == self[fields.ERROR] & 0xFF
        return self[fields.ERROR]


def left(
    program: Program, changes: Mapping[int, int] | None = None, entries: Mapping[int, int] | None = None, **options: Any
) -> Left:
    """Run a guest under all engines until it exits."""
    engines = options.pop("engines", ENGINES)
    made = Host(program, standard() | dict(changes or {}), entries)
    return Left(run_all(made, isa=ISA, memory=RAM, engines=engines, **options))


def trap(cause: int) -> int:
    """Return the event of a trap that has exited."""
    return exits.VALID | exits.HAS_VALUE | exits.TRAP | cause
