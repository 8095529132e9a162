"""The console of a machine: what is typed, and what is shown."""

from __future__ import annotations

from ring1.dbt.api.registers import Now, changing
from ring1.dbt.travel import journal


class Console:
    """The guest's keyboard and screen. A guest that reads more than it was fed stops for the reason "input"; after
    `close` it reads the end of the input."""

    def __init__(self, now: Now) -> None:
        self.now = now

    def feed(self, data: bytes | str) -> None:
        """Type bytes, or a text as UTF-8."""
        changing(self.now).change(journal.fed(data.encode() if isinstance(data, str) else bytes(data)))

    def close(self) -> None:
        """End the input."""
        changing(self.now).change(journal.closed)

    @property
    def output(self) -> bytes:
        """All that the guest has output up to the present moment."""
        return self.now().body.transcript.text

    @property
    def text(self) -> str:
        """The output as text."""
        return self.output.decode(errors="replace")
