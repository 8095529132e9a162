"""Snapshots: damaged ones, and such as have the right checksum and make no sense."""

from __future__ import annotations

import copy
import io
import zlib
from pathlib import Path
from random import Random

from ring1.dbt.engines.table import make
from ring1.dbt.vmm import snapshot
from ring1.dbt.vmm.snapshot import HEAD, SnapshotError
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load
from ring1.isa.read import read
from tests.malformed.mutate import BYTES, MOST, TEXT, mutated
from tests.malformed.target import ROOT, Target
from tests.vmm.parts import Parts, sealed

INSTRUCTIONS = 50


class Snapshots(Target):
    name = "snapshot"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.isa = load("pg32")
        self.path = folder / "bad.snap"
        self.corpus = [self.saved("timer", 300), self.saved("echo", 40)]
        self.parts = [Parts(data) for data in self.corpus]
        self.texts, self.pages = [part.text for part in self.parts], [part.pages for part in self.parts]
        self.first = [(ROOT / f"tests/vmm/snapshots/version1{kind}.snap").read_bytes() for kind in ("", "-trapped")]
        self.small = read(str(ROOT / "tests/vmm/snapshots/small.isa"))

    def saved(self, name: str, at: int) -> bytes:
        program = assemble_files(self.isa, [str(ROOT / f"examples/{name}.s")])
        with Vm(self.isa, 1 << 16, b"some input", io.BytesIO()) as vm:
            vm.load(program.image, program.entry)
            vm.engine = make("interp", vm, program.image)
            vm.run(at)
            snapshot.save(vm, str(self.path))
        return self.path.read_bytes()

    def make(self, r: Random) -> bytes:
        n = r.randrange(len(self.corpus))
        if r.random() < 0.2:
            return mutated(r, self.corpus[n], self.corpus, BYTES)
        if r.random() < 0.2:
            return self.of_version_1(r)
        parts = copy.copy(self.parts[n])
        # The long middle, the state of the entropy device, is as good in one place as in another.
        head, tail = (parts.text, b"") if r.random() < 0.1 else (parts.text[:600], parts.text[600:])
        parts.text = mutated(r, head, self.texts, TEXT) + tail
        if r.random() < 0.2:
            parts.pages = mutated(r, parts.pages[:MOST], self.pages, BYTES)
        if r.random() < 0.1:
            some = [(r.randrange(20), r.randrange(20)) for _ in range(r.randrange(4))]
            parts.runs = some if r.random() < 0.5 else [*parts.runs, *some]
        body = parts.body()
        if r.random() < 0.1:
            body = mutated(r, body[:MOST], self.corpus, BYTES)
        body = zlib.compress(body)
        if r.random() < 0.1:
            body = mutated(r, body, self.corpus, BYTES)
        return sealed(body)

    def of_version_1(self, r: Random) -> bytes:
        body = zlib.decompress(r.choice(self.first)[HEAD.size : -32])
        at = r.choice((0, 8, 600, len(body) - 8400))
        changed = mutated(r, body[at : at + 200], self.texts, TEXT if at else BYTES)
        return sealed(zlib.compress(body[:at] + changed + body[at + 200 :]), 1)

    def feed(self, data: bytes) -> str:
        self.path.write_bytes(data)
        try:
            vm = snapshot.load(str(self.path), self.isa if data[8:9] != b"\1" else self.small, b"more", io.BytesIO())
        except SnapshotError:
            return "refused"
        with vm:
            vm.engine = make("interp" if len(data) % 16 else "bt", vm, vm.memory.read(0, 4096))
            return vm.run(vm.cpu.retired + INSTRUCTIONS).reason
