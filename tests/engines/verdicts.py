"""The table of verdicts: what each program is under each engine on each variant of PG32, beside the bare machine.

A column is a rule by which the theory decides, of what a program uses and what is a hole on the variant. Popek and
Goldberg, 1974: trap-and-emulate is equivalent where every sensitive instruction is privileged (theorem 1), the hybrid
monitor where every user-sensitive one is (theorem 3). The conditions are sufficient; a program diverges that executes
an instruction for which they fail, where it is run directly.
"""

from __future__ import annotations

from collections.abc import Callable

from ring1.isa.record import Record

EQUAL, DIVERGES, REFUSED = "equal", "diverges", "refused"
"""EQUAL: in everything; if the engine needs a build of the guest for itself, in console output, disk and exit code."""

ALL = frozenset(("getpsw", "setpsw", "getptb", "lra", "jru"))
HOLES = {"pg32": ALL, "pg32v": frozenset[str](), "pg32h": frozenset(("jru",))}
"""Variant -> its sensitive instructions that are not privileged."""
USER_SENSITIVE = ALL - {"jru"}
"""`jru` goes to ring 3, from wherever it is: in ring 3 that is nothing."""
SHOWN_TO_USERS = USER_SENSITIVE - {"setpsw"}
"""`setpsw` does more in ring 0, and is sensitive for that; in ring 3 it does what it should."""


class Uses(Record):
    """Those of ALL that a program executes as a supervisor and in user mode; whether it can be built for para."""

    supervisor: frozenset[str] = frozenset()
    user: frozenset[str] = frozenset()
    paravirtual: bool = False


ROWS = {
    "holes": Uses(ALL, ALL),
    "traps": Uses(frozenset(("jru",))),
    "os": Uses(frozenset(("getpsw", "setpsw")), paravirtual=True),
}
"""Programs that use something. Others: nothing."""

Rule = Callable[[Uses, frozenset[str]], str]
"""What a program uses, holes -> verdict."""


def always(uses: Uses, holes: frozenset[str]) -> str:
    return EQUAL


def without_holes(uses: Uses, holes: frozenset[str]) -> str:
    return DIVERGES if holes & (uses.supervisor | uses.user) else EQUAL


def without_user_holes(uses: Uses, holes: frozenset[str]) -> str:
    return DIVERGES if holes & uses.user & SHOWN_TO_USERS else EQUAL


def if_built_for_it(uses: Uses, holes: frozenset[str]) -> str:
    return EQUAL if uses.paravirtual else REFUSED


COLUMNS: dict[str, Rule] = {
    "interp": always,
    "bare": always,
    "bt": always,
    "trap": without_holes,
    "hybrid": without_user_holes,
    "para": if_built_for_it,
    "hw": always,
    "kvm": always,
}
"""Engine -> its rule."""


def verdict(program: str, engine: str, isa: str) -> str:
    """The cell of a program, an engine and a variant."""
    return COLUMNS[engine](ROWS.get(program, Uses()), HOLES[isa])
