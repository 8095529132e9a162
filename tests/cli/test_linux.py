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


def boot(ring1: Command, kernel: Path, append: str, *options: object) -> bytes:
    """What Linux says until it powers off."""
    argv = ring1.argv("run", "--kernel", kernel, "--append", append, *options)
    done = subprocess.run(
        argv, cwd=ring1.folder, env=ring1.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    assert b"powering off" in done.stdout
    return done.stdout


@pytest.mark.soak
@pytest.mark.parametrize("engine", present(("bare", "trap", "hw", "hybrid")))
def test_every_engine_boots_it_alike(ring1: Command, kernel: Path, engine: str) -> None:
    first = boot(ring1, kernel, APPEND, "--engine", "bt")
    assert boot(ring1, kernel, APPEND, "--engine", "bt") == first  # warm
    assert boot(ring1, kernel, APPEND, "--engine", engine) == first


def test_its_beginning_is_equal(ring1: Command, kernel: Path) -> None:
    done = ring1(
        "compare", "--engines", "interp,bt", "--max-insns", "1M", "--kernel", kernel, "--append", APPEND, status=0
    )
    assert "equivalent" in done.out


def qemu(ring1: Command, kernel: Path, append: str, *options: str) -> bytes:
    """What Linux says under QEMU, with the same firmware and device tree, and with a console by virtio."""
    folder, here = ring1.folder, ring1.folder.as_posix()
    made = assemble_files(load("rv32"), [str(ROOT / "examples/rv32/sbi/sbi.s")], definitions=DEVICES)
    (folder / "sbi.bin").write_bytes(made.image)
    ring1("run", "--kernel", kernel, "--append", append, "--dump-dtb", "virt.dtb", status=0)
    argv = [QEMU, "-M", "virt", "-m", "64", "-cpu", CPU, "-display", "none", "-monitor", "none", "-no-reboot"]
    argv += ["-bios", f"{here}/sbi.bin", "-kernel", str(kernel), "-dtb", f"{here}/virt.dtb", "-append", append]
    argv += ["-global", "virtio-mmio.force-legacy=false", "-device", "virtio-serial-device,bus=virtio-mmio-bus.6"]
    argv += ["-device", "virtconsole,chardev=c", *options]
    return subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=300, check=True).stdout


@pytest.mark.skipif(shutil.which(QEMU) is None, reason=f"{QEMU} is not installed")
def test_it_says_what_it_says_under_qemu(ring1: Command, kernel: Path) -> None:
    """With the same firmware, device tree and disk; and what the guest has written to the disk is there."""
    folder = ring1.folder
    for name in ("theirs.img", "ours.img"):
        disk(folder / name)
    drive = f"if=none,file={folder.as_posix()}/theirs.img,format=raw,id=d"
    options = ("-chardev", "null,id=c", "-serial", "stdio", "-device", "virtio-blk-device,drive=d", "-drive", drive)
    theirs = qemu(ring1, kernel, APPEND, *options)
    ours = boot(ring1, kernel, APPEND, "--engine", "bt", "--disk", "ours.img")
    assert VARYING.sub(b"", ours).splitlines() == VARYING.sub(b"", theirs).splitlines()
    for name in ("theirs.img", "ours.img"):
        assert b"written by the guest\n" in (folder / name).read_bytes()


@pytest.mark.skipif(shutil.which(QEMU) is None, reason=f"{QEMU} is not installed")
def test_its_console_may_be_virtios(ring1: Command, kernel: Path) -> None:
    """SBI's console is hvc0. QEMU has two streams where ring1 has one, so that lines come in another order."""
    append = "console=hvc1 earlycon=sbi"
    uart = ring1.folder / "uart"
    console = qemu(ring1, kernel, append, "-chardev", "stdio,id=c", "-serial", f"file:{uart.as_posix()}")
    assert b"powering off" in console
    lines = [VARYING.sub(b"", said).splitlines() for said in (boot(ring1, kernel, append), uart.read_bytes() + console)]
    assert sorted(lines[0]) == sorted(lines[1])


def disk(path: Path) -> None:
    """Make a disk of 1 MiB with a file system, or without one where the host has no mke2fs."""
    path.write_bytes(bytes(1 << 20))
    if (mke2fs := shutil.which("mke2fs", path="/usr/sbin:/sbin:" + os.environ["PATH"])) is not None:
        files = path.parent / "files"
        files.mkdir(exist_ok=True)
        (files / "hello.txt").write_text("hello from the disk\n")
        subprocess.run([mke2fs, "-q", "-F", "-t", "ext2", "-b", "1024", "-d", str(files), str(path)], check=True)
