"""The image that reference and peer run: a harness, and programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

from ring1.dbt.fuzz import layout as own
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.listing import Lines, Listing
from ring1.dbt.fuzz.peer import layout
from ring1.dbt.fuzz.writer import EDGES
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from ring1.isa.model import Isa

HERE = Path(__file__).parent
DESCRIPTION, BOARD, HARNESS = (str(HERE / name) for name in ("qemu.isa", "qemu.board", "harness.s"))
DATA = range(32, 32 + own.WORDS)
"""Words of a beginning that are data ..."""
BEGINNING = range(1, DATA.stop + 6)
"""... and those that are used."""
Made = tuple[Facts, Lines]


@cache
def machine() -> Isa:
    """Return the machine that the peer is."""
    return load(DESCRIPTION)


@cache
def harness() -> tuple[bytes, Mapping[str, int]]:
    """Return the harness's code and symbols."""
    made = assemble(machine(), [(HARNESS, Path(HARNESS).read_text())])
    return made.image, made.symbols


def own_instructions() -> int:
    """Return how many instructions the harness executes for each round."""
    symbols = harness()[1]
    return (symbols["skip"] - symbols["next"]) // 4


@cache
def beginnings() -> bytes:
    """Return what the rounds begin with, the first one with nothing in registers: words as likely to matter as not."""
    r = Random(layout.ROUNDS)
    words = [0] * (layout.ROUNDS * layout.RECORD_SIZE // 4)
    for number in range(layout.ROUNDS):
        for at in BEGINNING if number else DATA:
            word = r.choice((r.choice(EDGES), 1 << r.randrange(32), r.getrandbits(32), r.getrandbits(32)))
            words[number * layout.RECORD_SIZE // 4 + at] = word
    return b"".join(word.to_bytes(4, "little") for word in words)


def image(programs: Sequence[Made | None]) -> bytearray:
    """Return RAM with the harness and these programs; None stands for one that is left out."""
    ram = bytearray(layout.SIZE)
    code, _ = harness()
    ram[: len(code)] = code
    ram[layout.BEGINNINGS : layout.BEGINNINGS + len(beginnings())] = beginnings()

    def put(offset: int, word: int) -> None:
        ram[offset : offset + 4] = word.to_bytes(4, "little")

    put(layout.RECORD, layout.BASE + layout.RECORDS)
    for number, made in enumerate(programs):
        if made is not None:
            content = Listing(*made).image()
            at = layout.place(number)
            ram[at : at + len(content)] = content
            put(layout.PROGRAMS + 4 * number, layout.BASE + at)
    put(layout.PROGRAMS + 4 * len(programs), layout.LAST)
    return ram
