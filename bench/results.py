"""Updates the tables of docs/results.md from a result of `ring1 bench`.

    python -m bench.results [RESULT.json [FILE.md]]

Every `<!-- table NAME -->` of the file, with the table that follows, is replaced by the table of that name. Figures in
running text are `<!-- = PATH -->figure<!-- . -->`, where PATH is suite/benchmark/subject and optionally a key.
The default arguments are docs/results/full.json and docs/results.md.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ring1.dbt.report.bench.agreement import checks
from ring1.dbt.report.bench.baseline import read
from ring1.dbt.report.bench.figures import Object, absent, cell, columns, host, noisy, shown, spread, time
from ring1.dbt.report.bench.generations import ORDER, crossings, curves
from ring1.dbt.report.bench.targets import targets

DOCS = Path(__file__).resolve().parents[1] / "docs"
TABLE = re.compile(r"(<!-- table (\S+) -->\n)(?:\|.*\n)*")
FIGURE = re.compile(r"(<!-- = (\S+) -->).*?(<!-- \. -->)")


def markdown(heads: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def times(suite: str, key: str) -> Callable[[Object], str]:
    """Return a column of lower quartiles with half of the width of their intervals."""

    def made(found: Object) -> str:
        rows = found["suites"].get(suite, [])
        names = columns(rows, key)

        def text(each: Object) -> str:
            if key not in each:
                return "-"
            mark = "\\*" if each["noisy"] else ""
            return f"{shown(each[key]['quartile'])} ±{spread(each[key]):.0%}{mark}"

        return markdown(
            ["", *names], [[row["name"], *(text(row["cells"].get(name, {})) for name in names)] for row in rows]
        )

    return made


def events(found: Object) -> str:
    rows = found["suites"].get("nano", [])
    names = columns(rows, "operations")

    def text(each: Object) -> str:
        return f"{each['events_total']:.2f}" if "events_total" in each else "-"

    return markdown(
        ["", *names], [[row["name"], *(text(row["cells"].get(name, {})) for name in names)] for row in rows]
    )


def cycles(found: Object) -> str:
    """Return the modelled cycles of `hw` by generation, and where binary translation costs as much."""
    rows = []
    for row in found["suites"].get("nano", []):
        modelled = row["cells"].get("hw", {}).get("modelled_cycles")
        if modelled:
            values = [modelled.get(generation) for generation in ORDER]
            equal = [
                f"{ORDER[int(c.place)]} to {ORDER[int(c.place) + 1]}"
                for c in crossings(curves(found, row))
                if c.name == "hw"
            ]
            figures = ["-" if value is None else f"{value:,}" for value in values]
            rows.append([row["name"], *figures, ", ".join(equal) or "none"])
    return markdown(["", *ORDER, "equal to bt between"], rows)


def agreement(found: Object) -> str:
    def text(value: float | None) -> str:
        return "" if value is None else shown(value)

    return markdown(
        ["", "relation", "published", "here", "quotient", "verdict"],
        [[c.benchmark, c.relation, c.published, c.found, text(c.quotient), c.verdict] for c in checks(found)],
    )


def reached(found: Object) -> str:
    verdicts = {True: "reached", False: "**falls short**", None: "not measured"}
    return markdown(
        ["of bt", "wanted", "found", ""], [[t.what, t.wanted, t.found, verdicts[t.met]] for t in targets(found)]
    )


def origin(found: Object) -> str:
    return markdown(["", ""], [list(pair) for pair in host(found)])


def empty(found: Object) -> str:
    rows = [[name, reason, ", ".join(benchmarks)] for (name, reason), benchmarks in absent(found).items()]
    return markdown(["subject", "why not", "benchmarks"], rows)


def doubtful(found: Object) -> str:
    return markdown(["noisy"], [[", ".join(noisy(found)) or "nothing"]])


TABLES: dict[str, Callable[[Object], str]] = {
    "nano": times("nano", "ns"),
    "macro": times("macro", "slowdown"),
    "kernels": times("kernels", "slowdown"),
    "events": events,
    "cycles": cycles,
    "agreement": agreement,
    "targets": reached,
    "host": origin,
    "absent": empty,
    "noisy": doubtful,
}


def figure(found: Object, path: str) -> str:
    """Return a figure named in running text. Raises ValueError if it was not measured."""
    suite, benchmark, name, *key = path.split("/")
    each = cell(found, suite, benchmark, name)
    value = each.get(key[0] if key else "ns")
    if value is None:
        raise ValueError(f"{path} was not measured")
    if not isinstance(value, dict):
        return shown(value)
    return shown(value["quartile"]) if key else time(value["quartile"])


def filled(text: str, found: Object) -> str:
    """Return a text with its tables and figures taken from this result. Raises KeyError for an unknown table."""
    text = TABLE.sub(lambda match: match.group(1) + TABLES[match.group(2)](found), text)
    return FIGURE.sub(lambda match: match.group(1) + figure(found, match.group(2)) + match.group(3), text)


def main(arguments: Sequence[str]) -> int:
    result = arguments[0] if arguments else str(DOCS / "results" / "full.json")
    file = Path(arguments[1]) if len(arguments) > 1 else DOCS / "results.md"
    found = read(result)
    file.write_text(filled(file.read_text(), found))
    print(json.dumps({"file": str(file), "from": result, "seconds": found["seconds"]}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
