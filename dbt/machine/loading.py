"""Loading of programs: which bytes of an image to load, and how arguments are passed.

A program takes arguments if the two instructions at its entry are followed by the word ARGUMENTS and the address of a
word. That word receives the address of argc, argv[0] ... argv[argc - 1], two null words and the strings, which are put
at the end of RAM (examples/c/rt/start.s).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

ARGUMENTS = int.from_bytes(b"argv", "little")
HEADER = 8
"""Bytes from the entry to the word ARGUMENTS."""
ALIGNMENT = 16
"""Alignment, in bytes, of the block at the end of RAM."""
PART = 1 << 14
ZEROS = bytes(PART)


def populated(image: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield address and bytes of the parts of an image that are not all zeros: RAM begins as zeros, and pages that are
    never written take no host memory."""
    for at in range(0, len(image), PART):
        part = image[at : at + PART]
        if part != ZEROS:
            yield at, part


def wanted(image: bytes, entry: int, base: int = 0) -> int | None:
    """Return the address of the word that receives the address of the arguments; None if the program, an image at
    address `base`, takes none."""
    first = entry - base + HEADER
    magic, where = (int.from_bytes(image[max(at, 0) : max(at + 4, 0)], "little") for at in (first, first + 4))
    return where if magic == ARGUMENTS and where % 4 == 0 and 0 <= where - base <= len(image) - 4 else None


def arranged(arguments: Sequence[bytes], end: int) -> bytes:
    """Return the bytes to place just below address `end` to pass these arguments."""
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
