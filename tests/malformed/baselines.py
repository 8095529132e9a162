"""Results of `ring1 bench` that another one is compared with."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from ring1.dbt.report.bench.baseline import changes, differences, read
from tests.malformed.mutate import TEXT, mutated
from tests.malformed.target import Target
from tests.measure.results import made, measured


class Baselines(Target):
    name = "baseline"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.good = made({"in": {"bare": measured(100), "bt": measured(150)}, "out": {"bare": measured(1)}})
        self.text = json.dumps(self.good, indent=1).encode()
        self.path = folder / "old.json"

    def make(self, r: Random) -> bytes:
        return mutated(r, self.text, (self.text, b'[{"a": null, "b": [true, 1e999, NaN, -0.0]}]'), TEXT)

    def feed(self, data: bytes) -> str:
        self.path.write_bytes(data)
        try:
            old = read(str(self.path))
        except ValueError as error:
            return "refused" if str(error).startswith(f"{self.path}: ") else "refused, but who knows what"
        differences(self.good, old)
        changes(self.good, old)
        return "accepted"
