"""What a run amounts to: as an object for programs, and as figures for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ring1.dbt.engines.kvm.host import kind, text
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.native.cpu import model
from ring1.dbt.report import hardware
from ring1.dbt.report.place import cause_name
from ring1.dbt.translate.work import Work
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa


@dataclass(frozen=True)
class Result:
    """A run that has ended; `seconds` of wall time."""

    engine: str
    stop: Stop
    seconds: float
    exits: Mapping[str, int]
    work: Work
    before: int = 0
    """Instructions that had retired when it began."""


def as_object(vm: Vm, result: Result) -> dict[str, Any]:
    """The object that `ring1 run --json` prints. `state` and `instructions` are equal for equivalent engines."""
    stop, work, state = result.stop, result.work, vm.state()
    trap = trap_object(vm.isa, stop.trap)
    if trap is not None and stop.first is not None:
        trap["first"] = trap_object(vm.isa, stop.first)
    return {
        "isa": vm.isa.name,
        "engine": result.engine,
        "host": {"kvm": kind(), "cpu": model()},
        "stop": {"reason": stop.reason, "exit_code": stop.code, "trap": trap},
        "instructions": state.instructions,
        "wall_s": round(result.seconds, 6),
        "state": {
            "pc": state.pc,
            "regs": state.registers,
            "control": state.control,
            "memory_sha256": state.memory_sha256,
        },
        "exits": dict(result.exits),
        **hardware.modelled(vm.engine),
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
"""Blocks that are named among the figures of a run."""


def statistics(vm: Vm, result: Result, program: Program) -> str:
    """The figures of a run, a line each."""
    retired, work, label = vm.cpu.retired, result.work, hardware.label(vm.engine)
    speed = (retired - result.before) / max(result.seconds, 1e-9) / 1e6
    rows = [
        ("engine", result.engine),
        ("host", f"{model()}; KVM {text()}"),
        ("instructions", f"{retired:,}"),
        ("wall time", f"{result.seconds:.3f} s{label}"),
        ("speed", f"{speed:,.1f} M instructions/s{label}"),
        ("exits to the VMM", f"{sum(result.exits.values()):,}"),
        *((f"  {reason}", f"{n:,}") for reason, n in sorted(result.exits.items(), key=lambda item: -item[1])),
        ("blocks translated", f"{work.blocks:,}"),
        ("  guest instructions", f"{work.guest_insns:,}"),
        ("  host bytes", f"{work.host_bytes:,}"),
        ("  translation time", f"{work.seconds:.3f} s"),
        *((name, f"{n:,}") for name, n in getattr(vm.engine, "figures", dict)().items()),
        *hottest(vm, program),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"ring1: {name:<{width}}  {text}" for name, text in rows)


def hottest(vm: Vm, program: Program) -> list[tuple[str, str]]:
    """The hottest blocks of a run, as rows."""
    heat = getattr(vm.engine, "heat", None)
    found = heat.hottest(HOTTEST) if heat is not None else []
    rows = [(f"  {program.symbol(place[1])}", f"{share:.1%}") for place, share in found]
    return [("hottest blocks", "share"), *rows] if rows else []
