"""Pages of any size from the host's upward, with as many levels as are described."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ring1.isa.files import SHIPPED
from ring1.isa.model import Isa
from tests.machine.tables import A, V
from tests.mmu.events import (
    ALL,
    FLUSH,
    FUNCTION,
    ROOT,
    WORD,
    Event,
    Model,
    change,
    data,
    image,
    made,
    play,
    read,
    use,
    wrong,
)
from tests.mmu.test_flushes import EACH, ENGINES
from tests.mmu.variants import variant

SIZES = {
    "8 KiB": (13, (9, 10)),
    "16 KiB": (14, (8, 10)),
    "64 KiB": (16, (8, 8)),
    "256 KiB": (18, (14,)),
    "1 MiB": (20, (12,)),
    "three levels": (12, (4, 8, 8)),
    "little superpages": (12, (10, 8, 2)),
    "one level": (12, (20,)),
}
PLACE, FRAMES = 0x10000000, (0x400000, 0x800000)
FREE = 0x180000
"""Where tables other than the root begin."""
LOW = 0x200000
"""Addresses below are themselves."""


@cache
def described(directory: Path, holes: bool, page: int, levels: tuple[int, ...]) -> Isa:
    """A copy of pg32, or of pg32v, with other pages."""
    text = Path(SHIPPED, "pg32.isa").read_text()
    for before, after in (
        ("page 12;", f"page {page};"),
        ("levels 10 10;", f"levels {' '.join(map(str, levels))};"),
        ("root ptb.ROOT;", f"root ptb[31:{page}];"),
        ("PPN 31:12; }", f"PPN 31:{page}; }}"),
    ):
        assert before in text
        text = text.replace(before, after)
    return variant(text, holes, directory)


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sizes")


class Tables:
    """Maps pages, and makes the tables that lead to them."""

    def __init__(self, page: int, levels: tuple[int, ...]) -> None:
        self.page, self.levels = page, levels
        self.words: dict[int, int] = {}
        self.next = FREE

    def map(self, address: int, frame: int, depth: int = 0) -> int:
        """Have a leaf lead to a frame, `depth` levels above the last one. Where the leaf is."""
        table, shift = ROOT, 32
        for bits in self.levels[: len(self.levels) - depth]:
            shift -= bits
            at = table + 4 * (address >> shift & (1 << bits) - 1)
            if shift == self.page + sum(self.levels[len(self.levels) - depth :]):
                self.words[at] = frame | ALL
                return at
            if at not in self.words:
                self.next = -(-self.next // (1 << self.page)) * (1 << self.page)
                self.words[at] = self.next | V
                self.next += 4 << max(self.levels)
            table = self.words[at] & ~0xFFF
        raise AssertionError


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("engine", EACH)
def test_pages(engine: str, size: str, directory: Path) -> None:
    """Each part of a page is used, its entry changed and flushed, and used; A and D are the whole page's."""
    page, levels = SIZES[size]
    isa = described(directory, ENGINES[engine] == "pg32", page, levels)
    tables = Tables(page, levels)
    step = 1 << page
    for at in range(0, LOW, step):
        tables.map(at, at)
    frames = [frame + n * step for n in range(3) for frame in FRAMES]
    entries = [tables.map(PLACE + n * step, frame) for n, frame in enumerate(sorted(frames))]
    leaves = [(PLACE + n * step, step, at) for n, at in enumerate(entries)]
    if size == "little superpages":
        leaves.append((PLACE + (1 << 20), 4 * step, tables.map(PLACE + (1 << 20), 0x600000, 1)))
    words = tables.words
    routine = made(isa)[1]
    events, content = list[Event](), dict[int, int]()
    for frame in (*frames, 0x600000, 0x700000):
        for part in range(frame, frame + (4 * step if step < 1 << 16 else step), 0x1000):
            content[part + WORD] = part | 1
            for n in (0, 4):
                at = FRAMES[0] + FUNCTION + n
                content[part + FUNCTION + n] = int.from_bytes(routine[at : at + 4], "little") ^ (
                    part >> 12 if n == 0 else 0
                )
    for n, (place, length, entry) in enumerate(leaves):
        parts = sorted({0, 0x1000 % length, length // 2 & -0x1000, length - 0x1000})
        for kind in ("load", "store", "fetch", "swap", "load"):
            for part in parts:
                for ring in (0, 3):
                    events += [use(kind, place + part, ring, n + part + 5), read(entry)]
            frame = frames[n % len(frames)] if length == step else 0x700000 & -length
            events += [change(entry, frame | ALL | (A if kind == "store" else 0)), FLUSH, read(entry)]
            events += [use("load", place + part) for part in parts]
    model = Model(words | data() | content, levels=levels)
    got = play(engine, image(events, words | content, isa), isa)
    assert not wrong(events, words, got, model)
