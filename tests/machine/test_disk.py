"""The disk, by its ports, its line and its DMA, under every engine; it takes 1000 instructions to do anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.machine.builder import ENGINES, RAM, Outcome, Program, run, run_all

ONES = 0xFFFFFFFF
SECTOR, ADDRESS, COUNT, COMMAND, SIZE = range(0x10, 0x15)
READ, WRITE, FLUSH = 1, 2, 3
IDLE, BUSY, ERROR = 0, 1, 2
BUFFER = 0x4000
LATENCY = 1000


def command(p: Program, what: int, sector: int = 0, address: int = BUFFER, count: int = 1) -> None:
    p.out(SECTOR, sector)
    p.out(ADDRESS, address)
    p.out(COUNT, count)
    p.out(COMMAND, what)


def finish(p: Program) -> None:
    """Wait for the disk's interrupt line, then its status to a0, line 2 to a1, acknowledge, line 2 to a2."""
    p.control("ie", 4)
    p("hlt")
    p.inp(COMMAND, "a0")
    p("rdcr", "a1", "ip")
    p.out(SIZE, 0)
    p("rdcr", "a2", "ip")
    p.off()


CONTENTS = bytes(n * 5 + n // 512 & 0xFF for n in range(8 * 512))


def with_disk(p: Program, path: Path, contents: bytes = CONTENTS, engine: str = "") -> tuple[Outcome, bytes]:
    """Run under one engine, or under all of them, each on a fresh disk; and what is on the disk then."""
    results = []
    for name in [engine] if engine else ENGINES:
        path.write_bytes(contents)
        results.append((run(name, p, disk=str(path)), path.read_bytes()))
    first = results[0]
    for got, after in results:
        assert (got.stop, got.state, got.memory, after) == (first[0].stop, first[0].state, first[0].memory, first[1])
    return first


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    return tmp_path / "disk"


@pytest.mark.parametrize(
    ("sector", "address", "count"), [(0, BUFFER, 1), (3, BUFFER + 1, 2), (7, RAM - 512, 1), (0, 0x2000, 8)]
)
def test_disk_read(disk: Path, sector: int, address: int, count: int) -> None:
    p = Program()
    command(p, READ, sector, address, count)
    finish(p)
    got, after = with_disk(p, disk)
    assert [got[f"a{n}"] for n in range(3)] == [IDLE, 4, 0]
    data = CONTENTS[sector * 512 : (sector + count) * 512]
    expected = bytearray(p.image() + bytes(RAM - len(p.image())))
    expected[address : address + len(data)] = data
    assert got.memory == expected and after == CONTENTS


@pytest.mark.parametrize(
    ("sector", "address", "count"), [(0, BUFFER, 1), (5, BUFFER + 3, 3), (7, RAM - 512, 1), (2, 0, 0)]
)
def test_disk_write(disk: Path, sector: int, address: int, count: int) -> None:
    p = Program()
    command(p, WRITE, sector, address, count)
    finish(p)
    for at in range(BUFFER, BUFFER + 4 * 512, 4):
        p.org(at)
        p.word(at * 0x01010101)
    p.org(RAM - 4)
    p.word(0x12345678)
    got, after = with_disk(p, disk)
    assert [got[f"a{n}"] for n in range(3)] == [IDLE, 4, 0]
    expected = bytearray(CONTENTS)
    expected[sector * 512 : (sector + count) * 512] = p.image()[address : address + count * 512]
    assert after == expected and got.memory == p.image()


@pytest.mark.parametrize("what", [0, 4, 0x101, ONES])
def test_unknown_disk_command(disk: Path, what: int) -> None:
    """An error, and nothing moves; the line rises all the same."""
    p = Program()
    command(p, what)
    finish(p)
    got, after = with_disk(p, disk)
    assert [got[f"a{n}"] for n in range(3)] == [ERROR, 4, 0] and after == CONTENTS
    assert not any(got.memory[BUFFER : BUFFER + 512])


OUT_OF_RANGE = [
    (8, BUFFER, 1),
    (7, BUFFER, 2),
    (ONES, BUFFER, 1),
    (0, BUFFER, 9),
    (0, BUFFER, ONES),
    (0, RAM - 511, 1),
    (0, RAM, 1),
    (0, ONES, 1),
    (0, 0xFFFFFE00, 1),
    (ONES, ONES, ONES),
]


@pytest.mark.parametrize("what", [READ, WRITE])
@pytest.mark.parametrize(("sector", "address", "count"), OUT_OF_RANGE)
def test_disk_transfer_out_of_range(disk: Path, what: int, sector: int, address: int, count: int) -> None:
    """Of the disk or of RAM: an error, and not a byte moves."""
    p = Program()
    command(p, what, sector, address, count)
    finish(p)
    got, after = with_disk(p, disk)
    assert [got[f"a{n}"] for n in range(3)] == [ERROR, 4, 0] and after == CONTENTS
    assert got.memory == p.image() + bytes(RAM - len(p.image()))


def test_disk_flush_and_error_goes_away(disk: Path) -> None:
    """A command that works clears the error of the one before."""
    p = Program()
    command(p, READ, 99)
    p.control("ie", 4)
    p("hlt")
    p.inp(COMMAND, "a3")
    p.out(SIZE, 0)
    command(p, FLUSH, 99)
    finish(p)
    got, _ = with_disk(p, disk)
    assert [got[f"a{n}"] for n in range(4)] == [IDLE, 4, 0, ERROR]


def test_disk_registers_read_back(disk: Path) -> None:
    p = Program()
    for n, port in enumerate((SECTOR, ADDRESS, COUNT)):
        p.inp(port, f"a{n}")
    for n, port in enumerate((SECTOR, ADDRESS, COUNT)):
        p.out(port, 0xDEADBEE0 + n)
    for n, port in enumerate((SECTOR, ADDRESS, COUNT)):
        p.inp(port, f"a{3 + n}")
    p.off()
    got, _ = with_disk(p, disk)
    assert [got[f"a{n}"] for n in range(6)] == [0, 0, 0, 0xDEADBEE0, 0xDEADBEE1, 0xDEADBEE2]


@pytest.mark.parametrize(("size", "sectors"), [(512, 1), (1023, 1), (8 * 512, 8), (0, 0), (511, 0)])
def test_disk_size(disk: Path, size: int, sectors: int) -> None:
    """In whole sectors."""
    p = Program()
    p.inp(SIZE, "a0")
    command(p, READ, sectors)
    p.control("ie", 4)
    p("hlt")
    p.inp(COMMAND, "a1")
    p.off()
    got, _ = with_disk(p, disk, bytes(size))
    assert (got["a0"], got["a1"]) == (sectors, ERROR)


@pytest.mark.parametrize(("size", "fits"), [((1 << 41) - 512, True), (1 << 41, False), (3 << 40, False)])
def test_a_disk_that_the_size_register_cannot_hold(disk: Path, size: int, fits: bool) -> None:
    """Sector numbers have 32 bits, as the size has: a disk of 2 TiB would have size 0."""
    with disk.open("wb") as file:
        try:
            file.truncate(size)
        except OSError:
            pytest.skip("the host's file system has no files of this size")
    if not fits:
        with pytest.raises(OSError, match="larger than a disk can be") as refused:
            run("interp", Program(), disk=str(disk))
        assert refused.value.filename == str(disk)
        return
    p = Program()
    p.inp(SIZE, "a0")
    command(p, WRITE, 0xFFFFFFFE)
    finish(p)
    got = run("interp", p, disk=str(disk), registers={"a0": 7})
    assert got["a0"] == IDLE
    with disk.open("rb") as file:
        file.seek(size - 512)
        assert file.read() == bytes(512)
    p = Program()
    p.inp(SIZE, "a0")
    p.off()
    assert run("interp", p, disk=str(disk))["a0"] == 0xFFFFFFFF


@pytest.mark.parametrize("what", [READ, WRITE, FLUSH])
def test_no_disk(what: int) -> None:
    """Size 0, and every command is an error; the line rises."""
    p = Program()
    p.inp(SIZE, "a3")
    command(p, what, 0, BUFFER, 0)
    finish(p)
    got = run_all(p)
    assert [got[f"a{n}"] for n in range(4)] == [ERROR, 4, 0, 0]


def test_disk_takes_its_time(disk: Path) -> None:
    """Busy with nothing moved until 1000 instructions after the command, and done then; line 2 stays up until it is
    acknowledged, however often the status is read."""
    p = Program()
    command(p, READ)
    issued = p.at // 4 - 1  # how many instructions have retired when the command is given
    p.inp(COMMAND, "a0")
    p.li("s0", (LATENCY - 6) // 2)
    p.label("wait")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "wait")
    while (p.at // 4 - 2 + (LATENCY - 6) // 2 * 2) < issued + LATENCY - 2:
        p("addi", "zero", "zero", 0)
    p("lw", "a1", 0, "a5")  # retires as number issued + LATENCY - 2
    p("rdcr", "a2", "ip")  # the last before it is due
    p("rdcr", "a3", "ip")
    p("lw", "a4", 0, "a5")
    p.inp(COMMAND, "s1")
    p("rdcr", "t2", "ip")
    p.off()
    for engine in ENGINES:
        disk.write_bytes(CONTENTS)
        got = run(engine, p, disk=str(disk), registers={"a5": BUFFER})
        word = int.from_bytes(CONTENTS[:4], "little")
        seen = [got[name] for name in ("a0", "a1", "a2", "a3", "a4", "s1", "t2")]
        assert seen == [BUSY, 0, 0, 4, word, IDLE, 4]


def test_disk_command_while_busy_is_ignored(disk: Path) -> None:
    """The first transfer goes its way, with the registers as they were."""
    p = Program()
    command(p, READ, 1, BUFFER, 1)
    command(p, READ, 2, BUFFER + 0x1000, 1)
    finish(p)
    got, _ = with_disk(p, disk)
    assert got.memory[BUFFER : BUFFER + 512] == CONTENTS[512:1024]
    assert not any(got.memory[BUFFER + 0x1000 : BUFFER + 0x1200])


def test_disk_read_over_code(disk: Path) -> None:
    """What the disk brings is executed, though the code there has run before."""
    patch = Program()
    patch("addi", "a0", "zero", 2)
    patch("jalr", "zero", 0, "ra")
    p = Program()
    p("jal", "ra", 0x1000)
    p("addi", "a3", "a0", 0)
    command(p, READ, 0, 0x1000, 1)
    p.control("ie", 4)
    p("hlt")
    p("jal", "ra", 0x1000)
    p.off()
    p.org(0x1000)
    p("addi", "a0", "zero", 1)
    p("jalr", "zero", 0, "ra")
    got, _ = with_disk(p, disk, patch.image().ljust(512, b"\0"))
    assert (got["a3"], got["a0"]) == (1, 2)
