"""The result of a run: as an object for programs, and as figures in text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.native.cpu import model
from ring1.dbt.report.place import cause_name
from ring1.dbt.vmm.engine import Engine
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa


@dataclass(frozen=True)
class Result:
    """A run that has ended; `seconds` is wall time."""

    technique: Technique
    engine: Engine
    stop: Stop
    seconds: float
    before: int = 0
    """Instructions that had retired before it began."""


def as_object(vm: Vm, result: Result, registry: Registry) -> dict[str, Any]:
    """Return the object that `ring1 run --json` prints. `state` and `instructions` are the same for equivalent
    engines."""
    kinds = {name: row.host().word or None for name, row in registry.items() if row.host is not None}
    stop, work, state = result.stop, result.engine.work, vm.state()
    trap = trap_object(vm.isa, stop.trap)
    if trap is not None and stop.first is not None:
        trap["first"] = trap_object(vm.isa, stop.first)
    return {
        "isa": vm.isa.name,
        "engine": result.technique.name,
        "host": {**kinds, "cpu": model()},
        "stop": {"reason": stop.reason, "exit_code": stop.code, "trap": trap},
        "instructions": state.instructions,
        "wall_s": round(result.seconds, 6),
        "state": {
            "pc": state.pc,
            "regs": state.registers,
            "control": state.control,
            "memory_sha256": state.memory_sha256,
        },
        "exits": dict(result.engine.exits()),
        **({"modelled_hardware": result.engine.modelled()} if result.technique.modelled else {}),
        "translation": {
            "blocks": work.blocks,
            "guest_insns": work.guest_insns,
            "host_bytes": work.host_bytes,
            "seconds": round(work.seconds, 6),
        },
    }


def trap_object(isa: Isa, trap: TrapInfo | None) -> dict[str, Any] | None:
    if trap is None:
        return None
    return {"cause": trap.cause, "name": cause_name(isa, trap.cause), "value": trap.value, "pc": trap.pc}


HOTTEST = 5
"""The number of blocks named among the figures of a run."""


def statistics(vm: Vm, result: Result, program: Program, registry: Registry) -> str:
    """Return the figures of a run, one per line."""
    retired, engine, label = vm.cpu.retired, result.engine, result.technique.label
    kinds = [f"{name.upper()} {row.host().text}" for name, row in registry.items() if row.host is not None]
    work, exits = engine.work, engine.exits()
    speed = (retired - result.before) / max(result.seconds, 1e-9) / 1e6
    rows = [
        ("engine", result.technique.name),
        ("host", "; ".join((model(), *kinds))),
        ("instructions", f"{retired:,}"),
        ("wall time", f"{result.seconds:.3f} s{label}"),
        ("speed", f"{speed:,.1f} M instructions/s{label}"),
        ("exits to the VMM", f"{sum(exits.values()):,}"),
        *((f"  {reason}", f"{n:,}") for reason, n in sorted(exits.items(), key=lambda item: -item[1])),
        ("blocks translated", f"{work.blocks:,}"),
        *([("  without stencils", f"{work.lowered:,}")] if work.lowered else []),
        ("  guest instructions", f"{work.guest_insns:,}"),
        ("  host bytes", f"{work.host_bytes:,}"),
        ("  translation time", f"{work.seconds:.3f} s"),
        *((name, f"{n:,}") for name, n in engine.figures().items()),
        *hottest(engine, program),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"ring1: {name:<{width}}  {text}" for name, text in rows)


def hottest(engine: Engine, program: Program) -> list[tuple[str, str]]:
    """Return the hottest blocks of a run, as rows."""
    rows = [(f"  {program.symbol(pc)}", f"{share:.1%}") for (_, pc, _), share in engine.hottest(HOTTEST)]
    return [("hottest blocks", "share"), *rows] if rows else []
