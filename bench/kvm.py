"""Benchmarks of KVM's virtual CPU: the cost of exits, of computation, and of a machine.

    python -m bench.kvm [--rounds N] [--kernels NAME,...]

- Exits: nanoseconds of processor time from an instruction of host code to the VMM and back, by kind and by the
  privilege level at which it is executed, the least of the rounds. Ports and `hlt` are for CPL 0 only. MMIO, which the
  guest does not use, is timed without what ring1 does at an exit.
- Computation: kernels in C as programs in ring 3 under a minimal supervisor (bench/kernels/start3.s), the same for all
  engines: processor time of a run whose translations are remembered, the least of the rounds.
- A machine: processor time from nothing to a guest that has switched itself off, and the memory that the process uses
  for it.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.programs import KERNELS, clock, guest, run_guest
from ring1.dbt.engines import table
from ring1.dbt.engines.kvm import host
from ring1.dbt.engines.kvm.engine import Vcpu
from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.kvm import ioctl
from ring1.dbt.host.x86_64.kvm.pages import DATA, USER, WRITE
from ring1.dbt.native import cpu, slots
from ring1.dbt.native.libc import PAGE
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.asm.program import Program
from ring1.isa.load import load

EXITS = 200
"""The number of exits in one sample."""
NOWHERE, UNMAPPED = 1 << 43, 1 << 44
"""Linear addresses: one that is mapped to where the machine has no memory, and one that is not mapped."""
WITHIN, BEYOND_BT = 1.10, 0.060
"""Targets: computation relative to bare, and seconds of start-up beyond bt's."""
OFF = Path(__file__).with_name("off.s")
SUPERVISOR, USER_MODE = 0, 3

KINDS = (
    ("leave (out, or int3)", f"call qword ptr [rbp+{slots.VMM}]", (SUPERVISOR, USER_MODE)),
    ("port I/O (out)", f"call qword ptr [rbp+{slots.OUT}]", (SUPERVISOR,)),
    ("port I/O (in)", f"call qword ptr [rbp+{slots.IN}]", (SUPERVISOR,)),
    ("halt (hlt)", f"call qword ptr [rbp+{slots.HALT}]", (SUPERVISOR,)),
    ("page fault (#PF)", f"movabs rax, {UNMAPPED}\nmov eax, dword ptr [rax]", (SUPERVISOR, USER_MODE)),
    ("MMIO", f"movabs rax, {NOWHERE}\nagain: mov ecx, dword ptr [rax]\njmp again", (USER_MODE,)),
)
"""Kind of exit, its host code, and the guest's modes in which it is timed."""


@contextmanager
def machine(engine: str, program: Program) -> Iterator[Vm]:
    """Yield a machine that has not begun."""
    with Vm(load("pg32"), output=io.BytesIO()) as vm:
        vm.load(program.image, program.entry)
        vm.engine = table.make(engine, vm, program.image)
        yield vm


def least(rounds: int, do: Callable[[], object]) -> float:
    """Return seconds of processor time of the fastest round."""
    times = []
    for _ in range(rounds):
        began = clock("self")
        do()
        times.append(clock("self") - began)
    return min(times)


def exits(rounds: int) -> None:
    """Print the table of exits."""
    print(f"{'exit and entry, ns':24}{'CPL 0':>10}{'CPL 3':>10}")
    with machine("kvm", assemble_files(load("pg32"), [str(OFF)])) as vm:
        vm.run()
        executor = vm.engine
        assert isinstance(executor, Executor) and isinstance(executor.platform, Vcpu)
        vcpu = executor.platform
        vcpu.pages.share(NOWHERE, vcpu.pages.next, PAGE, DATA | WRITE | USER)
        status, pointer = vm.isa.slots["psw"], vm.cpu.state.pointer
        for text, code, modes in KINDS:
            data = assemble(code)
            at = executor.memory.allocate(len(data))
            executor.memory.write(at, data)
            row = ""
            for mode in (SUPERVISOR, USER_MODE):
                vm.cpu.s[status] = mode
                executor.spaces.enter()
                address = executor.memory.address(at)
                do = mmio if text == "MMIO" else leave
                seconds = least(rounds, partial(do, vcpu, pointer, address)) if mode in modes else 0.0
                row += f"{seconds / EXITS * 1e9:10.0f}" if seconds else f"{'':>10}"
            print(f"{text:24}{row}", flush=True)


def leave(vcpu: Vcpu, pointer: int, address: int) -> None:
    """Enter and leave, repeatedly."""
    for _ in range(EXITS):
        vcpu.enter(pointer, address)


def mmio(vcpu: Vcpu, pointer: int, address: int) -> None:
    """Time a load that the engine does not handle: at each entry it is completed and executed again."""
    assert vcpu.machine is not None
    if vcpu.machine.run.exit_reason != ioctl.MMIO:
        vcpu.registers[ioctl.NUMBER["rbp"]] = pointer
        vcpu.aim(address)
        vcpu.prepare()
        vcpu.go(True)
    for _ in range(EXITS):
        if vcpu.go(False) not in (ioctl.MMIO, ioctl.INTR):
            vcpu.fail(vcpu.machine.run.exit_reason)


def computation(names: tuple[str, ...], rounds: int) -> None:
    """Print the table of kernels in ring 3."""
    print(f"\n{'in ring 3, CPU s':24}{'bare':>10}{'kvm':>10}{'ratio':>8}")
    ratios = []
    for name in names:
        program, times = guest(name, ("kernel.s", "start3.s")), dict[str, float]()
        outputs = {run_guest(engine, program)[1] for engine in ("bare", "kvm")}  # remembers translations as well
        if len(outputs) != 1:
            raise SystemExit(f"bench: {name} prints {outputs}")
        for engine in ("bare", "kvm") * rounds:
            times[engine] = min(times.get(engine, 1e9), run_guest(engine, program)[0])
        ratios.append(times["kvm"] / times["bare"])
        print(f"{name:24}{times['bare']:10.3f}{times['kvm']:10.3f}{ratios[-1]:8.2f}", flush=True)
    print(f"{'worst':44}{max(ratios):8.2f}  (target: {WITHIN:.2f})")


def resident() -> int:
    """Return the bytes of memory that this process has in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def machines(rounds: int) -> None:
    """Print the cost of a machine that does nothing."""
    print(f"\n{'a machine':24}{'start, ms':>10}{'MiB':>10}")
    program, starts = assemble_files(load("pg32"), [str(OFF)]), dict[str, float]()

    def whole(engine: str) -> None:
        with machine(engine, program) as vm:
            vm.run()

    for engine in ("bt", "kvm"):
        whole(engine)  # costs that a process has once
        starts[engine] = least(rounds, lambda engine=engine: whole(engine))  # type: ignore[misc]
        made, before = [], resident()
        for _ in range(4):
            context = machine(engine, program)
            vm = context.__enter__()
            vm.run()
            made.append(context)
        used = (resident() - before) / 4
        for context in made:
            context.__exit__(None, None, None)
        print(f"{engine:24}{starts[engine] * 1e3:10.1f}{used / 2**20:10.1f}")
    beyond = starts["kvm"] - starts["bt"]
    print(f"{'beyond bt':24}{beyond * 1e3:10.1f}{'':10}  (target: {BEYOND_BT * 1e3:.0f} ms)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kvm", description="What a real virtual CPU costs.")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--kernels", default=",".join(KERNELS), metavar="NAME,...")
    options = parser.parse_args()
    reason = table.ENGINES["kvm"].why_not()
    if reason:
        print(f"kvm: cannot run here: {reason}")
        return
    print(f"host: {cpu.model()}; KVM {host.text()}")
    exits(options.rounds)
    computation(tuple(options.kernels.split(",")), options.rounds)
    machines(options.rounds)


if __name__ == "__main__":
    main()
