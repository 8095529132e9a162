"""Builds riscv-tests for RV32IMAC, in machine mode (p) and with Sv32 (v), and runs each under some engines.

    python -m bench.riscv_tests CHECKOUT ENVIRONMENT [--engines interp,bt] [--only rv32ui-v-add,...]

CHECKOUT is a clone of riscv-software-src/riscv-tests, ENVIRONMENT one of riscv/riscv-test-env (its submodule `env`). A
test passes if it stores 1 at `tohost`, which ends the machine with 0. Prints the failing ones, and how many passed.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import ring1
from ring1.isa.elf.convert import convert
from ring1.isa.load import load

COMPILER = "riscv64-unknown-elf-gcc"
FLAGS = (
    *("-march=rv32gc", "-mabi=ilp32", "-static", "-mcmodel=medany", "-fvisibility=hidden"),
    *("-nostdlib", "-nostartfiles", "-std=gnu99", "-O2", "-DENTROPY=0x1234567"),
)
SUITES = ("rv32ui", "rv32um", "rv32ua", "rv32uc", "rv32mi", "rv32si")
HEADERS = Path(__file__).parent.parent / "examples/c/rt/include"
"""The C library's headers that the environment with paging wants."""
RAM = 16 << 20
MOST_INSTRUCTIONS = 20_000_000


def sources(checkout: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield a name, the environment and the source for each program."""
    for suite in SUITES:
        found = sorted((checkout / "isa" / suite).glob("*.S"))
        if not found:
            sys.exit(f"{checkout} has no tests {suite}")
        for environment in ("p", "v") if suite[4] == "u" else ("p",):
            for source in found:
                yield f"{suite}-{environment}-{source.stem}", environment, source


def built(checkout: Path, environment: Path, source: Path, target: Path) -> None:
    """Build a test for one of the environments. Exits with the compiler's message if that cannot be."""
    more = [environment / "entry.S", *sorted(environment.glob("*.c"))] if environment.name == "v" else []
    includes = (f"-I{environment}", f"-I{checkout / 'isa/macros/scalar'}", f"-I{HEADERS}")
    argv: list[str | Path] = [COMPILER, *FLAGS, *includes, "-T", environment / "link.ld", *more, source, "-o", target]
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def outcome(program: Path, engine: str) -> str:
    """Run a test; return how it ends, or nothing if it passes."""
    isa = load("rv32")
    made = convert(isa, str(program), program.read_bytes())
    with ring1.Machine(isa, made, engine=engine, ram=RAM, tohost=made.symbols["tohost"]) as m:
        stop = m.run(max_insns=MOST_INSTRUCTIONS)
        return "" if (stop.reason, stop.code) == ("exit", 0) else f"{stop.reason} {stop.code} at {m.pc:#x}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--engines", default="interp,bt")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if shutil.which(COMPILER) is None:
        sys.exit(f"there is no {COMPILER}")
    engines, only = arguments.engines.split(","), arguments.only.split(",") if arguments.only else None
    counts, passed = Counter[str](), Counter[tuple[str, str]]()
    with tempfile.TemporaryDirectory(prefix="ring1-tests-") as name:
        for called, environment, source in sources(arguments.checkout):
            if only is not None and called not in only:
                continue
            program = Path(name, called)
            built(arguments.checkout, arguments.environment / environment, source, program)
            counts[environment] += 1
            for engine in engines:
                ended = outcome(program, engine)
                passed[engine, environment] += not ended
                if ended:
                    print(f"{called} {engine}: {ended}", flush=True)
    for engine in engines:
        told = [f"{passed[engine, environment]} of {count} {environment}" for environment, count in counts.items()]
        print(f"{engine}: {', '.join(told)}")
    return int(any(passed[engine, environment] != counts[environment] for engine in engines for environment in counts))


if __name__ == "__main__":
    sys.exit(main())
