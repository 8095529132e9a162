"""The grader: a case becomes a verdict, a submission a verdict for each case."""

from __future__ import annotations

from time import process_time

from ring1.dbt.api.errors import MachineError
from ring1.dbt.compare.contender import Contender, Setup
from ring1.dbt.engines.registry import Registry
from ring1.dbt.grade import agreement, check, judge, theorems
from ring1.dbt.grade.case import Case
from ring1.dbt.grade.check import Problem
from ring1.dbt.grade.explain import MOST_RUN, Past
from ring1.dbt.grade.files import Files
from ring1.dbt.grade.judge import Wanted
from ring1.dbt.grade.loading import Loader, NoProgram
from ring1.dbt.grade.running import ran, setup
from ring1.dbt.grade.texts import first_difference, told
from ring1.dbt.grade.verdict import BROKEN, FAILED, PASSED, Complaint, Verdict
from ring1.dbt.travel.timeline import Halted
from ring1.isa.asm.program import Program
from ring1.isa.source import SourceError

MOST_FAULTS = 10
"""Faults of a program that are told."""
EXPLAINED = 3
"""Registers, and places of memory, of which it is told where they got their values."""


class Grader:
    """Grades cases under the engines of a registry."""

    def __init__(self, registry: Registry, loader: Loader | None = None) -> None:
        self.registry = registry
        self.loader = loader or Loader()

    def problems(self, case: Case, files: Files) -> list[Problem]:
        """Return what a case names and neither machine nor program has."""
        try:
            isa = self.loader.machine(case, files)
            problems = list(check.registers(case, isa))
            if case.runs:
                problems += check.labels(case, self.loader.program(isa, case, files))
            return problems
        except SourceError as error:
            complaint = faulty(error, files)
            return [
                Problem(("program",), "\n".join([f"the program cannot be used: {complaint.text}", *complaint.details]))
            ]
        except (NoProgram, OSError, ValueError, RecursionError) as error:
            return [Problem(("program",), f"the program cannot be used: {error}")]

    def case(self, case: Case, files: Files) -> Verdict:
        """Return the verdict on a case."""
        began = process_time()
        insns = 0
        try:
            complaints, insns = self.tried(case, files)
            state = FAILED if complaints else PASSED
        except SourceError as error:
            complaints, state = [faulty(error, files)], BROKEN
        except NoProgram as error:
            complaints, state = [Complaint(str(error))], BROKEN
        except RecursionError:
            complaints, state = [Complaint("it is nested too deeply")], BROKEN
        except (OSError, ValueError, MemoryError) as error:
            said = (getattr(error, "strerror", None) or str(error) or "no more memory").strip()
            where = getattr(error, "filename", None)
            complaints, state = [Complaint(files.shown(f"{where}: {said}" if where else said))], BROKEN
        if case.hidden and complaints:
            complaints = [Complaint("this case is hidden")]
        return Verdict(
            case.name,
            state,
            tuple(complaints),
            process_time() - began,
            insns,
            case.points if state == PASSED else 0.0,
            case.points,
            case.hint if complaints else "",
        )

    def tried(self, case: Case, files: Files) -> tuple[list[Complaint], int]:
        """Return what is not as expected, and how many instructions were executed. Raises SourceError, NoProgram,
        OSError, ValueError."""
        isa = self.loader.machine(case, files)
        complaints = list(theorems.complaints(case, isa))
        complaints += [Complaint(problem.text) for problem in check.registers(case, isa)]
        if not case.runs or complaints:
            return complaints, 0
        program = self.loader.program(isa, case, files)
        complaints += [Complaint(problem.text) for problem in check.labels(case, program)]
        if complaints:
            return complaints, 0
        wanted, made = check.wanted(case, program, files), setup(case, files, isa, program)
        first, *others = [self.registry[name] for name in case.engines] or [self.registry.default]
        if first.cannot(isa):
            first = self.registry.reference
        with ran(first, made, case.limits) as reference:
            complaints = self.judged(case, wanted, reference, program)
            if not complaints:
                here = [other for other in others if not other.cannot(isa)]
                complaints += agreement.complaints(reference, here, made, case.limits, case.hidden)
            shown = [Complaint(files.shown(each.text), tuple(map(files.shown, each.details))) for each in complaints]
            return shown, reference.vm.cpu.retired

    def judged(self, case: Case, wanted: Wanted, ran: Contender, program: Program) -> list[Complaint]:
        """Hold a machine that has run against what is expected, and find where it came about."""
        complaints = list(judge.stopped(case, ran, program))
        output = ran.output.getvalue()
        differs = wanted.output is not None and output != wanted.output
        registers, memory = list(judge.registers(wanted, ran)), list(judge.memory(wanted, ran))
        missing = judge.missing(case, output)
        # What has not come to its end is told of that alone: what else is missing follows from it.
        ended = ran.stop.reason == case.stop
        if not ended and not differs:
            registers, memory = [], []
        if not (complaints or differs or registers or memory or missing):
            return []
        past = None
        if not case.hidden and ran.vm.cpu.retired <= MOST_RUN and (differs or registers or memory or not ended):
            past = self.past(case, ran, program)
        try:
            if not ended and past is not None and ran.stop.reason in judge.LIMITS:
                complaints[0] = Complaint(complaints[0].text, (f"it was at {ran.place()}", *past.loop()))
            if wanted.output is not None and differs:
                said, lines = told(output, wanted.output)
                where = past.output(first_difference(output, wanted.output)) if past else ""
                complaints.append(Complaint(said, (*lines, *([f"it was output {where}"] if where else []))))
            if missing:
                complaints.append(Complaint(f"the output does not contain {missing!r}"))
            for n, (name, is_, should) in enumerate(registers):
                where = past.register(name) if past and n < EXPLAINED else ""
                text = f"{name} is {word(is_)}, and should be {word(should)}"
                complaints.append(Complaint(text, (f"it was set {where}",) if where else ()))
            for n, (name, at, got, expected) in enumerate(memory):
                where = past.memory(at, len(expected)) if past and n < EXPLAINED and got is not None else ""
                complaints.append(Complaint(memory_text(name, at, got, expected, program), wrote(where, got)))
        except (MachineError, Halted):
            pass  # the past cannot be told; the verdict stands
        finally:
            if past is not None:
                past.close()
        return complaints

    def past(self, case: Case, ran: Contender, program: Program) -> Past | None:
        """Return the run again; None if that is not to be had."""
        made: Setup = ran.setup
        try:
            return Past(made, program, ran.technique, self.registry, ran.vm.cpu.retired)
        except MachineError:
            return None


def wrote(where: str, got: bytes | None) -> tuple[str, ...]:
    if got is None:
        return ()
    return (f"it was written {where}",) if where else ("it was never written",)


def word(value: int) -> str:
    return f"{value:#x} ({value})" if value > 9 else str(value)


def memory_text(name: str, at: int, got: bytes | None, expected: bytes, program: Program) -> str:
    symbol = program.symbol(at)
    called = name if symbol in (name, f"{at:#x}") else symbol
    if got is None:
        return f"there is no memory at {called} ({at:#x})"
    if len(expected) == 4:
        is_, should = (word(int.from_bytes(each, "little")) for each in (got, expected))
        return f"the word at {called} ({at:#x}) is {is_}, and should be {should}"
    return f"at {called} ({at:#x}) is {got!r}, and should be {expected!r}"


def faulty(error: SourceError, files: Files) -> Complaint:
    """Return the faults of a program or a description."""
    faults = [str(fault) for fault in error.faults]
    more = len(faults) - MOST_FAULTS
    lines = "\n".join([*faults[:MOST_FAULTS], *([f"and {more} more"] if more > 0 else [])])
    many = f"{len(faults)} errors" if len(faults) > 1 else "an error"
    return Complaint(f"it has {many}", tuple(files.shown(lines).split("\n")))
