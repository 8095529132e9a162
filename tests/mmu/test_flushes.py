"""What pages show behind a flush, whoever changed their entries, and how: under every engine and way to translate."""

from __future__ import annotations

from random import Random

import pytest

from ring1.dbt.mmu.choice import Limits, Mmu
from ring1.isa.record import replace
from tests.machine.builder import HERE, machine
from tests.machine.tables import A, D, R, V, W
from tests.mmu.events import (
    ALL,
    FLUSH,
    FRAMES,
    OTHER_ROOT,
    OTHER_TABLE,
    Event,
    Log,
    change,
    image,
    play,
    read,
    space,
    start,
    use,
    wrong,
)
from tests.mmu.rounds import BESIDE, LEAF, SUPER, programs
from tests.ways import ENOUGH, UNMODIFIED, swept

ENGINES = {
    f"{engine}{technique}{how}": isa
    for engine, isa in {name: "pg32v" if name in ("trap", "hybrid") else "pg32" for name in UNMODIFIED}.items()
    for technique in ("", "/softtlb")
    for how in ("", "/traced")
    if engine not in ("interp", "kvm") or (not technique and (engine == "kvm" or not how))
}
"""Every engine in every way, and the machine that it is equivalent on."""
EACH = swept(ENGINES)
PLACES = [
    pytest.param(engine, isa, marks=() if engine in ENOUGH and isa == ENGINES[engine] else pytest.mark.soak)
    for engine in ENGINES
    for isa in sorted({ENGINES[engine], "pg32v"})
]
"""The same with the machines that they are run on: the one that they are equivalent on, and pg32v, which all are."""
ONE, TWO, PAGE, ITSELF = 0x400000, 0x800000, 0xC00000, 0x1403000
"""Two pages by LEAF; two by SUPER: a superpage, and as a page by way of the root as a table."""


def check(engine: str, isa: str, events: list[Event], hot: bool = False, uses: int = 1 << 16) -> None:
    """Run them. `uses`: of entries, before everything is forgotten."""
    options, there = replace(HERE, mmu=Mmu(limits=Limits(uses=uses))), machine(isa)
    assert not wrong(events, start(), play(engine, image(events, start(), there), there, hot, options))


def renewed(entry: int, value: int, *between: Event) -> list[Event]:
    """The entry becomes something else, is used before the flush, and flushed."""
    return [change(entry, value), *between, FLUSH, read(entry)]


@pytest.mark.parametrize("ring", [0, 3])
@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_another_view_of_an_entry_that_was_marked_before_the_flush(engine: str, isa: str, ring: int) -> None:
    """The machine sets A or D in a changed entry, by one page that it maps; behind the flush the other is new too."""
    events = []
    for n, kind in enumerate(("load", "store", "swap", "cas", "fetch", "store")):
        how = ("store", "swap", "halves")[n % 3]
        for old, other, entry, frames in ((ONE, TWO, LEAF, FRAMES[:2]), (PAGE, ITSELF, SUPER, FRAMES[4:6])):
            events += [use("store", old, ring, n + 1), use("load", other, ring)]
            new = change(entry, frames[~n & 1] | ALL | (A if kind == "store" else 0), how)
            events += [new, use(kind, other, ring, n + 2, loose=True), FLUSH, read(entry)]
            events += [use("load", old, ring), read(entry), use("store", old, ring, n + 3), read(entry)]
            events += [use("fetch", old, ring), use("load", other, ring)]
    check(engine, isa, events)


@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_accessed_and_dirty_bits_are_set_again(engine: str, isa: str) -> None:
    """20 rounds of: use the page, see that A and D are set, clear them, flush."""
    events = []
    for entry, pages in ((LEAF, (ONE, TWO)), (SUPER, (PAGE, ITSELF)), (BESIDE, (ONE + 0x1000, TWO + 0x1000))):
        frame = {LEAF: FRAMES[0], BESIDE: FRAMES[1], SUPER: FRAMES[4]}[entry]
        for kind in ("store", "load", "fetch", "swap", "cas"):
            for n in range(20):
                events += [use(kind, pages[n // 5 & 1], 3 * (n // 10), n + 1), read(entry)]
                events += renewed(entry, frame | ALL | (A if n % 10 == 9 else 0))
    check(engine, isa, events)


@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_dirty_bits_that_were_cleared_while_another_view_was_used(engine: str, isa: str) -> None:
    """The entry has D, the guest clears A and D, and the machine sets A before the flush: D is to be set anew."""
    events = []
    for n in range(6):
        events += [use("store", ONE, 0, n + 1), use("store", TWO, 3, n + 2)]
        events += renewed(LEAF, FRAMES[0] | ALL, use("load", TWO, 3 * (n & 1), loose=True))
        events += [use("store", ONE, 0, n + 7), read(LEAF)]
    check(engine, isa, events)


@pytest.mark.parametrize("first", ["load", "store", "fetch"])
@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_code_and_data_of_one_page(engine: str, isa: str, first: str) -> None:
    """A page is used as data or code, its entry changed, and the page used as the other before the flush."""
    events = []
    for n, second in enumerate(("fetch", "load", "fetch", "store", "fetch", "swap")):
        events += [use(first, ONE, 0, n + 1)]
        events += renewed(LEAF, FRAMES[~n & 1] | ALL | A, use(second, ONE, 0, n + 2, loose=True))
        events += [use("load", ONE), use("fetch", ONE), use("store", ONE, 0, n + 3), read(LEAF)]
    check(engine, isa, events)


@pytest.mark.parametrize("kind", ["swap", "cas"])
@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_tables_that_only_the_slow_path_uses(engine: str, isa: str, kind: str) -> None:
    """Nothing but swap or cas goes by way of a table, which ordinary stores write to."""
    events = [use(kind, ONE, 0, 1)]
    for n in range(8):
        events += renewed(LEAF, FRAMES[~n & 1] | ALL)
        events += [use(kind, ONE, 0, n + 2), read(LEAF)]
    check(engine, isa, events)


@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_tables_are_watched_after_everything_was_forgotten(engine: str, isa: str) -> None:
    """What is noted of entries is bounded: behind the bound everything begins anew."""
    events = []
    for n in range(12):
        events += [change(OTHER_TABLE, FRAMES[n & 1] | ALL), FLUSH, use("load", 0x1000000)]
        events += [use("load", ONE), use("store", TWO, 0, n + 1), space(OTHER_ROOT, n & 1)]
        events += renewed(LEAF, FRAMES[~n & 1] | ALL)
    for most in (1, 9, 17):
        check(engine, isa, events, uses=most)


@pytest.mark.parametrize("hot", [False, True])
@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_rounds(engine: str, isa: str, hot: bool) -> None:
    """Pages used, entries changed, used, flushed and used, by chance; many more have been run than are kept here."""
    for most in (1 << 16, 12):
        check(engine, isa, next(programs(Random(most + hot), 24)), hot, most)


@pytest.mark.parametrize(("engine", "isa"), PLACES)
def test_walks_go_by_the_guests_registers(engine: str, isa: str) -> None:
    """Where the guest's code runs on other control registers, what looks like tables there are none of the guest's."""
    tables = start()
    events = [use(kind, page, ring, 9) for ring in (0, 3) for kind in ("load", "store") for page in (ONE, TWO, PAGE)]
    other = dict.fromkeys(range(0xFF000, 0x100000, 4), FRAMES[5] | ALL | A | D)
    assert not wrong(events, tables, play(engine, image(events, tables | other, machine(isa)), machine(isa)))


def test_the_model_sees_what_is_wrong() -> None:
    """A log in which one use went to the old frame, or one mark is missing, is found."""
    events = [use("load", ONE), *renewed(LEAF, FRAMES[1] | V | R | W), use("store", ONE, 0, 5), read(LEAF)]
    got = play("interp", image(events, start()))
    assert not wrong(events, start(), got)
    last = len(events) - 1
    assert got[last] == (0xFFFFFFFF, FRAMES[1] | V | R | W | A | D)
    words = bytearray(got.words)
    words[8 * last + 4] ^= D
    assert "wanted" in wrong(events, start(), Log(got.stop, bytes(words)))
