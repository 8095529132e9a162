"""The file of a snapshot: written whole or not at all, and refused with a reason when it is not what was written."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import zlib
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.contents import NAME
from ring1.dbt.vmm.snapshot import HEAD, MAGIC, VERSION, SnapshotError
from ring1.dbt.vmm.vm import Vm
from ring1.isa.read import read
from ring1.isa.record import replace
from tests.machine.builder import Program, machine, started
from tests.vmm.machines import resumed, saved
from tests.vmm.parts import Parts, sealed


def program() -> Program:
    """A disk command is under way from the fifth instruction on."""
    p = Program()
    p.out(0x12, 1)
    p.out(0x13, 1)
    p.label("forever")
    p("jal", "zero", "forever")
    return p


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A snapshot of a machine of one page, without a disk."""
    path = tmp_path_factory.mktemp("snapshots") / "good"
    saved("interp", program(), 20, path, memory=4096, source=b"input")
    return path.read_bytes()


def reason(data: bytes, path: Path) -> str:
    """Why a file is refused."""
    path.write_bytes(data)
    with pytest.raises(SnapshotError) as refused:
        snapshot.load(str(path), machine()).close()
    said = str(refused.value)
    assert said.startswith(f"{path}: ") and "\n" not in said
    return said.removeprefix(f"{path}: ")


# --- Damage --------------------------------------------------------------------------


def test_every_byte_counts(good: bytes, tmp_path: Path) -> None:
    r = Random(1)
    for at in range(len(good)):
        said = reason(good[:at] + bytes([good[at] ^ 1 << r.randrange(8)]) + good[at + 1 :], tmp_path / "bad")
        if at < len(MAGIC):
            assert said == "not a snapshot"
        elif at < HEAD.size:
            assert said.startswith("a snapshot of format ")
        else:
            assert said == "damaged, or not all of it is there"


def test_every_length_but_one_is_wrong(good: bytes, tmp_path: Path) -> None:
    for length in range(len(good)):
        said = reason(good[:length], tmp_path / "bad")
        assert said == ("not a snapshot" if length < len(MAGIC) else "damaged, or not all of it is there")
    assert reason(good + b"\0", tmp_path / "bad") == "damaged, or not all of it is there"


def test_a_newer_format(good: bytes, tmp_path: Path) -> None:
    newer = sealed(good[HEAD.size : -32], VERSION + 1)
    assert reason(newer, tmp_path / "bad") == "a snapshot of format 3; this ring1 knows formats 1 to 2"


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"\x7fELF" + bytes(60), gzip.compress(b"x", mtime=0), b"_start: nop\n" * 9]
)
def test_files_of_others(data: bytes, tmp_path: Path) -> None:
    assert reason(data, tmp_path / "bad") == "not a snapshot"


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="not a file"):
        snapshot.load("/dev/zero")
    with pytest.raises(FileNotFoundError):
        snapshot.load(str(tmp_path / "missing"))


# --- Right checksum, wrong contents ----------------------------------------------------


def test_pages_and_lengths_that_are_not_so(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad"
    assert Parts(good).runs == [(0, 1)]
    for runs in ([(1, 1)], [(0, 2)], [(0, 0)], [(0, 1 << 31)], [(0, 1), (0, 1)], [(0, 1), (1, 1)]):
        parts = Parts(good)
        parts.runs = runs
        assert reason(parts.file(), path).startswith("makes no sense as a snapshot: ")
    parts = Parts(good)
    assert "ends too early" in reason(sealed(zlib.compress(parts.body()[:-1])), path)
    assert "more behind its pages" in reason(sealed(zlib.compress(parts.body() + b"\0")), path)
    for body in (b"", b"no zlib", zlib.compress(b""), zlib.compress(NAME.pack(9)), zlib.compress(b"\xff" * 99)):
        assert reason(sealed(body), path).startswith("makes no sense as a snapshot: ")
    for text in (b"{", b"[" * 100_000, b"9" * 5000, b"null", b"[]", b"\xff", b'{"bytes":99}', b'{"bytes":true}'):
        parts.text = text
        assert reason(parts.file(), path).startswith("makes no sense as a snapshot: ")


def places(value: object) -> list[tuple[Any, Any]]:
    """Every container with a key, in a JSON value."""
    if isinstance(value, dict):
        return [(value, key) for key in value] + [place for each in value.values() for place in places(each)]
    if isinstance(value, list):
        return [(value, n) for n in range(len(value))] + [place for each in value for place in places(each)]
    return []


JUNK = (
    "null",
    "true",
    "-1",
    "0",
    "3",
    "4096",
    "4294967296",
    str(1 << 129),
    "1.5",
    "NaN",
    '""',
    '"Disk"',
    "[]",
    "{}",
    "[0,0,0]",
)


@given(st.integers(0, 1 << 32))
def test_contents_made_up(good: bytes, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """A machine that can be, or a reason: nothing else comes of a file whose checksum is right."""
    parts, r = Parts(good), Random(seed)
    state = parts.state
    for _ in range(r.randint(1, 3)):
        # One place among a list's long tail is as good as another: the 625 numbers of the entropy device.
        found = [(container, key) for container, key in places(state) if not isinstance(key, int) or key < 9]
        container, key = r.choice(found)
        if r.random() < 0.8:
            container[key] = json.loads(r.choice((*JUNK, str(r.getrandbits(33)))))
        else:
            del container[key]
    path = tmp_path_factory.getbasetemp() / "made-up"
    parts.state = state
    path.write_bytes(parts.file())
    with suppress(SnapshotError), resumed(r.choice(("interp", "bt", "hw")), path) as (vm, _):
        vm.run(vm.cpu.retired + 50)


def test_a_pc_that_no_instruction_can_have(good: bytes, tmp_path: Path) -> None:
    """On this machine nothing leads to an odd pc, and hw enters no guest that is there."""
    for pc in (1, 2, 0xFFFFFFFF):
        parts = Parts(good)
        state = parts.state
        state["cpu"]["words"]["pc"] = pc
        parts.state = state
        assert reason(parts.file(), tmp_path / "bad").startswith("makes no sense as a snapshot: "), pc


# --- The machine is another one ----------------------------------------------------------


def test_the_description_must_be_the_same(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "good"
    path.write_bytes(good)
    snapshot.load(str(path)).close()
    with pytest.raises(SnapshotError, match="of another machine than this pg32v"):
        snapshot.load(str(path), machine("pg32v"))
    source = Path(machine().path).read_text()
    own = tmp_path / "mine.isa"
    own.write_text(source + "// A remark\n")
    with pytest.raises(SnapshotError, match="the descriptions differ"):
        snapshot.load(str(path), read(str(own)))
    own.write_text(source)
    snapshot.load(str(path), read(str(own))).close()


def test_a_description_of_ones_own_has_to_be_named(good: bytes, tmp_path: Path) -> None:
    parts = Parts(good)
    parts.name = b"mine"
    path = tmp_path / "mine"
    path.write_bytes(parts.file())
    with pytest.raises(SnapshotError, match="'mine'; --isa has to name its description"):
        snapshot.load(str(path))


def test_a_machine_without_a_description(tmp_path: Path) -> None:
    with Vm(replace(machine(), digest=""), 4096, output=io.BytesIO()) as vm, pytest.raises(ValueError, match="no"):
        snapshot.save(vm, str(tmp_path / "snap"))
    assert list(tmp_path.iterdir()) == []


def test_the_disk_must_be_as_it_was(tmp_path: Path) -> None:
    disk, path = tmp_path / "disk", tmp_path / "snap"
    disk.write_bytes(bytes(1024))
    saved("bt", program(), 20, path, disk=str(disk))
    for contents, why in (
        (bytes(1023) + b"x", "has been written to since"),
        (bytes(1536), "has 2 sectors, this one has 3"),
        (None, "has a disk of 2 sectors, and none is given"),
    ):
        disk.write_bytes(contents or b"")
        with pytest.raises(SnapshotError, match=why):
            snapshot.load(str(path), machine(), disk=str(disk) if contents else None)
    disk.write_bytes(bytes(1024))
    os.utime(disk, (1, 1))  # another time, another place: the same disk
    disk.rename(tmp_path / "moved")
    snapshot.load(str(path), machine(), disk=str(tmp_path / "moved")).close()
    saved("bt", program(), 20, path)
    with pytest.raises(SnapshotError, match="the machine has no disk"):
        snapshot.load(str(path), machine(), disk=str(tmp_path / "moved"))


# --- Writing ---------------------------------------------------------------------------


def test_it_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "snap"
    path.write_bytes(b"what was there")

    def full(vm: Vm, file: io.BufferedWriter) -> None:
        file.write(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    with started("bt", program()) as (vm, _):
        with mock.patch.object(snapshot, "write", full), pytest.raises(OSError):
            snapshot.save(vm, str(path))
        assert path.read_bytes() == b"what was there"
        snapshot.save(vm, str(path))
    assert [p.name for p in tmp_path.iterdir()] == ["snap"]
    snapshot.load(str(path), machine()).close()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link", tmp_path / "target"
    link.symlink_to(target)
    saved("interp", program(), 5, link)
    assert link.is_symlink() and target.read_bytes().startswith(MAGIC)


def test_zeros_take_no_room(tmp_path: Path) -> None:
    """A gibibyte of RAM with a word at each end: memory that holds zeros, touched or not, is not in the file."""
    path = tmp_path / "snap"
    with started("interp", program(), memory=1 << 30) as (vm, _):
        vm.memory.write((1 << 30) - 4, b"last")
        vm.memory.write(1 << 20, bytes(1 << 20))
        snapshot.save(vm, str(path))
    assert Parts(path.read_bytes()).runs == [(0, 1), ((1 << 18) - 1, 1)]
    assert path.stat().st_size < 10_000
    with snapshot.load(str(path), machine()) as vm:
        assert vm.memory.read((1 << 30) - 4, 4) == b"last"
        assert list(vm.memory.occupied()) == [0, (1 << 18) - 1]


def test_large_contents(tmp_path: Path) -> None:
    """More than one chunk in a run, much and little compressible."""
    path, data = tmp_path / "snap", Random(2).randbytes(3 << 20) + b"ab" * (1 << 20)
    with started("interp", program(), memory=8 << 20) as (vm, _):
        vm.memory.write(1 << 20, data)
        snapshot.save(vm, str(path))
        before = vm.state()
    with snapshot.load(str(path), machine()) as vm:
        assert vm.memory.read(1 << 20, len(data)) == data and vm.state() == before
