"""Raw images: disassembled, and run."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

from ring1.dbt.cli.program import raw
from ring1.dbt.engines.table import make
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.disassemble import disassemble_image
from ring1.isa.load import load
from tests.malformed.mutate import BYTES, mutated
from tests.malformed.target import ROOT, Target, Undocumented

INSTRUCTIONS = 200
REASONS = ("exit", "trap", "double-fault", "limit", "halt")


class Image(Target):
    name = "image"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.isa = load("pg32")
        names = ("hello", "traps", "timer", "smc", "echo", "holes", "disk", "crc32")
        self.corpus = [assemble_files(self.isa, [str(ROOT / f"examples/{name}.s")]).image[:4096] for name in names]
        self.path = folder / "bad.bin"

    def make(self, r: Random) -> bytes:
        if r.random() < 0.1:
            return r.randbytes(r.randrange(512))
        return mutated(r, r.choice(self.corpus), self.corpus, BYTES)

    def feed(self, data: bytes) -> str:
        self.path.write_bytes(data)
        guest = raw(load("pg32"), str(self.path))
        disassemble_image(self.isa, guest.image[:256], 4 * (sum(data) % 4096))
        with Vm(self.isa, 1 << 16, b"input", io.BytesIO()) as vm:
            vm.load(guest.image)
            vm.engine = make("interp" if sum(data) % 16 else "bt", vm, guest.image)
            reason = vm.run(INSTRUCTIONS).reason
        if reason not in REASONS:
            raise Undocumented(reason)
        return reason
