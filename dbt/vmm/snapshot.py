"""Snapshots: a whole machine between two instructions, in one file, to resume later, elsewhere or under another engine.

    8 bytes   MAGIC
    4 bytes   VERSION, little-endian
    a zlib stream: the machine's identity, the state of CPU and devices, and the pages that are not all zeros
    32 bytes  SHA-256 of everything before

The file depends on the machine's state alone: engines that agree on the state write the same bytes. It holds no host
code, and nothing in it is trusted: a malformed file is a SnapshotError. Files of earlier versions can be read.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO

from ring1.dbt.devices.tohost import ToHost, saved_at
from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.machine.saved import Misfit
from ring1.dbt.vmm import contents, version1
from ring1.dbt.vmm.contents import CHUNK, MOST_BYTES, Body, Contents, Run, SavedMachine
from ring1.dbt.vmm.vm import Vm
from ring1.isa import boards
from ring1.isa.board import Board
from ring1.isa.load import load as load_isa
from ring1.isa.load import shipped
from ring1.isa.model import Isa
from ring1.isa.record import Record
from ring1.isa.source import IsaError

MAGIC = b"\x89ring1\r\n"
VERSION = 2
READERS = {1: version1.unpack, VERSION: contents.unpack}
HEAD = struct.Struct("<8sI")
DIGEST = 32
LEVEL = 1
"""Compression level of zlib: level 6 took seven times as long for 64 MiB of counters, and saved nothing."""
MOST_FILE = MOST + MOST // 64 + 2 * MOST_BYTES
"""Most bytes of a file: the largest RAM, incompressible, and everything else."""


class SnapshotError(Exception):
    """A file cannot be resumed here; the message has its name and the reason."""


# --- Saving ------------------------------------------------------------------------


def save(vm: Vm, path: str) -> None:
    """Write a machine that is not running to a file, which is replaced atomically.

    Only the file's owner may read it, as it holds all of the guest's memory. Raises OSError; ValueError for a machine
    that was changed in Python and so matches no description, and for one with too much unread console input.
    """
    if not vm.isa.digest:
        raise ValueError(f"this {vm.isa.name} is not as any description has it")
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with open(handle, "wb") as file:
            write(vm, file)
            file.flush()
            os.fsync(handle)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    if sys.platform == "win32":
        return  # directories cannot be opened there
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def write(vm: Vm, file: IO[bytes]) -> None:
    """Write a machine to an open file."""
    base = vm.memory.base
    pages = runs(page - base // PAGE for page in vm.memory.occupied())
    machine = SavedMachine(vm.isa.name, vm.isa.digest, vm.memory.size)
    state: dict[str, object] = {"cpu": vm.cpu.save(), "bus": vm.bus.save()}
    if vm.board is not None:
        state["board"] = boards.name(vm.board)
    said = contents.pack(machine, state, pages)
    digest, packer = hashlib.sha256(), zlib.compressobj(LEVEL)

    def put(data: bytes) -> None:
        digest.update(data)
        file.write(data)

    put(HEAD.pack(MAGIC, VERSION))
    put(packer.compress(said))
    for first, count in pages:
        end = base + (first + count) * PAGE
        for at in range(base + first * PAGE, end, CHUNK):
            put(packer.compress(vm.memory.bytes[at : min(at + CHUNK, end)]))
    put(packer.flush())
    file.write(digest.digest())


def runs(pages: Iterable[int]) -> list[Run]:
    """Return ascending page numbers as runs of adjacent pages."""
    found: list[Run] = []
    for page in pages:
        if found and page == sum(found[-1]):
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((page, 1))
    return found


# --- Loading -----------------------------------------------------------------------


def load(
    path: str,
    isa: Isa | None = None,
    source: int | bytes = b"",
    output: BinaryIO | None = None,
    disk: str | None = None,
) -> Vm:
    """Return the machine of a snapshot, without an engine. Raises SnapshotError, OSError.

    `isa` may be left out for a machine that ring1 ships. `source` is console input that follows what the snapshot holds
    of it. A machine with a disk needs the same contents again: `disk` names the file.
    """
    with opened(path, isa) as found:
        return restored(found.contents, found.body, found.isa, source, output, disk)


class Opened(Record):
    """A snapshot file that is being read: everything but the pages, which come next in `body`, in the order of the
    runs; and the description of the machine."""

    contents: Contents
    body: Body
    isa: Isa


@contextmanager
def opened(path: str, isa: Isa | None = None) -> Iterator[Opened]:
    """Open a snapshot file; see `load`. Whatever shows within that it makes no sense is a SnapshotError. Raises
    SnapshotError, OSError."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise SnapshotError(f"{path}: not a file")
    with open(path, "rb") as file:
        version = verify(path, file)
        body = Body(file, HEAD.size, os.fstat(file.fileno()).st_size - DIGEST)
        try:
            known: list[Isa] = []
            found = READERS[version](body, lambda machine: known.append(described(machine, isa)))
            yield Opened(found, body, known[0])
        except (Misfit, SnapshotError) as error:
            raise SnapshotError(f"{path}: {error}") from None
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError, zlib.error) as error:
            raise SnapshotError(f"{path}: makes no sense as a snapshot: {error!r:.100}") from None


def verify(path: str, file: IO[bytes]) -> int:
    """Return the version of a file. Raises SnapshotError unless it is an undamaged snapshot of a known version."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(HEAD.size)
    magic, version = HEAD.unpack(head.ljust(HEAD.size, b"\0"))
    if magic != MAGIC:
        raise SnapshotError(f"{path}: not a snapshot")
    if len(head) == HEAD.size and version not in READERS:
        raise SnapshotError(f"{path}: a snapshot of format {version}; this ring1 knows formats 1 to {VERSION}")
    if size > MOST_FILE:
        raise SnapshotError(f"{path}: larger than a snapshot of any machine")
    digest, left = hashlib.sha256(head), size - HEAD.size - DIGEST
    while left > 0 and (data := file.read(min(left, CHUNK))):
        digest.update(data)
        left -= len(data)
    if left or file.read() != digest.digest():
        raise SnapshotError(f"{path}: damaged, or not all of it is there")
    return int(version)


def restored(
    found: Contents, body: Body, isa: Isa, source: int | bytes, output: BinaryIO | None, disk: str | None
) -> Vm:
    """Make a machine with these contents; its pages come next in `body`."""
    board = found.state.get("board")
    vm = Vm(isa, found.machine.ram, source, output, disk, board=None if board is None else described_board(board))
    base = vm.memory.base
    try:
        tohost = saved_at(found.state["bus"]["devices"], vm.memory)
        if tohost is not None:
            vm.bus.add(ToHost(vm.cpu, tohost))
        for first, count in found.runs:
            end = base + (first + count) * PAGE
            for at in range(base + first * PAGE, end, CHUNK):
                vm.memory.write(at, body.read(min(CHUNK, end - at)))
        if body.some(1):
            raise ValueError("there is more behind its pages")
        vm.bus.restore(found.state["bus"])
        vm.cpu.restore(found.state["cpu"])
    except BaseException:
        vm.close()
        raise
    return vm


def described(machine: SavedMachine, isa: Isa | None) -> Isa:
    """Return the description that a snapshot names. Raises SnapshotError if `isa` is not that, or is missing and not
    shipped."""
    if isa is None:
        if machine.name not in shipped():
            raise SnapshotError(f"a snapshot of the machine {machine.name!r:.40}; --isa has to name its description")
        isa = load_isa(machine.name)
    if (isa.name, isa.digest) != (machine.name, machine.digest):
        raise SnapshotError(f"a snapshot of another machine than this {isa.name}: the descriptions differ")
    return isa


def described_board(name: object) -> Board:
    """Return the board that a snapshot names. Raises SnapshotError if there is none here."""
    if not isinstance(name, str):
        raise ValueError("a board has a name")
    try:
        return boards.load(name)
    except IsaError:
        raise SnapshotError(f"its board, {name[:200]}, is not here") from None
