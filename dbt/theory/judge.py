"""Judgements on outcomes, and witnesses: states that demonstrate a property of an instruction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ring1.dbt.theory.subject import Outcome, Situation, Subject
from ring1.isa.model import Isa
from ring1.isa.python import Trap
from ring1.isa.virtual import rank

ALONE = ("control", "user control", "not privileged")
"""Kinds of witness that consist of one state."""

KINDS = {
    "privileged": "traps in user mode and not in supervisor mode",
    "not privileged": "does not trap in user mode",
    "control": "changes resources of the machine or its mode without a trap",
    "mode": "two states that differ in the mode alone have different outcomes",
    "location": "two states that differ in the resources behind them alone have different outcomes",
    "time": "two states that differ in the time alone have different outcomes",
    "user control": "control-sensitive in user mode",
    "user mode": "mode-sensitive, one of the modes being the user's",
    "user location": "location-sensitive in user mode",
}
"""Kind of witness -> its meaning. Location: addresses lead to other frames with the same contents; devices and traps
differ."""


class Witness(NamedTuple):
    """One or two states (see ALONE) that demonstrate a property of an instruction, with all that is needed to check
    them."""

    kind: str
    word: int
    states: tuple[Situation, ...]
    memory: dict[int, int]
    """Physical address -> word of RAM, where it is not 0."""
    seen: dict[int, int]
    """Physical page number -> page number that the program sees, where they differ."""


class Judge:
    """Decides what an outcome, or a pair of outcomes, demonstrates."""

    def __init__(self, subject: Subject) -> None:
        isa = subject.isa
        self.subject = subject
        self.ranks = [rank(isa, mode) for mode in range(isa.mode.count)] if isa.mode else [0]
        self.supervisor = isa.mode.supervisor if isa.mode else -1
        self.user = isa.mode.user if isa.mode else -1
        self.but_mode = ~subject.mode_mask
        self.program = ~subject.machine

    def control(self, before: Situation, after: Outcome) -> bool:
        """Has the instruction changed M or R without a trap?"""
        if after.cause is not None:
            return False
        return bool(after.effects or (before.words ^ after.words) & self.subject.machine)

    def differ(self, kind: str, a: Outcome, b: Outcome) -> bool:
        """Do outcomes differ? After states that differ in the mode alone, all resources but the mode are compared;
        after others, only what is the program's."""
        if a.accesses != b.accesses or (a.cause is None) != (b.cause is None):
            return True
        if a.cause is not None:
            return False
        if kind == "mode":
            return bool((a.words ^ b.words) & self.but_mode) or a.writes != b.writes or a.effects != b.effects
        return a.completes and b.completes and (bool((a.words ^ b.words) & self.program) or a.writes != b.writes)

    def counts(self, states: Sequence[Situation], outcomes: Sequence[Outcome], entered: Collection[int]) -> bool:
        """Do these outcomes allow two modes to be compared? A trap in the less privileged one does not, unless the
        instruction is known not to trap there in other states."""
        modes = [self.subject.mode_of(state.words) for state in states]
        for mode, other, outcome in zip(modes, modes[::-1], outcomes, strict=True):
            if outcome.cause is not None and mode not in entered and self.ranks[mode] >= self.ranks[other]:
                return False
        return True

    def order(self, kind: str, states: tuple[Situation, ...]) -> tuple[Situation, ...] | None:
        """Return the states in the order of presentation, the supervisor's first; None if their modes are not those of
        the kind."""
        modes = [self.subject.mode_of(state.words) for state in states]
        if (kind.startswith("user ") or kind.endswith("privileged")) and self.user not in modes:
            return None
        if kind == "privileged" and self.supervisor not in modes:
            return None
        return states[::-1] if len(set(modes)) == 2 and modes[1] == self.supervisor else states

    def premise(self, kind: str, states: Sequence[Situation]) -> bool:
        """Do two states differ only as the kind allows? That they see the same memory is taken for granted."""
        if len(states) == 1:
            return True
        a, b = states
        if kind == "time":
            return a == b._replace(time=a.time)
        if kind.endswith("location"):
            differ = (a.words ^ b.words) & (self.program | self.subject.mode_mask)
            return not differ and a.time == b.time
        return a == b._replace(words=self.subject.in_mode(b.words, self.subject.mode_of(a.words)))

    def shows(self, kind: str, states: Sequence[Situation], outcomes: Sequence[Outcome]) -> bool:
        """Do states, in order, with these outcomes demonstrate the kind, given that its premise holds?"""
        if any(outcome.memory_trap for outcome in outcomes):
            return False
        plain = kind.removeprefix("user ")
        if plain == "control":
            return self.control(states[0], outcomes[0])
        if plain in ("mode", "location", "time"):
            return self.differ(plain, *outcomes)
        traps = [outcome.cause is not None for outcome in outcomes]
        return traps == ([False, True] if plain == "privileged" else [False])


def executed(subject: Subject, witness: Witness) -> tuple[Outcome, ...] | None:
    """Return the outcomes of a witness's states; None if the instruction at their pc is not the witness's."""
    memory = subject.memory
    kept = {at: memory.words[at >> 2] for at in witness.memory}
    for at, word in witness.memory.items():
        memory.words[at >> 2] = word
    if subject.walker is not None:
        subject.walker.flush()
    subject.seen = witness.seen
    try:
        return tuple(subject.run(state) for state in witness.states) if fetches(subject, witness) else None
    finally:
        for at, word in kept.items():
            memory.words[at >> 2] = word
        if subject.walker is not None:
            subject.walker.flush()


def fetches(subject: Subject, witness: Witness) -> bool:
    for state in witness.states:
        subject.enter(state)
        try:
            if subject.fetch(subject.pc) != witness.word:
                return False
        except Trap:
            return False
    return True


def holds(isa: Isa, witness: Witness) -> tuple[Outcome, ...] | None:
    """Replay a witness on a new machine, and return its outcomes; None if they do not demonstrate its kind."""
    subject = Subject(isa)
    try:
        outcomes = executed(subject, witness)
        judge = Judge(subject)
        if outcomes is None or not judge.premise(witness.kind, witness.states):
            return None
        return outcomes if judge.shows(witness.kind, witness.states, outcomes) else None
    finally:
        subject.close()
