"""The experimental test of the classification: instructions are executed in pairs of states drawn at random.

Each draw is a state S, S in another mode, S moved (the same memory as the program sees it, in other frames under other
tables, with other interrupt and trap state, other devices and another size of RAM) and S at another time. A witness
that is claimed to exist must be found, and is shrunk to what matters; one that is claimed not to exist must not be
found. Outcomes are compared as ring1.isa.virtual defines.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from random import Random
from typing import NamedTuple

from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.theory.hints import Hints, hints, word_with
from ring1.dbt.theory.judge import KINDS, Judge, Witness
from ring1.dbt.theory.setting import LOW, Placer, Setting, Unplaceable
from ring1.dbt.theory.shrink import Shrinker
from ring1.dbt.theory.subject import Outcome, Situation, Subject
from ring1.dbt.theory.ways import MOST as MOST_WAYS
from ring1.dbt.theory.ways import Access, Way, computed, drawn, solved, through, ways
from ring1.isa import semantics as s
from ring1.isa.classify import Class
from ring1.isa.codec import Decoder
from ring1.isa.model import WORD, Instruction, Isa
from ring1.isa.outcome import aligned

ONES = (1 << WORD) - 1
SETTINGS = 32
PLAIN = 32
"""The first draws are without paging and between the paper's two modes, which makes their witnesses easy to read."""
PATIENCE = 20_000
"""The least number of pairs tried before the search for a claimed witness is abandoned, for each ..."""
OUTCOMES = 10
"""... so many outcomes of an instruction: there is one for each control register that it may name."""
CANDIDATES = 8
"""The number of addresses examined for one with a certain word."""
FRESH = 256
"""The number of draws after which new words and ways are chosen."""
WORDS = 256
"""The most words of an instruction that are tried."""
PAIRS = {
    2: ((0, 1, "location"),),
    3: ((0, 1, "location"), (0, 2, "time")),
    4: ((0, 1, "mode"), (2, 3, "mode"), (0, 2, "location"), (1, 3, "location")),
    5: ((0, 1, "mode"), (2, 3, "mode"), (0, 2, "location"), (1, 3, "location"), (0, 4, "time")),
}
"""Number of states drawn together (see Experiment.draw) -> pairs of them, and what each pair differs in."""


class Finding(NamedTuple):
    """The result of the experiment for an instruction."""

    pairs: int
    """Number of pairs of states without a memory trap."""
    witnesses: dict[str, Witness]
    claims: dict[str, bool]
    """Kind of witness -> does it exist according to the analysis?"""
    entered: frozenset[int]
    """The modes in which it was observed not to trap."""
    open: frozenset[int]
    """The modes in which it does not always trap according to the analysis."""

    @property
    def disagreements(self) -> list[str]:
        """Kinds of witness that only one of analysis and experiment has, and modes in which it always traps by only one
        of them."""
        kinds = [kind for kind, claim in self.claims.items() if claim != (kind in self.witnesses)]
        return kinds + [f"always traps in mode {mode}" for mode in sorted(self.entered ^ self.open)]


def claims(isa: Isa, c: Class) -> dict[str, bool]:
    """Return the kinds of witness, and whether the analysis claims that they exist."""
    made = {"control": bool(c.control), "location": bool(c.location), "time": bool(c.time)}
    if isa.mode:
        made |= {"not privileged": c.modes[isa.mode.user] is not None, "mode": bool(c.mode)}
        # That an instruction is privileged cannot be proved by example: one example is required, and no exception.
        made |= {"privileged": True} if c.privileged else {}
        made |= {f"user {kind}": kind in c.user for kind in ("control", "mode", "location")}
    return {kind: made[kind] for kind in KINDS if kind in made}


class Experiment:
    """The experiment on one machine's instructions, reproducible by its seed."""

    def __init__(self, isa: Isa, seed: int = 1, patience: int = PATIENCE) -> None:
        """Raises Unplaceable if there is nowhere to put code, as where paging is always on and pages have another size
        than here."""
        self.isa = isa
        self.seed = seed
        self.patience = patience
        self.subject = Subject(isa)
        self.judge = Judge(self.subject)
        self.hints = {name: hints(isa, insn) for name, insn in isa.instructions.items()}
        memory = sorted({n for told in self.hints.values() for n in told.memory})
        constants = sorted({n for told in self.hints.values() for n in told.registers})
        constants += memory * (1 + len(constants) // max(1, len(memory)))
        self.settings = Placer(self.subject, Random(f"settings {seed}"), constants).settings(SETTINGS)
        if not self.settings:
            self.subject.close()
            raise Unplaceable(f"no page was found from which {isa.name} would fetch")
        self.plain = [setting for setting in self.settings if not any(setting.placements[0].entries)]
        self.decoder = Decoder(isa)
        self.low = ~3 if aligned(isa) else -1
        """Mask of the bits of pc that may be set."""

    def find(self, insn: Instruction, claims: Mapping[str, bool], pairs: int, open: Collection[int] = ()) -> Finding:
        """Try an instruction in `pairs` pairs of states. `open`: the modes in which it is claimed not to trap
        always."""
        rng = Random(f"{insn.name} {self.seed}")
        told = self.hints[insn.name]
        words = self.words(rng, insn, told)
        subject, judge = self.subject, self.judge
        found: dict[str, Witness] = {}
        entered: set[int] = set()
        done = draws = 0
        wanted = sum(claims.values())
        patience = max(pairs, self.patience * max(1, len(through(self.isa, insn.name).outcomes) // OUTCOMES))
        searching = True
        while (done < pairs or (searching and done < patience)) and draws < patience:
            if draws and draws % FRESH == 0:
                words = self.words(rng, insn, told, MOST_WAYS * (1 + draws // FRESH))
            draws += 1
            settings = self.plain if draws <= PLAIN and self.plain else self.settings
            word, way = words[rng.randrange(len(words))]
            setting = self.fitting(rng, settings, way)
            states = self.draw(rng, word, way, setting, self.modes(rng, draws <= PLAIN), told)
            subject.seen = setting.seen
            outcomes = tuple(map(subject.run, states))
            for state, outcome in zip(states, outcomes, strict=True):
                shown = []
                if outcome.cause is None:
                    entered.add(subject.mode_of(state.words))
                    shown.append("not privileged")
                if judge.control(state, outcome):
                    shown += ["control", "user control"]
                for which in shown:
                    if which in claims and which not in found:
                        self.note(found, which, setting, word, (state,), (outcome,))
            for first, second, kind in PAIRS[len(states)]:
                a, b = outcomes[first], outcomes[second]
                if a.memory_trap or b.memory_trap:
                    continue
                done += 1
                pair = states[first], states[second]
                shown = []
                if judge.differ(kind, a, b) and (kind != "mode" or judge.counts(pair, (a, b), entered)):
                    shown += [kind, f"user {kind}"]
                if (a.cause is None) != (b.cause is None):
                    shown.append("privileged")
                for which in shown:
                    if which in claims and which not in found:
                        self.note(found, which, setting, word, pair, (a, b))
            searching = len(found) < wanted or len(entered) < len(open)
        return Finding(done, found, dict(claims), frozenset(entered), frozenset(open))

    def note(
        self,
        found: dict[str, Witness],
        kind: str,
        setting: Setting,
        word: int,
        states: tuple[Situation, ...],
        outcomes: tuple[Outcome, ...],
    ) -> None:
        """Keep a witness if the states are one."""
        order = self.judge.order(kind, states)
        if order is not None and self.judge.shows(kind, order, [outcomes[states.index(s)] for s in order]):
            witness = Shrinker(self.scratch, kind, setting, word).shrink(order)
            if witness is not None:
                found[kind] = witness

    def words(
        self, rng: Random, insn: Instruction, told: Hints, count: int = MOST_WAYS
    ) -> list[tuple[int, Way | None]]:
        """Return words of an instruction. If there are ways through it, three words in four are for one of the last
        MOST_WAYS of the first `count` ways."""
        known = ways(self.isa, insn, count)[-MOST_WAYS:]
        made: list[tuple[int, Way | None]] = []
        while len(made) < WORDS:
            if known and len(made) % 4:
                way = rng.choice(known)
                made.append((way.word, way))
                continue
            word = insn.match | rng.getrandbits(8 * insn.size) & ~insn.mask
            decoded = self.decoder.decode(word)
            if decoded is not None and decoded.instruction is not insn:
                continue
            if decoded is not None and told.operands and len(made) & 4:
                word = word_with(rng, insn, word, dict(decoded.values), told.operands)
            if decoded is not None:
                made.append((word, None))
        return made

    def fitting(self, rng: Random, settings: Sequence[Setting], way: Way | None) -> Setting:
        """Return a setting in which a way can be taken, as far as paging matters for that and one is found."""
        setting = settings[rng.randrange(len(settings))]
        if way is not None and way.fields[0] & self.subject.context_mask:
            mask, words = way.fields[0] & self.subject.context_mask, way.fields[1]
            fit = [each for each in settings if not (each.placements[0].words ^ words) & mask]
            return fit[rng.randrange(len(fit))] if fit else setting
        return setting

    def modes(self, rng: Random, plain: bool) -> Sequence[int]:
        """Return two modes if there are two, half of the time the paper's."""
        mode = self.isa.mode
        if mode is None:
            return (0,)
        if plain or rng.random() < 0.5:
            return (mode.supervisor, mode.user)
        return rng.sample(range(mode.count), 2)

    def draw(
        self, rng: Random, word: int, way: Way | None, setting: Setting, modes: Sequence[int], told: Hints
    ) -> tuple[Situation, ...]:
        """Place an instruction in memory, and draw the states: one in each of the modes, these states moved and,
        sometimes, the first at another time."""
        subject = self.subject
        here, there = setting.placements
        address = setting.pages[0] << 12 | rng.getrandbits(12) & self.low
        for placement in setting.placements:
            subject.memory.words[placement.frames[0] << 10 | (address & PAGE - 1) >> 2] = word
        size, free = 8 * subject.size, subject.stored & ~subject.context_mask & ~subject.mode_mask
        resources, words = subject.machine & free, rng.getrandbits(size) & free
        moved = words & ~resources | rng.getrandbits(size) & resources
        asked = [told.fields[rng.randrange(len(told.fields))]] if told.fields and rng.random() < 0.6 else []
        if way is not None and way.fields[0]:
            asked.append(way.fields)
        for mask, value in asked:
            words = words & ~(mask & free) | value & free & mask
            moved = moved & ~(mask & free & ~resources) | value & free & ~resources & mask
        registers = self.registers(rng, way, setting, told, words | here.words, address)
        general = int.from_bytes(struct.pack(f"<{len(registers)}I", *registers), "little") & free
        general |= subject.fixed | address << WORD * subject.pc_slot
        below = (1 << len(registers) * WORD) - 1
        words, moved = words & ~below | general, moved & ~below | general
        port, lines, time = rng.getrandbits(WORD), rng.getrandbits(8), rng.getrandbits(rng.choice((8, 32, 63)))
        ram = LOW + rng.randrange(LOW // PAGE) * PAGE if any(here.entries) or time & 4 else MOST
        states = [Situation(subject.in_mode(words | here.words, mode), time, MOST, port, lines) for mode in modes]
        states += [
            Situation(subject.in_mode(moved | there.words, mode), time, ram, ~port & ONES, ~lines & 0xFF)
            for mode in modes
        ]
        if not time & 3:
            states.append(states[0]._replace(time=rng.getrandbits(63)))
        return tuple(states)

    def registers(self, rng: Random, way: Way | None, setting: Setting, told: Hints, words: int, pc: int) -> list[int]:
        """Draw values for the general registers; with a way, those that it requires, and addresses of what it
        accesses."""
        chosen = [setting.pool[index] for index in rng.randbytes(len(self.isa.registers))]
        if told.registers and rng.random() < 0.5:
            value = told.registers[rng.randrange(len(told.registers))]
            chosen = [value if rng.random() < 0.3 else other for other in chosen]
        if way is None:
            return chosen
        for number, asked in way.registers:
            chosen[number] = drawn(rng, asked)
        for number, value in self.isa.hardwired.items():
            chosen[number] = value
        if not way.accesses or rng.random() < 0.2:
            return chosen
        access, asked_of = rng.choice(way.accesses), dict(way.registers)
        fixed = {*self.isa.hardwired, *(n for n, asked in asked_of.items() if asked.exact is not None)}
        within = {n.index for n in s.walk(access.address) if isinstance(n, s.Register)}
        numbers = {way.values[index] if isinstance(index, str) else index for index in within} - fixed
        if numbers:
            number, target = rng.choice(sorted(numbers)), self.target(rng, setting, access)

            def made(values: Sequence[int]) -> int | None:
                return computed(access.address, way, self.isa, values, words, pc)

            found = solved(made, chosen, number, target)
            if found is not None and (number not in asked_of or asked_of[number].has(found[number])):
                return found
        return chosen

    def target(self, rng: Random, setting: Setting, access: Access) -> int:
        """Draw an address for an access, with the word that is required there if one is found soon."""
        target = 0
        for _ in range(CANDIDATES):
            target = setting.places[rng.randrange(len(setting.places))]
            data, at = setting.contents[setting.pages.index(target >> 12)], target & PAGE - 1
            if access.value is None or access.value.has(
                int.from_bytes(data[at : at + access.value.width // 8], "little")
            ):
                break
        return target

    @cached_property
    def scratch(self) -> Subject:
        """Return an empty machine to shrink witnesses on."""
        return Subject(self.isa)

    def close(self) -> None:
        self.subject.close()
        self.scratch.close()


def findings(
    isa: Isa,
    classes: Iterable[Class],
    pairs: int,
    seed: int,
    tell: Callable[[str], None] = lambda name: None,
    patience: int = PATIENCE,
) -> dict[str, Finding]:
    """Run the experiment on each of these instructions. Raises Unplaceable (see Experiment)."""
    experiment = Experiment(isa, seed, patience)
    made = {}
    try:
        for c in classes:
            tell(c.name)
            open = [mode for mode, found in enumerate(c.modes) if found is not None]
            made[c.name] = experiment.find(isa.instructions[c.name], claims(isa, c), pairs, open)
    finally:
        experiment.close()
    return made
