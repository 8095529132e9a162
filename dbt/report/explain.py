"""Explanations why an engine does not run an instruction unchanged: the sensitive state that its semantics touch."""

from __future__ import annotations

from collections.abc import Iterable

from ring1.dbt.translate.policy import Action
from ring1.dbt.translate.translation import GuestInsn
from ring1.isa import semantics as s
from ring1.isa.effects import effects
from ring1.isa.model import Isa
from ring1.isa.show import cause

WHAT = {
    Action.INLINE: "{reason}",
    Action.CALLOUT: "leaves for the VMM ({reason})",
    Action.TRAP: "leaves for the machine to take the trap ({reason})",
}


def explain(isa: Isa, guest: GuestInsn) -> str:
    """Say what becomes of a guest instruction and why; empty if it runs unchanged."""
    decision = guest.decision
    if decision.action is Action.IDENT:
        return ""
    what = WHAT[decision.action].format(reason=decision.reason)
    why = touches(isa, guest)
    return f"{what}: it {'; '.join(why)}" if why else what


def touches(isa: Isa, guest: GuestInsn) -> list[str]:
    """Name the state that the instruction touches beyond registers, memory and pc, and the traps that it always
    takes."""
    if not guest.name:
        return ["is no instruction"]
    whole = effects(isa, isa.instructions[guest.name].body)
    found = effects(isa, guest.body, files=whole.files)
    said = []
    if found.always_traps:
        taken = guest.body[-1]
        assert isinstance(taken, s.Raise)
        said.append(f"always traps here as {cause(isa, taken.cause)}")
    if found.reads:
        said.append(f"reads {listed(found.reads)}")
    if found.writes:
        said.append(f"writes {listed(found.writes)}")
    if found.files:
        said.append("uses the control-register file")
    if found.ports:
        said.append("uses an I/O port")
    if found.waits:
        said.append("waits for an interrupt")
    if found.flushes:
        said.append("forgets address translations")
    said += [f"asks for the {s.PRIMITIVES[name][2]}" for name in sorted(found.calls)]
    return said


def listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
