"""Grading: all cases of an assignment for all submissions, side by side in processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from ring1.dbt.engines.registry import Registry
from ring1.dbt.grade import check
from ring1.dbt.grade.assignment import Assignment
from ring1.dbt.grade.case import Case
from ring1.dbt.grade.case_file import CaseError
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.grader import Grader
from ring1.dbt.grade.submission import Refused, Submission, unpacked
from ring1.dbt.grade.verdict import BROKEN, Complaint, Graded, Verdict
from ring1.dbt.grade.workers import Died, Workers
from ring1.dbt.toml.source import ordered
from ring1.isa.record import Record
from ring1.isa.source import Fault

AROUND = 30.0
"""Seconds of processor time for what is done around the runs of a case: assembling, finding what is to be told."""


class Job(Record):
    """A case for one submission, or for the folder's own files."""

    case: Case
    submission: Submission | None
    checking: bool = False
    """Is it only looked at whether there is what the case names?"""

    @property
    def seconds(self) -> float:
        """Processor time that it may take."""
        return AROUND + self.case.limits.seconds * max(len(self.case.engines), 1)


Result = Verdict | tuple[Fault, ...] | str
"""A verdict; faults of a case that was checked; or why the submission was refused."""


class Doing:
    """Does jobs, in a process of its own."""

    def __init__(self, registry: Registry, assignment: Assignment) -> None:
        self.grader = Grader(registry)
        self.assignment = assignment

    def __call__(self, job: Job) -> Result:
        try:
            if job.submission is None:
                return self.done(job, Files(self.assignment.folder, {}))
            submitted = self.assignment.submitted
            with unpacked(job.submission, submitted) as folder:
                others = {name: folder / name for name in submitted}
                return self.done(job, Files(self.assignment.folder, others, folder))
        except Refused as refused:
            return str(refused)
        except OSError as error:
            return error.strerror or str(error)

    def done(self, job: Job, files: Files) -> Result:
        if job.checking:
            return tuple(problem.fault(job.case) for problem in self.grader.problems(job.case, files))
        return self.grader.case(job.case, files)


def begun(registry: Registry, assignment: Assignment) -> Callable[[Job], Result]:
    return Doing(registry, assignment)


def workers(registry: Registry, assignment: Assignment, jobs: int) -> Workers[Job, Result]:
    return Workers(partial(begun, registry, assignment), lambda job: job.seconds, jobs)


def own(assignment: Assignment) -> Submission | None:
    """Return the solution that an assignment has, as a submission; None if its cases need none."""
    return Submission("solution", assignment.folder / assignment.solution) if assignment.solution else None


def checked(assignment: Assignment, registry: Registry, jobs: int) -> None:
    """Look whether all that the cases name is there. Raises CaseError with every fault."""
    files = Files(assignment.folder, {name: Path(name) for name in assignment.submitted})
    faults = [problem.fault(case) for case in assignment.cases for problem in check.names(case, files, registry)]
    solution = own(assignment)
    if solution is not None and not solution.path.exists():
        faults.append(Fault(assignment.place, f"there is no solution {assignment.solution}"))
    if faults:
        raise CaseError(ordered(faults))
    if solution is None and assignment.submitted:
        return  # which labels there are is for whoever hands in to say
    crew = workers(registry, assignment, jobs)
    with closing(crew):
        wanted = (Job(case, solution, True) for case in assignment.cases)
        for job, result in crew.results(wanted):
            if isinstance(result, tuple):
                faults += result
            else:
                faults.append(Fault(job.case.place, f"the program cannot be looked at: {result}"))
    if faults:
        raise CaseError(ordered(faults))


def grade(
    assignment: Assignment, submissions: Sequence[Submission | None], registry: Registry, jobs: int
) -> Iterator[Graded]:
    """Yield what has become of each submission, as they end; None stands for the folder's own files."""
    found: dict[str, dict[str, Verdict]] = {}
    refused: dict[str, str] = {}
    crew = workers(registry, assignment, jobs)
    with closing(crew):
        wanted = (Job(case, each) for each in submissions for case in assignment.cases)
        for job, result in crew.results(wanted):
            name = assignment.name if job.submission is None else job.submission.name
            verdicts = found.setdefault(name, {})
            if isinstance(result, Verdict):
                verdicts[job.case.name] = result
            elif isinstance(result, Died):
                verdicts[job.case.name] = stopped(job.case, str(result))
            else:
                assert isinstance(result, str)
                refused[name] = result
                verdicts[job.case.name] = stopped(job.case, result)
            if len(verdicts) == len(assignment.cases):
                order = tuple(verdicts[case.name] for case in assignment.cases)
                yield Graded(name, () if name in refused else order, refused.get(name, ""))
                del found[name]


def stopped(case: Case, why: str) -> Verdict:
    """Return the verdict on a case that nothing can be said of."""
    return Verdict(case.name, BROKEN, (Complaint(why),), most=case.points, hint=case.hint)
