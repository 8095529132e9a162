"""The choice of guest registers to pin to host registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, islice
from threading import Lock

from ring1.dbt.machine.loading import populated
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa

MOST_WORDS = 1 << 16
MOST_CHOSEN = 8
"""Programs of which the choice is kept."""


def uses(isa: Isa, decoder: Decoder, words: Mapping[int, int]) -> Counter[int]:
    """Count how often each general register is named by instruction words, weighted by the value of each word."""
    found = Counter[int]()
    for word, times in words.items():
        decoded = decoder.decode(word)
        if decoded is not None:
            for operand in decoded.instruction.operands:
                if operand.kind == "register":
                    found[decoded.values[operand.name]] += times
    for number in isa.hardwired:
        del found[number]
    return found


def pin(isa: Isa, decoder: Decoder, image: bytes, free: Sequence[str]) -> dict[int, str]:
    """Choose the initial pinning, guest -> host register: the registers that the program's words name most often. The
    last choices are kept, as many machines may run one program."""
    key = isa.digest, image, tuple(free)
    with _lock:
        found = _chosen.get(key)
        if found is None or not isa.digest:
            found = _chosen[key] = chosen(isa, decoder, image, free)
            if len(_chosen) > MOST_CHOSEN:
                del _chosen[next(iter(_chosen))]
    return dict(found)


def chosen(isa: Isa, decoder: Decoder, image: bytes, free: Sequence[str]) -> dict[int, str]:
    words = chain.from_iterable(memoryview(part[: len(part) & ~3]).cast("I") for _, part in populated(image))
    return busiest(isa, uses(isa, decoder, Counter(islice(words, MOST_WORDS))), free)


def busiest(isa: Isa, used: Counter[int], free: Sequence[str]) -> dict[int, str]:
    """Pin the guest registers used most to the `free` host registers."""
    numbers = [n for n in range(len(isa.registers)) if n not in isa.hardwired]
    numbers.sort(key=lambda n: (-used[n], n))
    return dict(zip(numbers, free, strict=False))


# Module-level state, on purpose: it is computed once from a description and a program.
_chosen: dict[tuple[str, bytes, tuple[str, ...]], dict[int, str]] = {}
_lock = Lock()
