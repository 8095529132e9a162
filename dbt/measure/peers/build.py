"""Builds a kernel's sources for the peers: natively, and for RV32."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from ring1.dbt.share import share

HERE = Path(__file__).parent
KERNELS = share("bench", "kernels")
OPTIMIZED = ("-O2", "-fno-tree-vectorize", "-fno-tree-slp-vectorize", f"-I{KERNELS}")
NATIVE_COMPILER, CROSS_COMPILER = "gcc", "riscv64-unknown-elf-gcc"
CROSS = (
    *("-march=rv32im", "-mabi=ilp32", "-mcmodel=medany", "-ffreestanding", "-nostdlib", "-static"),
    *("-T", str(HERE / "riscv.ld")),
)
USER_BASE, SYSTEM_BASE = 0x10000, 0x80000000


def kernel(name: str) -> list[Path]:
    """Return the sources of a kernel."""
    return [KERNELS / f"{name}.c"]


def native(sources: Sequence[Path], parts: int, folder: Path, *flags: str) -> Path:
    """Build a program for the host."""
    objects = []
    mains = dict.fromkeys(sources, "-Dmain=kernel")
    for source in (*sources, KERNELS / "kernel.c", HERE / "native.c"):
        target = folder / f"{source.stem}.o"
        every = (*OPTIMIZED, *flags, f"-DPARTS={parts}", *filter(None, [mains.get(source)]))
        compile(NATIVE_COMPILER, *every, "-c", str(source), "-o", str(target))
        objects.append(str(target))
    return compile(NATIVE_COMPILER, *flags, *objects, "-o", str(folder / f"{sources[0].stem}.native"))


def user(sources: Sequence[Path], parts: int, folder: Path, *flags: str) -> Path:
    """Build a Linux program for RV32IM."""
    target = folder / f"{sources[0].stem}.user"
    return cross(sources, target, f"-DPARTS={parts}", f"-Wl,--defsym=BASE={USER_BASE}", *flags)


def system(sources: Sequence[Path], parts: int, times: int, folder: Path) -> Path:
    """Build a bare-metal program for the board `virt` that does its work `times` times."""
    flags = ("-DSYSTEM", f"-DREPEAT={times}", f"-DPARTS={parts}", f"-Wl,--defsym=BASE={SYSTEM_BASE}")
    return cross(sources, folder / f"{sources[0].stem}.{times}.system", *flags)


def cross(sources: Sequence[Path], target: Path, *flags: str) -> Path:
    files = (*map(str, sources), str(HERE / "riscv.c"), "-lgcc")
    return compile(CROSS_COMPILER, *OPTIMIZED, *CROSS, "-Dmain=kernel", *flags, *files, "-o", str(target))


def flat(program: Path) -> bytes:
    """Return the memory image of a program from its base on, without trailing zeros."""
    target = program.with_suffix(".bin")
    compile("riscv64-unknown-elf-objcopy", "-O", "binary", str(program), str(target))
    return target.read_bytes()


def compile(*command: str) -> Path:
    """Run a tool whose last argument is its output. Returns that path. Raises OSError, ValueError."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise ValueError(f"{command[0]}: {done.stderr.strip()[-300:]}")
    return Path(command[-1])
