"""The classification put to the test: pairs of states, drawn at random, in which instructions are executed.

Each draw is a state S, S in another mode, S moved (the same memory as the program sees it, in other frames under other
tables, with another interrupt and trap state, other devices and another size of RAM) and S at another time. What is
claimed to exist must be found, and is shrunk to what matters; what is claimed not to exist must not be found.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from random import Random
from typing import NamedTuple

from dbt.machine.memory import MOST, PAGE
from dbt.theory.setting import LOW, Placement, Placer, Setting
from dbt.theory.subject import Outcome, State, Subject
from isa.classify import Class
from isa.codec import Decoder
from isa.model import WORD, Instruction, Isa
from isa.python import Trap

ONES = (1 << WORD) - 1
SETTINGS = 32
PLAIN = 32
"""Draws to begin with that are without paging and of the paper's two modes: witnesses are easily read then."""
PATIENCE = 20_000
"""Pairs that are tried at least before a claim that there is a witness is given up."""
WORDS = 256
"""Of an instruction, that are tried."""

KINDS = {
    "privileged": "traps in user mode and not in supervisor mode",
    "not privileged": "does not trap in a mode other than the supervisor's, or traps in the supervisor's",
    "control": "changes resources of the machine or its mode without a trap",
    "mode": "two states that differ in the mode alone have different outcomes",
    "location": "two states that differ in the resources behind them alone have different outcomes",
    "time": "two states that differ in the time alone have different outcomes",
    "user control": "control-sensitive in user mode",
    "user mode": "mode-sensitive, one of the modes being the user's",
    "user location": "location-sensitive in user mode",
}
"""Kinds of witness. Location: addresses lead to other frames with the same contents, devices and traps differ."""

PAIRS = {
    2: ((0, 1, "location"),),
    3: ((0, 1, "location"), (0, 2, "time")),
    4: ((0, 1, "mode"), (2, 3, "mode"), (0, 2, "location"), (1, 3, "location")),
    5: ((0, 1, "mode"), (2, 3, "mode"), (0, 2, "location"), (1, 3, "location"), (0, 4, "time")),
}
"""By the number of states that are drawn together (see Experiment.draw): what the pairs among them differ in."""


class Witness(NamedTuple):
    """States that show something of an instruction: two, or one for `control`. It can be checked with nothing else."""

    kind: str
    word: int
    states: tuple[State, ...]
    memory: dict[int, int]
    """Physical address -> word of RAM, where that is not 0."""
    seen: dict[int, int]
    """Physical page number -> page number that the program sees, where these differ."""


class Finding(NamedTuple):
    """What the experiment has to say of an instruction."""

    pairs: int
    """Pairs of states in which neither took a trap of the memory's."""
    witnesses: dict[str, Witness]
    claims: dict[str, bool]
    """What the analysis says of each kind of witness."""

    @property
    def disagreements(self) -> list[str]:
        return [kind for kind, claim in self.claims.items() if claim != (kind in self.witnesses)]


def claims(isa: Isa, c: Class) -> dict[str, bool]:
    """Which witnesses there should be, by the analysis."""
    made = {"control": bool(c.control), "location": bool(c.location), "time": bool(c.time)}
    if isa.mode:
        made |= {"not privileged": not c.privileged, "mode": bool(c.mode)}
        # That it is privileged nothing can show: one example, and nowhere an exception.
        made |= {"privileged": True} if c.privileged else {}
        made |= {f"user {kind}": kind in c.user for kind in ("control", "mode", "location")}
    return {kind: made[kind] for kind in KINDS if kind in made}


class Judge:
    """Says what an outcome or a pair of them shows."""

    def __init__(self, subject: Subject) -> None:
        isa = subject.isa
        self.subject = subject
        self.supervisor = isa.mode.supervisor if isa.mode else -1
        self.user = isa.mode.user if isa.mode else -1
        self.but_mode = ~subject.mode_mask
        self.program = ~subject.machine

    def control(self, before: State, after: Outcome) -> bool:
        """Has it changed M or R without a trap?"""
        if after.cause is not None:
            return False
        return bool(after.effects or (before.words ^ after.words) & self.subject.machine)

    def differ(self, kind: str, a: Outcome, b: Outcome) -> bool:
        """Do memory or registers differ? States that differ in the mode alone may differ in no resource then, the mode
        aside; of others, only the program's registers are compared."""
        mask = self.but_mode if kind == "mode" else self.program
        return bool((a.words ^ b.words) & mask) or a.writes != b.writes

    def order(self, kind: str, states: tuple[State, ...]) -> tuple[State, ...] | None:
        """States as they are told: the supervisor's first. None if their modes are not those that the kind is about."""
        modes = [self.subject.mode_of(state.words) for state in states]
        if kind.startswith("user ") and self.user not in modes:
            return None
        if kind.endswith("privileged") and (modes[0] == modes[1] or self.supervisor not in modes):
            return None
        return states[::-1] if len(set(modes)) == 2 and modes[1] == self.supervisor else states

    def premise(self, kind: str, states: Sequence[State]) -> bool:
        """Do two states differ only in what the kind is about? That they see the same memory is taken for granted."""
        if len(states) == 1:
            return True
        a, b = states
        if kind == "time":
            return a == b._replace(time=a.time)
        if kind.endswith("location"):
            differ = (a.words ^ b.words) & (self.program | self.subject.mode_mask)
            return not differ and a.time == b.time
        return a == b._replace(words=self.subject.in_mode(b.words, self.subject.mode_of(a.words)))

    def shows(self, kind: str, states: Sequence[State], outcomes: Sequence[Outcome]) -> bool:
        """Do states, in order, with these outcomes show that an instruction is of this kind, if the premise holds?"""
        if any(outcome.memory_trap for outcome in outcomes):
            return False
        plain = kind.removeprefix("user ")
        if plain == "control":
            return self.control(states[0], outcomes[0])
        if plain in ("mode", "location", "time"):
            return all(outcome.completes for outcome in outcomes) and self.differ(plain, *outcomes)
        traps = [outcome.cause is not None for outcome in outcomes]
        return (traps == [False, True]) == (plain == "privileged")


class Experiment:
    """One machine's instructions, tried out. The same seed does the same."""

    def __init__(self, isa: Isa, seed: int = 1) -> None:
        self.isa = isa
        self.seed = seed
        self.subject = Subject(isa)
        self.judge = Judge(self.subject)
        self.settings = Placer(self.subject, Random(f"settings {seed}")).settings(SETTINGS)
        self.plain = [setting for setting in self.settings if not any(setting.placements[0].entries)]
        self.decoder = Decoder(isa)

    def find(self, insn: Instruction, claims: Mapping[str, bool], pairs: int) -> Finding:
        """Try an instruction in so many pairs of states."""
        rng = Random(f"{insn.name} {self.seed}")
        words = self.words(rng, insn)
        subject, judge = self.subject, self.judge
        found: dict[str, Witness] = {}
        done = draws = 0
        wanted = sum(claims.values())
        patience = max(pairs, PATIENCE)
        while (done < pairs or (len(found) < wanted and done < patience)) and draws < patience:
            draws += 1
            settings = self.plain if draws <= PLAIN and self.plain else self.settings
            setting = settings[rng.randrange(len(settings))]
            word, offsets = words[rng.randrange(len(words))]
            states = self.draw(rng, word, offsets, setting, self.modes(rng, draws <= PLAIN))
            subject.seen = setting.seen
            outcomes = tuple(map(subject.run, states))
            for first, second, kind in PAIRS[len(states)]:
                a, b = outcomes[first], outcomes[second]
                if a.memory_trap or b.memory_trap:
                    continue
                done += 1
                pair = states[first], states[second]
                if a.completes and b.completes:
                    shown = [kind, f"user {kind}", "not privileged"] if judge.differ(kind, a, b) else ["not privileged"]
                else:
                    shown = ["privileged", "not privileged"]
                for which in shown:
                    if which in claims and which not in found:
                        self.note(found, which, setting, word, pair, (a, b))
            for state, outcome in zip(states, outcomes, strict=True):
                if judge.control(state, outcome):
                    for which in ("control", "user control"):
                        if which in claims and which not in found:
                            self.note(found, which, setting, word, (state,), (outcome,))
        return Finding(done, found, dict(claims))

    def note(
        self,
        found: dict[str, Witness],
        kind: str,
        setting: Setting,
        word: int,
        states: tuple[State, ...],
        outcomes: tuple[Outcome, ...],
    ) -> None:
        """Keep a witness, if that is what the states are."""
        order = self.judge.order(kind, states)
        if order is not None and self.judge.shows(kind, order, [outcomes[states.index(s)] for s in order]):
            witness = Shrinker(self, kind, setting, word).shrink(order)
            if witness is not None:
                found[kind] = witness

    def words(self, rng: Random, insn: Instruction) -> list[tuple[int, Sequence[int]]]:
        """Some words of an instruction, with the values of their operands that addresses may be relative to."""
        made: list[tuple[int, Sequence[int]]] = []
        signed = [operand.name for operand in insn.operands if operand.kind == "signed" and not operand.relative]
        while len(made) < WORDS:
            word = insn.match | rng.getrandbits(WORD) & ~insn.mask
            decoded = self.decoder.decode(word)
            if decoded is not None:
                made.append((word, [decoded.values[name] for name in signed]))
        return made

    def modes(self, rng: Random, plain: bool) -> Sequence[int]:
        """Two modes, if there are two: half of the time those of the paper."""
        mode = self.isa.mode
        if mode is None:
            return (0,)
        if plain or rng.random() < 0.5:
            return (mode.supervisor, mode.user)
        return rng.sample(range(mode.count), 2)

    def draw(
        self, rng: Random, word: int, offsets: Sequence[int], setting: Setting, modes: Sequence[int]
    ) -> tuple[State, ...]:
        """Put an instruction where it is seen. A state in each of the modes, these states moved, sometimes the first at
        another time."""
        subject = self.subject
        here, there = setting.placements
        count = len(self.isa.registers)
        chosen = [setting.pool[index] for index in rng.randbytes(count)]
        for offset in offsets:
            # Of half the registers the sum with the operand is a word of the pool's.
            chosen = [value - offset & ONES if n & 1 else value for n, value in enumerate(chosen)]
        address = setting.pages[0] << 12 | rng.getrandbits(12) & ~3
        for placement in setting.placements:
            subject.memory.words[placement.frames[0] << 10 | (address & PAGE - 1) >> 2] = word
        size, free = 8 * subject.size, subject.stored & ~subject.context_mask & ~subject.mode_mask
        words = int.from_bytes(struct.pack(f"<{count}I", *chosen), "little")
        words |= rng.getrandbits(size) >> count * WORD << count * WORD
        words = words & free | subject.fixed | address << WORD * subject.pc_slot
        resources = subject.machine & free
        moved = words & ~resources | rng.getrandbits(size) & resources
        port, lines, time = rng.getrandbits(WORD), rng.getrandbits(8), rng.getrandbits(rng.choice((8, 32, 63)))
        ram = LOW + rng.randrange(LOW // PAGE) * PAGE if any(here.entries) else MOST
        states = [State(subject.in_mode(words | here.words, mode), time, MOST, port, lines) for mode in modes]
        states += [
            State(subject.in_mode(moved | there.words, mode), time, ram, ~port & ONES, ~lines & 0xFF) for mode in modes
        ]
        if not time & 3:
            states.append(states[0]._replace(time=rng.getrandbits(63)))
        return tuple(states)

    @cached_property
    def scratch(self) -> Subject:
        """An empty machine, to shrink witnesses on."""
        return Subject(self.isa)

    def close(self) -> None:
        self.subject.close()
        self.scratch.close()


def executed(subject: Subject, witness: Witness) -> tuple[Outcome, ...] | None:
    """What comes of a witness's states. None if it is not the witness's instruction that they execute."""
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
    """The outcomes of a witness's states on a machine of their own; None if they do not show what they should."""
    subject = Subject(isa)
    try:
        outcomes = executed(subject, witness)
        judge = Judge(subject)
        if outcomes is None or not judge.premise(witness.kind, witness.states):
            return None
        return outcomes if judge.shows(witness.kind, witness.states, outcomes) else None
    finally:
        subject.close()


class Shrinker:
    """Makes a witness small: what can be equal in both states is, what can be 0 is, pages that can go are gone."""

    def __init__(self, experiment: Experiment, kind: str, setting: Setting, word: int) -> None:
        self.experiment = experiment
        self.kind = kind
        self.setting = setting
        self.word = word
        self.subject = experiment.scratch
        self.judge = Judge(self.subject)
        self.mapped = list(range(len(setting.pages)))
        self.filled = list(self.mapped)
        self.placements: tuple[Placement, ...] = setting.placements

    def shrink(self, states: tuple[State, ...]) -> Witness | None:
        self.states = states
        if not self.good(states):
            return None
        self.pages()
        for slot in range(len(self.subject.isa.slots)):
            self.word_of(slot)
        first = self.states[0]
        smaller = [first._replace(port=0), first._replace(lines=0), first._replace(time=0), first._replace(ram=MOST)]
        for simple, field in zip(smaller, ("port", "lines", "time", "ram"), strict=True):
            if len(self.states) == 2:
                self.attempt((self.states[0], self.states[1]._replace(**{field: getattr(self.states[0], field)})))
            self.attempt(tuple(s._replace(**{field: getattr(simple, field)}) for s in self.states))
        for placements in ((placement,) for placement in self.setting.placements):
            before, self.placements = self.placements, placements
            if self.good(self.states):
                break  # nobody uses the other
            self.placements = before
        return self.made(self.states)

    def pages(self) -> None:
        """Leave out what can be: all pages but the code's, or one after the other, or what is in them."""
        mapped, filled = self.mapped, self.filled
        self.mapped, self.filled = [0], []
        if self.good(self.states):
            return
        self.mapped, self.filled = mapped, filled
        for page in self.mapped[:0:-1]:
            for kept in (self.mapped, self.filled):
                kept.remove(page)
            if self.good(self.states):
                continue
            self.mapped.append(page)
            if not self.good(self.states):
                self.filled.append(page)
        self.filled.remove(0)
        if not self.good(self.states):
            self.filled.append(0)

    def word_of(self, slot: int) -> None:
        """Shrink one register, in both states."""
        subject = self.subject
        if slot == subject.pc_slot:
            return
        whole = ONES << WORD * slot & ~subject.mode_mask
        masks = [whole]
        name = list(subject.isa.slots)[slot]
        if name in subject.isa.controls:
            masks += [f.mask << WORD * slot & ~subject.mode_mask for f in subject.isa.controls[name].fields]
        for mask in masks:
            if len(self.states) == 2:
                a, b = self.states
                self.attempt((a, b._replace(words=b.words & ~mask | a.words & mask)))
            fixed = subject.fixed & mask
            self.attempt(tuple(s._replace(words=s.words & ~mask | fixed) for s in self.states))

    def attempt(self, states: tuple[State, ...]) -> None:
        if states != self.states and self.good(states):
            self.states = states

    def good(self, states: tuple[State, ...]) -> bool:
        outcomes = executed(self.subject, self.made(states))
        return outcomes is not None and self.judge.shows(self.kind, states, outcomes)

    def made(self, states: tuple[State, ...]) -> Witness:
        """The witness with these states and what is left of memory."""
        setting = self.setting
        memory: dict[int, int] = {}
        seen: dict[int, int] = {}
        at = setting.pages[0] << 12 | state_pc(self.subject, states[0]) & PAGE - 1
        for placement in self.placements:
            for page in self.mapped:
                frame = placement.frames[page]
                memory |= dict(placement.entries[page])
                if frame != setting.pages[page]:
                    seen[frame] = setting.pages[page]
                if page in self.filled:
                    data = memoryview(setting.contents[page]).cast("I")
                    memory |= {frame * PAGE + 4 * n: word for n, word in enumerate(data) if word}
            memory[placement.frames[0] * PAGE | at & PAGE - 1] = self.word
        return Witness(self.kind, self.word, states, memory, seen)


def state_pc(subject: Subject, state: State) -> int:
    return state.words >> WORD * subject.pc_slot & ONES


def findings(
    isa: Isa, classes: Iterable[Class], pairs: int, seed: int, tell: Callable[[str], None] = lambda name: None
) -> dict[str, Finding]:
    """What the experiment says of each of these instructions."""
    experiment = Experiment(isa, seed)
    made = {}
    try:
        for c in classes:
            tell(c.name)
            made[c.name] = experiment.find(isa.instructions[c.name], claims(isa, c), pairs)
    finally:
        experiment.close()
    return made
