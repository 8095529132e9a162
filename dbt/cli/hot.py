"""`ring1 translate --hot`: runs a program, and shows the translation of its hottest code."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from ring1.dbt.cli import limits, streams
from ring1.dbt.cli.numbers import count, integer, size
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure, because
from ring1.dbt.cli.run import interruptible, machine

if TYPE_CHECKING:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.report.translation import BlockReport
    from ring1.dbt.report.translation_text import Whole
    from ring1.dbt.vmm.execute import Executor
    from ring1.dbt.vmm.vm import Vm
    from ring1.isa.model import Isa

BLOCKS = 10


def options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("with --hot")
    add = group.add_argument
    add("--hot", action="store_true", help="run the program, and show its hottest blocks as they then are")
    add("--most", metavar="N", type=count, default=BLOCKS, help=f"blocks that are shown (default: {BLOCKS})")
    limits.options(group)
    add("--mem", metavar="SIZE", type=size, default=16 << 20, help="bytes of RAM (default: 16M)")
    add("--disk", metavar="FILE", help="a file that is the disk, read and written")
    add("--seed", metavar="N", type=integer, default=0, help="what the entropy device begins with (default: 0)")


def hottest(isa: Isa, guest: Guest, arguments: argparse.Namespace) -> Whole:
    """Return the blocks that were sampled most often in a run. Raises Failure if it was too short for that."""
    from ring1.dbt.vmm.execute import Executor
    from ring1.dbt.vmm.options import Options

    engine = str(arguments.engine)
    with machine(isa, guest, arguments, streams.aside()) as vm:
        try:
            vm.engine = executor = arguments.registry[engine].make(vm, guest.image, Options())
        except OSError as error:
            raise Failure(f"the host refuses the engine {engine} its memory: {because(error)}", UNAVAILABLE) from None
        assert isinstance(executor, Executor)
        with interruptible(vm), limits.bounded(vm, arguments):
            stop = vm.run(arguments.max_insns)
        if stop.reason not in ("exit", "limit", "timeout", "output"):
            from ring1.dbt.report.place import describe_stop

            streams.say(describe_stop(vm.cpu, guest.program, stop))
        return report(vm, executor, guest, engine, arguments.most)


def report(vm: Vm, executor: Executor, guest: Guest, engine: str, most: int) -> Whole:
    """Return what a run has left in the code cache, the hottest first."""
    from ring1.dbt.report.translation import Reporter
    from ring1.dbt.report.translation_text import Whole

    isa, supply = vm.isa, executor.supply
    mode = isa.mode.supervisor if isa.mode else 0
    reporter = Reporter(isa, guest.program, supply.translator, mode)
    blocks: list[BlockReport] = []
    gone: list[tuple[str, float]] = []
    for place, share in executor.heat.hottest(most):
        block = executor.blocks.table.get(place)
        if block is None:
            gone.append((guest.program.symbol(place[1]), share))
        else:
            made = reporter.block(block.translation)
            blocks.append(replace(made, share=share, traced=block.traced))
    retired = f"{vm.cpu.retired:,} instructions"
    if not blocks and not gone:
        raise Failure(f"the run of {retired} is too short for samples of what is hot")
    names = {isa.registers[n][0]: host for n, host in supply.pinned.items()}
    title = f": the hottest blocks of a run of {retired}"
    return Whole(isa.name, engine, mode, "", names, tuple(blocks), title, tuple(gone))
