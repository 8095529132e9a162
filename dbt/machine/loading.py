"""What a loader knows of programs: which bytes of an image there are to load, and how arguments are handed over.

A program takes arguments if the two instructions at its entry are followed by the word ARGUMENTS and the address of a
word. That word is given the address of argc, argv[0] ... argv[argc - 1], two null words and the strings, which are put
at the end of RAM (examples/c/rt/start.s).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

ARGUMENTS = int.from_bytes(b"argv", "little")
HEADER = 8
"""Bytes from the entry to the word ARGUMENTS."""
ALIGNMENT = 16
"""Of what is put at the end of RAM, in bytes."""
PART = 1 << 14
ZEROS = bytes(PART)


def populated(image: bytes) -> Iterator[tuple[int, bytes]]:
    """The parts of an image that are not zeros, each with its address: RAM is zero to begin with, and a page of it that
    nobody stores to costs nothing."""
    for at in range(0, len(image), PART):
        part = image[at : at + PART]
        if part != ZEROS:
            yield at, part


def wanted(image: bytes, entry: int) -> int | None:
    """The address of the word that is to hold the address of the arguments; None if a program takes none."""
    magic, where = (int.from_bytes(image[at : at + 4], "little") for at in (entry + HEADER, entry + HEADER + 4))
    return where if magic == ARGUMENTS and where % 4 == 0 and where + 4 <= len(image) else None


def arranged(arguments: Sequence[bytes], end: int) -> bytes:
    """What is put in front of address `end` to hand over these arguments."""
    strings = b"".join(argument + b"\0" for argument in arguments)
    pointers = 4 * (len(arguments) + 3)
    size = pointers + len(strings)
    size += -size % ALIGNMENT
    words = [len(arguments)]
    at = end - size + pointers
    for argument in arguments:
        words.append(at % (1 << 32))
        at += len(argument) + 1
    words += [0, 0]
    return (b"".join(word.to_bytes(4, "little") for word in words) + strings).ljust(size, b"\0")
