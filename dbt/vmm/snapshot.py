"""A whole machine in one file, between two instructions: to go on later, elsewhere, or under another engine.

    8 bytes   MAGIC
    4 bytes   VERSION, little-endian
    a zlib stream: 8 bytes, the length of the JSON that follows, little-endian
                   JSON: description, size of RAM, its pages that are not all zeros, what CPU and devices have saved
                   those pages, 4096 bytes each
    32 bytes  SHA-256 of all before

The file is a function of the machine's state alone: engines that agree on the state write the same bytes. It holds no
code, and nothing in it is believed: whatever makes no sense is a SnapshotError.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import struct
import tempfile
import zlib
from collections.abc import Iterable
from typing import IO, BinaryIO

from dbt.devices.disk import AnotherDisk
from dbt.machine.memory import MOST, PAGE
from dbt.machine.saved import Saved, integer, integers
from dbt.vmm.vm import Vm
from isa.load import load as load_isa
from isa.load import shipped
from isa.model import Isa

MAGIC = b"\x89ring1\r\n"
VERSION = 1
HEAD = struct.Struct("<8sI")
LENGTH = struct.Struct("<Q")
DIGEST = 32
LEVEL = 1
"""Of zlib: 6 took seven times as long for 64 MiB of counters, and saved nothing."""
CHUNK = 1 << 20
MOST_JSON = 1 << 28


class SnapshotError(Exception):
    """A file is no snapshot that can be resumed here; says why, with the file's name."""


# --- Saving ------------------------------------------------------------------------


def save(vm: Vm, path: str) -> None:
    """Write a machine that is not running to a file, which is replaced whole or not at all.

    Only the file's owner may read it, as it holds all of the guest's memory. Raises OSError; ValueError for a machine
    that was changed in Python and so has no description.
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
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def write(vm: Vm, file: IO[bytes]) -> None:
    """Write a machine to a file."""
    pages = runs(vm.memory.occupied())
    saved = {
        "isa": [vm.isa.name, vm.isa.digest],
        "ram": vm.memory.size,
        "pages": pages,
        "cpu": vm.cpu.save(),
        "bus": vm.bus.save(),
    }
    text = json.dumps(saved, sort_keys=True, separators=(",", ":")).encode()
    digest, packer = hashlib.sha256(), zlib.compressobj(LEVEL)

    def put(data: bytes) -> None:
        digest.update(data)
        file.write(data)

    put(HEAD.pack(MAGIC, VERSION))
    put(packer.compress(LENGTH.pack(len(text)) + text))
    for first, count in pages:
        end = (first + count) * PAGE
        for at in range(first * PAGE, end, CHUNK):
            put(packer.compress(vm.memory.bytes[at : min(at + CHUNK, end)]))
    put(packer.flush())
    file.write(digest.digest())


def runs(pages: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as [first, count] of each run of neighbours."""
    found: list[list[int]] = []
    for page in pages:
        if found and page == sum(found[-1]):
            found[-1][1] += 1
        else:
            found.append([page, 1])
    return found


# --- Loading -----------------------------------------------------------------------


def load(
    path: str,
    isa: Isa | None = None,
    source: int | bytes = b"",
    output: BinaryIO | None = None,
    disk: str | None = None,
) -> Vm:
    """The machine of a snapshot, without an engine. Raises SnapshotError, OSError.

    `isa` may be left out if the machine is one that is shipped. `source` continues the console's input behind what the
    snapshot holds of it. A machine with a disk wants it again, as it was: `disk` says where it is now.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise SnapshotError(f"{path}: not a file")
    with open(path, "rb") as file:
        verify(path, file)
        body = Body(file, os.fstat(file.fileno()).st_size - DIGEST)
        try:
            return restored(body, isa, source, output, disk)
        except (AnotherDisk, SnapshotError) as error:
            raise SnapshotError(f"{path}: {error}") from None
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError, zlib.error) as error:
            raise SnapshotError(f"{path}: makes no sense as a snapshot: {error!r:.100}") from None


def verify(path: str, file: IO[bytes]) -> None:
    """Raises SnapshotError unless the file is a whole snapshot of the version that is known here."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(HEAD.size)
    magic, version = HEAD.unpack(head.ljust(HEAD.size, b"\0"))
    if magic != MAGIC:
        raise SnapshotError(f"{path}: not a snapshot")
    if len(head) == HEAD.size and version != VERSION:
        raise SnapshotError(f"{path}: a snapshot of format {version}; this ring1 knows format {VERSION}")
    digest, left = hashlib.sha256(head), size - HEAD.size - DIGEST
    while left > 0 and (data := file.read(min(left, CHUNK))):
        digest.update(data)
        left -= len(data)
    if left or file.read() != digest.digest():
        raise SnapshotError(f"{path}: damaged, or not all of it is there")


class Body:
    """The uncompressed contents of a snapshot, read bit by bit: they may be many times what the file has."""

    def __init__(self, file: IO[bytes], end: int) -> None:
        self.file = file
        self.left = end - HEAD.size
        self.packed = zlib.decompressobj()
        file.seek(HEAD.size)

    def read(self, length: int) -> bytes:
        """The next bytes, all of them. Raises ValueError if there are fewer."""
        parts = []
        while length:
            data = self.packed.unconsumed_tail
            if not data and not self.packed.eof:
                data = self.file.read(min(self.left, CHUNK))
                self.left -= len(data)
            part = self.packed.decompress(data, length)
            if not part and not data:
                raise ValueError("it ends too early")
            parts.append(part)
            length -= len(part)
        return b"".join(parts)


def restored(body: Body, isa: Isa | None, source: int | bytes, output: BinaryIO | None, disk: str | None) -> Vm:
    """The machine that is described by `body`."""
    [length] = LENGTH.unpack(body.read(LENGTH.size))
    if length > MOST_JSON:
        raise ValueError("it has too much to say")
    saved: Saved = json.loads(body.read(length))
    isa = described(saved["isa"], isa)
    vm = Vm(isa, integer(saved["ram"], MOST), source, output, disk)
    try:
        vm.bus.restore(saved["bus"])
        vm.cpu.restore(saved["cpu"])
        for run in saved["pages"]:
            first, count = integers(run, 2, vm.memory.size // PAGE)
            if first + count > vm.memory.size // PAGE:
                raise ValueError("there are pages beyond the end of RAM")
            end = (first + count) * PAGE
            for at in range(first * PAGE, end, CHUNK):
                vm.memory.write(at, body.read(min(CHUNK, end - at)))
    except BaseException:
        vm.close()
        raise
    return vm


def described(saved: list[str], isa: Isa | None) -> Isa:
    """The description that a snapshot names. Raises SnapshotError if it is not at hand."""
    name, digest = saved
    if isa is None:
        if name not in shipped():
            raise SnapshotError(f"a snapshot of the machine {name!r:.40}; --isa has to name its description")
        isa = load_isa(name)
    if isa.name != name or isa.digest != digest:
        raise SnapshotError(f"a snapshot of another machine than this {isa.name}: the descriptions differ")
    return isa
