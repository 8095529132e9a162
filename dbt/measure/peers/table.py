"""The table of peers, the only place that lists them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from ring1.dbt.measure.peers.build import CROSS_COMPILER, NATIVE_COMPILER, flat, kernel, native, system, user
from ring1.dbt.measure.peers.process import Process
from ring1.dbt.measure.peers.unicorn import Unicorn
from ring1.dbt.measure.subject import Measured
from ring1.isa.record import Record

TIMES = 4
"""How often a sample does the work."""
INSTALL = f"{Path(__file__).with_name('install')} gets it"


class PeerWork(Record):
    """The work for a peer."""

    kernel: str
    parts: int
    output: bytes
    """The output that it must print."""
    folder: Path


class Peer(Record):
    """Another way to run a kernel."""

    tools: Sequence[str]
    """Programs that it needs."""
    version: Callable[[], str]
    """Returns its version; empty if it is absent."""
    make: Callable[[PeerWork], Measured]
    colour: str
    """In charts, as CSS writes it."""

    def why_not(self) -> str:
        """Explain why it is absent; empty if it is available."""
        for tool in self.tools:
            if shutil.which(tool) is None:
                return f"absent: there is no {tool}; {INSTALL}"
        return "" if self.version() else f"absent; {INSTALL}"


def said(tool: str) -> Callable[[], str]:
    """Return the first line of a tool's version message."""

    def version() -> str:
        try:
            done = subprocess.run([tool, "--version"], capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return done.stdout.partition("\n")[0]

    return version


def unicorn_version() -> str:
    try:
        return f"unicorn {metadata.version('unicorn')}"
    except metadata.PackageNotFoundError:
        return ""


def make_native(work: PeerWork) -> Measured:
    program = str(native(kernel(work.kernel), work.parts, work.folder))
    return Process(lambda times: [program, *"x" * times], TIMES, work.output)


def make_user(work: PeerWork) -> Measured:
    program = str(user(kernel(work.kernel), work.parts, work.folder))
    return Process(lambda times: ["qemu-riscv32", program, *"x" * times], TIMES, work.output)


MACHINE = ("-machine", "virt", "-bios", "none", "-display", "none", "-monitor", "none", "-serial", "stdio", "-kernel")


def make_system(work: PeerWork) -> Measured:
    programs = {times: str(system(kernel(work.kernel), work.parts, times, work.folder)) for times in (0, TIMES)}
    return Process(lambda times: ["qemu-system-riscv32", *MACHINE, programs[times]], TIMES, work.output)


def make_unicorn(work: PeerWork) -> Measured:
    return Unicorn(flat(user(kernel(work.kernel), work.parts, work.folder)), 1, work.output)


PEERS: dict[str, Peer] = {
    "native": Peer((NATIVE_COMPILER,), said(NATIVE_COMPILER), make_native, "#5d7285"),
    "qemu-riscv32": Peer((CROSS_COMPILER, "qemu-riscv32"), said("qemu-riscv32"), make_user, "#d9822b"),
    "qemu-system-riscv32": Peer(
        (CROSS_COMPILER, "qemu-system-riscv32"), said("qemu-system-riscv32"), make_system, "#b5522f"
    ),
    "unicorn": Peer((CROSS_COMPILER,), unicorn_version, make_unicorn, "#9b6bd0"),
}
"""Name -> peer, in the order in which tables show them."""
