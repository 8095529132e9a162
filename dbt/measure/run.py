"""A complete measurement: suites of trials, one after the other."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from ring1.dbt.engines.technique import Technique
from ring1.dbt.measure import host, kernels, macro, nano, result
from ring1.dbt.measure.sampling import Cell, Rounds, counted, measure, pinned, same_work
from ring1.dbt.measure.trial import BARE, Trial, TrialSetting
from ring1.isa.load import load
from ring1.isa.record import Record

SUITES: dict[str, Callable[[TrialSetting], list[Trial]]] = {
    "nano": nano.trials,
    "macro": macro.trials,
    "kernels": kernels.trials,
}
"""Name -> its trials, in the order of measurement."""
ISA = "pg32v"
"""The machine: PG32 with the holes privileged outside ring 0, so that every technique can run the same guests."""
PLANS: Mapping[bool, Mapping[str, Rounds]] = {
    False: {"nano": Rounds(12, 0.02, 12.0), "macro": Rounds(12, 0.03, 16.0), "kernels": Rounds(12, 0.02, 16.0)},
    True: {
        "nano": Rounds(10, 0.003, limit=1.0),
        "macro": Rounds(10, 0.005, limit=3.5),
        "kernels": Rounds(10, 0.005, limit=3.0),
    },
}
"""Is the measurement to be quick? -> suite -> how much is measured."""


class Request(Record):
    """What is to be measured."""

    suites: Sequence[str]
    engines: Sequence[Technique]
    quick: bool = False
    seed: int = 0
    isa: str = ISA


class Progress:
    """Is notified of the progress of the measurement."""

    def expect(self, steps: int) -> None:
        """Announce the total number of steps."""

    def begin(self, what: str) -> None:
        """Announce what the next steps belong to."""

    def step(self) -> None:
        """Announce that a step is done."""


def run(request: Request, progress: Progress) -> result.Object:
    """Measure. After Ctrl-C, returns what was measured until then."""
    began, clock = datetime.now(UTC), time.monotonic()
    made: result.Object = {
        "schema": result.SCHEMA,
        "version": result.VERSION,
        "began": began.isoformat(timespec="seconds"),
        "seconds": 0.0,
        "partial": False,
        "quick": request.quick,
        "seed": request.seed,
        "isa": request.isa,
        "host": host.facts(),
        "engines": result.engines(request.engines),
        "parts": result.parts(request.engines),
        "colours": result.colours(request.engines),
        "costs": result.generations(),
        "suites": {},
    }
    with tempfile.TemporaryDirectory() as folder, pinned() as cpu:
        made["host"]["pinned_to_cpu"] = cpu
        setting = TrialSetting(load(request.isa), request.engines, folder, request.quick)
        suites = {name: SUITES[name](setting) for name in request.suites}
        if "kernels" in suites:
            made["host"]["peers"] = kernels.versions()
        plans = PLANS[request.quick]
        progress.expect(
            sum(len(trials) * (plans[name].rounds + len(request.engines)) for name, trials in suites.items())
        )
        try:
            for name, trials in suites.items():
                rows = made["suites"][name] = []
                for trial in trials:
                    progress.begin(f"{name}: {trial.name}")
                    cells = measure(trial.subjects(), plans[name], progress.step)
                    same_work(cells, [each.name for each in request.engines if each.unmodified], trial.cycle)
                    shadow = shadow_table(trial, request, plans[name].seconds)
                    rows.append(result.row(trial, cells, request.engines, request.seed, shadow))
        except KeyboardInterrupt:
            made["partial"] = True
    made["seconds"] = round(time.monotonic() - clock, 1)
    return made


def shadow_table(trial: Trial, request: Request, seconds: float) -> Cell | None:
    """Return the events that hardware without nested paging would have besides those of a modelled technique; None if
    nobody asks."""
    asked = any(each.modelled and each.priced for each in request.engines)
    return counted(trial.shadow, seconds) if asked and trial.shadow is not None and not BARE.why_not() else None
