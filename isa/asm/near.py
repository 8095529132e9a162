"""Spelling suggestions for unknown words."""

from __future__ import annotations

from collections.abc import Iterable

NO_DIGITS = str.maketrans("", "", "0123456789")
SHORTEST = 3
"""Shorter words get no suggestions: each is near to many."""
MOST_TOLD = 3
MOST_COMPARED = 1_000_000
"""The most pairs of words to compare."""


class Vocabulary:
    """A set of known words with approximate look-up."""

    def __init__(self, known: Iterable[str]) -> None:
        self.words: dict[tuple[int, str], list[tuple[str, str]]] = {}
        """Words in lower case and as they are, by length and first or last letter, one of which near words share."""
        self.compared = 0
        for word in known:
            if plain := bare(word):
                for key in ends(plain):
                    self.words.setdefault((len(plain), key), []).append((plain, word))

    def suggestion(self, word: str) -> str:
        """Return the suffix for a message about an unknown word: the known words that differ from it only in case, or
        else in one letter that is not a digit (replaced, missing, added, or two swapped). Empty if there are none."""
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
    """Return the first and the last letter."""
    return (f"{word[0]}-", f"-{word[-1]}") if word else ()


def one_apart(a: str, b: str) -> bool:
    """Do two words differ in one letter, or in two adjacent ones swapped?"""
    n = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    x, y = a[n:], b[n:]
    near = x[1:] in (y, y[1:]) or x == y[1:] or (x[1::-1] == y[:2] and x[2:] == y[2:])
    return near and a.translate(NO_DIGITS) != b.translate(NO_DIGITS)
