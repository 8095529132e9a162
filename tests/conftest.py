"""A session of tests: its cache, its memory, and those of the engine kvm, which are skipped where the host has none."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from functools import cache, partial

import pytest

from ring1.dbt.cache import supply
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.stencils.table import Table

FILE = "test_kvm.py"


@cache
def why_not() -> str:
    """Why the engine cannot run here; empty if it can."""
    return ENGINES["kvm"].why_not()


def concerns_kvm(item: pytest.Item) -> bool:
    """Does a test need the engine? All in one file do, and those that have it for a parameter."""
    call = getattr(item, "callspec", None)
    named = call is not None and any(value == "kvm" for value in call.params.values())
    return named or (item.path.name == FILE and item.get_closest_marker("anywhere") is None)


def pytest_configure(config: pytest.Config) -> None:
    """What ring1 keeps on disk is the session's own, as where it has never run before. Its processes share it. They
    heed Ctrl-C, which a shell has what it starts in the background ignore."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if "RING1_CACHE" not in os.environ:
        os.environ["RING1_CACHE"] = folder = tempfile.mkdtemp(prefix="ring1-tests-")
        config.add_cleanup(partial(shutil.rmtree, folder, ignore_errors=True))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected lives to the end: Python's collector, which had an eighth of the time, does not look at it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if concerns_kvm(item):
            item.user_properties.append(("kvm", True))
            if why_not():
                item.add_marker(pytest.mark.skip(reason=f"kvm: {why_not()}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    def count(outcome: str) -> int:
        reports = terminalreporter.stats.get(outcome, [])
        return sum(("kvm", True) in getattr(report, "user_properties", ()) for report in reports)

    ran, skipped = count("passed") + count("failed"), count("skipped")
    reason = f" ({why_not()})" if why_not() else ""
    terminalreporter.write_line(f"KVM tests: {ran} ran, {skipped} skipped{reason}")


@pytest.fixture
def no_stencils(monkeypatch: pytest.MonkeyPatch) -> None:
    """No stencils are kept: they are derived anew for each machine, by lowering as the test has it."""
    monkeypatch.setattr(supply, "table_of", lambda isa, how, keep: Table())
