"""Windows: 4 GiB of host addresses that show what is mapped, fault elsewhere, and leave nothing behind."""

from __future__ import annotations

import ctypes
import errno
import gc
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from ring1.dbt.host.interface import FAULTED
from ring1.dbt.native import libc
from ring1.dbt.native.slots import FAULT_ADDRESS, VMM, WINDOW
from ring1.dbt.native.window import GUARD, REACH, SPAN, Window

if TYPE_CHECKING:
    from tests.native.conftest import Rig

HostState = Callable[[], tuple[set[tuple[str, ...]], set[str]]]
Script = Callable[..., "subprocess.CompletedProcess[str]"]
PAGE = 4096
PAGES = 16


@pytest.fixture
def ram() -> Iterator[int]:
    """A memfd of PAGES pages; page n begins with the dword n + 1."""
    fd = os.memfd_create("ring1-test-ram")
    for page in range(PAGES):
        os.pwrite(fd, (page + 1).to_bytes(4, "little").ljust(PAGE, b"\0"), page * PAGE)
    yield fd
    os.close(fd)


@pytest.fixture
def window() -> Iterator[Window]:
    with Window() as made:
        yield made


def word(window: Window, guest_address: int) -> int:
    return ctypes.c_uint32.from_address(window.base + guest_address).value


def uses(window: Window, fd: int, guest_address: int, length: int) -> list[Callable[[], None]]:
    """Everything that can be done to a range."""
    return [
        lambda: window.map(guest_address, fd, 0, length, writable=True),
        lambda: window.protect(guest_address, length, writable=True),
        lambda: window.unmap(guest_address, length),
    ]


def rights(start: int, end: int) -> list[tuple[int, int, str]]:
    """What /proc/self/maps says of [start, end): (start, end, rights) of each mapping, cut to the range."""
    found = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, access, *_ = line.split()
        first, last = (int(bound, 16) for bound in span.split("-"))
        if first < end and start < last:
            found.append((max(first, start), min(last, end), access))
    return found


def test_it_reserves_everything_and_permits_nothing(window: Window) -> None:
    start, end = window.base - GUARD, window.base + SPAN + GUARD
    found = rights(start, end)
    assert {access for _, _, access in found} == {"---p"}
    assert sum(last - first for first, last, _ in found) == SPAN + 2 * GUARD


def test_it_shows_the_file_where_it_was_mapped(window: Window, ram: int) -> None:
    window.map(0, ram, 0, PAGE, writable=True)
    window.map(SPAN - 2 * PAGE, ram, 4 * PAGE, 2 * PAGE, writable=False, populate=True)
    assert [word(window, address) for address in (0, SPAN - 2 * PAGE, SPAN - PAGE)] == [1, 5, 6]
    ctypes.c_uint32.from_address(window.base).value = 77
    assert os.pread(ram, 4, 0) == (77).to_bytes(4, "little")
    assert rights(window.base, window.base + PAGE) == [(window.base, window.base + PAGE, "rw-s")]
    end = window.base + SPAN
    assert rights(end - 2 * PAGE, end) == [(end - 2 * PAGE, end, "r--s")]


def test_two_addresses_may_show_the_same_page(window: Window, ram: int) -> None:
    with Window() as other:
        window.map(0x1000, ram, 0, PAGE, writable=True)
        window.map(0x8000_0000, ram, 0, PAGE, writable=True)
        other.map(0x1000, ram, 0, PAGE, writable=False)
        ctypes.c_uint32.from_address(window.base + 0x8000_0000).value = 99
        assert word(window, 0x1000) == word(other, 0x1000) == 99


def test_map_replaces_and_unmap_removes(window: Window, ram: int) -> None:
    window.map(0, ram, 0, 3 * PAGE, writable=True)
    window.map(PAGE, ram, 7 * PAGE, PAGE, writable=True)
    assert [word(window, page * PAGE) for page in range(3)] == [1, 8, 3]
    window.unmap(PAGE, PAGE)
    base = window.base
    middle = [access for _, _, access in rights(base, base + 3 * PAGE)]
    assert middle == ["rw-s", "---p", "rw-s"]


def test_protect_forbids_and_allows_writing(window: Window, ram: int) -> None:
    window.map(0, ram, 0, 3 * PAGE, writable=True)
    base = window.base
    window.protect(PAGE, PAGE, writable=False)
    assert [access for _, _, access in rights(base, base + 3 * PAGE)] == ["rw-s", "r--s", "rw-s"]
    window.protect(PAGE, PAGE, writable=True)
    assert {access for _, _, access in rights(base, base + 3 * PAGE)} == {"rw-s"}


def test_generated_code_faults_at_every_border(window: Window, ram: int, rig: Rig) -> None:
    """Offsets carry an access out of the 4 GiB on either side, and it meets a guard zone, not the host."""
    window.map(0, ram, 0, PAGE, writable=True)
    window.map(SPAN - PAGE, ram, 0, PAGE, writable=True)
    rig[WINDOW] = window.base
    below = rig.place(f"mov eax, [r15 + rbx - 0x8000]; call [rbp + {VMM}]")
    above = rig.place(f"mov eax, [r15 + rbx + 0x7fff]; call [rbp + {VMM}]")
    for code, register, address in (
        (below, 0, -0x8000),
        (below, 0x7FFF, -1),
        (above, SPAN - 1, SPAN + 0x7FFE),
        (above, SPAN - 0x7FFF, SPAN),
    ):
        rig["rbx"] = register
        assert rig.run(code) == FAULTED
        assert rig[FAULT_ADDRESS] & -PAGE == (window.base + address) & -PAGE
    for code, register in ((below, 0x8000), (above, SPAN - 0x7FFF - 4)):
        rig["rbx"] = register
        assert rig.run(code) != FAULTED


@pytest.mark.parametrize(
    ("guest_address", "length"),
    [
        (1, PAGE),
        (0, 1),
        (0, 0),
        (0, -PAGE),
        (-PAGE, PAGE),
        (SPAN, PAGE),
        (SPAN - PAGE, 2 * PAGE),
        (0, SPAN + PAGE),
    ],
)
def test_ranges_that_are_not_its_own_are_refused(window: Window, ram: int, guest_address: int, length: int) -> None:
    before = rights(window.base - GUARD, window.base + SPAN + GUARD)
    for use in uses(window, ram, guest_address, length):
        with pytest.raises(ValueError):
            use()
    assert rights(window.base - GUARD, window.base + SPAN + GUARD) == before


def test_close_can_be_repeated_and_ends_all_use(ram: int) -> None:
    window = Window()
    window.map(0, ram, 0, PAGE, writable=True)
    window.close()
    window.close()
    for use in uses(window, ram, 0, PAGE):
        with pytest.raises(ValueError, match="closed"):
            use()
    assert not [access for _, _, access in rights(window.base, window.base + PAGE) if access != "---p"]


def test_host_errors_come_through(window: Window) -> None:
    with pytest.raises(OSError, match="mmap") as raised:
        window.map(0, -1, 0, PAGE, writable=True)
    assert raised.value.errno == 9  # EBADF
    assert {access for _, _, access in rights(window.base, window.base + PAGE)} == {"---p"}


def reserved(host_state: HostState) -> int:
    """Bytes of address space without rights or memory."""
    spans = [entry[0].split("-") for entry in host_state()[0] if entry[1] == "---p" and len(entry) == 2]
    return sum(int(end, 16) - int(start, 16) for start, end in spans)


def test_a_thousand_leave_nothing_behind(ram: int, host_state: HostState) -> None:
    before, bytes_before = host_state(), reserved(host_state)
    for _ in range(1000):
        window = Window()
        window.map(0, ram, 0, PAGES * PAGE, writable=True)
        window.map(SPAN - PAGE, ram, 0, PAGE, writable=False)
        window.close()
    assert not [entry for entry in host_state()[0] - before[0] if "/memfd:ring1-test-ram" in entry]
    assert reserved(host_state) - bytes_before < SPAN
    assert host_state()[1] == before[1]


def test_garbage_closes_itself(host_state: HostState) -> None:
    before = reserved(host_state)
    kept = [Window() for _ in range(4)]
    assert reserved(host_state) - before >= 4 * SPAN
    del kept
    gc.collect()
    assert reserved(host_state) - before < SPAN


FULL = """
import errno, os
from ring1.dbt.native.window import Window, SPAN
full, other = Window(), Window()
maps, text, length = open("/proc/self/maps", "rb", buffering=0), memoryview(bytearray(1 << 28)), 0
fd = os.memfd_create("ram")
os.ftruncate(fd, 4096)
other.map(0, fd, 0, 4096, writable=True)
try:
    for page in range(1 << 19):
        full.map(page * 8192, fd, 0, 4096, writable=True)
        last = page
except OSError as error:
    number = error.errno
while got := maps.readinto(text[length:]):  # without memory of its own: at the limit malloc may fail, too
    length += got
full.close()
spans = [line.split()[0].split(b"-") for line in bytes(text[:length]).splitlines()]
cut = [(max(int(a, 16), full.base), min(int(b, 16), full.base + SPAN)) for a, b in spans]
print(errno.errorcode[number], sum(b - a for a, b in cut if a < b) == SPAN, last > 1000)
for page in range(1000):
    other.map(page * 8192, fd, 0, 4096, writable=True)
other.close()
print("goes on")
"""


@pytest.mark.skipif(
    int(Path("/proc/sys/vm/max_map_count").read_text()) > 1 << 20, reason="more mappings than the test makes"
)
def test_the_limit_on_mappings_is_an_error_to_recover_from(script: Script) -> None:
    done = script(FULL)
    assert (done.stdout.split("\n"), done.stderr) == (["ENOMEM True True", "goes on", ""], "")


def test_a_limited_address_space_is_an_error(script: Script) -> None:
    program = (
        "import resource; from ring1.dbt.native.window import Window\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))\n"
        "try: Window()\nexcept OSError as error: print(error.errno)"
    )
    assert script(program).stdout == "12\n"


def test_the_host_does_not_split_what_it_has_merged() -> None:
    """A window that is closed at the limit of mappings shows nothing any more; its ends stay reserved."""

    def munmap(address: int, length: int) -> None:
        if length == len(REACH):
            raise OSError(errno.ENOMEM, "munmap")
        libc_munmap(address, length)

    libc_munmap = libc.munmap
    made = Window(PAGE)
    base = made.base
    with mock.patch.object(libc, "munmap", munmap):
        made.close()
    files = [line.split("-")[0] for line in Path("/proc/self/maps").read_text().splitlines() if "ring1" in line]
    assert not [at for at in files if base - GUARD - PAGE <= int(at, 16) < base + SPAN]
