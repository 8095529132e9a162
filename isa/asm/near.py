"""Words that an author may have meant instead of one that means nothing here."""

from __future__ import annotations

from collections.abc import Iterable

NO_DIGITS = str.maketrans("", "", "0123456789")
SHORTEST = 3
"""Of shorter words every one is near to many."""
MOST_TOLD = 3
MOST_COMPARED = 1_000_000
"""Pairs of words."""


class Vocabulary:
    """Known words, found by nearly what they are."""

    def __init__(self, known: Iterable[str]) -> None:
        self.words: dict[tuple[int, str], list[tuple[str, str]]] = {}
        """In small letters and as they are: by length, and beginning or end, of which near words share one."""
        self.compared = 0
        for word in known:
            if plain := bare(word):
                for key in ends(plain):
                    self.words.setdefault((len(plain), key), []).append((plain, word))

    def suggestion(self, word: str) -> str:
        """What to add to a message about a word: which of the known ones differ from it in upper and lower case only,
        else in one letter (another, missing, too many, or two swapped), which is no digit. Empty if none does."""
        same, near = set(), set()
        plain = bare(word)
        for length in range(len(plain) - 1, len(plain) + 2):
            for key in ends(plain):
                others = self.words.get((length, key), ())
                self.compared += len(others)
                if self.compared > MOST_COMPARED:
                    return ""
                for other, known in others:
                    if other == plain and known != word:
                        same.add(known)
                    elif min(len(plain), length) >= SHORTEST and one_apart(plain, other):
                        near.add(known)
        found = sorted(same or near)[:MOST_TOLD]
        return f"; did you mean {' or '.join(found)}?" if found else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """See Vocabulary.suggestion."""
    return Vocabulary(known).suggestion(word)


def bare(word: str) -> str:
    return word.lower().lstrip(".")


def ends(word: str) -> tuple[str, ...]:
    """The first and the last letter."""
    return (f"{word[0]}-", f"-{word[-1]}") if word else ()


def one_apart(a: str, b: str) -> bool:
    """Does one letter make the difference, or two that are swapped?"""
    n = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    x, y = a[n:], b[n:]
    near = x[1:] in (y, y[1:]) or x == y[1:] or (x[1::-1] == y[:2] and x[2:] == y[2:])
    return near and a.translate(NO_DIGITS) != b.translate(NO_DIGITS)
