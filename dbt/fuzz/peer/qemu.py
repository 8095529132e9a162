"""QEMU's system emulation as a peer: a process that runs an image of RAM, which is a file that both map."""

from __future__ import annotations

import mmap
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from ring1.dbt.fuzz.peer import layout
from ring1.dbt.fuzz.peer.cpu import ROM
from ring1.dbt.fuzz.peer.done import Cut, Done, following
from ring1.dbt.fuzz.peer.harness import harness
from ring1.dbt.fuzz.peer.remote import Gone, Lost, Remote

COMMAND = "qemu-system-riscv32"
CPU = (
    "rv32,c=true,f=false,d=false,h=false,sstc=false,zba=false,zbb=false,zbc=false,zbs=false"
    ",Zihintpause=false,pmu-num=0,debug=false,marchid=0,mimpid=0,mvendorid=0"
)
"""The processor that the description rv32 describes."""
LOOK = 0.001
"""Seconds between two looks at what has been done."""
PATIENCE, WAITING = 0.004, 0.05
"""A round that has not ended after so many seconds of processor time is cut, or after so many by the clock if it waits
for an interrupt."""
SECONDS = 120.0
"""Seconds until an image that does not end is given up."""
ANSWER = 20.0
"""Seconds for an answer of QEMU's."""
ABI = (
    *("ra", "sp", "gp", "tp", "t0", "t1", "t2", "fp", "s1", *(f"a{n}" for n in range(8))),
    *(*(f"s{n}" for n in range(2, 12)), *(f"t{n}" for n in range(3, 7))),
)
GENERAL = {f"x{n}": name for n, name in enumerate(ABI, 1)}
"""The general registers as the peer names them."""
AWAKE = {"priv": 3, "mstatus": 0x1800, "mie": 0xFFFFFFFF, "mip": 2}
"""A hart that may be waiting for an interrupt continues with these, which the harness takes back."""


class Unavailable(Exception):
    """The peer is not here, or does not begin."""


def version() -> str:
    """Return what the peer says of itself. Raises Unavailable."""
    if shutil.which(COMMAND) is None:
        raise Unavailable(f"there is no {COMMAND}")
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True, timeout=60)
    return done.stdout.partition("\n")[0]


def run(ram: bytes | bytearray, seconds: float = SECONDS, cpu: str = CPU) -> Done:
    """Run an image for so many seconds at most, on a processor as QEMU names it. Raises Unavailable, OSError."""
    folder = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(prefix="ring1-peer-", dir=folder) as name:
        path = Path(name, "ram")
        path.write_bytes(ram)
        argv = [
            *(COMMAND, "-M", "spike,memory-backend=ram", "-m", str(layout.SIZE >> 20), "-cpu", cpu),
            *("-object", f"memory-backend-file,id=ram,size={layout.SIZE},mem-path={path},share=on"),
            *("-accel", "tcg", "-singlestep", "-bios", "none", "-smp", "2"),  # alone, a hart's atomics are not
            *("-display", "none", "-serial", "null", "-monitor", "none", "-gdb", "stdio", "-S", "-no-reboot"),
        ]
        process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        try:
            remote = Remote(process.stdin.fileno(), process.stdout.fileno(), ANSWER)
            remote.begin()  # it is answered when everything is in its place
            rom = remote.memory(ROM)
            ended, cuts = begun(remote, process, path, ram, seconds)
        except Lost as error:
            process.kill()
            said = process.stderr.read().decode(errors="replace").strip()
            raise Unavailable(f"{COMMAND}: {said[-300:] or error}") from None
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()
        return Done(path.read_bytes(), ended, cuts, rom)


def begun(
    remote: Remote, process: subprocess.Popen[bytes], path: Path, ram: bytes | bytearray, seconds: float
) -> tuple[bool, dict[int, Cut]]:
    """Let a machine go that waits, with nothing in RAM but the image, and cut what does not come to its end. Returns
    whether the image ends in time, and the cuts. Raises Lost."""
    cuts = dict[int, Cut]()
    with path.open("r+b") as file, mmap.mmap(file.fileno(), layout.SIZE) as memory:
        memory[:] = bytes(ram)  # QEMU has put a device tree there
        words = memoryview(memory).cast("I")
        try:
            remote.go()
            now = began = monotonic()
            present, since, worked = -1, began, 0.0
            while not words[layout.FINISHED >> 2]:
                if now > began + seconds or process.poll() is not None:
                    return False, cuts
                sleep(LOOK)
                now, at = monotonic(), at_work(words)
                if at != present:
                    present, since, worked = at, now, taken(process.pid)
                elif taken(process.pid) - worked > PATIENCE or now - since > WAITING:
                    remote.stop()
                    where = remote.read(("pc",))["pc"] - layout.BASE
                    if where not in layout.HARNESS and at == at_work(words):
                        cuts[at] = cut(remote, words)
                    remote.go()
                    since, worked = monotonic(), taken(process.pid)
            return True, cuts
        except Gone:  # a program can end it
            return False, cuts
        finally:
            words.release()


def taken(pid: int) -> float:
    """Return how many seconds of processor time a process has taken."""
    total = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(OSError):  # a thread may have ended
            total += int(path.read_text().split()[0])
    return total / 1e9


def at_work(words: memoryview) -> int:
    """Return the number of the present round: that of its program, times the rounds that each has, and its own."""
    return words[layout.DONE >> 2] * layout.ROUNDS + words[layout.ROUND >> 2]


def cut(remote: Remote, words: memoryview) -> Cut:
    """Leave the present program, wherever it is, and begin the next one. Returns what its registers are. Raises
    Lost."""
    found = remote.read(("pc", "priv", *GENERAL.values()))
    remote.write({"priv": AWAKE["priv"]})  # the others can be read in machine mode
    found |= remote.read(("mstatus", *layout.KEPT))
    general = {name: found.pop(known) for name, known in GENERAL.items()}
    following(words)
    remote.write({**AWAKE, "pc": harness()[1]["next"]})
    return Cut({**found, **general})
