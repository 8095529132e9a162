"""What has become of a case, and of a submission."""

from __future__ import annotations

from ring1.isa.record import Record

PASSED, FAILED, BROKEN = "passed", "failed", "broken"
"""BROKEN: it could not be run, since the submission has errors, or the grader had to stop it."""


class Complaint(Record):
    """One thing that is not as expected: a line, and lines that explain it."""

    text: str
    details: tuple[str, ...] = ()


class Verdict(Record):
    """`state` is PASSED, FAILED or BROKEN."""

    case: str
    state: str
    complaints: tuple[Complaint, ...] = ()
    seconds: float = 0.0
    insns: int = 0
    points: float = 0.0
    """What is given."""
    most: float = 1.0
    """What the case is worth."""
    hint: str = ""

    @property
    def passed(self) -> bool:
        return self.state == PASSED


class Graded(Record):
    """A submission with a verdict for each case; `refused` says why it was not looked at."""

    name: str
    verdicts: tuple[Verdict, ...] = ()
    refused: str = ""
    share: float = 1.0
    """The part of the verdicts that is to be PASSED."""
    what: str = "cases passed"

    @property
    def passed(self) -> bool:
        passed = sum(verdict.passed for verdict in self.verdicts)
        return not self.refused and passed >= self.share * len(self.verdicts)

    @property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)
