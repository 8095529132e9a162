"""What was on the screen at the last stop: so that what has changed since can be marked."""

from __future__ import annotations

from rich.text import Text

CHANGED = "bold yellow"


class Seen:
    """The values that a panel shows, by name or address."""

    def __init__(self) -> None:
        self.before: dict[object, int] = {}
        self.now: dict[object, int] = {}

    def stop(self) -> None:
        """The machine has come to another moment: what is shown from now on is held against what was shown."""
        self.before, self.now = self.now, {}

    def style(self, key: object, value: int) -> str:
        """Note a value that is shown; return the style in which it is."""
        self.now[key] = value
        return CHANGED if self.before.get(key, value) != value else ""

    def add(self, text: Text, key: object, value: int, shown: str) -> None:
        text.append(shown, self.style(key, value))
