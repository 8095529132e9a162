"""QEMU's system emulation as a peer: a process that runs an image of RAM, which is a file that both map."""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import monotonic, sleep

from ring1.dbt.fuzz.peer import layout

COMMAND = "qemu-system-riscv32"
CPU = (
    "rv32,c=true,f=false,d=false,h=false,sstc=false,zba=false,zbb=false,zbc=false,zbs=false"
    ",Zihintpause=false,pmu-num=0,debug=false,marchid=0,mimpid=0,mvendorid=0"
)
"""The processor that the description rv32 describes."""
LOOK = 0.01
"""Seconds between two looks at whether an image has ended."""
SECONDS = 120.0
"""Seconds until an image that does not end is given up."""


class Unavailable(Exception):
    """The peer is not here, or does not begin."""


def version() -> str:
    """Return what the peer says of itself. Raises Unavailable."""
    if shutil.which(COMMAND) is None:
        raise Unavailable(f"there is no {COMMAND}")
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, timeout=60)
    return done.stdout.partition("\n")[0]


def run(ram: bytes | bytearray, seconds: float = SECONDS) -> tuple[bytes, bool]:
    """Run an image. Returns RAM as it is left, and whether the image has ended. Raises Unavailable, OSError."""
    folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="ring1-peer-", dir=folder) as name:
        path = Path(name, "ram")
        path.write_bytes(ram)
        argv = [
            *(COMMAND, "-M", "spike,memory-backend=ram", "-m", str(layout.SIZE >> 20), "-cpu", CPU),
            *("-object", f"memory-backend-file,id=ram,size={layout.SIZE},mem-path={path},share=on"),
            *("-accel", "tcg", "-singlestep", "-bios", "none", "-smp", "2"),  # alone, a hart's atomics are not
            *("-display", "none", "-serial", "null", "-monitor", "stdio", "-S", "-no-reboot"),
        ]
        process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"},
        )
        try:
            ended = begun(process, path, ram, seconds)
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
        return path.read_bytes(), ended


def begun(process: subprocess.Popen[bytes], path: Path, ram: bytes | bytearray, seconds: float) -> bool:
    """Let a machine go that waits, with nothing in RAM but the image. Returns whether it ends in time."""
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    said = b""
    process.stdin.write(b"info status\n")  # it is answered when everything is in its place
    process.stdin.flush()
    while b"paused" not in said:
        more = os.read(process.stdout.fileno(), 4096)
        if not more:
            raise Unavailable(f"{COMMAND}: {process.stderr.read().decode(errors='replace').strip()[-300:]}")
        said += more
    with path.open("r+b") as file, mmap.mmap(file.fileno(), layout.SIZE) as memory:
        memory[:] = bytes(ram)  # QEMU has put a device tree there
        process.stdin.write(b"cont\n")
        process.stdin.flush()
        until = monotonic() + seconds
        while monotonic() < until and process.poll() is None:
            sleep(LOOK)
            if memory[layout.FINISHED]:
                return True
    return False
