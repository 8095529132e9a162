"""Reports on the stencils of a machine: how many there are of each instruction, and what came of trying them."""

from __future__ import annotations

from collections import Counter

from ring1.dbt.cache.supply import Supply
from ring1.dbt.compare.certificate import Certificate
from ring1.dbt.engines.technique import Technique
from ring1.dbt.stencils.complete import complete
from ring1.dbt.stencils.table import Table
from ring1.dbt.translate.pinning import pin
from ring1.dbt.vmm.options import Options
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa

MOST = 10
"""Differences that are shown."""


def derived(isa: Isa, technique: Technique) -> tuple[Table, Counter[str]]:
    """Derive what is missing of a machine's stencils, and keep it. Return them, and the number of sample words without
    one, by instruction. Raises Unserved if there are none at all."""
    assert technique.policy is not None
    policy, decoder = technique.policy(isa), Decoder(isa)
    supply = Supply(isa, decoder, policy, b"", Options().most_instructions, True)
    supply.pin(pin(isa, decoder, b"", supply.host.pinnable()[: Options().most_pinned]))
    assert supply.copier is not None
    unserved = complete(supply.copier, isa, frozenset(policy.modes) - policy.interpreted)
    supply.save()
    return supply.table, unserved


def listing(isa: Isa, technique: Technique) -> str:
    """Return a line for each instruction."""
    table, unserved = derived(isa, technique)
    counts = table.counts()
    names = [*isa.instructions, *(name for name in counts if name not in isa.instructions)]
    width = max(map(len, names))
    rows = [
        f"  {name:<{width}}  {counts[name]:>5}" + (f"  {unserved[name]} words are lowered" if unserved[name] else "")
        for name in names
    ]
    total = f"{isa.name} under {technique.name}: {sum(counts.values()):,} patterns"
    return "\n".join((total, *rows)) + "\n"


def certificate(made: Certificate) -> str:
    """Return what came of trying sample words."""
    lines = [
        f"{made.words:,} sample words, {made.runs:,} executions by stencils and by the interpreter: "
        f"{len(made.differences) or 'no'} differences"
    ]
    for at in made.differences[:MOST]:
        rows = [
            f"{name} {before:#x} {at.translated['words'][name]:#x} {at.interpreted['words'][name]:#x}"
            for name, before in at.before["words"].items()
            if at.translated["words"][name] != at.interpreted["words"][name]
        ]
        lines.append(f"  {at.word:#010x} {at.name} in mode {at.mode}: {', '.join(rows) or 'memory or devices'}")
    return "\n".join(lines) + "\n"
