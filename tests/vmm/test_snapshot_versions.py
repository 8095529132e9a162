"""Snapshots of earlier versions, of boards that were otherwise, and such as claim more than a machine can have."""

from __future__ import annotations

import io
import json
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest import mock

import pytest

from ring1.dbt.devices.entropy import Entropy
from ring1.dbt.engines.table import make
from ring1.dbt.machine.bus import Bus, Device
from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.machine.saved import Saved, integer
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.vmm import contents, snapshot, version1
from ring1.dbt.vmm.contents import MOST_BYTES, MOST_STATE, RUN, SIZE
from ring1.dbt.vmm.snapshot import HEAD, MAGIC, VERSION, SnapshotError
from ring1.dbt.vmm.vm import Vm
from ring1.isa.model import Isa
from ring1.isa.read import read
from tests.machine.builder import Program, machine
from tests.vmm.machines import saved
from tests.vmm.parts import Parts, sealed

HERE = Path(__file__).parent / "snapshots"
MOST_MEMORY = 32 << 20
"""Bytes that reading a snapshot of a small machine may take at any moment."""


@contextmanager
def frugal() -> Iterator[None]:
    """What is done here takes little memory, however much a file claims."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def small() -> Isa:
    return read(str(HERE / "small.isa"))


# --- Version 1 -------------------------------------------------------------------------

# What small.isa's program does: 13 instructions set up, then two count in `a`. The handler adds the next byte of the
# input, b"abc" of which one is read, and the disk's status, which is busy (1) until 1010.


@pytest.mark.parametrize("engine", ["interp", "bare", "bt", "hw"])
@pytest.mark.parametrize(
    ("name", "counted", "retired"),
    # The timer interrupts at 1000, or the machine has trapped at 100 and nothing has retired since.
    [("version1.snap", (1000 - 13 + 1) // 2, 1005), ("version1-trapped.snap", (100 - 13 + 1) // 2, 105)],
)
def test_files_of_version_1_are_read(engine: str, name: str, counted: int, retired: int) -> None:
    with snapshot.load(str(HERE / name), small(), output=io.BytesIO()) as vm:
        words = Random(7)
        assert vm.cpu.s[2] == words.getrandbits(32)  # the program has read one
        assert vm.bus.read(0x20, vm.cpu.time) == words.getrandbits(32)
        assert vm.memory.read(PAGE, 12) == b"second page\0"
        if "trapped" in name:
            assert (vm.cpu.trapped, vm.cpu.first) == (True, TrapInfo(0, 0, 0x38))
        vm.engine = make(engine, vm, vm.memory.read(0, PAGE))
        assert vm.run() == Stop("exit", counted + ord("b") + 1 & 0xFF)
        assert vm.cpu.retired == retired


@pytest.mark.parametrize("name", ["version1.snap", "version1-trapped.snap"])
def test_what_was_read_of_version_1_is_written_as_this_version(name: str, tmp_path: Path) -> None:
    path = tmp_path / "again"
    with snapshot.load(str(HERE / name), small(), output=io.BytesIO()) as vm:
        state = vm.cpu.save(), vm.bus.save(), vm.state()
        snapshot.save(vm, str(path))
    assert HEAD.unpack(path.read_bytes()[: HEAD.size]) == (MAGIC, VERSION)
    with snapshot.load(str(path), small(), output=io.BytesIO()) as vm:
        assert (vm.cpu.save(), vm.bus.save(), vm.state()) == state


def test_long_input_of_version_1(tmp_path: Path) -> None:
    """It does not end where a piece of the text does that is read at once."""
    data, path = (HERE / "version1.snap").read_bytes(), tmp_path / "long"
    body = zlib.decompress(data[HEAD.size : -32])
    length = int.from_bytes(body[:8], "little")
    text, pages = body[8 : 8 + length], body[8 + length :]
    for held in (b"", b"x", Random(1).randbytes(11), Random(2).randbytes(100_000), Random(3).randbytes(100_001)):
        longer = text.replace(b'"input":"6263"', b'"input":"%s"' % held.hex().encode())
        path.write_bytes(sealed(zlib.compress(len(longer).to_bytes(8, "little") + longer + pages), 1))
        with snapshot.load(str(path), small(), output=io.BytesIO()) as vm:
            assert vm.bus.save()["devices"]["console"]["input"] == held


# --- Other boards --------------------------------------------------------------------------


class Counter(Device):
    """Reads how often it was read."""

    name = "counter"
    ports = range(0x30, 0x31)

    def __init__(self) -> None:
        self.count = 0

    def read(self, port: int, now: int) -> int:
        self.count += 1
        return self.count

    def save(self) -> Saved:
        return {"count": self.count}

    def restore(self, saved: Saved) -> None:
        self.count = integer(saved["count"], 1 << 32)


class Random32(Entropy):
    """The entropy device, as it may be called some day."""


def boarded(change: Callable[[list[Device]], list[Device]]) -> mock._patch[object]:
    """With other devices on the board from now on."""
    extend = Bus.extend
    return mock.patch.object(Bus, "extend", lambda bus, devices: extend(bus, change(list(devices))))


def renamed(devices: list[Device]) -> list[Device]:
    return [Random32(0) if isinstance(d, Entropy) else d for d in reversed(devices)]


@pytest.mark.parametrize("file", [*(HERE / f"version1{kind}.snap" for kind in ("", "-trapped")), None])
def test_another_board(file: Path | None, tmp_path: Path) -> None:
    path = file or tmp_path / "small"
    isa = small()
    if file is None:
        with Vm(isa, 4096, b"abc", io.BytesIO(), seed=7) as vm:
            vm.bus.read(0x20, 0)
            snapshot.save(vm, str(path))
    words = Random(7)
    words.getrandbits(32)
    second = words.getrandbits(32)
    with boarded(lambda devices: [Counter(), *devices]), snapshot.load(str(path), isa, output=io.BytesIO()) as vm:
        assert vm.bus.read(0x30, 0) == 1  # it starts from reset
        assert vm.bus.read(0x20, 0) == second
        snapshot.save(vm, str(tmp_path / "with"))
    with boarded(renamed), snapshot.load(str(path), isa, output=io.BytesIO()) as vm:
        assert vm.bus.read(0x20, 0) == second
        snapshot.save(vm, str(tmp_path / "renamed"))
    with boarded(lambda devices: [*devices, Counter()]), snapshot.load(str(tmp_path / "with"), isa) as vm:
        assert vm.bus.read(0x30, 0) == 2
    with snapshot.load(str(tmp_path / "renamed"), isa):
        pass
    with pytest.raises(SnapshotError, match="the machine has a device 'counter', and this ring1 has none of that name"):
        snapshot.load(str(tmp_path / "with"), isa)


def test_every_device_has_a_name_of_its_own() -> None:
    with Vm(machine(), 4096, output=io.BytesIO()) as vm:
        assert [device.name for device in vm.bus.devices] == ["console", "disk", "entropy", "power"]
        with pytest.raises(ValueError, match="there is a console already"):
            vm.bus.add(vm.bus.devices[0])


# --- Claims --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A snapshot of a machine of one page."""
    path = tmp_path_factory.mktemp("snapshots") / "good"
    p = Program()
    p.off(0)
    saved("interp", p, 1, path, memory=4096)
    return path.read_bytes()


def refused(data: bytes, path: Path, isa: Isa) -> str:
    path.write_bytes(data)
    with frugal(), pytest.raises(SnapshotError) as found:
        snapshot.load(str(path), isa)
    return str(found.value)


def zeros(count: int) -> bytes:
    """A stream of `count` zeros, as text: [0,0,0 ... 0]."""
    packer = zlib.compressobj(1)
    piece = b"0," * (1 << 19)
    return b"".join(packer.compress(piece) for _ in range(count >> 20)) + packer.flush()


def test_text_of_many_numbers(good: bytes, tmp_path: Path) -> None:
    """260 kB of file, 256 MB of text, and 6.6 GB of numbers."""
    isa, path = machine(), tmp_path / "bomb"
    body = zeros(1 << 28)
    for length in (4, 8):
        packer = zlib.compressobj(1)
        head = (1 << 28).to_bytes(length, "little") + b"["
        bomb = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH) + body[2:]
        assert "makes no sense" in refused(sealed(bomb, 1), path, isa)
        assert "makes no sense" in refused(sealed(bomb, 2), path, isa)
    parts = Parts(good)
    parts.text = b"[" + b"0," * (MOST_STATE // 2) + b"0]"
    assert "there can be" in refused(parts.file(), path, isa)
    parts.text = b"[" * MOST_STATE
    assert "makes no sense" in refused(parts.file(), path, isa)


def test_the_machine_is_known_before_the_rest_is_read(good: bytes, tmp_path: Path) -> None:
    parts, read = Parts(good), list[int]()
    body = contents.Body.read

    def noted(self: contents.Body, length: int) -> bytes:
        read.append(length)
        return body(self, length)

    with mock.patch.object(contents.Body, "read", noted):
        assert "the descriptions differ" in refused(parts.file(), tmp_path / "other", machine("pg32v"))
    assert sum(read) == 2 + len("pg32") + 32 + 8


def test_runs_of_pages_that_repeat(good: bytes, tmp_path: Path) -> None:
    parts = Parts(good)
    parts.runs = [(0, 1)] * 100_000
    parts.pages *= 1000
    assert "where there can be 1 at most" in refused(parts.file(), tmp_path / "repeated", machine())
    parts.ram = MOST
    for runs in ([(0, 1)] * 3, [(2, 1), (0, 1)], [(0, 2), (1, 1)], [(0, 1), (1, 1)], [(0, 0)], [(0, (MOST >> 12) + 1)]):
        parts.runs = runs
        assert "not in order" in refused(parts.file(), tmp_path / "repeated", machine())
    parts.ram = MOST + PAGE
    assert "where there can be" in refused(parts.file(), tmp_path / "repeated", machine())
    parts.ram, parts.runs = 5000, [(0, 1)]
    assert "multiple of 4096" in refused(parts.file(), tmp_path / "repeated", machine())


def test_input_without_end(good: bytes, tmp_path: Path) -> None:
    isa, path = machine(), tmp_path / "input"
    parts = Parts(good)
    state = parts.state
    state["bus"]["devices"]["console"]["input"] = {"bytes": MOST_BYTES + 1}
    parts.state = state
    assert "more bytes than there can be" in refused(parts.file(), path, isa)
    first = b'{"bus":{"devices":[["Console",{"enabled":false,"input":"'
    claimed = SIZE.pack(1 << 31)
    assert "makes no sense" in refused(sealed(zlib.compress(claimed + first), 1), path, isa)
    short = SIZE.pack(len(first) + 4)
    assert "makes no sense" in refused(sealed(zlib.compress(short + first + b"6162"), 1), path, isa)


def test_version_1_is_not_believed(tmp_path: Path) -> None:
    """Text as it was written, with something else in it."""
    isa, path = small(), tmp_path / "bad"
    body = zlib.decompress((HERE / "version1.snap").read_bytes()[HEAD.size : -32])
    length = int.from_bytes(body[:8], "little")
    text, pages = body[8 : 8 + length], body[8 + length :]
    assert text.endswith(b'"pages":[[0,2]],"ram":8192}')
    for old, new in (
        (b'"pages":[[0,2]]', b'"pages":[[0,1],[0,1]]'),
        (b'"pages":[[0,2]]', b'"pages":[[0,3]]'),
        (b'"pages":[[0,2]]', b'"pages":[' + b"[0,1]," * 1000 + b"[0,1]]"),
        (b'"pages":[[0,2]]', b'"pages":[' + b"9" * 5000 + b"]"),
        (b'"ram":8192', b'"ram":4096'),
        (b'"ram":8192', b'"ram":9999999999'),
        (b'"ram":8192', b'"ram":-1'),
        (b'"Entropy"', b'"Nothing"'),
        (b'"input":"6263"', b'"input":"626"'),
        (b'"input":"6263"', b'"input":"zz"'),
        (b'"input":"6263"', b'"input":7'),
        (b'"input":"6263"', '"input":"\N{DEGREE SIGN}"'.encode()),
        (b'"isa":["small"', b'"isa":["sm\\u0061ll"'),
        (b'{"bus"', b' {"bus"'),
    ):
        assert text.count(old) == 1
        changed = text.replace(old, new)
        data = sealed(zlib.compress(len(changed).to_bytes(8, "little") + changed + pages), 1)
        assert "makes no sense" in refused(data, path, isa), new
    other = text.replace(isa.digest.encode(), b"0" * 64)
    data = sealed(zlib.compress(len(other).to_bytes(8, "little") + other + pages), 1)
    assert "the descriptions differ" in refused(data, path, isa)


def test_bounds_have_room_for_every_machine() -> None:
    """The largest RAM, every other page of it in use, and as many registers as fit the state block."""
    assert (MOST >> 13) * len("[1048575,1048576],") < version1.MOST_REST
    state = {"words": {f"a register of a long name {n}": 0xFFFFFFFF for n in range(96)}}
    assert len(json.dumps(state)) < MOST_STATE // 8
    assert len(contents.pack(contents.SavedMachine("pg32", "0" * 64, MOST), state, [(0, 1)])) < MOST_STATE + RUN.size
