"""Shrinks witnesses: what can be equal in both states is made equal, what can be 0 is cleared, and pages are
dropped."""

from __future__ import annotations

from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.theory.judge import Judge, Witness, executed
from ring1.dbt.theory.setting import Placement, Setting
from ring1.dbt.theory.subject import Situation, Subject
from ring1.isa.model import WORD

ONES = (1 << WORD) - 1


class Shrinker:
    """Shrinks a witness: what can be equal in both states is made equal, what can be 0 is cleared, and pages are
    dropped."""

    def __init__(self, subject: Subject, kind: str, setting: Setting, word: int) -> None:
        self.kind = kind
        self.setting = setting
        self.word = word
        self.subject = subject
        self.judge = Judge(self.subject)
        self.mapped = list(range(len(setting.pages)))
        self.filled = list(self.mapped)
        self.placements: tuple[Placement, ...] = setting.placements

    def shrink(self, states: tuple[Situation, ...]) -> Witness | None:
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
                break  # neither state uses the other placement
            self.placements = before
        return self.made(self.states)

    def pages(self) -> None:
        """Drop pages: all but the code's, or one after the other, or else their contents."""
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
        """Shrink one register in both states."""
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

    def attempt(self, states: tuple[Situation, ...]) -> None:
        if states != self.states and self.good(states):
            self.states = states

    def good(self, states: tuple[Situation, ...]) -> bool:
        outcomes = executed(self.subject, self.made(states))
        return outcomes is not None and self.judge.shows(self.kind, states, outcomes)

    def made(self, states: tuple[Situation, ...]) -> Witness:
        """Return the witness with these states and the remaining memory."""
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


def state_pc(subject: Subject, state: Situation) -> int:
    return state.words >> WORD * subject.pc_slot & ONES
