"""A registry: techniques by name, as a value that is handed to whoever has to know which there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ring1.dbt.engines.technique import Technique


class Registry(Mapping[str, Technique]):
    """Techniques by name, in the order in which tables show them."""

    def __init__(self, rows: Iterable[Technique], reference: str, default: str) -> None:
        """`reference`: what every other one is held against. `default`: what runs a guest where none is named."""
        self.rows = {row.name: row for row in rows}
        self.reference, self.default = self.rows[reference], self.rows[default]

    def __getitem__(self, name: str) -> Technique:
        return self.rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def with_rows(self, *rows: Technique) -> Registry:
        """The same with more techniques, or with others of the same names."""
        known = self.rows | {row.name: row for row in rows}
        return Registry(known.values(), self.reference.name, self.default.name)

    def here(self) -> list[Technique]:
        """Those that this host can run."""
        return [row for row in self.rows.values() if not row.why_not()]

    def playing(self, part: str) -> Technique:
        """The one that plays a part in published comparisons. Raises KeyError."""
        return {row.part: row for row in self.rows.values() if row.part}[part]

    @property
    def monitors(self) -> dict[int, Technique]:
        """Theorem of Popek and Goldberg -> the technique that is its monitor, the first one of it."""
        return {row.theorem: row for row in reversed(self.rows.values()) if row.theorem is not None}
