"""Debugging aids for the translator: checked runs, and symbols for `perf`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from ring1.dbt.cli import streams
from ring1.dbt.cli.outcome import INTERNAL, UNWRITTEN, Failure, because
from ring1.dbt.engines.technique import Technique

if TYPE_CHECKING:
    from ring1.dbt.cli.program import Guest
    from ring1.dbt.mmu.choice import Mmu
    from ring1.dbt.vmm.check import Checker
    from ring1.dbt.vmm.execute import Executor
    from ring1.dbt.vmm.vm import Vm


def translating(technique: Technique, option: str) -> None:
    """Raise Failure if a technique translates nothing, so that the option is useless."""
    if technique.policy is None:
        raise Failure(f"{option} is about translated code, and the engine {technique.name} translates nothing")


def checker(vm: Vm, technique: Technique, guest: Guest, mmu: Mmu) -> Checker:
    """Return the engine with everything that it translates checked against the interpreter. Raises OSError."""
    from ring1.dbt.vmm.options import Options

    return technique.checked(vm, guest.image, Options(mmu=mmu))


@contextlib.contextmanager
def aids(vm: Vm, guest: Guest, check: bool, symbols: bool) -> Iterator[None]:
    """Wrap a run with an engine that translates in the aids that were asked for."""
    with contextlib.ExitStack() as stack:
        if symbols:
            stack.enter_context(perf_map(cast("Executor", vm.engine), guest))
        if check:
            stack.enter_context(checked(cast("Checker", vm.engine), guest))
        yield


@contextlib.contextmanager
def checked(checker: Checker, guest: Guest) -> Iterator[None]:
    """Wrap a run: all of memory is compared at its end. Raises Failure after printing the report if there is a
    difference."""
    from ring1.dbt.vmm.check import Mistranslation

    try:
        yield
        checker.compare_memory()
        if checker.left_open:
            times = f"{checker.left_open:,} time{'s' * (checker.left_open != 1)}"
            streams.say(f"{times} the guest saw what docs/pg32.md leaves open: it changed tables without a tlbflush")
        if checker.untold:
            streams.say(f"{checker.untold:,} times that is so open that it was not checked")
    except Mistranslation as difference:
        from ring1.dbt.report.difference import describe_difference

        checker.cpu.bus.flush()
        streams.tell(describe_difference(checker, guest.program, difference))
        raise Failure(str(difference), INTERNAL) from None


@contextlib.contextmanager
def perf_map(executor: Executor, guest: Guest) -> Iterator[None]:
    """Wrap a run: the blocks placed during it are named for `perf`. Raises Failure if the file cannot be created."""
    from ring1.dbt.report.perf_map import PerfMap

    try:
        symbols = PerfMap(executor, guest.program)
    except FileExistsError as error:
        raise Failure(f"{error.filename} is there already; --perf-map writes no file that it has not made") from None
    except OSError as error:
        raise Failure(because(error)) from None
    try:
        yield
    finally:
        try:
            symbols.close()
        except OSError as error:
            raise Failure(f"{symbols.name}: {because(error)}", UNWRITTEN) from None
