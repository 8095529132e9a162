"""Machines for tests: PG32 and its variants with more instructions, and small ones from nothing."""

from __future__ import annotations

from pathlib import Path

from ring1.dbt.engines.table import make
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.vm import Snapshot, Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.load import load
from ring1.isa.model import Isa
from ring1.isa.read import read


def extended(where: Path, text: str, base: str = "pg32v") -> Isa:
    """The machine `base` with more items."""
    file = where / f"{base}.isa"
    for name in (base, "pg32"):
        (where / f"{name}.isa").write_text(Path(load(name).path).read_text())
    file = where / "my.isa"
    file.write_text(f'isa my extends {base} "for a test";\n{text}\n')
    return read(str(file))


def whole(where: Path, text: str) -> Isa:
    """A machine from nothing."""
    file = where / "my.isa"
    file.write_text(f'isa my "for a test";\n{text}\n')
    return read(str(file))


def ended(isa: Isa, engine: str, source: str, limit: int = 1000) -> tuple[Snapshot, Stop]:
    """The state in which an engine leaves a program, and why."""
    program = assemble(isa, [("test.s", source)])
    with Vm(isa, 1 << 20) as vm:
        vm.load(program.image, program.entry)
        vm.engine = make(engine, vm, program.image)
        stop = vm.run(limit)
        return vm.state(), stop
