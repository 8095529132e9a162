"""Words that may have been meant: as a model says that spells out every word that is near."""

from __future__ import annotations

from itertools import product
from string import ascii_lowercase

from ring1.isa.asm.near import Vocabulary, suggestion


def around(word: str) -> set[str]:
    """Every word that one letter more, less or another makes of it, or two that change places."""
    found = set()
    for n in range(len(word) + 1):
        found |= {word[:n] + c + word[n:] for c in ascii_lowercase}
        if n < len(word):
            found |= {word[:n] + c + word[n + 1 :] for c in (*ascii_lowercase, "")}
        if n + 1 < len(word):
            found.add(word[:n] + word[n + 1] + word[n] + word[n + 2 :])
    return found - {word}


def test_words_one_letter_apart() -> None:
    words = [
        "".join(letters) for length in (2, 3, 4) for letters in product("abc" if length < 4 else "ab", repeat=length)
    ]
    for known in words:
        vocabulary = Vocabulary([known])
        for word in words:
            near = word in around(known) and min(len(word), len(known)) > 2
            assert vocabulary.suggestion(word) == (f"; did you mean {known}?" if near else ""), (word, known)


def test_capitals_come_first_and_digits_do_not_count() -> None:
    assert suggestion("LI", ["li", "la", "lui"]) == "; did you mean li?"
    assert suggestion("Loop", ["loop", "loops", "look"]) == "; did you mean loop?"
    assert suggestion("loop", ["loop"]) == ""
    assert suggestion("x16", ["x1", "x6", "x15"]) == suggestion("part1", ["part2"]) == ""
    assert suggestion(".wrod", [".word", "sword"]) == "; did you mean .word?"
    assert suggestion("mesage", ["massage", "message", "mirage"]) == "; did you mean message?"
    assert suggestion("cat", ["bat", "eat", "hat", "rat"]) == "; did you mean bat or eat or hat?"
    for word in ("", ".", "x", "\u0130", "a" * 100_000):
        suggestion(word, ["", ".", "x", "i", "a" * 100_001])
