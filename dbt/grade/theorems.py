"""What a case expects of a description: Popek and Goldberg's theorems, and which instructions are holes."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.grade.case import Case
from ring1.dbt.grade.verdict import Complaint
from ring1.isa.classify import classify, verdicts
from ring1.isa.model import Isa


def complaints(case: Case, isa: Isa) -> Iterator[Complaint]:
    """Yield what is not as expected. Raises IsaError for a machine that cannot be classified."""
    if not case.theorems and case.holes is None:
        return
    classes = classify(isa)
    found = {verdict.theorem: verdict for verdict in verdicts(isa, classes)}
    for number, holds in case.theorems:
        verdict = found[number]
        if verdict.holds is not holds:
            is_ = "does not apply" if verdict.holds is None else "holds" if verdict.holds else "fails"
            named = f": {' '.join(verdict.by)}" if verdict.by and not verdict.holds else ""
            yield Complaint(
                f"theorem {number} {is_} of {isa.name}, and should {'hold' if holds else 'fail'}",
                (f"{verdict.claim}", f"{verdict.reason}{named}"),
            )
    if case.holes is not None:
        holes = {name for name, each in classes.items() if each.sensitive and not each.privileged}
        wanted = set(case.holes)
        for name in sorted(holes - wanted):
            why = [
                *(f"changes {part}" for part in classes[name].control),
                *(f"shows {p}" for p in classes[name].location),
            ]
            yield Complaint(f"{name} is sensitive and not privileged, and should not be", tuple(why))
        for name in sorted(wanted - holes):
            how = "privileged" if classes[name].privileged else "not sensitive"
            yield Complaint(f"{name} is {how}; it should be sensitive and not privileged")
