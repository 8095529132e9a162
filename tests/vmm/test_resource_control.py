"""Resource control: whatever a guest tries, it reaches nothing but its own memory and the devices that it was given.

Beside each guest there is a canary (tests/vmm/hostile.py), a machine in the same process under the same engine, which
must not change. `python -m tests.vmm.hostile 100000` runs more hostile kernels than there is time for here.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Sequence

import pytest

from ring1.dbt.host.x86_64 import arithmetic, operations
from ring1.dbt.machine.memory import PAGE
from tests.machine.builder import ONES, Outcome, Program, run
from tests.machine.tables import ALL, BUS_ERROR, LOAD, ROOT, STORE, TABLE, Space, V, image
from tests.machine.tables import RAM as SIZE
from tests.vmm import hostile
from tests.vmm.hostile import SECTORS, attack, canary, disk_of
from tests.ways import MONITORED, PAGED, present

WAYS = present((*PAGED, *MONITORED))
LOG, HANDLER = 0xC000, 0x800
"""Where the causes and values of traps go, and who writes them."""
ILLEGAL = 0
READ, WRITE, ERROR = 1, 2, 2


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Iterator[str]:
    """A way to run a guest; the canary under it is where it was afterwards, and ends as it should."""
    with canary(request.param) as bird:
        bird.go_on()
        yield request.param
        bird.check()
        assert bird.go_on(1 << 20)


def prober(instructions: Sequence[tuple[object, ...]]) -> Program:
    """Executes each instruction (name, operands ...), a trap or not, and switches off; the handler keeps a log."""
    p = Program()
    p.control("tvec", HANDLER)
    p.li("s0", LOG)
    p("jal", "zero", "begin")
    p.org(0x400)
    p.label("begin")
    for name, *operands in instructions:
        if name == "li":
            p.li(*operands)  # type: ignore[arg-type]
        else:
            p(str(name), *operands)  # type: ignore[arg-type]
    p.off()
    assert p.at <= HANDLER
    p.org(HANDLER)
    for name in ("cause", "tval"):
        p("rdcr", "gp", name)
        p("sw", "gp", 0, "s0")
        p("addi", "s0", "s0", 4)
    p("rdcr", "gp", "epc")
    p("addi", "gp", "gp", 4)
    p("wrcr", "epc", "gp")
    p("rfe")
    return p


def log(done: Outcome) -> list[tuple[int, int]]:
    """Cause and value of each trap."""
    assert done.stop.code == 0, done.stop
    return [(done.word(at), done.word(at + 4)) for at in range(LOG, done["s0"], 8)]


def accesses(address: int) -> list[tuple[object, ...]]:
    """A load and a store of a word."""
    return [("li", "a1", address), ("lw", "a2", 0, "a1"), ("sw", "s0", 0, "a1")]


# --- Physical addresses beyond RAM ---------------------------------------------------------


def test_addresses_beyond_ram(way: str) -> None:
    """Right behind it, across its end, half-way round and at the other end, where an access wraps to the beginning."""
    tried = {SIZE: SIZE, SIZE - 2: SIZE, SIZE + PAGE: SIZE + PAGE, 1 << 31: 1 << 31, ONES - 3: ONES - 3, ONES: ONES}
    done = run(way, prober([each for at in tried for each in accesses(at)]), memory=SIZE)
    assert log(done) == [(BUS_ERROR, fault) for fault in tried.values() for _ in range(2)]


@pytest.mark.parametrize("frame", [SIZE >> 12, 1 << 18, 1 << 19, 0xFFFFF])
def test_page_tables_that_lead_beyond_ram(way: str, frame: int) -> None:
    """A leaf beyond RAM is a bus error, a table there a page fault; nothing is mapped for either."""
    space = Space({LOG >> 12: LOG | ALL, 5: frame << 12 | ALL}, {1: frame << 12 | V})
    at, beyond = 5 << 12, 1 << 22
    p = prober([*accesses(at), *accesses(beyond)])
    done = run(way, image(space, p), memory=SIZE, control={"ptb": ROOT | 1})
    assert log(done) == [(BUS_ERROR, at), (BUS_ERROR, at), (LOAD, beyond), (STORE, beyond)]


def test_a_superpage_larger_than_ram(way: str) -> None:
    """4 MiB where RAM has less: what is there is shown, what is not is a bus error and no signal."""
    space = Space({LOG >> 12: LOG | ALL}, {1: ALL})
    start, end = 1 << 22, (1 << 22) + SIZE
    p = prober([*accesses(start + 0xD000), *accesses(end), *accesses(end - 2), *accesses((2 << 22) - 4)])
    done = run(way, image(space, p), memory=SIZE, control={"ptb": ROOT | 1})
    assert log(done) == [(BUS_ERROR, at) for at in (end, end, end, end, (2 << 22) - 4, (2 << 22) - 4)]
    assert done.word(0xD000) == LOG


def test_a_root_beyond_ram(way: str) -> None:
    """Nothing can be fetched any more, the handler included."""
    p = Program()
    p.control("tvec", HANDLER)
    p.li("a1", SIZE | 1)
    p("setptb", "a1")
    assert run(way, p, memory=SIZE).stop.reason == "double-fault"


# --- Self-mapping tables -------------------------------------------------------------------


def test_tables_that_map_themselves(way: str) -> None:
    """The guest writes its own tables through themselves: each entry leads where it says, or to a bus error."""
    window, table = 5 << 12, 6 << 12
    space = Space({LOG >> 12: LOG | ALL, table >> 12: TABLE | ALL}, {})
    tried: list[tuple[object, ...]] = [("li", "a4", table)]
    for frame in (0xD, SIZE >> 12, 0xE, 0xFFFFF):
        tried += [("li", "a3", frame << 12 | ALL), ("sw", "a3", 4 * (window >> 12), "a4"), ("tlbflush",)]
        tried += accesses(window)
    done = run(way, image(space, prober(tried)), memory=SIZE, control={"ptb": ROOT | 1})
    assert log(done) == [(BUS_ERROR, window)] * 4
    assert (done.word(0xD000), done.word(0xE000)) == (LOG, LOG + 16)


def test_a_root_that_is_its_own_table(way: str) -> None:
    """The recursive mapping that kernels use: entries of the root are pages, or tables and so no pages, or nowhere."""
    top = 1023 << 22
    space = Space({LOG >> 12: LOG | ALL}, {1023: ROOT | V, 2: SIZE | ALL, 3: 0xD000 | ALL})
    p = prober([each for at in (top | 1023 << 12, top | 2 << 12, top | 3 << 12, 2 << 22) for each in accesses(at)])
    done = run(way, image(space, p), memory=SIZE, control={"ptb": ROOT | 1})
    table, beyond, askew = top | 1023 << 12, top | 2 << 12, 2 << 22
    assert log(done) == [
        *((LOAD, table), (STORE, table)),
        *((BUS_ERROR, beyond), (BUS_ERROR, beyond)),
        *((LOAD, askew), (STORE, askew)),
    ]
    assert done.word(0xD000) == LOG + 8 * 4


# --- DMA -----------------------------------------------------------------------------------

TRANSFERS = [
    (0, SIZE - 256, 1),
    (0, SIZE, 1),
    (0, ONES - 511, 1),
    (0, ONES - 255, 1),
    (0, 0, SIZE // 512 + 1),
    (0, 0, 1 << 23),
    (0, 0, ONES),
    (SECTORS, 0, 1),
    (SECTORS - 1, 0, 2),
    (ONES, 0, 1),
    (ONES, 0, 2),
    (1 << 23, 0, 1),
    (ONES, ONES, ONES),
]
"""Sector, address, count: beyond the disk or RAM, or so that a sum wraps in 32 bits."""


@pytest.mark.parametrize("command", [READ, WRITE])
def test_dma_out_of_range(way: str, command: int) -> None:
    """Each ends in an error, and moves nothing."""
    p = Program()
    for sector, address, count in TRANSFERS:
        again = f"wait {sector} {address} {count}"
        for port, value in ((0x10, sector), (0x11, address), (0x12, count), (0x13, command)):
            p.out(port, value)
        p.li("t1", 0x13)
        p.li("a2", 1)
        p.label(again)
        p("in", "a3", "t1")
        p("beq", "a3", "a2", again)
        p("addi", "a4", "a4", 1)
        p("addi", "a3", "a3", -ERROR)
        p("or", "a5", "a5", "a3")
    p.off()
    sectors, before = bytes(range(256)) * 2 * SECTORS, p.image()
    with disk_of(sectors) as (fd, path):
        done = run(way, p, None, memory=SIZE, disk=path)
        assert os.pread(fd, len(sectors) + 1, 0) == sectors
    assert (done["a4"], done["a5"]) == (len(TRANSFERS), 0)
    assert done.memory == before + bytes(SIZE - len(before))


# --- Ports and hypercalls ------------------------------------------------------------------

GIVEN = {0x01, 0x10, 0x11, 0x12, 0x13, 0x14, 0x20}
"""Ports that read something else than all ones, on a machine without a disk or input."""


def test_ports_that_are_not_there(way: str) -> None:
    """All of the first 1024 and the last, with anything in the bits that do not count."""
    p = Program()
    p.li("s0", 0)
    p.li("a1", 0x400)
    p.li("a4", 0x8000)
    p.li("a5", 0xABCD0000)
    p.li("s1", 0xF0)
    p.label("next")
    p("or", "a2", "s0", "a5")
    p("in", "a3", "a2")
    p("addi", "a3", "a3", 1)
    p("sltu", "a3", "zero", "a3")
    p("sb", "a3", 0, "a4")
    p("addi", "a4", "a4", 1)
    p("beq", "s0", "s1", "skip")
    p("out", "a2", "a1")
    p.label("skip")
    p("addi", "s0", "s0", 1)
    p("bne", "s0", "a1", "next")
    p.inp(0xFFFF, "gp")
    p.out(0xFFFF, 1)
    p.off(7)
    done = run(way, p, memory=SIZE)
    assert done.stop.code == 7 and done["gp"] == ONES
    assert {port for port in range(0x400) if done.memory[0x8000 + port]} == GIVEN


@pytest.mark.parametrize("pointer", [0, SIZE - 2, SIZE, 1 << 31, ONES - 3, ONES])
def test_hypercalls_with_bad_pointers(way: str, pointer: int) -> None:
    """The bare machine has none: illegal, whatever the registers point to, and nothing else happens."""
    numbers = (0, 1, 2, 0xFF, 0xFFFF)
    others = [f"a{n}" for n in range(6)]
    tried = [*(("li", register, pointer) for register in others), *(("hcall", number) for number in numbers)]
    p = prober(tried)
    done = run(way, p, memory=SIZE)
    assert log(done) == [(ILLEGAL, p.encoded(0, "hcall", (number,))) for number in numbers]
    assert all(done[register] == pointer for register in others)
    rest = p.image().ljust(LOG, b"\0")
    assert done.memory[:LOG] == rest and not any(done.memory[done["s0"] :])


# --- Random kernels ------------------------------------------------------------------------


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept on disk: to read it takes longer than a kernel."""
    monkeypatch.setenv("RING1_CACHE", os.devnull)


@pytest.mark.soak
@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 240), marks=pytest.mark.long)], ids=len)
def test_random_hostile_kernels(seeds: range) -> None:
    chosen = hostile.ways() or ["interp"]
    ends = attack(seeds, chosen)
    assert sum(ends.values()) == len(seeds) * len(chosen) and len(ends) >= 4


@pytest.mark.usefixtures("forgetful")
def test_hostile_kernels_leave_nothing_behind() -> None:
    """Neither descriptors nor mappings of the host: of RAM, of code memory, and reserved ones. What Python has for its
    objects comes and goes, and a thread's heap is reserved once."""

    def held() -> tuple[int, int]:
        gc.collect()
        with open("/proc/self/maps") as maps:
            ours = sum("ring1" in line or "/dev/zero" in line or " ---p " in line for line in maps)
        return len(os.listdir("/proc/self/fd")), ours

    chosen = hostile.ways() or ["interp"]
    attack(range(1000, 1004), chosen)
    before = held()
    attack(range(1004, 1008), chosen)
    after = held()
    assert after[0] == before[0] and after[1] <= before[1] + 2


@pytest.mark.usefixtures("forgetful")
@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_translator_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(arithmetic.ARITHMETIC, "^", operations.OR)
    with pytest.raises(AssertionError, match="is not as under interp"):
        attack(range(200), [name for name in WAYS if "traced" in name])


def test_a_canary_that_is_reached_is_noticed() -> None:
    with canary("interp") as bird:
        bird.go_on()
        bird.check()
        bird.vm.memory.write(0x2000, b"!")
        with pytest.raises(AssertionError, match="the canary has changed"):
            bird.check()
        bird.vm.memory.write(0x2000, b"\0")
        os.pwrite(bird.disk, b"!", 77)
        with pytest.raises(AssertionError, match="the canary has changed"):
            bird.check()
