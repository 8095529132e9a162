"""Reports of a machine's classification: as text, and as an object for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import SOFTWARE, Technique
from ring1.dbt.machine.memory import MOST
from ring1.dbt.report.place import cause_name
from ring1.dbt.theory.experiment import Finding
from ring1.dbt.theory.judge import KINDS, Witness
from ring1.dbt.theory.programs import DRAFTS, STEPS, WitnessProgram
from ring1.dbt.theory.subject import Outcome, Situation
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.classify import Class, Verdict
from ring1.isa.load import shipped
from ring1.isa.model import WORD, Isa
from ring1.isa.shown import bits_named
from ring1.isa.virtual import kept

WIDTH = 120
ONES = (1 << WORD) - 1
COLUMNS = ("sensitive", "privileged", "control", "mode", "location", "user", "because it")

NOT_NECESSARY = (
    "The condition is sufficient, not necessary: binary translation "
    f"(ring1 run --engine {ENGINES.playing(SOFTWARE).name}) virtualizes this machine "
    "all the same. It does not wait for these instructions to trap, it rewrites them."
)


class Report(NamedTuple):
    isa: Isa
    classes: Mapping[str, Class]
    verdicts: tuple[Verdict, ...]
    findings: Mapping[str, Finding]
    """Empty if the experiment was not run."""
    programs: Mapping[int, WitnessProgram | None]
    """Theorem that fails -> a program that reveals its monitor; None if none was found."""
    monitors: Mapping[int, Technique]
    """Theorem -> the technique that is its monitor."""
    seed: int

    @property
    def pairs(self) -> int:
        return sum(finding.pairs for finding in self.findings.values())

    @property
    def disagreements(self) -> list[str]:
        """Return where the experiment contradicts the analysis."""
        return [told for name, found in self.findings.items() for told in disagreements(name, found)]


def disagreements(name: str, found: Finding) -> list[str]:
    made = []
    for kind, claim in found.claims.items():
        if claim and kind not in found.witnesses:
            made.append(f"{name}: the analysis says {kind}, but {found.pairs:,} pairs of states have no witness")
        elif not claim and kind in found.witnesses:
            made.append(f"{name}: the analysis does not say {kind}, but there is a witness (--witness {name})")
    for mode in sorted(found.entered - found.open):
        made.append(f"{name}: the analysis says that it always traps in mode {mode}, but there it does not")
    for mode in sorted(found.open - found.entered):
        made.append(f"{name}: the analysis says that in mode {mode} it may not trap, but it always has")
    return made


# --- For people ----------------------------------------------------------------


def as_text(report: Report) -> str:
    isa = report.isa
    parts = [f"{isa.name}: {isa.text}" if isa.text else isa.name, "", *table(report), "", *innocuous(report), ""]
    parts += [*reading(isa), ""]
    for verdict in report.verdicts:
        parts += theorem(verdict)
        if verdict.equivalent or verdict.theorem in report.programs:
            parts += told(isa, verdict, report.monitors[verdict.theorem].name, report.programs.get(verdict.theorem))
    if report.verdicts[0].holds is False:
        parts += ["", *wrapped(NOT_NECESSARY)]
    if report.findings:
        parts += ["", *experiment(report)]
    return "\n".join(parts) + "\n"


def table(report: Report) -> list[str]:
    """Return the table of the sensitive and the privileged instructions."""
    rows = [COLUMNS, *(row(c) for c in report.classes.values() if c.sensitive or c.privileged)]
    widths = [max(len(r[n]) for r in rows) for n in range(len(COLUMNS) - 1)]
    indent = sum(widths) + 2 * len(widths)
    lines = []
    for r in rows:
        head = "".join(f"{cell:<{width}}  " for cell, width in zip(r, widths, strict=False))
        lines += textwrap.wrap(head + r[-1], WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
    return lines if len(rows) > 1 else ["no instruction is sensitive"]


def row(c: Class) -> tuple[str, ...]:
    def yes(it: object) -> str:
        return "yes" if it else "-"

    because = []
    if c.control:
        because.append(f"changes {' '.join(c.control)}")
    if c.location:
        because.append(f"shows {' '.join(c.location)}")
    if c.mode:
        because.append(f"differs between modes {c.mode[0]} and {c.mode[1]}")
    privileged = "yes" if c.privileged else "NO"
    return c.name, privileged, yes(c.control), yes(c.mode), yes(c.location), yes(c.user), "; ".join(because)


def innocuous(report: Report) -> list[str]:
    names = [c.name for c in report.classes.values() if not c.sensitive and not c.privileged]
    clocks = [c.name for c in report.classes.values() if not c.sensitive and c.time]
    lines = wrapped(f"innocuous ({len(names)}): {' '.join(names)}", "  ")
    if clocks:
        lines += wrapped(f"of these show the time, which the paper's states do not have: {' '.join(clocks)}", "  ")
    return lines


def reading(isa: Isa) -> list[str]:
    """Return the meaning of the paper's terms for a machine."""
    if isa.mode is None:
        return ["Read so: R is empty and there is one mode."]
    field = f"{isa.mode.control}.{isa.mode.bits.name}"
    machine = kept(isa)
    resources = [n for name in isa.controls if name in machine for n in bits_named(isa, name, machine[name])]
    private = [
        n
        for name, control in isa.controls.items()
        for n in bits_named(isa, name, control.stored & ~machine.get(name, 0))
        if n not in resources
    ]
    s, u = isa.mode.supervisor, isa.mode.user
    rest = " ".join(n for n in resources if n != field)
    return [
        *wrapped(f"M, the mode: {field}, supervisor {s}, user {u}", "  "),
        *wrapped(f"R, the resources: {rest}, and RAM, frames, devices, TLB, processor", "  "),
        *wrapped(
            f"E, the program's: memory as it sees it, general registers{', ' * bool(private)}{' '.join(private)}", "  "
        ),
        f"privileged: traps in mode {u}, always, and not always in mode {s}, the memory's own traps aside",
        "control:    changes M or R without a trap",
        f"mode:       traps, or changes E, pc or R, otherwise in another mode; a write to {field} is not compared",
        "location:   whether it traps, or what it makes of E and pc, depends on R",
        f"user:       is one of the three in mode {u}, or by comparison with it",
    ]


def theorem(verdict: Verdict) -> list[str]:
    word = {True: "holds", False: "fails", None: "does not apply"}[verdict.holds]
    made = wrapped(f"theorem {verdict.theorem} {word}: {verdict.claim}", "  ")
    made += wrapped("  " + verdict.reason + (f": {' '.join(verdict.by)}" if verdict.by else ""), "  ")
    if verdict.modes:
        made.append(f"  for a guest's kernel in mode {modes_named(verdict.modes)}")
    elif len({names for _, names in verdict.by_mode}) == 1:
        modes = modes_named(mode for mode, _ in verdict.by_mode)
        return [*made, f"  {'whether' if len(verdict.by_mode) > 1 else 'if'} a guest's kernel is put into mode {modes}"]
    for in_the_way in dict.fromkeys(names for _, names in verdict.by_mode if names):
        modes = modes_named(mode for mode, names in verdict.by_mode if names == in_the_way)
        made += wrapped(f"  not for one in mode {modes}: {' '.join(in_the_way)}", "  ")
    return made


def modes_named(modes: Iterable[int]) -> str:
    """Name modes in words: 1, 2 or 3."""
    *others, last = tuple(modes)
    return f"{', '.join(map(str, others))} or {last}" if others else str(last)


def told(isa: Isa, verdict: Verdict, engine: str, program: WitnessProgram | None) -> list[str]:
    """Return the program that shows that a theorem's monitor is not equivalent."""
    if verdict.equivalent:
        return wrapped(
            f"  the condition is sufficient, not necessary: this monitor ({engine}) is equivalent all the same, since "
            "where it runs them they do what they should, or trap",
            "  ",
        )
    if program is None:
        return wrapped(
            f"  no program is known by which a guest tells this monitor ({engine}) from the machine, of {DRAFTS:,} "
            "tried for each: the condition is sufficient, not necessary, and the monitor may still be equivalent",
            "  ",
        )
    head = f"  a program by which a guest tells this monitor from the machine, here by {program.instruction}:"
    return [*wrapped(head, "  "), *program.text(isa).splitlines(), f"  {command(isa, program)}"]


def command(isa: Isa, program: WitnessProgram) -> str:
    """Return the command that runs a program in a file."""
    machine = "" if isa.name == "pg32" else f"--isa {isa.name if isa.name in shipped() else isa.path} "
    kernel = "" if program.kernel is None else f"--kernel-mode {program.kernel} "
    engines = f"{ENGINES.reference.name},{program.engine}"
    return f"ring1 compare {machine}--engines {engines} {kernel}--max-insns {STEPS} FILE"


def program_file(isa: Isa, program: WitnessProgram) -> str:
    """Return the program as a source file."""
    why = f"# A guest on {isa.name} tells {program.engine} from the bare machine by {program.instruction}:\n"
    return f"{why}#     {command(isa, program)}\n\n{program.text(isa)}"


def experiment(report: Report) -> list[str]:
    found = report.findings.values()
    least = min(finding.pairs for finding in found)
    witnesses = sum(len(finding.witnesses) for finding in found)
    lines = [
        f"experiment, seed {report.seed}: {report.pairs:,} pairs of states, at least {least:,} for each instruction, "
        f"{witnesses} witnesses"
    ]
    told = report.disagreements
    lines += told or ["analysis and experiment agree"]
    return lines


def wrapped(text: str, indent: str = "") -> list[str]:
    first = text[: len(text) - len(text.lstrip())]
    return textwrap.wrap(
        text.strip(), WIDTH, initial_indent=first, subsequent_indent=first + indent, break_on_hyphens=False
    )


# --- Witnesses -----------------------------------------------------------------


def witness_text(isa: Isa, kinds: Iterable[str], witness: Witness, outcomes: tuple[Outcome, ...]) -> str:
    """Return a witness and its kinds: the non-zero parts of its states, and their outcomes."""
    before = [fields(isa, state.words) for state in witness.states]
    after = [fields(isa, outcome.words) for outcome in outcomes]
    pc = before[0]["pc"]
    lines = [f"{kind}: {KINDS[kind]}" for kind in kinds]
    lines.append(f"  {pc:08x}: {witness.word:08x}  {disassemble(isa, witness.word, pc)}")
    rows = [(name, [f"{b[name]:x}" for b in before]) for name in before[0] if any(b[name] for b in before)]
    for field, usual in (("time", 0), ("ram", MOST), ("port", 0), ("lines", 0)):
        values = [getattr(state, field) for state in witness.states]
        if any(value != usual for value in values):
            rows.append((field, [f"{value:x}" for value in values]))
    lines += columns(["before", *(f"S{n}" for n, _ in enumerate(before, 1))], rows)
    rows = [("", [ending(isa, outcome) for outcome in outcomes])]
    for name in after[0]:
        if any(a[name] != b[name] for a, b in zip(after, before, strict=True)) or len({a[name] for a in after}) > 1:
            rows.append((name, [f"{a[name]:x}" for a in after]))
    for number, outcome in enumerate(outcomes):
        for at, data in runs(outcome.writes):
            rows.append((f"[{at:x}]", [data[::-1].hex() if n == number else "" for n, _ in enumerate(outcomes)]))
    lines += columns(["after"], rows)
    lines += wrapped("  RAM  " + "  ".join(f"{at:x}: {word:08x}" for at, word in sorted(witness.memory.items())), "  ")
    return "\n".join(lines) + "\n"


def columns(head: list[str], rows: Iterable[tuple[str, list[str]]]) -> list[str]:
    lines = [f"  {head[0]:<12}" + "".join(f"  {cell:<24}" for cell in head[1:])]
    lines += [f"    {name:<10}" + "".join(f"  {cell:<24}" for cell in cells) for name, cells in rows]
    return [line.rstrip() for line in lines]


def runs(writes: Iterable[tuple[int, int]]) -> list[tuple[int, bytes]]:
    """Join adjacent bytes."""
    made: list[tuple[int, bytes]] = []
    for at, byte in writes:
        if made and made[-1][0] + len(made[-1][1]) == at:
            made[-1] = made[-1][0], made[-1][1] + bytes((byte,))
        else:
            made.append((at, bytes((byte,))))
    return made


def ending(isa: Isa, outcome: Outcome) -> str:
    if outcome.cause is not None:
        return f"traps: {cause_name(isa, outcome.cause)}"
    if not outcome.completes:
        return "waits for ever"
    return f"completes{', uses ' * bool(outcome.effects)}{' '.join(outcome.effects)}"


def registers(isa: Isa, words: int) -> dict[str, int]:
    """Return the registers of Situation.words, general ones by their preferred names."""
    names = [names[0] for names in isa.registers] + list(isa.slots)[len(isa.registers) :]
    return {name: words >> WORD * slot & ONES for slot, name in enumerate(names)}


def fields(isa: Isa, words: int) -> dict[str, int]:
    """Return the registers of Situation.words, with control registers by their fields."""
    made: dict[str, int] = {}
    for name, word in registers(isa, words).items():
        control = isa.controls.get(name)
        for f in control.fields if control else ():
            if f.source is None:
                made[bits_named(isa, name, f.mask)[0]] = (word & f.mask) >> f.lo
        if control is None:
            made[name] = word
    return made


# --- For programs --------------------------------------------------------------


def as_object(report: Report, seconds: float) -> dict[str, Any]:
    """Return the object that `ring1 classify --json` prints."""
    isa = report.isa
    told = report.disagreements
    instructions = {}
    for name, c in report.classes.items():
        instructions[name] = {
            "privileged": c.privileged,
            "traps": c.traps,
            "sensitive": c.sensitive,
            "control": c.control,
            "mode": c.mode,
            "location": c.location,
            "user": c.user,
            "time": c.time,
        }
        found = report.findings.get(name)
        if found is not None:
            instructions[name] |= {"pairs": found.pairs, "witnesses": list(found.witnesses)}
    return {
        "isa": isa.name,
        "instructions": instructions,
        "theorems": [
            {
                "theorem": v.theorem,
                "claim": v.claim,
                "holds": v.holds,
                "reason": v.reason,
                "instructions": v.by,
                "equivalent": v.equivalent,
                "modes": dict(v.by_mode),
                "program": program_object(isa, report.programs.get(v.theorem)),
            }
            for v in report.verdicts
        ],
        "experiment": {
            "seed": report.seed,
            "pairs": report.pairs,
            "pairs_per_s": round(report.pairs / seconds) if report.findings else 0,
            "disagreements": told,
        },
    }


def program_object(isa: Isa, program: WitnessProgram | None) -> dict[str, Any] | None:
    if program is None:
        return None
    names = {"engine": program.engine, "kernel": program.kernel, "instruction": program.instruction}
    return {**names, "words": program.words, "text": program.text(isa), "limit": STEPS}


def witness_object(isa: Isa, witness: Witness, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """Return a witness with all that is needed to check it elsewhere."""
    return {
        "kind": witness.kind,
        "word": witness.word,
        "text": disassemble(isa, witness.word, registers(isa, witness.states[0].words)["pc"]),
        "memory": {f"{at:#x}": word for at, word in sorted(witness.memory.items())},
        "states": [state_object(isa, state) for state in witness.states],
        "outcomes": [outcome_object(isa, outcome) for outcome in outcomes],
    }


def state_object(isa: Isa, state: Situation) -> dict[str, Any]:
    return {
        "registers": registers(isa, state.words),
        "time": state.time,
        "ram": state.ram,
        "port": state.port,
        "lines": state.lines,
    }


def outcome_object(isa: Isa, outcome: Outcome) -> dict[str, Any]:
    return {
        "trap": None if outcome.cause is None else cause_name(isa, outcome.cause),
        "completes": outcome.completes,
        "registers": registers(isa, outcome.words),
        "writes": [{"address": at, "bytes": data.hex()} for at, data in runs(outcome.writes)],
        "effects": outcome.effects,
    }
