"""Memory virtualization: the cost of paging to a guest under each way of translating addresses.

    python -m bench.memory [--rounds N] [--engine bare] [NAME ...]

The guests, bench/memory/*.s, never end and count their operations. Each runs on one machine for each setting until it
is warm; then the machines take turns of a tenth of a second of processor time. Nanoseconds per operation, medians.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from bench.programs import clock
from ring1.dbt.engines import table
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.program import Program
from ring1.isa.load import load

HERE = Path(__file__).parent / "memory"
SETTINGS = {
    "adaptive": Mmu(),
    "shadow": Mmu("shadow"),
    "shadow traced": Mmu("shadow", traced=True),
    "softtlb": Mmu("softtlb"),
    "softtlb traced": Mmu("softtlb", traced=True),
}
GUESTS = {
    "page touch": ("touch", {}),
    "2 spaces": ("switch", {"SPACES": 2}),
    "20 spaces": ("switch", {"SPACES": 20}),
    "table update": ("update", {}),
    "chase 4 KiB": ("chase", {"LARGE": 0}),
    "chase 4 MiB": ("chase", {"LARGE": 1}),
    "compute": ("compute", {"PAGING": 1}),
}
"""Row -> file, and the constants that it is assembled with."""
UNPAGED = ("compute", {"PAGING": 0})
PAGED_TO_UNPAGED = 1.05
"""The ratio of `compute` with paging on to paging off that shadow paging is to stay below."""
TIE = 1.05
"""Settings are equally good if the ratio of their times is less."""
MEMORY = 80 << 20
SECONDS = 0.1


def guest(name: str, constants: dict[str, int]) -> Program:
    """Assemble a guest."""
    path = HERE / f"{name}.s"
    settings = "".join(f".equ {name}, {value}\n" for name, value in constants.items())
    return assemble(load("pg32"), [(str(path), settings + path.read_text())])


class Machine:
    """A machine with a guest under way, warmed up."""

    def __init__(self, program: Program, engine: str, mmu: Mmu) -> None:
        self.vm = Vm(load("pg32"), MEMORY)
        self.vm.load(program.image, program.entry)
        self.vm.engine = table.make(engine, self.vm, program.image, mmu)
        self.counter = next(n for n, names in enumerate(self.vm.isa.registers) if "gp" in names)
        self.instructions = 1 << 14
        while not self.operations():
            self.run()
        while self.run()[0] < SECONDS:
            self.instructions *= 2

    def operations(self) -> int:
        return self.vm.cpu.s[self.counter]

    def run(self) -> tuple[float, int]:
        """Run `instructions` more. Returns processor seconds and operations."""
        before, began = self.operations(), clock("self")
        stop = self.vm.run(self.vm.cpu.retired + self.instructions)
        seconds = clock("self") - began
        if stop.reason != "limit":
            raise SystemExit(f"bench: stopped by {stop}")
        return seconds, self.operations() - before & 0xFFFFFFFF


def measure(cases: dict[str, tuple[Program, Mmu]], engine: str, rounds: int) -> dict[str, float]:
    """Return median nanoseconds per operation."""
    machines = {name: Machine(program, engine, mmu) for name, (program, mmu) in cases.items()}
    samples: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, machine in machines.items():
            seconds, operations = machine.run()
            samples[name].append(seconds / operations * 1e9)
    for machine in machines.values():
        machine.vm.close()
    return {name: statistics.median(found) for name, found in samples.items()}


def shown(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2f}"


def row(label: str, figures: list[str], comment: str) -> None:
    print(f"{label:14}" + "".join(f"{figure:>16}" for figure in figures) + f"  {comment}".rstrip(), flush=True)


def report(names: list[str], engine: str, rounds: int) -> None:
    """Print the table of these guests."""
    row(f"ns, {engine}", list(SETTINGS), "best")
    for name in names:
        program = guest(*GUESTS[name])
        cases = {setting: (program, mmu) for setting, mmu in SETTINGS.items()}
        if name == "compute":
            cases["paging off"] = guest(*UNPAGED), Mmu()
        found = measure(cases, engine, rounds)
        least = min(found[setting] for setting in SETTINGS)
        best = [setting for setting in SETTINGS if found[setting] < least * TIE]
        row(name, [shown(found[setting]) for setting in SETTINGS], ", ".join(best))
        if name == "compute":
            ratios = [f"{found[setting] / found['paging off']:.2f}" for setting in SETTINGS]
            row("to paging off", ratios, f"(target for shadow: {PAGED_TO_UNPAGED:.2f})")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description="What paging costs a guest.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(GUESTS)}; all if none is named")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--engine", choices=("bare", "bt"), default="bt")
    options = parser.parse_args()
    if unknown := set(options.names) - set(GUESTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    report(options.names or list(GUESTS), options.engine, options.rounds)


if __name__ == "__main__":
    main()
