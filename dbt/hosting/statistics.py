"""What a host and its machines have done and have, in full: the answer to the verb `stats`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ring1.dbt.hosting.host import Host, Unknown
from ring1.dbt.hosting.hosted import Hosted


def statistics(host: Host, names: Sequence[str]) -> dict[str, Any]:
    """Return figures of the host, and of these machines or of all. Each machine is kept from running while it is looked
    at. Raises Unknown for a name that is none."""
    found, wanted = dict[str, Any](), list(names)
    for name in wanted or list(host.machines):
        try:
            with host.kept(name) as machine:
                found[name] = figures(host, name, machine)
        except Unknown:
            if wanted:
                raise
    return {"host": host.figures(), "machines": found}


def figures(host: Host, name: str, machine: Hosted) -> dict[str, Any]:
    """Return the figures of a machine that does not run: those of its row, and what its engine counts."""
    row = host.row(name, machine)
    made: dict[str, Any] = {field: getattr(row, field) for field in row.__match_args__ if field != "name"}
    engine = machine.vm.engine
    if engine is None:
        return made
    work = engine.work
    return made | {
        "exits": dict(engine.exits()),
        "translation": {
            "blocks": work.blocks,
            "guest_insns": work.guest_insns,
            "host_bytes": work.host_bytes,
            "seconds": round(work.seconds, 6),
        },
        "counts": engine.figures(),
    }
