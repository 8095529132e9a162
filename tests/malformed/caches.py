"""The cache directory: an entry is what was put there under its name, or nothing."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from ring1.dbt.host.x86_64.templates import FILE
from ring1.isa import store
from ring1.isa.load import load
from ring1.isa.record import Record
from ring1.isa.sealed import unsealed
from tests.malformed.description import SMALL
from tests.malformed.mutate import BYTES, mutated
from tests.malformed.quiet import ring1
from tests.malformed.target import ROOT, Target, Undocumented


class Caches(Target):
    name = "cache"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.small = folder / "small.isa"
        self.small.write_text(SMALL)
        before = os.environ.get("RING1_CACHE")
        self.cache = folder / "cache"
        os.environ["RING1_CACHE"] = str(self.cache)
        try:
            self.machine = load(str(self.small))
            for program in ("hello", "crc32"):
                ring1(["run", "--quiet", str(ROOT / f"examples/{program}.s")])
        finally:
            os.environ.pop("RING1_CACHE") if before is None else os.environ.update(RING1_CACHE=before)
        self.entries = sorted(str(path.relative_to(self.cache)) for path in self.cache.rglob("*") if path.is_file())
        self.files = [(self.cache / name).read_bytes() for name in self.entries]
        self.shipped = FILE.read_bytes()

    def make(self, r: Random) -> bytes:
        """The number of an entry, and other contents for it: changed, or those of another entry."""
        n = r.randrange(len(self.entries) + 1)
        if n == len(self.entries):
            data = mutated(r, self.shipped, self.files, BYTES)
        else:
            data = r.choice(self.files) if r.random() < 0.1 else mutated(r, self.files[n], self.files, BYTES)
        return bytes((n,)) + data

    def feed(self, data: bytes) -> str:
        n, data = data[0], data[1:]
        if n == len(self.entries):
            same, found = data == self.shipped, unsealed(data, FILE.name)
        else:
            same, found = data == self.files[n], self.loaded(n, data)
        if same != (found is not None):
            raise Undocumented(f"entry {n}: {'lost' if same else 'believed'}")
        return "unharmed" if same else "refused"

    def loaded(self, n: int, data: bytes) -> object:
        kind, name = self.entries[n].split("/")
        path = self.cache / kind / name
        path.write_bytes(data)
        before = store.directory
        store.directory = lambda: str(self.cache)
        try:
            if kind == "isa" and data[-1:] < b"\x08":
                made = load(str(self.small))
                if not isinstance(made, Record) or made != self.machine:
                    raise Undocumented("another machine")
                path.write_bytes(data)
            return store.saved(kind, name)
        finally:
            store.directory = before
            path.write_bytes(self.files[n])
