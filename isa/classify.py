"""Popek and Goldberg's classification of a machine's instructions, and the theorems' conditions, by analysis of the
bodies.

Terms are defined in isa/virtual.py. An instruction is analysed in each processor mode: whether it always traps there
and, if not, what it changes of M and R, what of R its outcome depends on, and in which modes it does the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from ring1.isa import semantics as s
from ring1.isa import store
from ring1.isa.derived import derived
from ring1.isa.effects import sensitive
from ring1.isa.known import Known
from ring1.isa.model import MOST_MODES, Instruction, Isa
from ring1.isa.outcome import Outcome, Target, beginning, outcomes
from ring1.isa.record import Record
from ring1.isa.shown import Shown, changes
from ring1.isa.source import Fault, IsaError, Position
from ring1.isa.virtual import compressed, kept, kernel_modes, rank

NOWHERE = -1
TIMED = frozenset(("time()", "reached()"))
"""Primitives that show the time, which is not part of the paper's state."""


class InMode(Record):
    """The analysis of an instruction in a mode in which it does not always trap."""

    control: frozenset[str]
    """Parts of M and R that it changes."""
    location: frozenset[str]
    """Parts of R that its outcome depends on."""
    time: frozenset[str]
    like: int
    """The first mode in which it has the same outcome."""
    silent: int
    """The first mode whose outcome equals this mode's without its traps; NOWHERE if there is none."""


class Class(Record):
    """The class of an instruction. `control`, `location` and `time` name what it changes or shows; all are empty for an
    innocuous one."""

    name: str
    modes: tuple[InMode | None, ...]
    """By mode; None where it always traps."""
    privileged: bool
    """It always traps in user mode, and does not always trap in supervisor mode."""
    mode: tuple[int, ...]
    """Two modes with different outcomes; if it always traps in one of them, that is not the less privileged one."""
    user: tuple[str, ...]
    """Which of "control", "mode", "location" apply to it in user mode."""

    @property
    def control(self) -> tuple[str, ...]:
        """The parts of M and R that it changes without a trap."""
        return self.everywhere("control")

    @property
    def location(self) -> tuple[str, ...]:
        """The parts of R that its outcome depends on."""
        return self.everywhere("location")

    @property
    def time(self) -> tuple[str, ...]:
        return self.everywhere("time")

    def everywhere(self, kind: str) -> tuple[str, ...]:
        return tuple(sorted(set().union(*(getattr(found, kind) for found in self.modes if found))))

    @property
    def traps(self) -> tuple[int, ...]:
        """The modes in which it always traps."""
        return tuple(mode for mode, found in enumerate(self.modes) if found is None)

    @property
    def behaviour(self) -> bool:
        return bool(self.mode or self.location)

    @property
    def sensitive(self) -> bool:
        return bool(self.control) or self.behaviour

    def shows(self, virtual: int, real: int) -> bool:
        """Can it show a guest in mode `virtual` that it runs in mode `real`, with other M and R? It cannot if it always
        traps in `real`, or does the same in both modes and in both neither depends on R nor changes M or R."""
        there, here = self.modes[real], self.modes[virtual]
        return there is not None and (here is None or here.like != there.like or self.tells(virtual, real))

    def tells(self, virtual: int, real: int) -> bool:
        """The same for a guest that notices no additional traps: where it traps in `real` alone, the monitor gains
        control and can emulate it."""
        there, here = self.modes[real], self.modes[virtual]
        if there is None:
            return False
        if here is None or here.like not in (there.like, there.silent):
            return True
        return bool(here.control or here.location or there.control or there.location)


class Verdict(Record):
    """Whether a theorem's condition holds; None if the theorem does not apply to the machine. `by` names the
    instructions that violate it or, where it holds, those that the reason is about."""

    theorem: int
    claim: str
    holds: bool | None
    reason: str
    by: tuple[str, ...]
    equivalent: bool = False
    """The condition fails, but the monitor is equivalent all the same: the violating instructions trap wherever a guest
    could tell."""
    by_mode: tuple[tuple[int, tuple[str, ...]], ...] = ()
    """For theorem 1: each mode that the guest's kernel can be put into, and the instructions that violate it there."""

    @property
    def modes(self) -> tuple[int, ...]:
        """The modes of the guest's kernel for which theorem 1 holds."""
        return tuple(mode for mode, names in self.by_mode if not names)


@derived
def classify(isa: Isa) -> dict[str, Class]:
    """Return every instruction's class by its name, which is kept on disk. Raises IsaError for a machine with too many
    modes."""
    if isa.mode and isa.mode.count > MOST_MODES:
        why = f"{isa.name} cannot be classified: it has more than {MOST_MODES} processor modes"
        raise IsaError([Fault(Position(isa.path or isa.name), why)])
    name = store.key("classes", isa.digest)
    found: dict[str, Class] | None = store.load("classes", name) if isa.digest else None
    if found is None:
        machine = kept(isa)
        found = {name: classified(isa, machine, insn) for name, insn in isa.instructions.items()}
        if isa.digest:
            store.save("classes", name, found)
    return found


def classified(isa: Isa, machine: Mapping[str, int], insn: Instruction) -> Class:
    count = isa.mode.count if isa.mode else 1
    if insn.name not in sensitive(isa):  # it does the same in all modes
        only = None if s.always_traps(insn.body) else InMode(frozenset(), frozenset(), frozenset(), 0, 0)
        return Class(insn.name, (only,) * count, False, (), ())
    each = range(count) if isa.mode else (None,)
    found = [[outcome for _, outcome in outcomes(isa, insn, mode)] for mode in each]
    modes = in_modes(isa, machine, beginning(isa, insn), found)
    if isa.mode is None:
        return Class(insn.name, tuple(modes), False, (), ())
    supervisor, lowest = isa.mode.supervisor, isa.mode.user
    pairs = differing(isa, modes)
    user = []
    at = modes[lowest]
    if at is not None:
        user = [kind for kind in ("control", "location") if getattr(at, kind)]
        user += ["mode"] if any(lowest in pair for pair in pairs) else []
    # Prefer a pair of both of the paper's modes, if these differ.
    pairs.sort(key=lambda pair: (supervisor not in pair) + (lowest not in pair))
    privileged = at is None and modes[supervisor] is not None
    ordered = tuple(kind for kind in ("control", "mode", "location") if kind in user)
    return Class(insn.name, tuple(modes), privileged, pairs[0] if pairs else (), ordered)


def in_modes(isa: Isa, machine: Mapping[str, int], known: Known, found: list[list[Outcome]]) -> list[InMode | None]:
    """Analyse an instruction in each mode, given all its outcomes there."""
    compared: list[list[Outcome]] = []
    for own in found:  # that it writes the mode itself is not a difference between modes
        targets: list[Target] = [("control", m.control, m.bits.hi, m.bits.lo)] if (m := isa.mode) else []
        compared.append([outcome.without(*targets) for outcome in own])
    modes: list[InMode | None] = []
    for own, compare in zip(found, compared, strict=True):
        if all(outcome.always_traps for outcome in own):
            modes.append(None)
            continue
        shown = set[str]().union(*(Shown(isa, machine, known, outcome).parts for outcome in own))
        control = frozenset[str]().union(*(changes(isa, machine, known, outcome) for outcome in own))
        silent = [outcome.untrapped(known) for outcome in compare]
        silently = compared.index(silent) if silent in compared else NOWHERE
        alike = compared.index(compare)
        modes.append(InMode(control, frozenset(shown - TIMED), frozenset(shown & TIMED), alike, silently))
    return modes


def differing(isa: Isa, modes: list[InMode | None]) -> list[tuple[int, int]]:
    """Return the pairs of modes with different outcomes, except where it always traps in the less privileged one."""
    found = []
    for a, one in enumerate(modes):
        for b, other in enumerate(modes[a + 1 :], a + 1):
            if one is None or other is None:
                if one is not other and rank(isa, a if one is None else b) < rank(isa, b if one is None else a):
                    found.append((a, b))
            elif one.like != other.like:
                found.append((a, b))
    return found


def holes(isa: Isa, classes: Mapping[str, Class], kernel: int) -> tuple[str, ...]:
    """Return the instructions that violate theorem 1 when the guest's kernel is put into a mode: sensitive ones that do
    not trap where they are then executed."""
    real = compressed(isa, kernel) if isa.mode else ()
    return tuple(c.name for c in classes.values() if any(c.shows(mode, real[mode]) for mode in range(len(real))))


def user_holes(classes: Mapping[str, Class]) -> tuple[str, ...]:
    """Return the instructions that violate theorem 3: user-sensitive and not privileged."""
    return tuple(c.name for c in classes.values() if c.user)


@derived
def best_mode(isa: Isa) -> int:
    """Return the mode into which a monitor puts the guest's kernel: the one with the fewest violations of theorem 1 or,
    of several, the most privileged. 0 on a machine without modes."""
    classes = classify(isa)
    return min(kernel_modes(isa), key=lambda mode: len(holes(isa, classes, mode)), default=0)


def verdicts(isa: Isa, classes: Mapping[str, Class], kernel: int | None = None) -> tuple[Verdict, Verdict, Verdict]:
    """Return the verdicts of the three theorems on the machine or, with `kernel`, on the monitor that puts the guest's
    kernel into that mode."""
    claims = (
        "a virtual machine monitor exists if every sensitive instruction is privileged",
        "the machine is recursively virtualizable if that holds and a monitor without timing dependence can be built",
        "a hybrid monitor exists if every user-sensitive instruction is privileged",
    )
    why_not = ""
    if isa.mode is None:
        why_not = f"{isa.name} has no processor mode"
    elif isa.trap is None:
        why_not = f"{isa.name} has no traps"
    if why_not:
        reason = f"{why_not}: the theorem does not speak of it"
        first, second, third = (Verdict(n, claim, None, reason, ()) for n, claim in enumerate(claims, 1))
        return first, second, third
    by_mode = {mode: holes(isa, classes, mode) for mode in kernel_modes(isa) if kernel in (None, mode)}
    good = not all(by_mode.values())
    in_the_way = min(by_mode.values(), key=len)
    open_to_user = user_holes(classes)
    clocks = tuple(c.name for c in classes.values() if c.time and not c.privileged)
    because = "sensitive and not privileged"
    real = compressed(isa, best_mode(isa) if kernel is None else kernel)
    tell = [c.name for c in classes.values() if any(c.tells(mode, real[mode]) for mode in range(len(real)))]
    tell_user = [c.name for c in classes.values() if isa.mode and c.tells(isa.mode.user, isa.mode.user)]
    if not good:
        recursive = "theorem 1 does not hold"
    elif clocks:
        recursive = (
            "a monitor can be built from traps alone; it must not use what shows the time without a trap, because "
            "in a virtual machine that is the real machine's time"
        )
    else:
        recursive = "no instruction shows the time without trapping"
    return (
        Verdict(
            1,
            claims[0],
            good,
            "every sensitive instruction is privileged" if good else because,
            in_the_way,
            not good and not tell,
            tuple(by_mode.items()),
        ),
        Verdict(2, claims[1], good, recursive, in_the_way or clocks),
        Verdict(
            3,
            claims[2],
            not open_to_user,
            f"user-{because}" if open_to_user else "every user-sensitive instruction is privileged",
            open_to_user,
            bool(open_to_user) and not tell_user,
        ),
    )
