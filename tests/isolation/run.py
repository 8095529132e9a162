"""A batch of programs, run in every way, under watch.

Watched besides what the machine does: every access that faults is in the window or its guard zones, what the host has
beside the state block stays as it was, and where a window's reach is reserved a canary may be mapped instead, of which
no page is ever touched.
"""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from ring1.dbt.cache.supply import Supply
from ring1.dbt.host.x86_64.verify.block import verify
from ring1.dbt.machine.state import State
from ring1.dbt.mmu.view import BELOW
from ring1.dbt.native import libc, slots
from ring1.dbt.native.window import GUARD, REACH, SPAN, Window
from ring1.dbt.stencils.copier import Copier
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.isa.model import Isa
from ring1.isa.read import read
from ring1.isa.record import replace
from tests.isolation.descriptions import description
from tests.isolation.programs import BASE, CODE, DATA, TABLE, TABLES, Image, image
from tests.machine.builder import started

SIZES = (1 << 26,) * 9 + (1 << 32,)
"""Bytes of RAM: in the largest, a slip of an address shows in memory, not in a fault."""
UNPAGED = ("bare", "bt", "trap", "hw")
PAGED = (*tuple(f"{engine}{mmu}" for engine in UNPAGED for mmu in ("", "/softtlb")), "bt/traced", "bare/softtlb/traced")
PROGRAMS = 200
"""Of a batch."""
PROVED = 0.3
"""Of the batches, the share of which one way has its blocks verified: that takes as long as to translate them."""

PLAIN = Options(code_size=1 << 20)
KEPT = replace(PLAIN, most_instructions=1), replace(PLAIN, chain=False)
"""Ways to keep code other than usual."""
Seen = tuple[object, ...]


class Different(Exception):
    """An engine differs from interp, or leaves the machine."""


def machine(text: str) -> Isa:
    """The machine of a description that extends a shipped one."""
    with TemporaryDirectory(prefix="ring1-isolation-") as folder:
        path = Path(folder) / "generated.isa"
        path.write_text(text)
        return read(str(path))


class Batch:
    """The batch of a seed: a description and its programs."""

    def __init__(self, seed: int, programs: int = PROGRAMS) -> None:
        self.random = Random(seed)
        self.text = description(self.random)
        self.isa = machine(self.text)
        self.image: Image = image(self.isa, self.random, programs)
        self.ram = self.random.choice(SIZES)

    @property
    def ways(self) -> tuple[str, ...]:
        return PAGED if self.image.paged else UNPAGED

    def check(self) -> None:
        """Run in every way. Raises Different, or what goes wrong otherwise."""
        r, wanted = self.random, self.seen("interp", PLAIN)
        proved = r.choice(self.ways) if r.random() < PROVED else ""
        for way in self.ways:
            options = r.choice((PLAIN, PLAIN, *KEPT, replace(PLAIN, most_pinned=r.choice((0, 2, 5)))))
            with ExitStack() as stack:
                if r.random() < 0.5:
                    stack.enter_context(canaries())
                else:
                    stack.enter_context(faults())
                if way == proved:
                    stack.enter_context(proofs())
                found = self.seen(way, options, hot=r.random() < 0.5)
            if found != wanted:
                parts = [n for n, (a, b) in enumerate(zip(found, wanted, strict=True)) if a != b]
                raise Different(f"{way} {options}: {[(found[n], wanted[n]) for n in parts]}")

    def seen(self, way: str, options: Options, hot: bool = False) -> Seen:
        """All that can be seen of the machine when it has run."""
        data = self.image.data
        made: dict[str, Any] = {"isa": self.isa, "memory": self.ram, "entry": BASE + CODE}
        with started(way, b"", options=options, hot=hot, pinning=data[CODE:DATA], **made) as (vm, output):
            vm.memory.write(BASE, data)
            vm.memory.write(TABLE, TABLES)
            beside = Beside(vm.cpu.state)
            stop = vm.run(self.image.limit)
            beside.check()
            memory = vm.memory
            pages = hashlib.sha256()
            for page in memory.occupied():
                pages.update(page.to_bytes(4, "little") + memory.bytes[page << 12 : page + 1 << 12])
            words = tuple(vm.cpu.s[: len(self.isa.slots)])
            return stop, vm.cpu.retired, vm.cpu.time, output.getvalue(), pages.hexdigest(), words


class Beside:
    """What is between the end of the state block and the end of its page."""

    def __init__(self, state: State) -> None:
        start = state.pointer - 0x80 + state.size
        self.bytes = (ctypes.c_ubyte * (-start % libc.PAGE)).from_address(start)
        ctypes.memset(self.bytes, 0xA5, len(self.bytes))

    def check(self) -> None:
        if bytes(self.bytes) != b"\xa5" * len(self.bytes):
            raise Different("the host's memory behind the state block has changed")


@contextmanager
def faults() -> Iterator[None]:
    """Every access of generated code that faults is where the window and its guards are."""
    missed = Executor.missed

    def watched(self: Executor, until: int) -> tuple[bool, bool]:
        quads, view = self.cpu.state.quads, self.spaces.view
        at = quads[State.quad(slots.FAULT_ADDRESS)] - view.base
        inline = self.spaces.technique.inline and view is not self.spaces.flat
        if not inline and not -GUARD <= at < SPAN + GUARD:
            raise Different(f"an access at the window's {at:+#x}")
        return missed(self, until)

    with mock.patch.object(Executor, "missed", watched):
        yield


@contextmanager
def canaries() -> Iterator[None]:
    """What is reserved around each window can be read and written, and nobody does."""
    opened: list[Window] = []
    init = Window.__init__
    private = libc.MAP_PRIVATE | libc.MAP_ANONYMOUS | libc.MAP_NORESERVE | libc.MAP_FIXED

    def spans(window: Window, below: int) -> tuple[tuple[int, int], ...]:
        # A page is left out at each end, so that no other mapping becomes one with the canary.
        low, high = window.base + REACH.start + libc.PAGE, window.base + REACH.stop - libc.PAGE
        return (low, window.base - GUARD - below), (window.base + SPAN + GUARD, high)

    def watched(self: Window, below: int = 0) -> None:
        init(self, below)
        for start, end in spans(self, below):
            libc.mmap(start, end - start, libc.PROT_READ | libc.PROT_WRITE, private)
        opened.append(self)

    close = Executor.close

    def closed(self: Executor) -> None:
        touched = resident()
        for window in (window for window in opened if window._release.alive):
            for start, end in spans(window, BELOW):
                if any(start <= at < end for at in touched):
                    raise Different(f"host memory beside the window was used, from {start - window.base:+#x} on")
        opened.clear()
        close(self)

    with mock.patch.object(Window, "__init__", watched), mock.patch.object(Executor, "close", closed):
        yield


def resident() -> list[int]:
    """Where the process has mappings with memory behind them."""
    found, start = [], 0
    for line in Path("/proc/self/smaps").read_text().splitlines():
        first, _, rest = line.partition(" ")
        if first == "Rss:" and int(rest.split()[0]):
            found.append(start)
        elif "-" in first and not first.endswith(":"):
            start = int(first.split("-")[0], 16)
    return found


@contextmanager
def proofs(told: Callable[[Translation], object] = lambda made: None) -> Iterator[None]:
    """Every block that is translated meanwhile is verified."""
    encoded, block, supplied = Translator.encoded, Copier.block, Supply.block
    on_hardware: list[bool] = []

    def proved(made: Translation, pinned: Iterable[str], hardware: bool) -> Translation:
        verify(made.host, (made.body, made.page), set(pinned), hardware)
        told(made)
        return made

    def lowered(self: Translator, *given: object) -> Translation:
        made: Translation = encoded(self, *given)  # type: ignore[arg-type]
        return proved(made, self.target.pinned.values(), self.target.hardware is not None)

    def copied(self: Copier, *given: object) -> Translation:
        made: Translation = block(self, *given)  # type: ignore[arg-type]
        return proved(made, self.pinned.values(), on_hardware[-1])

    def asked(self: Supply, *given: object) -> Translation:
        on_hardware.append(self.policy.hardware is not None)
        try:
            return supplied(self, *given)  # type: ignore[arg-type]
        finally:
            on_hardware.pop()

    patched = mock.patch.object(Translator, "encoded", lowered), mock.patch.object(Supply, "block", asked)
    with patched[0], patched[1], mock.patch.object(Copier, "block", copied):
        yield
