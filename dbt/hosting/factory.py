"""What makes the machines of a host: from a program or from a template, with their share of what a process has once."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack

from ring1.dbt.api import loading
from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import Technique
from ring1.dbt.hosting.hosted import Hosted
from ring1.dbt.hosting.plan import MachinePlan
from ring1.dbt.hosting.template import Template, signature
from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.memory import Shared
from ring1.dbt.mmu.choice import Limits, Mmu
from ring1.dbt.native.arena import ARENA_SIZE
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.snapshot import SnapshotError
from ring1.isa.asm.program import Program
from ring1.isa.model import Isa
from ring1.isa.record import replace

WINDOWS, MAPPINGS = 3000, 16000
"""Windows with what is reserved around them, and pieces of mappings, that a process can have (ring1.dbt.native), less
what others need: they are shared out between the machines."""
LEAST_PIECES = 12
MOST_CODE = 32 << 20


def options(machines: int) -> Options:
    """Return what each of so many machines may use of what a process has once."""
    code = max(1 << 16, min(MOST_CODE, ARENA_SIZE // (machines + 1) & ~0xFFF))
    usual = Limits()
    views = max(2, min(usual.views, WINDOWS // machines))
    shown = max(LEAST_PIECES, min(usual.shown, 2 * MAPPINGS // machines))
    pieces = max(LEAST_PIECES, min(usual.pieces, MAPPINGS // machines))
    near, beside = min(usual.neighbours, pieces // 4), min(usual.beside, pieces // 2)
    limits = Limits(views=views, shown=shown, pieces=pieces, neighbours=near, beside=beside)
    return Options(remember=True, code_size=code, mmu=Mmu(limits=limits))


class Factory:
    """Makes machines. Descriptions, programs and templates are read once."""

    def __init__(self, registry: Registry, machines: int) -> None:
        """`machines`: how many there will be at most."""
        self.registry = registry
        self.options = options(machines)
        self.isas: dict[str, Isa] = {}
        self.programs: dict[tuple[str, tuple[str, ...]], Program] = {}
        self.templates: dict[str, Template] = {}

    def machine(self, plan: MachinePlan) -> Hosted:
        """Make the machine that a plan describes. Raises MachineError."""
        return self.begun(plan) if plan.template else self.made(plan, self.program(plan))

    def begun(self, plan: MachinePlan) -> Hosted:
        """Make a machine that begins from a template. Raises MachineError."""
        try:
            template = self.template(plan)
            isa = self.isa(plan.isa) if plan.isa else self.isas.setdefault(template.isa.name, template.isa)
            plan = replace(plan, isa=plan.isa or isa.name, memory=template.ram)
            with ExitStack() as undo:
                made = self.empty(plan, isa, template.image)
                undo.callback(made.close)
                template.begin(made)
                undo.pop_all()
        except (OSError, SnapshotError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise MachineError(f"{plan.name}: {error}") from None
        return made

    def template(self, plan: MachinePlan) -> Template:
        """Return the template of a machine, which is read again if its file has changed. Raises SnapshotError,
        OSError, MachineError."""
        path = os.path.realpath(plan.template)
        found = self.templates.get(path)
        if found is None or found.signature != signature(path):
            found = self.templates[path] = Template(path, self.isa(plan.isa) if plan.isa else None)
        return found

    def program(self, plan: MachinePlan) -> Program:
        """Return the program of a machine. Raises MachineError."""
        isa = self.isa(plan.isa)
        key = isa.digest, plan.program
        return self.programs.get(key) or self.programs.setdefault(
            key, loading.program_of(isa, plan.program, None, None)
        )

    def made(
        self,
        plan: MachinePlan,
        program: Program | None,
        devices: Iterable[Device] = (),
        shared: Iterable[Shared] = (),
    ) -> Hosted:
        """Make a machine; see Hosted. Raises MachineError."""
        isa = self.isa(plan.isa)
        try:
            return Hosted(plan, isa, program, self.technique(plan.engine, isa), self.options, devices, shared)
        except (MachineError, OSError, ValueError) as error:
            raise MachineError(f"{plan.name}: {error}") from None

    def empty(self, plan: MachinePlan, isa: Isa, image: bytes = b"") -> Hosted:
        """Make a machine that has no program, as its state comes from elsewhere; see Hosted. Raises MachineError,
        OSError, ValueError."""
        return Hosted(plan, isa, None, self.technique(plan.engine, isa), self.options, image=image)

    def isa(self, name: str) -> Isa:
        """Return a description, which machines have in common. Raises MachineError."""
        return self.isas.get(name) or self.isas.setdefault(name, loading.described(name))

    def technique(self, name: str, isa: Isa) -> Technique:
        """Return a technique by its name, or the usual one for an empty one. Raises MachineError if it cannot run."""
        if name and name not in self.registry:
            raise MachineError(f"there is no engine {name!r}; there are {', '.join(self.registry)}")
        technique = self.registry[name] if name else self.registry.default
        if not name and technique.cannot(isa):
            technique = self.registry.reference
        reason = technique.cannot(isa)
        if reason:
            raise MachineError(f"the engine {technique.name} cannot run here: {reason}")
        return technique
