"""Linked files: encoded anew, and run; and names beside an image."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr
from pathlib import Path
from random import Random

from ring1.dbt.cli.program import linked, raw
from ring1.dbt.cli.symbols import digest
from ring1.dbt.engines.table import make
from ring1.dbt.vmm.vm import Vm
from ring1.isa.load import load
from ring1.isa.source import ElfError
from tests.isa.elf.files import File, Load, code
from tests.malformed.mutate import BYTES, mutated
from tests.malformed.target import Target

INSTRUCTIONS = 200
CODE = code(0x00150513, 0x00B50533, 0xFE059CE3, 0x0000A023, 0x02C5D533, 0x00008067, 0x0000006F)
SYMBOLS = [("main", 0x1000, 0x12), ("$x", 0x1000, 0), ("$d", 0x1018, 0), ("table", 0x2000, 0x11)]
FILES = (
    File([Load(0x1000, CODE), Load(0x2000, b"data" * 9, flags=6, size=200)], entry=0x1000),
    File([Load(0x1000, CODE)], entry=0x1000, sections=[(0x1000, 8, 6), (0x1008, 20, 6)], symbols=SYMBOLS),
    File([Load(0x1000, CODE, virtual=0x8000)], entry=0x8000, sections=[(0x8000, 28, 6)], symbols=SYMBOLS),
)


class Linked(Target):
    name = "linked"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.isa = load("pg32")
        self.corpus = [file.bytes() for file in FILES]
        self.path = folder / "bad.elf"

    def make(self, r: Random) -> bytes:
        return mutated(r, r.choice(self.corpus), self.corpus, BYTES)

    def feed(self, data: bytes) -> str:
        self.path.write_bytes(data)
        try:
            guest = linked(self.isa, str(self.path))
        except ElfError as error:
            assert str(self.path) in str(error)
            return "refused"
        if guest.room > 1 << 24:
            return "large"
        with Vm(self.isa, 1 << 24, b"input", io.BytesIO()) as vm:
            vm.load(guest.image, guest.entry)
            vm.engine = make("interp", vm, guest.image)
            vm.run(INSTRUCTIONS)
        guest.program.symbol(0x1004)
        return "run"


class Names(Target):
    name = "names"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = folder / "named.bin"
        self.image = CODE
        self.path.write_bytes(self.image)
        labels = [[0, "_start"], [8, "loop"], [24, "end"]]
        good = {"version": 1, "image": digest(self.image), "size": len(self.image), "labels": labels}
        self.corpus = [json.dumps(good).encode(), json.dumps(good, indent=1).encode()]

    def make(self, r: Random) -> bytes:
        return mutated(r, r.choice(self.corpus), self.corpus, BYTES)

    def feed(self, data: bytes) -> str:
        (self.folder / "named.bin.sym").write_bytes(data)
        with redirect_stderr(io.StringIO()):
            program = raw(load("pg32"), str(self.path)).program
        assert program.image == self.image
        return "named" if program.labels else "nameless"
