"""`ring1 classify`: Popek and Goldberg's classification of a machine, by analysis and by experiment."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from ring1.dbt.cli import files, kernel_mode, streams
from ring1.dbt.cli.numbers import count, integer
from ring1.dbt.cli.outcome import Failure, because
from ring1.dbt.engines.registry import Registry

if TYPE_CHECKING:
    from ring1.dbt.theory.judge import Witness
    from ring1.dbt.theory.subject import Outcome
    from ring1.isa.model import Isa

DISAGREE = 1
"""Exit status if analysis and experiment contradict each other."""
PAIRS = 1000

DESCRIPTION = """\
Classify the instructions of a machine, from its description alone, as Popek and Goldberg did in 1974: which are
privileged, which sensitive (control, mode or location), which user-sensitive; and say which of their three theorems
hold of it, theorem 1 for each mode that a monitor can put the guest's kernel into, or with --kernel-mode for one. Then
try every instruction on the reference interpreter in random pairs of states: what is said to be sensitive must have a
witness, a pair whose outcomes differ as the definition says, and what is not must have none. Where theorem 1 or 3
fails, look for a program on which the monitor, --engine trap or hybrid, is not equivalent.
"""

EPILOG = """\
exit status: 0; 1 if analysis and experiment contradict each other; 2 if the description has faults

json: {"isa", "instructions": {name: instruction}, "theorems": [theorem], "experiment": {"seed", "pairs", "pairs_per_s",
       "disagreements": [text]}}
  instruction  {"privileged", "traps": [modes in which it always does], "sensitive", "control": [what it changes],
                "mode": [two modes between which it differs], "location": [what it shows], "user": [which of the three
                in user mode], "time": [primitives], "pairs", "witnesses": [kind]}
  theorem      {"theorem", "claim", "holds" (null: does not apply), "reason", "instructions": [name], "equivalent" (it
                fails, and the monitor is all the same), "modes": {mode of the kernel: [name]}, "program" (null: none is
                needed or known): {"engine", "kernel" (--kernel-mode), "instruction", "words", "text", "limit"
                (--max-insns)}}
with --witness: {"isa", "instruction", "seed", "witnesses": [witness]}
  witness      {"kind", "word", "text", "memory": {physical address: word}, "states": [state], "outcomes": [outcome]}
  state        {"registers": {name: word}, "time", "ram", "port" (what ports read), "lines" (that devices hold up)}
  outcome      {"trap", "completes", "registers", "writes": [{"address", "bytes"}], "effects"}

examples:
  ring1 classify
  ring1 classify --isa pg32v --pairs 10k
  ring1 classify --witness getpsw
  ring1 classify --program hole.s; ring1 compare --engines interp,trap --max-insns 60 hole.s
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    add("--isa", metavar="NAME|FILE", default="pg32", help="the machine: a name or a description file (default: pg32)")
    add("--witness", metavar="INSN", help="show the witnesses for an instruction, checked on a machine of their own")
    add("--pairs", metavar="N", type=count, default=PAIRS, help=f"pairs for each (default: {PAIRS}; 0: analysis alone)")
    add("--seed", metavar="N", type=integer, default=1, help="for the states (default: 1); the same does the same")
    kernel_mode.option(parser)
    add("--program", metavar="FILE", help="write the program that shows that theorem 1 fails, or else theorem 3")
    add("--json", action="store_true", help="print a JSON object")


def main(arguments: argparse.Namespace) -> int:
    from ring1.isa.load import load

    isa = load(arguments.isa)
    if isa.exit is not None:
        raise Failure(f"{isa.name} has a second kind of operation (`on exit`), of which the theorems say nothing")
    if arguments.witness is not None:
        return witness(isa, arguments)
    from ring1.dbt.report.classification import Report, as_object, as_text, program_file
    from ring1.dbt.theory.experiment import Finding, findings
    from ring1.dbt.theory.programs import WitnessProgram, program
    from ring1.dbt.theory.setting import Unplaceable
    from ring1.isa.classify import classify, verdicts

    file = new_file(arguments.program) if arguments.program is not None else None
    registry: Registry = arguments.registry
    classes = classify(isa)
    kernel_mode.check(isa, arguments.kernel_mode, registry.monitors.values())
    monitors = {number: monitor.with_kernel(arguments.kernel_mode) for number, monitor in registry.monitors.items()}
    made = verdicts(isa, classes, arguments.kernel_mode)
    found: dict[str, Finding] = {}
    programs: dict[int, WitnessProgram | None] = {}
    with telling() as tell:
        start = time.perf_counter()
        if arguments.pairs:
            try:
                found = findings(isa, classes.values(), arguments.pairs, arguments.seed, tell)
            except Unplaceable as why:
                streams.say(f"no experiment: {why}")
        seconds = time.perf_counter() - start
        for verdict in made:
            if (
                (arguments.pairs or file)
                and verdict.holds is False
                and verdict.theorem in monitors
                and not verdict.equivalent
            ):
                programs[verdict.theorem] = program(isa, monitors[verdict.theorem], verdict.by, tell=tell)
    report = Report(isa, classes, made, found, programs, monitors, arguments.seed)
    shown = next((each for each in programs.values() if each is not None), None)
    if file is not None:
        with file:
            nothing = f"# No program was found by which a guest on {isa.name} tells a monitor.\n"
            files.put(file, program_file(isa, shown) if shown else nothing)
    if arguments.json:
        streams.write(json.dumps(as_object(report, seconds), indent=1) + "\n")
    else:
        streams.write(as_text(report))
        if found:
            streams.say(f"{report.pairs:,} pairs in {seconds:.1f} s, {report.pairs / seconds:,.0f} a second")
    if report.disagreements:
        streams.say("analysis and experiment disagree")
        return DISAGREE
    return 0


def new_file(path: str) -> TextIO:
    """Create a file, which must not exist yet: a program may well have the name of a source. Raises Failure."""
    try:
        return open(path, "x", encoding="utf-8")
    except OSError as error:
        raise Failure(because(error)) from None


@contextmanager
def telling() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows on a terminal which instruction is being tried."""
    terminal = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None

    def tell(name: str) -> None:
        if terminal is not None:
            terminal.write(f"\r\x1b[Kring1: {name}")
            terminal.flush()

    try:
        yield tell
    finally:
        if terminal is not None:
            terminal.write("\r\x1b[K")
            terminal.flush()


def witness(isa: Isa, arguments: argparse.Namespace) -> int:
    """Find the witnesses for one instruction, check each on a machine of its own, and print them."""
    from ring1.dbt.report.classification import disagreements, witness_object, witness_text
    from ring1.dbt.theory.experiment import findings
    from ring1.dbt.theory.judge import holds
    from ring1.dbt.theory.setting import Unplaceable
    from ring1.isa.classify import classify

    name = arguments.witness
    c = classify(isa).get(name)
    if c is None:
        raise Failure(f"--witness {name}: {isa.name} has no such instruction")
    try:
        found = findings(isa, [c], arguments.pairs, arguments.seed)[name]
    except Unplaceable as why:
        raise Failure(f"no experiment: {why}") from None
    told = disagreements(name, found)
    shown: list[tuple[Witness, tuple[Outcome, ...], list[str]]] = []
    objects = []
    for each in found.witnesses.values():
        outcomes = holds(isa, each)
        if outcomes is None:
            told.append(f"{name}: the witness for {each.kind} is none on a machine of its own")
            continue
        objects.append(witness_object(isa, each, outcomes))
        # One pair of states may demonstrate several kinds.
        same = [kinds for other, _, kinds in shown if other._replace(kind="") == each._replace(kind="")]
        if same:
            same[0].append(each.kind)
        else:
            shown.append((each, outcomes, [each.kind]))
    if arguments.json:
        made = {"isa": isa.name, "instruction": name, "seed": arguments.seed, "witnesses": objects}
        streams.write(json.dumps(made, indent=1) + "\n")
    else:
        kinds = [kind for kind, claim in found.claims.items() if claim]
        what = "sensitive" if c.sensitive else "not sensitive"
        head = f"{name} of {isa.name} is {what}{': ' * bool(kinds)}{', '.join(kinds)}\n"
        texts = (witness_text(isa, kinds, each, outcomes) for each, outcomes, kinds in shown)
        streams.write("\n".join([head, *texts]) + f"\n{found.pairs:,} pairs of states, seed {arguments.seed}\n")
    for line in told:
        streams.say(line)
    return DISAGREE if told else 0
