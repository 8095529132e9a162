"""What has to be sent of a memory that goes on changing: rounds of the pages that are not as they were sent."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator

PAGE = 4096
NUMBER = struct.Struct("<I")
TOGETHER = 512
"""Pages of a message."""
LEVEL = 1


class Pages:
    """The pages of a memory, and as what each has been sent. A page that was never sent is all zeros."""

    def __init__(self, read: Callable[[int], bytes], occupied: Callable[[], Iterable[int]]) -> None:
        """`read` returns a page, `occupied` the numbers of those that may not be all zeros."""
        self.read = read
        self.occupied = occupied
        self.kept: dict[int, bytes] = {}

    def changed(self) -> Iterator[tuple[int, bytes]]:
        """Yield the pages that are not as they were sent, and take them for sent."""
        for number in sorted({*self.occupied(), *self.kept}):
            data, before = self.read(number), self.kept.get(number)
            if data != before and (before is not None or data.strip(b"\0")):
                self.kept[number] = data
                yield number, data

    def messages(self, found: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        """Yield pages in messages: how many there are in it, and the message."""
        together = list[tuple[int, bytes]]()
        for pair in found:
            together.append(pair)
            if len(together) == TOGETHER:
                yield len(together), packed(together)
                together = []
        if together:
            yield len(together), packed(together)


def packed(pages: list[tuple[int, bytes]]) -> bytes:
    numbers = b"".join(NUMBER.pack(number) for number, _ in pages)
    return NUMBER.pack(len(pages)) + numbers + zlib.compress(b"".join(data for _, data in pages), LEVEL)


def unpacked(message: bytes, most: int) -> Iterator[tuple[int, bytes]]:
    """Yield the pages of a message, whose numbers are below `most`. Raises ValueError."""
    if len(message) < NUMBER.size:
        raise ValueError("a message without pages")
    (count,) = NUMBER.unpack_from(message)
    end = NUMBER.size * (count + 1)
    if not 0 < count <= TOGETHER or len(message) < end:
        raise ValueError("a message with too many pages, or with too few")
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(message[end:], count * PAGE)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(data) != count * PAGE or unpacker.unconsumed_tail:
        raise ValueError("a message whose pages are not whole")
    for n in range(count):
        (number,) = NUMBER.unpack_from(message, NUMBER.size * (n + 1))
        if number >= most:
            raise ValueError(f"page {number} of a memory of {most}")
        yield number, data[n * PAGE : (n + 1) * PAGE]
