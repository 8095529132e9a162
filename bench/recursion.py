"""The hypervisor of examples/hypervisor inside itself: what a depth costs, in instructions, exits and processor time.

python -m bench.recursion [--depth N] [ENGINE...]

At depth 0 the small Unix has the machine to itself; at depth n it is below n hypervisors. Instructions are the whole
machine's; exits, for each level from the innermost out, how often its guest was left. Needs GCC for RISC-V.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import time
from functools import cache
from pathlib import Path

from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.examples.hypervisor.image import ISA, Guest, disk, hypervisor
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load

WORK = {"shell": b"hello\ncrash hlt\nhalt\n", "compute": b"primes 100000\nhalt\n"}
"""What is typed into the innermost shell."""
ROUNDS = 2
LEAST, MORE = 4 << 20, 2 << 20
"""Bytes of the Unix's memory, and how many more each hypervisor has than its guest."""
EXITS = re.compile(rb"(\d+) exits")
KERNEL = "examples/os/kernel.s"


@cache
def tower(depth: int, build: str = "trap") -> Guest:
    """The small Unix below so many hypervisors."""
    if depth:
        made = hypervisor(build)
        return Guest(made.image, made.entry, disk([tower(depth - 1, build)]), LEAST + depth * MORE)
    kernel = assemble_files(load(ISA), [KERNEL])
    return Guest(kernel.image, kernel.entry, image.build(image.contents(image.sources())), LEAST)


def session(guest: Guest, keys: bytes, engine: str) -> tuple[float, int, bytes]:
    """Processor time in seconds, instructions and output of a run on a machine of the guest's memory."""
    output = io.BytesIO()
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(guest.disk)
        with Vm(load(ISA), guest.memory, keys, output, file.name) as vm:
            vm.load(guest.kernel, guest.entry)
            vm.engine = table.make(engine, vm, guest.kernel)
            began = time.process_time()
            stop = vm.run()
            seconds = time.process_time() - began
            assert (stop.reason, stop.code) == ("exit", 0), stop
            return seconds, vm.cpu.retired, output.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=3, help="the greatest one")
    parser.add_argument("engines", nargs="*", default=["bt", "trap"])
    arguments = parser.parse_args()
    print(f"{'work':8} {'engine':7} depth  {'instructions':>13} {'s':>6}  exits by level")
    for name, keys in WORK.items():
        for engine in arguments.engines:
            for depth in range(arguments.depth + 1):
                runs = [session(tower(depth), keys, engine) for _ in range(ROUNDS)]
                seconds, instructions, output = min(runs)
                exits = " ".join(f"{int(found):,}" for found in EXITS.findall(output))
                print(f"{name:8} {engine:7} {depth:5}  {instructions:13,} {seconds:6.2f}  {exits}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
