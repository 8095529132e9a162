"""The report of a grading in the Test Anything Protocol, version 13 (https://testanything.org)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ring1.dbt.grade.report import case_lines, plain
from ring1.dbt.grade.verdict import Graded


def name(text: str) -> str:
    """Return a description: `#` would begin a directive."""
    return plain(text).replace("\n", " ").replace("\\", "\\\\").replace("#", "\\#")


def lines(all_: Sequence[Graded]) -> Iterator[str]:
    yield "TAP version 13"
    yield f"1..{sum(max(len(graded.verdicts), 1) for graded in all_)}"
    number = 0
    for graded in all_:
        if graded.refused:
            number += 1
            yield f"not ok {number} - {name(graded.name)}: {name(graded.refused)}"
        for verdict in graded.verdicts:
            number += 1
            yield f"{'ok' if verdict.passed else 'not ok'} {number} - {name(f'{graded.name}: {verdict.case}')}"
            if not verdict.passed:
                # A diagnostic is YAML, of which JSON's strings are a part.
                yield "  ---"
                yield f"  message: {json.dumps(plain(verdict.complaints[0].text if verdict.complaints else ''))}"
                yield "  told:"
                yield from (f"    - {json.dumps(plain(line))}" for line in case_lines(verdict))
                yield "  ..."


def as_text(all_: Sequence[Graded]) -> str:
    return "\n".join(lines(all_)) + "\n"
