"""Snapshots: damaged ones, and such as have the right checksum and make no sense."""

from __future__ import annotations

import hashlib
import io
import zlib
from pathlib import Path
from random import Random

from dbt.engines.table import make
from dbt.vmm import snapshot
from dbt.vmm.snapshot import HEAD, LENGTH, MAGIC, VERSION, SnapshotError
from dbt.vmm.vm import Vm
from isa.asm.assemble import assemble_files
from isa.load import load
from tests.malformed.mutate import BYTES, MOST, TEXT, mutated
from tests.malformed.target import ROOT, Target

INSTRUCTIONS = 50


class Snapshots(Target):
    name = "snapshot"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.isa = load("pg32")
        self.path = folder / "bad.snap"
        self.corpus = [self.saved("timer", 300), self.saved("echo", 40)]
        parts = [self.unpacked(data) for data in self.corpus]
        self.texts, self.pages = [text for text, _ in parts], [pages for _, pages in parts]

    def saved(self, name: str, at: int) -> bytes:
        program = assemble_files(self.isa, [str(ROOT / f"examples/{name}.s")])
        with Vm(self.isa, 1 << 16, b"some input", io.BytesIO()) as vm:
            vm.load(program.image, program.entry)
            vm.engine = make("interp", vm, program.image)
            vm.run(at)
            snapshot.save(vm, str(self.path))
        return self.path.read_bytes()

    def unpacked(self, data: bytes) -> tuple[bytes, bytes]:
        body = zlib.decompress(data[HEAD.size : -32])
        [length] = LENGTH.unpack(body[: LENGTH.size])
        return body[LENGTH.size :][:length], body[LENGTH.size + length :]

    def make(self, r: Random) -> bytes:
        n = r.randrange(len(self.corpus))
        if r.random() < 0.2:
            return mutated(r, self.corpus[n], self.corpus, BYTES)
        text, pages = self.texts[n], self.pages[n]
        # The long tail, the state of the entropy device, is as good in one place as in another.
        head, tail = (text, b"") if r.random() < 0.1 else (text[:600], text[600:])
        text = mutated(r, head, self.texts, TEXT) + tail
        if r.random() < 0.2:
            pages = mutated(r, pages[:MOST], self.pages, BYTES)
        length = len(text) if r.random() < 0.95 else r.choice((0, 1, len(text) + 1, len(text) // 2, 1 << 27, 1 << 63))
        body = zlib.compress(LENGTH.pack(length) + text + pages)
        if r.random() < 0.1:
            body = mutated(r, body, self.corpus, BYTES)
        data = HEAD.pack(MAGIC, VERSION) + body
        return data + hashlib.sha256(data).digest()

    def feed(self, data: bytes) -> str:
        self.path.write_bytes(data)
        try:
            vm = snapshot.load(str(self.path), self.isa, b"more", io.BytesIO())
        except SnapshotError:
            return "refused"
        with vm:
            vm.engine = make("interp" if len(data) % 16 else "bt", vm, vm.memory.read(0, 4096))
            return vm.run(vm.cpu.retired + INSTRUCTIONS).reason
