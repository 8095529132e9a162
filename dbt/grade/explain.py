"""Where in a run something came about that is not as expected: the instruction, found by going back."""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.api.machine import Machine
from ring1.dbt.compare.contender import Setup
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import Technique
from ring1.dbt.report.place import describe
from ring1.dbt.travel.search import Watched, last, windows
from ring1.isa.asm.program import Program

MOST = 1_000_000
"""The most instructions that are interpreted to find one."""
ROUND = 4096
"""Instructions that are looked at to find a loop."""
MOST_LOOP = 64
HISTORY = 64 << 20
"""Bytes for going back."""
MOST_RUN = 200_000_000
"""Runs that are longer are not gone over again."""


class Past:
    """A run again, under an engine that does the same, to be looked at from its end."""

    def __init__(self, setup: Setup, program: Program, technique: Technique, registry: Registry, count: int) -> None:
        """`count`: how many instructions the run had."""
        swift = registry.default if not registry.default.cannot(setup.isa) else registry.reference
        engine = technique.name if technique.deprivileges else swift.name
        self.program = program
        self.machine = Machine(
            setup.isa,
            program,
            engine=engine,
            ram=setup.ram,
            disk=setup.disk,
            seed=setup.seed,
            input=setup.source,
            arguments=[word.decode() for word in setup.arguments],
            budget=HISTORY,
            registry=registry,
        )
        self.end = count
        self.at_end()

    def close(self) -> None:
        self.machine.close()

    def __enter__(self) -> Past:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def at_end(self) -> Machine:
        """Return the machine where the run has ended."""
        self.machine.at(self.end)
        return self.machine

    def place(self, count: int, pc: int | None = None) -> str:
        """Describe a place of the run."""
        machine = self.machine
        at = describe(machine.now().body.cpu, self.program, machine.pc if pc is None else pc)
        return f"after {count:,} instructions, at {at}"

    def output(self, index: int) -> str:
        """Describe where the output's byte of an index was written; empty if it was not."""
        machine = self.at_end()
        if len(machine.console.output) <= index:
            return ""
        low, high = 0, machine.count
        while high - low > 1:
            middle = (low + high) // 2
            machine.at(middle)
            if len(machine.console.output) > index:
                high = middle
            else:
                low = middle
        machine.at(low)
        return self.place(low)

    def memory(self, at: int, length: int) -> str:
        """Describe where bytes were last written; empty if they never were."""
        machine = self.at_end()
        pieces = list(machine.mem.pieces(at, length))
        found = last(machine.now(), {}, tuple(Watched(start, start + part) for start, part in pieces)).write
        return "" if found is None else self.place(machine.count)

    def register(self, name: str) -> str:
        """Describe where a register got the value that it has; empty if it had it from the beginning or for long."""
        machine = self.machine
        if name not in machine.reg:
            return ""
        for low, high in windows(max(self.end - MOST, 0), self.end):
            machine.at(low)
            changes: list[tuple[int, int]] = []
            before = [machine.reg[name], machine.pc]

            def see(pc: int, changes: list[tuple[int, int]] = changes, before: list[int] = before) -> None:
                value = machine.reg[name]
                if value != before[0]:
                    changes.append((machine.count - 1, before[1]))
                before[:] = value, pc

            with machine.on_insn(see):
                machine.run(max_insns=high - low)
            see(machine.pc)
            if changes:
                count, pc = changes[-1]
                machine.at(count)
                return self.place(count, pc)
        return ""

    def loop(self) -> Sequence[str]:
        """Describe the loop that a guest is in when it is stopped."""
        machine = self.machine
        seen: dict[int, None] = {}
        first = max(self.end - ROUND, 0)
        machine.at(first)
        with machine.on_insn(lambda pc: seen.setdefault(pc)):
            machine.run(max_insns=self.end - first)
        if not 0 < len(seen) <= MOST_LOOP:
            return ()
        low, high = min(seen), max(seen)
        cpu, count = machine.now().body.cpu, len(seen)
        if low == high:
            return (f"it does nothing but {describe(cpu, self.program, low)}",)
        return (
            f"in its last {self.end - first:,} instructions it has executed only {count} different ones, from",
            f"  {describe(cpu, self.program, low)}",
            f"  to {describe(cpu, self.program, high)}",
        )
