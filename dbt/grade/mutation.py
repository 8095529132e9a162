"""Mutation testing: every mutant of a reference is run under tests, which have to notice it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from ring1.dbt.engines.registry import Registry
from ring1.dbt.grade import check
from ring1.dbt.grade.assignment import Assignment, Mutated
from ring1.dbt.grade.case import Case, Limits
from ring1.dbt.grade.case_file import CaseError, plain_name, read
from ring1.dbt.grade.check import Problem
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.grader import Grader
from ring1.dbt.grade.loading import Kept, Loader, NoProgram
from ring1.dbt.grade.mutant import Edit, Mutant
from ring1.dbt.grade.mutated import MutatedLoader, Reference, description, mutants, reference
from ring1.dbt.grade.session import own
from ring1.dbt.grade.submission import Refused, Submission, unpacked
from ring1.dbt.grade.verdict import FAILED, PASSED, Complaint, Graded, Verdict
from ring1.dbt.grade.workers import Died, Workers
from ring1.isa.model import Isa
from ring1.isa.record import Record, replace
from ring1.isa.source import Fault, Position, SourceError

SECONDS = 60.0
"""Processor time that tests may take for one mutant."""
MORE, ROOM = 3, 10_000
"""A mutant may execute so many times the reference's instructions, and so many more."""
MOST = Limits(seconds=5.0)
MOST_RAM = 64 << 20
MOST_CASES = 100
"""What cases may ask for that were handed in."""


class Trial(Record):
    """Tests to be run on a mutant, or with None on the reference."""

    submission: Submission | None
    mutant: Mutant | None
    number: int = 0
    """Of the mutant."""
    insns: Mapping[str, int] = {}
    """What the cases have executed on the reference."""


Found = tuple[Verdict, ...] | str
"""Verdicts on the reference; or the case that has noticed a mutant, empty if none has."""


class Trying:
    """Runs tests on mutants, in a process of its own."""

    def __init__(self, registry: Registry, assignment: Assignment) -> None:
        self.registry = registry
        self.assignment = assignment
        self.kept = Kept()
        self.isas: dict[Edit, Isa] = {}

    def __call__(self, trial: Trial) -> Found | Refused:
        assignment, submission = self.assignment, trial.submission
        mutated = assignment.mutated
        assert mutated is not None
        try:
            found = reference(assignment, mutated)
            if submission is None:
                return self.tried(trial, found, assignment.cases, Files(assignment.folder, {}))
            wanted = (mutated.tests,) if mutated.tests else assignment.submitted
            with unpacked(submission, wanted) as folder:
                files = named(assignment, mutated, found, folder)
                cases = self.handed_in(files, mutated) if mutated.tests else assignment.cases
                return self.tried(trial, found, cases, files)
        except Refused as refused:
            return refused
        except OSError as error:
            return Refused(error.strerror or str(error))

    def handed_in(self, files: Files, mutated: Mutated) -> tuple[Case, ...]:
        """Return the cases of a submission, whose author is not trusted. Raises Refused."""
        try:
            cases = read(files.folder / mutated.tests).cases
        except CaseError as error:
            raise Refused(files.shown(f"its cases have faults\n{error}")) from None
        if len(cases) > MOST_CASES:
            raise Refused(f"it has more than {MOST_CASES} cases")
        faults = [problem.fault(case) for case in cases for problem in problems(case, files, self.registry)]
        if faults:
            raise Refused(files.shown("\n".join(["its cases have faults", *map(str, faults)])))
        return tuple(map(capped, cases))

    def tried(self, trial: Trial, found: Reference, cases: Sequence[Case], files: Files) -> Found:
        if trial.mutant is None:
            return tuple(Grader(self.registry, Loader(self.kept)).case(case, files) for case in cases)
        isa = self.mutant(found, trial.mutant)
        grader = Grader(self.registry, MutatedLoader(found, trial.mutant, isa, self.kept))
        for case in cases:
            insns = min(case.limits.insns, MORE * trial.insns.get(case.name, case.limits.insns) + ROOM)
            quick = replace(case, hidden=True, limits=replace(case.limits, insns=insns))
            if not grader.case(quick, files).passed:
                return case.name
        return ""

    def mutant(self, found: Reference, mutant: Mutant) -> Isa | None:
        """Return the mutant of a description; None of a program."""
        if not isinstance(mutant.change, Edit):
            return None
        if mutant.change not in self.isas:
            self.isas[mutant.change] = description(found, mutant.change, self.kept.parents)
        return self.isas[mutant.change]


def named(assignment: Assignment, mutated: Mutated, found: Reference, folder: Path) -> Files:
    """Return what the names in cases stand for: a submission's own cases may name the reference and what is given."""
    if not mutated.tests:
        own_ = {name: folder / name for name in assignment.submitted}
        return Files(assignment.folder, {**own_, found.name: own_.get(found.name, found.path)}, folder)
    given = {name: assignment.folder / name for name in mutated.given}
    return Files(folder, {**given, found.name: found.path}, folder)


def problems(case: Case, files: Files, registry: Registry) -> Iterator[Problem]:
    """Yield what is wrong with the names in a case that was handed in."""
    for key in ("stdin_file", "output_file", "disk", "isa"):
        if not plain_name(getattr(case, key) or "-"):
            yield Problem((key,), "this is no name of a file of the submission's")
            return
    for n, name in enumerate(case.program):
        if not plain_name(name):
            yield Problem(("program", n), "this is no name of a file of the submission's")
            return
    yield from check.names(case, files, registry)


def capped(case: Case) -> Case:
    """Return a case that asks for no more than is given."""
    limits = case.limits
    limits = Limits(min(limits.insns, MOST.insns), min(limits.seconds, MOST.seconds), min(limits.output, MOST.output))
    return replace(case, ram=min(case.ram, MOST_RAM), limits=limits)


def begun(registry: Registry, assignment: Assignment) -> Callable[[Trial], Found | Refused]:
    return Trying(registry, assignment)


def all_mutants(assignment: Assignment, registry: Registry) -> list[Mutant]:
    """Return the mutants of an assignment's reference. Raises CaseError."""
    mutated = assignment.mutated
    if mutated is None:
        raise CaseError([Fault(Position(str(assignment.folder)), "nothing is said of mutants: [mutants] of = ...")])
    try:
        found = reference(assignment, mutated)
        solution = own(assignment)
        files = Files(assignment.folder, {})
        cases = assignment.cases
        if solution is not None:
            files = named(assignment, mutated, found, solution.path)
            cases = read(solution.path / mutated.tests).cases if mutated.tests else cases
        case = next((case for case in cases if found.name in case.program), Case("", mutated.place, (found.name,)))
        return mutants(found, case, files, mutated.most)
    except (NoProgram, SourceError, OSError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise CaseError([Fault(mutated.place, f"mutants of {mutated.of}: {said}")]) from None


def noticed(
    assignment: Assignment, submissions: Sequence[Submission | None], registry: Registry, jobs: int
) -> Iterator[Graded]:
    """Yield which mutants the tests of each submission notice. Only those count that the solution's notice, where there
    is a solution. Raises CaseError."""
    wanted = all_mutants(assignment, registry)
    crew: Workers[Trial, Found | Refused] = Workers(partial(begun, registry, assignment), lambda trial: SECONDS, jobs)
    with closing(crew):
        solution = own(assignment)
        if solution is not None and any(each is None or each.path != solution.path for each in submissions):
            graded = next(tested(assignment, [solution], wanted, crew))
            if graded.refused:
                raise CaseError([Fault(assignment.place, f"the solution cannot be used: {graded.refused}")])
            wanted = [m for m, verdict in zip(wanted, graded.verdicts, strict=True) if verdict.passed]
        yield from tested(assignment, submissions, wanted, crew)


def tested(
    assignment: Assignment,
    submissions: Sequence[Submission | None],
    wanted: Sequence[Mutant],
    crew: Workers[Trial, Found | Refused],
) -> Iterator[Graded]:
    """Yield which of these mutants each submission notices."""
    mutated = assignment.mutated
    assert mutated is not None
    found = list(crew.results(Trial(each, None) for each in submissions))
    trials: list[Trial] = []
    left: dict[str, dict[int, Verdict]] = {}
    for trial, result in found:
        name = called(assignment, trial)
        why = refused(result)
        if why:
            yield Graded(name, refused=why)
            continue
        assert isinstance(result, tuple)
        insns = {verdict.case: verdict.insns for verdict in result}
        trials += [replace(trial, mutant=mutant, number=n, insns=insns) for n, mutant in enumerate(wanted)]
        left[name] = {}
        if not wanted:
            yield Graded(name, what="mutants noticed")
    for trial, answer in crew.results(trials):
        assert trial.mutant is not None
        name, verdicts = called(assignment, trial), left[called(assignment, trial)]
        verdicts[trial.number] = verdict_on(trial, answer, mutated.hidden)
        if len(verdicts) == len(wanted):
            made = tuple(verdicts[n] for n in range(len(wanted)))
            yield Graded(name, made, share=mutated.share, what="mutants noticed")


def called(assignment: Assignment, trial: Trial) -> str:
    return assignment.name if trial.submission is None else trial.submission.name


def refused(result: Found | Refused | Died) -> str:
    """Return why the tests of a submission are not run on mutants; empty if they are."""
    if isinstance(result, Refused | Died):
        return str(result)
    if not result:
        return "it has no cases"
    assert isinstance(result, tuple)
    failed = [verdict for verdict in result if not verdict.passed]
    if not failed:
        return ""
    lines = [line for each in failed[0].complaints for line in (each.text, *each.details)]
    return "\n      ".join([f"its case {failed[0].case} fails on the reference, which has no fault:", *lines])


def verdict_on(trial: Trial, answer: Found | Refused | Died, hidden: bool) -> Verdict:
    assert trial.mutant is not None
    name = trial.mutant.name
    if hidden:
        name = f"{trial.mutant.kind}, number {trial.number + 1}"
    if isinstance(answer, str) and answer:
        return Verdict(name, PASSED, points=1.0)
    said = "no case notices it" if answer == "" else str(answer)
    return Verdict(name, FAILED, (Complaint(said),))
