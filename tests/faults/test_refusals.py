"""What the host refuses: a status that says so, or the run goes on."""

from __future__ import annotations

import errno
import os
import resource
from pathlib import Path
from unittest import mock

import pytest

from ring1.dbt.cli.main import explain
from ring1.dbt.native import libc
from ring1.dbt.vmm.vm import Vm
from ring1.isa.load import load
from tests.faults.host import LIMITED, REFUSED, Fault, refusal, run, undisturbed

FOREVER = 1 << 30


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def expected(cache: Path) -> object:
    return undisturbed(cache)


@pytest.mark.parametrize(
    "options", [(), ("--mmu", "softtlb"), ("--shadow", "traced"), ("--engine", "trap")], ids="-".join
)
@pytest.mark.parametrize(
    ("call", "first"), [("mmap", 1), ("mmap", 4), ("mmap", 7), ("memfd_create", 1), ("map_again", 1)]
)
def test_memory_that_is_refused_from_the_start(
    call: str, first: int, options: tuple[str, ...], cache: Path, expected: object
) -> None:
    assert run(refusal(call, first, errno.ENOMEM, FOREVER, *options), cache, expected) in (REFUSED, LIMITED)


@pytest.mark.parametrize("options", [(), ("--shadow", "traced")], ids="-".join)
@pytest.mark.parametrize("first", [100, 700, 701, 1500])
def test_a_mapping_refused_now_and_then_is_made_up_for(
    first: int, options: tuple[str, ...], cache: Path, expected: object
) -> None:
    """As at vm.max_map_count: everything is unmapped, and shown again."""
    assert run(refusal("mmap", first, errno.ENOMEM, 1, *options), cache, expected) == LIMITED


def test_no_room_for_cache_entries(cache: Path, expected: object) -> None:
    for call in ("replace", "mkstemp"):
        assert run(refusal(call, 1, errno.ENOSPC, FOREVER), cache / "full", expected) == LIMITED


@pytest.mark.parametrize("few", [7, 8, 9, 10, 11, 12, 16])
def test_few_descriptors(few: int, cache: Path, expected: object) -> None:
    run(Fault(f"{few} descriptors", (LIMITED, REFUSED), limits={resource.RLIMIT_NOFILE: few}), cache, expected)


@pytest.mark.parametrize("mebibytes", [300, 1000, 2000, 5000])
def test_little_address_space(mebibytes: int, cache: Path, expected: object) -> None:
    limits = {resource.RLIMIT_AS: mebibytes << 20}
    run(Fault(f"{mebibytes} MiB", (LIMITED, REFUSED), limits=limits), cache, expected)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MemoryError(), REFUSED),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), REFUSED),
        (OSError(errno.EMFILE, "Too many open files", "a.s"), REFUSED),
        (OSError(errno.ENOENT, "No such file or directory", "a.s"), 2),
        (OSError(errno.EINVAL, "Invalid argument"), 125),
    ],
)
def test_what_is_the_hosts_is_not_ring1s_own(error: Exception, status: int) -> None:
    assert explain(error) == status


def test_a_machine_that_cannot_be_made_leaves_nothing_open() -> None:
    """The RAM of a machine whose state block was refused stayed."""
    isa = load("pg32")

    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))

    before = descriptors()
    with (
        mock.patch("ring1.dbt.machine.state.mmap.mmap", side_effect=OSError(errno.ENOMEM, "no")),
        pytest.raises(OSError),
    ):
        Vm(isa, 4096)
    with mock.patch.object(libc, "_mmap", side_effect=OSError(errno.ENOMEM, "no")):
        Vm(isa, 4096).close()
    assert descriptors() == before
