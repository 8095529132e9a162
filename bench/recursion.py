"""The hypervisor of examples/hypervisor inside itself: what a depth costs, in instructions, exits and processor time.

python -m bench.recursion [--depth N] [--rounds N] [--svg FILE] [BUILD:ENGINE[:DEPTH]...]

BUILD is one of the hypervisor's: trap, by trap-and-emulate; vt, by VT; direct, by VT without `vmread` and `vmwrite`.
At depth 0 the small Unix has the machine to itself; at depth n it is below n hypervisors. Instructions are the whole
machine's; exits, for each level from the innermost out, how often its guest was left. The chart shows instructions as
multiples of those at depth 0. Needs GCC for RISC-V.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import time
from functools import cache
from pathlib import Path

from bench.recursion_chart import Row, chart
from ring1.dbt.engines import table
from ring1.dbt.vmm.vm import Vm
from ring1.examples.hypervisor.image import BUILDS, Guest, disk, hypervisor
from ring1.examples.os import image
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.load import load

WORK = {"shell": b"hello\ncrash hlt\nhalt\n", "compute": b"primes 100000\nhalt\n"}
"""What is typed into the innermost shell."""
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
    kernel = assemble_files(load(BUILDS[build].isa), [KERNEL])
    return Guest(kernel.image, kernel.entry, image.build(image.contents(image.sources())), LEAST)


def session(guest: Guest, keys: bytes, engine: str, isa: str) -> tuple[float, int, bytes]:
    """Processor time in seconds, instructions and output of a run on a machine of the guest's memory."""
    output = io.BytesIO()
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(guest.disk)
        with Vm(load(isa), guest.memory, keys, output, file.name) as vm:
            vm.load(guest.kernel, guest.entry)
            vm.engine = table.make(engine, vm, guest.kernel)
            began = time.process_time()
            stop = vm.run()
            seconds = time.process_time() - began
            assert (stop.reason, stop.code) == ("exit", 0), stop
            return seconds, vm.cpu.retired, output.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=3, help="the greatest one, unless a way says another")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each, of which the shortest counts")
    parser.add_argument("--svg", help="write a chart to this file")
    parser.add_argument(
        "ways", nargs="*", default=["trap:bt", "vt:bare:2", "direct:bare"], metavar="BUILD:ENGINE[:DEPTH]"
    )
    arguments = parser.parse_args()
    rows: list[Row] = []
    print(f"{'work':8} {'build':6} {'engine':7} depth  {'instructions':>13} {'s':>6}  exits by level")
    for name, keys in WORK.items():
        for build, engine, *most in (way.split(":") for way in arguments.ways):
            for depth in range(int(most[0]) + 1 if most else arguments.depth + 1):
                guest, isa = tower(depth, build), BUILDS[build].isa
                seconds, instructions, output = min(session(guest, keys, engine, isa) for _ in range(arguments.rounds))
                found = tuple(int(count) for count in EXITS.findall(output))
                rows.append(Row(name, build, depth, instructions, found))
                exits = " ".join(f"{count:,}" for count in found)
                shown = f"{name:8} {build:6} {engine:7} {depth:5}  {instructions:13,} {seconds:6.2f}  {exits}"
                print(shown.rstrip(), flush=True)
    if arguments.svg:
        Path(arguments.svg).write_text(chart(rows))


if __name__ == "__main__":
    main()
