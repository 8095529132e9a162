"""The printed manual of a machine, generated from its description."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from ring1.isa import semantics as s
from ring1.isa.model import KINDS, WORD, Alias, Bits, Control, Handler, Instruction, Isa, Modifier, Paging, Part
from ring1.isa.show import bits, expression, number, statements

INDENT = "    "
WIDTH = 120
"""Columns of a line."""


def manual(isa: Isa) -> str:
    """Return everything that the description says, as text of at most 120 columns."""
    sections = (
        ("Registers", registers(isa)),
        ("Control registers", controls(isa)),
        ("Memory", memory(isa)),
        ("Reset", handler(isa, isa.reset)),
        ("Traps", traps(isa)),
        ("Interrupts", interrupts(isa)),
        ("Paging", paging(isa, isa.paging)),
        ("Nested paging", nested(isa)),
        ("Instructions", instructions(isa)),
        ("Pseudo-instructions", pseudo(isa)),
        ("Notation", notation(isa)),
    )
    lines = [title := f"{isa.name}: {isa.text}", "=" * len(title)]
    for heading, found in sections:
        body = list(found)
        if body:
            lines += ["", heading, "-" * len(heading), *body]
    return "\n".join(part for line in lines for part in wrapped(line)) + "\n"


def memory(isa: Isa) -> Iterator[str]:
    if isa.memory:
        yield f"RAM begins at the physical address {isa.memory:#x}."
    if isa.board:
        yield f"The devices are those of the board {isa.board}."


def indented(lines: Iterable[str], by: str = INDENT) -> list[str]:
    return [by + line if line else "" for line in lines]


def wrapped(line: str) -> list[str]:
    """Return a line of the manual as several, if it is too long."""
    if len(line) <= WIDTH:
        return [line]
    by = line[: len(line) - len(line.lstrip())]
    return wrap(
        line, WIDTH, subsequent_indent=by + INDENT, break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def table(rows: Sequence[Sequence[str]], by: str = INDENT) -> list[str]:
    """Lay out rows in columns; the last column may have any width."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]) - 1)] if rows else []
    cells = (["".join(f"{c:<{w}}  " for c, w in zip(row, widths, strict=False)) + row[-1]] for row in rows)
    return [(by + cell[0]).rstrip() for cell in cells]


# --- Bit diagrams ---------------------------------------------------------------


def diagram(cells: Iterable[tuple[int, int, str]]) -> list[str]:
    """Draw a word of named bits in two lines, given as (high bit, low bit, text) from the top."""
    numbers, names = " ", "|"
    for hi, lo, text in cells:
        ends = str(hi) if hi == lo else f"{hi} {lo}"
        width = max(len(text), len(ends))
        gap = width - len(ends)
        numbers += f" {ends:^{width}}  " if hi == lo else f" {hi}{' ' * (gap + 1)}{lo}  "
        names += f" {text:^{width}} |"
    return [numbers.rstrip(), names]


def field_cells(fields: Sequence[Bits], width: int) -> Iterator[tuple[int, int, str]]:
    """Yield the cells of a register with fields; bits without a name are 0."""
    above = width - 1
    for f in sorted(fields, key=lambda f: -f.hi):
        if f.hi < above:
            yield above, f.hi + 1, "0"
        yield f.hi, f.lo, f.name
        above = f.lo - 1
    if above >= 0:
        yield above, 0, "0"


def part_cells(insn: Instruction) -> Iterator[tuple[int, int, str]]:
    at = 8 * insn.size
    for part in insn.parts:
        at -= part.width
        yield at + part.width - 1, at, part_text(insn, part)


def part_text(insn: Instruction, part: Part) -> str:
    if not part.operand:
        return "any" if part.any else f"{part.value:0{part.width}b}"
    operand = next(o for o in insn.operands if o.name == part.operand)
    whole = part.width == operand.width
    return operand.name if whole else f"{operand.name}[{bits(part.hi, part.lo)}]"


# --- State ------------------------------------------------------------------------


def registers(isa: Isa) -> Iterator[str]:
    rows = []
    for n, names in enumerate(isa.registers):
        note = f"always {isa.hardwired[n]}; writes are dropped" if n in isa.hardwired else ""
        rows.append((f"{isa.file}{n}", ", ".join((*names, *(f"{file}{n}" for file in isa.more_files))), note))
    yield from table(rows)


def controls(isa: Isa) -> Iterator[str]:
    mode = isa.mode
    if mode:
        yield f"{mode.control}.{mode.bits.name} is the processor mode, 0 to {mode.count - 1}:"
        yield f"{mode.supervisor} is the supervisor, {mode.user} the user."
    for control in isa.controls.values():
        yield ""
        yield from control_lines(isa, control)


def control_lines(isa: Isa, control: Control) -> Iterator[str]:
    number = "without a number" if control.number is None else f"number {control.number}"
    notes = [number]
    if control.readonly or not (control.stored or control.setter):
        notes.append("read-only")
    if control.reset:
        notes.append(f"{control.reset:#x} after reset")
    yield f"{control.name}  {control.text or '-'} ({', '.join(notes)})"
    if [f.name for f in control.fields] != [control.name]:
        yield from indented(diagram(field_cells(control.fields, WORD)))
    for f in control.fields:
        if f.source is not None:
            name = control.name if f.name == control.name else f"{control.name}.{f.name}"
            yield f"{INDENT}{name} = {expression(isa, f.source)}"
    if control.setter is not None:
        yield f"{INDENT}A write of {control.setter.parameters[0]}:"
        yield from indented(statements(isa, control.setter.body), INDENT * 2)


def handler(isa: Isa, made: Handler | None) -> list[str]:
    return indented(statements(isa, made.body)) if made else []


# --- Traps, interrupts, paging ----------------------------------------------------


def traps(isa: Isa) -> Iterator[str]:
    yield from table([(number(c.number), c.name, c.text) for c in sorted(isa.causes.values(), key=lambda c: c.number)])
    nowhere = "A physical address that does not exist"
    events = [("A trap", isa.trap), ("A word that is no instruction", isa.undefined)]
    if len(set(isa.absent)) == 1:
        events.append((nowhere, isa.absent[0]))
    else:
        events += [(f"{nowhere}, for a {kind}", made) for kind, made in zip(KINDS, isa.absent, strict=True)]
    if isa.exit is not None and isa.exit.when is not None:
        events.insert(1, (f"An exit, which is a trap for which {expression(isa, isa.exit.when)}", isa.exit))
    for what, made in events:
        if made is not None:
            given = f" ({', '.join(made.parameters)})" if made.parameters else ""
            yield from ("", f"{what}{given}:", *handler(isa, made))
            if made.unless is not None:
                yield f"If {expression(isa, made.unless)}, the machine stops instead and reports the trap."


def interrupts(isa: Isa) -> Iterator[str]:
    i = isa.interrupts
    if i is None:
        return
    enable = expression(isa, i.enable)
    while_ = (
        f"while {enable} is 1 and a bit is set in"
        if i.enable.width == 1
        else f"while a bit is set in both {enable} and"
    )
    yield f"Taken between two instructions {while_}"
    order = f"line {', then '.join(map(str, i.order))}, then the lowest" if i.order else "the lowest line"
    yield f"{expression(isa, i.pending)}, {order} first, as a trap with"
    yield from indented((f"cause = {expression(isa, i.cause)}", f"value = {expression(isa, i.value)}"))


def nested(isa: Isa) -> Iterator[str]:
    if isa.nested is not None:
        yield "What is a physical address to the tables above is translated by others."
        yield from paging(isa, isa.nested)


def paging(isa: Isa, p: Paging | None) -> Iterator[str]:
    if p is None:
        return
    sizes = ", ".join(map(str, p.levels))
    if not p.split:
        yield f"On when {expression(isa, p.when)} is 1. Pages of {1 << p.page} bytes; the page number is cut, from the"
    else:
        for kind, access in zip(KINDS, p.accesses, strict=True):
            yield f"For a {kind}: on when {expression(isa, access.when)} is 1."
        yield f"Pages of {1 << p.page} bytes; the page number is cut, from the"
    yield f"top, into {len(p.levels)} table indices of {sizes} bits. The root table is page {expression(isa, p.root)}."
    yield f"A table entry has {p.entry} bytes:"
    yield ""
    yield from indented(diagram(field_cells(p.fields, 8 * p.entry)))
    yield ""
    causes = {c.number: c.name for c in isa.causes.values()}
    rows = [
        ("invalid", expression(isa, p.invalid), "the access faults"),
        ("leaf", expression(isa, p.leaf), f"maps page {p.frame.name}; else points to a table"),
    ]
    if p.misconfigured is not None:
        rows.append(("misconfigured", expression(isa, p.misconfigured.allowed), causes[p.misconfigured.cause]))
    if not p.second and p.load.denied == p.fetch.denied:
        rows.append(("denied", expression(isa, p.load.denied), "the access faults"))
    elif not p.second:
        told = (("denied to a fetch", p.fetch), ("denied to data", p.load))
        rows += [(name, expression(isa, access.denied), "the access faults") for name, access in told]
    accesses = [*zip(KINDS, p.accesses, strict=True), *([("reference to a table", p.table)] if p.table else [])]
    for name, access in accesses:
        rows.append((name, expression(isa, access.allowed), f"allows it; otherwise {causes[access.cause]}"))
    yield from table(rows)
    for mask, when in ((p.accessed, "on any use"), (p.dirty, "on a write")):
        name = next((f.name for f in p.fields if f.mask == mask), "")
        if name:
            yield f"{INDENT}The machine sets {name} in the leaf {when}."


# --- Instructions -----------------------------------------------------------------


def written(syntax: str) -> str:
    """Return a syntax as an author writes it."""
    return syntax.replace("{", "").replace("}", "")


def instructions(isa: Isa) -> Iterator[str]:
    rows = []
    for operand in isa.operands.values():
        text = {"register": "register", "control": "control register"}.get(operand.kind)
        kind = text or f"{operand.kind} number of {operand.width} bits"
        if operand.relative:
            kind = f"address, encoded as its distance from the instruction in {operand.width} bits"
        if operand.first:
            kind += f" {operand.first} to {operand.range[1]}"
        if operand.excluded:
            kind += f" except {', '.join(map(str, operand.excluded))}"
        rows.append((operand.name, kind))
    yield from table(rows)
    if isa.words.rule is not None:
        first, other = dict.fromkeys(8 * size for size in (isa.words.first, *isa.words.table.values()))
        yield ""
        yield f"An instruction has {first} bits when {expression(isa, isa.words.rule)}, and {other} otherwise."
    for insn in isa.instructions.values():
        yield ""
        yield from instruction(isa, insn)


def instruction(isa: Isa, insn: Instruction) -> Iterator[str]:
    """Yield the paragraph of an instruction."""
    head = f"{insn.name} {written(insn.syntax)}".rstrip()
    yield f"{head:<28}{insn.text}".rstrip()
    yield from indented(diagram(part_cells(insn)))
    yield from indented(statements(isa, insn.body))


def pseudo(isa: Isa) -> Iterator[str]:
    yield from table([expansion(isa, alias) for alias in isa.aliases])
    if isa.hints:
        yield ""
        elsewhere = {name: [w for w, known in isa.hints.items() if known == name] for name in isa.hints.values()}
        yield from table([(name, f"called {', '.join(words)} elsewhere") for name, words in elsewhere.items()])
    if isa.modifiers:
        yield ""
        yield from table([(applied(m), expression(isa, m.value)) for m in isa.modifiers.values()])


def applied(modifier: Modifier) -> str:
    """Return how a modifier is written, and what its parameters are if they are not its operand alone."""
    if not modifier.place:
        return f"%{modifier.name}({modifier.parameter})"
    at = f"{modifier.place} being the address"
    if not modifier.of:
        return f"%{modifier.name}({modifier.parameter}), {at}"
    return f"%{modifier.name}(label), {modifier.parameter} being what the instruction there has %{modifier.of} of, {at}"


def expansion(isa: Isa, alias: Alias) -> tuple[str, str]:
    """Return how a pseudo-instruction is written, and what it stands for."""
    condition = f"  when {expression(isa, alias.condition)}" if alias.condition is not None else ""
    return written(alias.syntax), "; ".join(map(written, alias.expansion)) + condition


def notation(isa: Isa) -> Iterator[str]:
    """Explain what in the bodies above is not plain arithmetic."""
    rows = [
        ("x[hi:lo]", "bits of x"),
        ("{a, b}", "a and b side by side, a on top"),
        ("sx(x), zx(x)", "x sign- or zero-extended to 32 bits, or to as many as a second argument says"),
        ("/s %s >>s <s", "signed operators; with u, unsigned ones"),
        ("mem[a, n]", "n bytes of memory at the virtual address a, little-endian; the access may trap"),
        ("mem[a, n, write]", "the same, needing leave to write as well"),
        ("port[n]", "I/O port n"),
        ("csr[x]", "the control register that the operand x names"),
        ("#x", "the bits of the operand x in the word; where it names a register, its number"),
        ("require c else t", "trap t unless c holds"),
        ("word, pc", "the instruction and its address"),
    ]
    used = {n.name for insn in isa.instructions.values() for n in s.walk(*insn.body) if isinstance(n, s.Call)}
    used |= {n.name for c in isa.controls.values() for f in c.fields if f.source for n in calls(f.source)}
    rows += [("phys[a]" if name == "phys" else f"{name}()", s.PRIMITIVES[name][2]) for name in sorted(used)]
    yield from table(rows)


def calls(e: s.Expr) -> Iterator[s.Call]:
    return (n for n in s.walk(e) if isinstance(n, s.Call))
