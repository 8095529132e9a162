"""Linux boots to its shell, runs a script and powers off. RING1_LINUX names a kernel for RV32IMA with such a script in
its initial file system (docs/rv32.md); it may be compressed by gzip."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load
from tests.cli.conftest import ROOT, Command
from tests.ways import present

IMAGE = os.environ.get("RING1_LINUX", "")
QEMU = "qemu-system-riscv32"
APPEND = "console=ttyS0 earlycon=sbi"
CPU = "rv32,c=false,f=false,d=false,h=false,sstc=false,Zihintpause=false,pmu-num=0"
DEVICES = "CLINT=0x2000000", "UART=0x10000000", "FINISHER=0x100000"
VARYING = re.compile(
    rb"^\[ *\d+\.\d+\] |\b9d[0-9a-f]{6}\b|(?<=instret )\S+|(?<=marchid\t\t: )\S+|(?<=mimpid\t\t: )\S+|(?<=slept )\d+"
    rb"|(?<=MemFree: )[ \d]+|(?<=MemAvailable: )[ \d]+|(?<=: )[ \d]+(?=  (?:SiFive|RISC-V))"
    rb"|^\d+\.\d\d \d+\.\d\d(?=\r?$)",
    re.M,
)
"""What depends on the time, on where the kernel finds a free page, and on who made the processor."""

pytestmark = pytest.mark.skipif(not IMAGE, reason="RING1_LINUX does not name a kernel")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data, path = Path(IMAGE).read_bytes(), tmp_path_factory.mktemp("linux") / "Image"
    path.write_bytes(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data)
    return path


def boot(ring1: Command, kernel: Path, *options: object) -> bytes:
    """What Linux says until it powers off."""
    argv = ring1.argv("run", "--kernel", kernel, "--append", APPEND, *options)
    done = subprocess.run(
        argv, cwd=ring1.folder, env=ring1.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert b"reboot: Power down" in done.stdout
    return done.stdout


@pytest.mark.soak
@pytest.mark.parametrize("engine", present(("bare", "trap", "hw", "hybrid")))
def test_every_engine_boots_it_alike(ring1: Command, kernel: Path, engine: str) -> None:
    first = boot(ring1, kernel, "--engine", "bt")
    assert boot(ring1, kernel, "--engine", "bt") == first  # warm
    assert boot(ring1, kernel, "--engine", engine) == first


def test_its_beginning_is_equal(ring1: Command, kernel: Path) -> None:
    done = ring1(
        "compare", "--engines", "interp,bt", "--max-insns", "1M", "--kernel", kernel, "--append", APPEND, status=0
    )
    assert "equivalent" in done.out


@pytest.mark.skipif(shutil.which(QEMU) is None, reason=f"{QEMU} is not installed")
def test_it_says_what_it_says_under_qemu(ring1: Command, kernel: Path) -> None:
    """With the same firmware, device tree and disk; and what the guest has written to the disk is there."""
    folder = ring1.folder
    (folder / "sbi.bin").write_bytes(
        assemble_files(load("rv32"), [str(ROOT / "examples/rv32/sbi/sbi.s")], definitions=DEVICES).image
    )
    ring1("run", "--kernel", kernel, "--append", APPEND, "--dump-dtb", "virt.dtb", status=0)
    for name in ("theirs.img", "ours.img"):
        disk(folder / name)
    here = folder.as_posix()
    argv = [QEMU, "-M", "virt", "-m", "64", "-cpu", CPU, "-nographic", "-no-reboot", "-bios", f"{here}/sbi.bin"]
    argv += ["-kernel", str(kernel), "-dtb", f"{here}/virt.dtb", "-append", APPEND]
    argv += ["-global", "virtio-mmio.force-legacy=false", "-device", "virtio-blk-device,drive=d"]
    argv += ["-drive", f"if=none,file={here}/theirs.img,format=raw,id=d"]
    theirs = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=300, check=True).stdout
    ours = boot(ring1, kernel, "--engine", "bt", "--disk", "ours.img")
    assert VARYING.sub(b"", ours).splitlines() == VARYING.sub(b"", theirs).splitlines()
    for name in ("theirs.img", "ours.img"):
        assert b"written by the guest\n" in (folder / name).read_bytes()


def disk(path: Path) -> None:
    """Make a disk of 1 MiB with a file system, or without one where the host has no mke2fs."""
    path.write_bytes(bytes(1 << 20))
    if (mke2fs := shutil.which("mke2fs", path="/usr/sbin:/sbin:" + os.environ["PATH"])) is not None:
        files = path.parent / "files"
        files.mkdir(exist_ok=True)
        (files / "hello.txt").write_text("hello from the disk\n")
        subprocess.run([mke2fs, "-q", "-F", "-t", "ext2", "-b", "1024", "-d", str(files), str(path)], check=True)
