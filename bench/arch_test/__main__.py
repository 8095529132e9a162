"""Runs riscv-arch-test: each test under some engines and under QEMU, from one linked file; signatures are compared.

    python -m bench.arch_test CHECKOUT [--suites I,M,A,C,Zifencei,privilege] [--engines interp,bt]

CHECKOUT is a clone of riscv-non-isa/riscv-arch-test at 3.10.0. Tests are built by riscv64-unknown-elf-gcc with the
model target of this folder; of a test's conditions those count that speak of the instruction set. A signature is the
words between two symbols, which a test leaves in memory; what QEMU leaves is what the others are held against. A
signature that differs is explained if the machine that describes what QEMU does otherwise (dbt/fuzz/peer/qemu.isa)
leaves QEMU's.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import ring1
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.peer.harness import DESCRIPTION

HERE = Path(__file__).parent
COMPILER, PEER = "riscv64-unknown-elf-gcc", "qemu-system-riscv32"
FLAGS = ("-mabi=ilp32", "-mcmodel=medany", "-static", "-nostdlib", "-nostartfiles", "-DXLEN=32", f"-I{HERE}")
NAMED = "RV32IMACZicsrZifencei"
"""The instruction set as the tests' conditions name it; without the C that --march lacks."""
CASE = re.compile(r"^\s*RVTEST_CASE\s*\(\s*\d+\s*,\s*\"(.*?)\"", re.M)
CHECK, DEFINITION = re.compile(r"check\s+ISA\s*:?=\s*regex\(([^)]*)\)"), re.compile(r"def\s+(\w+)\s*=\s*(\w+)")
CPU = "rv32,f=false,d=false,h=false,sstc=false,zba=false,zbb=false,zbc=false,zbs=false,pmu-num=0,debug=false"
FLAGS_AT, COMPRESSED = 36, 1
"""The byte of an ELF header with the flag that there are compressed instructions."""
MEMORY = 32 << 20
BASE = 0x80000000
SECONDS = 60
MOST_INSTRUCTIONS = 20_000_000


def compressed(march: str) -> bool:
    """Are there compressed instructions?"""
    return "c" in march.split("_")[0].removeprefix("rv32")


def definitions(source: Path, march: str) -> list[str] | None:
    """Return what a test wants to be defined for this instruction set; None if it is for another."""
    named = NAMED if compressed(march) else NAMED.replace("C", "", 1)
    found: dict[str, str] = {}
    for case in CASE.findall(source.read_text()):
        if all(re.match(pattern, named) for pattern in CHECK.findall(case)):
            found |= dict(DEFINITION.findall(case))
    return [f"-D{name}={value}" for name, value in found.items()] or None


def built(source: Path, checkout: Path, march: str, folder: Path) -> Path | None:
    """Build a test. Returns None if it is not for this instruction set. Raises ValueError."""
    defined = definitions(source, march)
    if defined is None:
        return None
    target = folder / f"{source.stem}.elf"
    include = f"-I{checkout / 'riscv-test-suite/env'}"
    argv = [COMPILER, f"-march={march}", *FLAGS, include, *defined, "-T", str(HERE / "link.ld"), str(source)]
    done = subprocess.run([*argv, "-o", str(target)], capture_output=True, text=True)
    if done.returncode:
        raise ValueError(done.stderr.strip().splitlines()[0][-160:])
    if not compressed(march):
        data = bytearray(target.read_bytes())
        data[FLAGS_AT] &= ~COMPRESSED  # the suite's `.option rvc`, with which it aligns, says so of every file
        target.write_bytes(data)
    return target


def here(program: Path, engine: str, isa: str = "rv32") -> tuple[bytes, int, int]:
    """Run a test under an engine. Returns its signature and where it is. Raises ValueError."""
    with ring1.Machine(isa, str(program), engine=engine, ram=MEMORY) as m:
        stop = m.run(max_insns=MOST_INSTRUCTIONS)
        if (stop.reason, stop.code) != ("exit", 0):
            raise ValueError(f"{stop.reason} at {m.pc:#x}")
        begin, end = m.address("begin_signature"), m.address("end_signature")
        return bytes(m.ram[begin:end]), begin, end


def there(program: Path, march: str, begin: int, end: int, folder: Path) -> bytes:
    """Run a test under QEMU. Returns its signature. Raises ValueError."""
    ram = folder / "ram"
    with ram.open("wb") as file:
        file.truncate(MEMORY)
    argv = [
        *(
            PEER,
            "-M",
            "virt,memory-backend=ram",
            "-m",
            str(MEMORY >> 20),
            "-cpu",
            f"{CPU},c={str(compressed(march)).lower()}",
        ),
        *("-object", f"memory-backend-file,id=ram,size={MEMORY},mem-path={ram},share=on"),
        *("-smp", "1", "-bios", "none", "-kernel", str(program), "-nographic", "-monitor", "none", "-no-reboot"),
    ]
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise ValueError("QEMU does not end") from None
    if done.returncode:
        raise ValueError(f"QEMU ended with {done.returncode}")
    with ram.open("rb") as file:
        file.seek(begin - BASE)
        return file.read(end - begin)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--suites", default="I,M,A,C,Zifencei,privilege")
    parser.add_argument("--engines", default="interp,bt")
    parser.add_argument("--march", default="rv32imac_zicsr_zifencei")
    arguments = parser.parse_args()
    for tool in (COMPILER, PEER):
        if shutil.which(tool) is None:
            sys.exit(f"there is no {tool}")
    engines, counts = arguments.engines.split(","), Counter[tuple[str, str]]()
    for suite in arguments.suites.split(","):
        sources = sorted((arguments.checkout / "riscv-test-suite/rv32i_m" / suite / "src").glob("*.S"))
        if not sources:
            sys.exit(f"{arguments.checkout} has no tests {suite}")
        for source in sources:
            with tempfile.TemporaryDirectory(prefix="ring1-arch-") as name:
                for engine, what in tried(source, arguments.checkout, arguments.march, engines, Path(name)):
                    counts[engine, what.partition(":")[0]] += 1
                    if ":" in what:
                        print(f"{suite}/{source.stem} {engine}: {what}", flush=True)
        told = [f"{engine} {what} {count}" for (engine, what), count in sorted(counts.items())]
        print(f"up to {suite}: {', '.join(told)}", flush=True)
    return int(any(what == "different" for _, what in counts))


def tried(source: Path, checkout: Path, march: str, engines: list[str], folder: Path) -> list[tuple[str, str]]:
    """Return for each engine what has come of a test."""
    try:
        program = built(source, checkout, march, folder)
        if program is None:
            return [(engine, "not for this machine") for engine in engines]
        mine, begin, end = here(program, engines[0])
        want = there(program, march, begin, end, folder)
    except ValueError as error:
        return [(engine, f"failed: {error}") for engine in engines]
    found = []
    for engine in engines:
        try:
            got = mine if engine == engines[0] else here(program, engine)[0]
        except ValueError as error:
            found.append((engine, f"failed: {error}"))
            continue
        first = next((n for n in range(0, len(want), 4) if got[n : n + 4] != want[n : n + 4]), None)
        if first is None:
            found.append((engine, "equal"))
        else:
            one, other = (int.from_bytes(each[first : first + 4], "little") for each in (got, want))
            what = f"word {first // 4} is {one:#010x}, QEMU's {other:#010x}"
            explained = here(program, ENGINES.reference.name, DESCRIPTION)[0] == want
            found.append((engine, f"{'explained' if explained else 'different'}: {what}"))
    return found


if __name__ == "__main__":
    sys.exit(main())
