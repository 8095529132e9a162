"""Reports of a mistranslation: where translated code and the interpreter differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ring1.dbt.report.place import describe
from ring1.dbt.report.translation import Reporter
from ring1.dbt.report.translation_text import block_lines, legend
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.check import Checker, Mistranslation, Row
from ring1.isa.asm.program import Program


def describe_difference(checker: Checker, program: Program, difference: Mistranslation) -> str:
    """Return all that is known of a difference, as text."""
    return "\n".join(lines(checker, program, difference))


def lines(checker: Checker, program: Program, difference: Mistranslation) -> Iterator[str]:
    isa, translator = checker.cpu.isa, checker.supply.translator
    where = difference.translation
    place = "in one of its blocks" if where is None else f"in the block at {where.pc:#010x} {program.symbol(where.pc)}"
    yield f"translated code differs from the interpreter {place}"
    yield f"after {difference.time:,} instructions, within the next {difference.count:,}"
    if difference.astray:
        yield f"there {difference.astray}"
    yield from table(difference.rows)
    culprit = difference.culprit
    if culprit is not None:
        yield ""
        yield f"the instruction {describe(checker.cpu, program, culprit.translation.pc)}"
        yield "differs by itself:"
        yield from table(culprit.rows)
        yield from code(Reporter(isa, program, translator, culprit.translation.mode), culprit.translation)
    elif where is not None:
        yield "each instruction by itself does what it should: it is their being translated together"
    if where is not None:
        yield ""
        yield legend()
        yield " ".join(f"{host}={isa.registers[n][0]}" for n, host in checker.supply.pinned.items())
        yield from code(Reporter(isa, program, translator, where.mode), where)


def table(rows: Iterable[Row], mine: str = "translated", theirs: str = "interpreted") -> Iterator[str]:
    """Yield registers and words of memory with their values, and which side has written each."""
    found = list(rows)
    if found:
        yield f"  {'':<12}  {'before':>10}  {mine:>10}  {theirs:>11}"
    for name, before, translated, interpreted in found:
        was = f"{before:#010x}" if before >= 0 else ""
        yield f"  {name:<12}  {was:>10}  {translated:#010x}  {f'{interpreted:#010x}':>11}"


def code(reporter: Reporter, translation: Translation) -> Iterator[str]:
    """Yield the guest's instructions beside the host's."""
    yield from block_lines(reporter.block(translation))
