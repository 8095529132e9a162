"""What the theory says of each program under each engine on each variant of PG32: as on the bare machine, or not.

Popek and Goldberg, 1974: trap-and-emulate is equivalent where every sensitive instruction is privileged (theorem 1),
the hybrid monitor where every user-sensitive one is (theorem 3). The conditions are sufficient; a program diverges that
executes an instruction for which they fail, where it is run directly.
"""

from __future__ import annotations

ALL = frozenset(("getpsw", "setpsw", "getptb", "lra", "jru"))
HOLES = {"pg32": ALL, "pg32v": frozenset[str](), "pg32h": frozenset(("jru",))}
"""Variant -> its sensitive instructions that are not privileged."""
USER_SENSITIVE = ALL - {"jru"}
"""`jru` goes to ring 3, from wherever it is: in ring 3 that is nothing."""

USES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "holes": (ALL, ALL),
    "traps": (frozenset(("jru",)), frozenset()),
    "os": (frozenset(("getpsw", "setpsw")), frozenset()),
}
"""Program -> those of ALL that it executes as a supervisor, and in user mode. Other programs: none."""


def equivalent(program: str, engine: str, isa: str) -> bool:
    """Does the program end under the engine as it does on the bare machine?"""
    supervisor, user = USES.get(program, (frozenset(), frozenset()))
    if engine == "trap":
        return not HOLES[isa] & (supervisor | user)
    if engine == "hybrid":
        return not HOLES[isa] & user & USER_SENSITIVE
    return True
