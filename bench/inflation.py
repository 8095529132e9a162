"""Host instructions executed for each guest instruction, and the share of time in memory translation.

    python -m bench.inflation [--engines bare,bt] [--mmu adaptive] [--most N] [NAME ...]

A machine that runs a benchmark of `ring1 bench` until it is warm is copied by fork, and the copy goes by single steps
wherever it is in generated code: each host instruction there counts, of stubs and routines too; Python's do not. Memory
translation is what looks addresses up, walks page tables or flushes: of the host instructions, as counted; of Python,
by a profiler, which makes it about twice as slow, so that `Python` and `translation` are rather too high.
"""

from __future__ import annotations

import argparse
import cProfile
import ctypes
import os
import pstats
import signal
import struct
import tempfile
from collections.abc import Iterator
from itertools import chain

from capstone import CS_ARCH_X86, CS_MODE_64, Cs

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.machine.state import FLUSH, PROBE, State
from ring1.dbt.measure import kernels, macro, nano
from ring1.dbt.measure.run import ISA
from ring1.dbt.measure.subject import Endless
from ring1.dbt.measure.trial import Trial, TrialSetting
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.platform import Enter, Platform
from ring1.isa.load import load
from ring1.isa.record import Record, replace

TRACEME, CONTINUE, KILL, STEP, REGISTERS = 0, 7, 8, 9, 12
"""Requests of ptrace(2)."""
RIP = 16
"""Index of rip among the 27 quadwords of `struct user_regs_struct`."""
WARM = 0.02
"""Seconds of a stretch, warm and under the profiler."""
MOST_VISITS = 24
"""Entries to generated code after which a copy ends: Python on the way there goes by single steps as well."""
SLICE = 1000
"""Guest instructions between two looks at how many there were."""
TRANSLATION = (
    "/dbt/mmu/",
    "/dbt/machine/paging.py",
    "/dbt/machine/walker.py",
    "/dbt/native/window.py",
    "/dbt/native/m",
)
"""What is in the paths of Python's part of memory translation."""
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p


class Announced(Platform):
    """The bare platform, which stops a copied process before it enters generated code."""

    copied = False
    visits = 0
    """Entries to generated code since then."""

    def around(self, enter: Enter) -> Enter:
        def entered(pointer: int, address: int) -> int:
            if self.copied:
                self.visits += 1
                os.kill(os.getpid(), signal.SIGSTOP)
            return enter(pointer, address)

        return entered


class Found(Record):
    guest: int
    """Guest instructions."""
    host: int
    """Host instructions in generated code."""
    translating: int
    """Of these, those of memory translation."""


def ptrace(request: int, pid: int, data: int = 0) -> None:
    if libc.ptrace(request, pid, None, data):
        raise OSError(ctypes.get_errno(), f"ptrace: {os.strerror(ctypes.get_errno())}")


class Stepper:
    """Steps a copy of a machine through generated code."""

    def __init__(self, engine: Executor) -> None:
        memory = engine.memory
        self.code = range(memory.base, memory.base + memory.size)
        self.flush = engine.cpu.state.quads[State.quad(FLUSH)]
        self.probe = f"dword ptr [rbp + {PROBE:#x}]"
        self.known: dict[int, tuple[str, str]] = {}
        self.host, self.translating = 0, 0
        self.looking, self.flushing = False, False

    def instruction(self, rip: int) -> tuple[str, str]:
        """Return mnemonic and operands of the host instruction at an address."""
        if rip not in self.known:
            found = next(Cs(CS_ARCH_X86, CS_MODE_64).disasm(ctypes.string_at(rip, 16), rip, 1))
            self.known[rip] = found.mnemonic, found.op_str
        return self.known[rip]

    def count(self, rip: int) -> None:
        """Count a host instruction that is about to be executed. A look-up saves a register first, and restores it
        last."""
        mnemonic, operands = self.instruction(rip)
        self.looking |= operands.startswith(self.probe)
        self.flushing |= rip == self.flush
        self.host += 1
        self.translating += self.looking or self.flushing
        self.looking &= not operands.endswith(f", {self.probe}")
        self.flushing &= mnemonic != "ret"

    def follow(self, pid: int) -> None:
        """Step through what the process does in generated code, until it ends."""
        registers = (ctypes.c_ulonglong * 27)()
        inside, status = False, os.waitpid(pid, 0)[1]
        while os.WIFSTOPPED(status):
            signalled = os.WSTOPSIG(status)
            passed = 0 if signalled in (signal.SIGSTOP, signal.SIGTRAP) else signalled
            ptrace(REGISTERS, pid, ctypes.addressof(registers))
            here = registers[RIP] in self.code
            if here and not passed:
                self.count(registers[RIP])
            # After a signal in generated code, the handler leads back to it.
            ptrace(CONTINUE if inside and not here and not passed else STEP, pid, passed)
            inside = here
            status = os.waitpid(pid, 0)[1]


def stepped(subject: Endless, platform: Announced, most: int) -> Found:
    """Count host instructions of a copy of a machine, for about this many guest instructions."""
    vm = subject.vm
    assert isinstance(vm.engine, Executor)
    stepper, (read, write) = Stepper(vm.engine), os.pipe()
    pid = os.fork()
    if not pid:
        try:
            ptrace(TRACEME, 0)
            platform.copied, before = True, vm.cpu.retired
            while platform.visits < MOST_VISITS and vm.cpu.retired < before + most:
                vm.run(min(vm.cpu.retired + SLICE, before + most))
            os.write(write, struct.pack("<Q", vm.cpu.retired - before))
        finally:
            os._exit(0)
    try:
        stepper.follow(pid)
        os.close(write)
        guest = struct.unpack("<Q", os.read(read, 8))[0]
    finally:
        os.close(read)
    return Found(guest, stepper.host, stepper.translating)


def profiled(subject: Endless) -> tuple[float, float]:
    """Return the shares of a stretch's time that are Python's, and of these what is memory translation."""
    profile = cProfile.Profile()
    profile.runcall(subject.sample)
    whole = generated = translating = 0.0
    for (path, _, name), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        whole += own
        generated += own if name == "entered" else 0
        called = own if path == "~" else 0  # a function in C: shared out to the files that call it
        translating += own if any(each in path for each in TRANSLATION) else 0
        for (by, _, _), (_, _, its, _) in callers.items() if called else ():
            translating += its if any(each in by for each in TRANSLATION) else 0
    return (whole - generated) / whole, translating / whole


def trials(folder: str, engines: tuple[Technique, ...]) -> Iterator[Trial]:
    setting = TrialSetting(load(ISA), engines, folder, False)
    return chain(nano.trials(setting), macro.trials(setting), kernels.trials(setting))


def main() -> None:
    parser = argparse.ArgumentParser(description="Count host instructions for each guest instruction.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks (default: all)")
    parser.add_argument("--engines", default="bt", help="techniques that translate, on the bare platform")
    parser.add_argument("--most", type=int, default=8000, help="guest instructions (default: 8000)")
    arguments = parser.parse_args()
    platforms: list[Announced] = []

    def announced(technique: Technique) -> Technique:
        def platform(cpu, policy):  # type: ignore[no-untyped-def]
            platforms.append(Announced(cpu, policy))
            return platforms[-1]

        return replace(technique, platform=platform)

    engines = tuple(announced(ENGINES[name]) for name in arguments.engines.split(","))
    print(f"{'':12}{'':6}{'inflation':>10}{'translation':>13}{'Python':>9}{'translation':>13}")
    print(f"{'':12}{'':6}{'':>10}{'of it':>13}{'':>9}{'in all':>13}")
    with tempfile.TemporaryDirectory() as folder:
        for trial in trials(folder, engines):
            if arguments.names and trial.name not in arguments.names:
                continue
            subjects = trial.subjects()
            for technique in engines:
                make = subjects[technique.name]
                if isinstance(make, str):
                    continue
                subject = make()
                assert isinstance(subject, Endless)
                subject.warm(WARM)
                python, translating = profiled(subject)
                found = stepped(subject, platforms[-1], arguments.most)
                of_host = found.translating / found.host
                whole = translating + (1 - python) * of_host
                print(
                    f"{trial.name:12}{technique.name:6}{found.host / found.guest:10.2f}{of_host:13.1%}{python:9.1%}"
                    f"{whole:13.1%}",
                    flush=True,
                )
                subject.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the processes that are stepped end as well
    main()
