"""Rights, paging and roots that depend on control bits other than the processor mode, in its register and elsewhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

from ring1.isa.files import SHIPPED
from ring1.isa.model import Isa
from tests.machine.tables import G
from tests.mmu.events import (
    ALL,
    FLUSH,
    FRAMES,
    OTHER_ROOT,
    OTHER_TABLE,
    Event,
    Model,
    change,
    data,
    image,
    play,
    read,
    start,
    use,
    wrong,
)
from tests.mmu.rounds import LEAF
from tests.mmu.test_flushes import EACH, ENGINES, ONE, PAGE, TWO
from tests.mmu.variants import variant

BITS = {
    "flag": "psw.FLAGS[0]",
    "control": "more[0]",
    "computed": "gate[0]",
    "twice computed": "shown.BIT",
}
"""A control bit in the register with the mode, in one of its own, and through others that compute it."""
MORE = """
control more @12 "more";
control gate @13 = zx(more[0]);
control shown @14 { BIT 4 = gate[0]; }
"""
RULES = {
    "invalid": ("!V | W & !R", "!V | W & !R | G & BIT"),
    "leaf": ("R | W | X", "(R | W | X) & !(G & BIT)"),
    "denied": ("psw.RING == 3 & !U", "psw.RING == 3 & !U | G & BIT"),
    "fetch": ("X else", "X & !(G & BIT) else"),
    "load": ("R else", "R & !(G & BIT) else"),
    "store": ("W else", "W & !(G & BIT) else"),
    "when": ("ptb.EN", "ptb.EN & !BIT"),
}
MODAL = {
    "when mode": ("ptb.EN", "ptb.EN & psw.RING != 0"),
    "root": ("ptb.ROOT", "psw.RING == 3 ? 0x101 : ptb.ROOT"),
}


@cache
def described(directory: Path, holes: bool, before: str, after: str) -> Isa:
    """A copy of pg32, or of pg32v, with one line of its page table changed."""
    head, paging = Path(SHIPPED, "pg32.isa").read_text().split("paging when")
    assert before in paging
    text = head + MORE + "paging when" + paging.replace(before, after, 1)
    return variant(text, holes, directory)


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rights")


def toggled(random: Random, bit: str) -> list[Event]:
    """Uses of pages with G and without, the bit set and cleared between them, in both rings."""
    events = []
    for n in range(60):
        page = random.choice((ONE, TWO, PAGE, ONE + 0x1000))
        kind = random.choice(("load", "store", "fetch", "swap", "cas"))
        events.append(use(kind, page, random.choice((0, 3)), n + 1))
        if random.random() < 0.4:
            ring = 3 if bit == "flag" and random.random() < 0.3 else 0
            events.append(Event("flag" if bit == "flag" else "control", 0, random.getrandbits(1), ring))
        if random.random() < 0.1:
            events += [change(LEAF, FRAMES[n & 1] | ALL | G), FLUSH, read(LEAF)]
    return events


def turn(engine: str, rule: str) -> int:
    """The number of the bit that `make test` tries: each has a quarter of the ways and of the rules."""
    return (list(ENGINES).index(engine) + list(RULES).index(rule)) % len(BITS)


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("engine", EACH)
def test_bits_that_rights_depend_on(engine: str, rule: str, every: bool, directory: Path) -> None:
    tables = start()
    for entry in (LEAF, LEAF + 8, 0x10000C, 0x10100C):
        tables[entry] |= G
    for number, (bit, text) in enumerate(BITS.items()):
        if not every and number != turn(engine, rule):
            continue
        before, after = RULES[rule]
        isa = described(directory, ENGINES[engine] == "pg32", before, after.replace("BIT", text))
        events = toggled(Random(number), bit)
        if ENGINES[engine] == "pg32v":  # ring 3 is not allowed to
            events = [e for e in events if e.routine != "flag" or e.ring == 0]
        got = play(engine, image(events, tables, isa), isa)
        assert not wrong(events, tables, got, Model(tables | data(), rule=rule)), bit


@pytest.mark.parametrize("rule", MODAL)
@pytest.mark.parametrize("engine", EACH)
def test_paging_and_roots_that_depend_on_the_mode(engine: str, rule: str, directory: Path) -> None:
    """Ring 0 without paging, as RISC-V's machine mode; ring 3 with a root of its own."""
    isa = described(directory, ENGINES[engine] == "pg32", *MODAL[rule])
    tables = start()
    tables[OTHER_ROOT + 4] = OTHER_TABLE | 1
    events = []
    for n in range(12):
        for kind in ("load", "store", "fetch", "swap"):
            page = (ONE, TWO, PAGE)[n % 3]
            events += [use(kind, page, 3, n + 1), use(kind, page if rule == "root" else FRAMES[n % 3], 0, n + 2)]
        events += [change(OTHER_TABLE, FRAMES[n % 3] | ALL), FLUSH, read(OTHER_TABLE)]
    got = play(engine, image(events, tables, isa), isa)
    assert not wrong(events, tables, got, Model(tables | data(), rule=rule))
