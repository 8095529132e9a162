"""The progress of a measurement, on a terminal."""

from __future__ import annotations

from rich import progress
from rich.console import Console

from ring1.dbt.measure.run import Progress


class Bar(Progress):
    """A bar on stderr, with the time remaining."""

    def __init__(self) -> None:
        self.shown = progress.Progress(
            progress.TextColumn("{task.description:20}"),
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self.task = self.shown.add_task("", total=None)

    def __enter__(self) -> Bar:
        self.shown.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shown.stop()

    def expect(self, steps: int) -> None:
        self.shown.update(self.task, total=steps)

    def begin(self, what: str) -> None:
        self.shown.update(self.task, description=what)

    def step(self) -> None:
        self.shown.advance(self.task)
