"""Code memory: two views of the same bytes, never writable and executable at once; nothing left behind."""

from __future__ import annotations

import ctypes
import errno
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ring1.dbt.host.present import present
from ring1.dbt.native import arena as arenas
from ring1.dbt.native.arena import Arena, arena
from ring1.dbt.native.code import CodeFull, CodeMemory
from ring1.dbt.native.libc import MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE, mmap

STALE = present().stale


HostState = Callable[[], tuple[set[tuple[str, ...]], set[str]]]
FUNCTION = ctypes.CFUNCTYPE(ctypes.c_uint32)
PAGE = 4096


def rights(address: int) -> str:
    """Rights of the mapping at an address, as /proc/self/maps prints them."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, access, *_ = line.split()
        start, end = (int(bound, 16) for bound in span.split("-"))
        if start <= address < end:
            return access
    return ""


def load_immediate(value: int) -> bytes:
    return b"\xb8" + value.to_bytes(4, "little") + b"\xc3"  # mov eax, value; ret


def test_written_code_runs_at_its_address() -> None:
    with CodeMemory(PAGE, STALE) as memory:
        memory.write(memory.allocate(6), load_immediate(42))
        second = memory.allocate(6)
        memory.write(second, load_immediate(43))
        assert FUNCTION(memory.base)() == 42
        assert FUNCTION(memory.address(second))() == 43
        assert ctypes.string_at(memory.address(second), 6) == memory.read(second, 6) == load_immediate(43)


def test_patched_jump_takes_effect_at_once() -> None:
    with CodeMemory(PAGE, STALE) as memory:
        jump, one, two = (memory.allocate(6) for _ in range(3))
        memory.write(one, load_immediate(1))
        memory.write(two, load_immediate(2))
        memory.write(jump, b"\xe9\0\0\0\0")
        run = FUNCTION(memory.address(jump))
        for _ in range(20_000):
            for target, result in ((one, 1), (two, 2)):
                memory.write(jump + 1, (target - (jump + 5)).to_bytes(4, "little", signed=True))
                assert run() == result


def test_allocation_is_aligned_and_ends_at_the_size() -> None:
    with CodeMemory(PAGE - 100, STALE) as memory:
        assert memory.size == PAGE
        wanted = ((1, 16), (1, 16), (1, 1), (1, 64))
        assert [memory.allocate(n, align) for n, align in wanted] == [0, 16, 17, 64]
        assert memory.used == 65
        with pytest.raises(CodeFull):
            memory.allocate(PAGE - 79)
        assert memory.used == 65
        assert memory.allocate(PAGE - 80) == 80
        with pytest.raises(CodeFull):
            memory.allocate(1, align=1)


@pytest.mark.parametrize(("n", "align"), [(0, 16), (-1, 16), (1, 0), (1, 24), (1, -16)])
def test_senseless_allocations_are_refused(n: int, align: int) -> None:
    with CodeMemory(PAGE, STALE) as memory, pytest.raises(ValueError):
        memory.allocate(n, align)


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (-4, 4), (30, 3), (32, 1), (PAGE - 1, 2)])
def test_access_outside_of_the_allocated_bytes_is_refused(offset: int, length: int) -> None:
    with CodeMemory(PAGE, STALE) as memory:
        memory.allocate(32)
        with pytest.raises(ValueError):
            memory.write(offset, b"\xcc" * length)
        with pytest.raises(ValueError):
            memory.read(offset, length)
        assert ctypes.string_at(memory.base, PAGE) == bytes(PAGE)


def test_reset_keeps_the_start_and_forgets_the_rest() -> None:
    with CodeMemory(PAGE, STALE) as memory:
        memory.write(memory.allocate(16), bytes(range(16)))
        memory.write(memory.allocate(16), bytes(range(16)))
        memory.reset(keep=16)
        assert ctypes.string_at(memory.base, 32) == bytes(range(16)) + b"\xf4" * 16
        assert memory.allocate(4) == 16
        with pytest.raises(ValueError):
            memory.reset(keep=21)
        memory.reset()
        assert memory.allocate(1) == 0


def test_close_can_be_repeated_and_ends_all_use() -> None:
    memory = CodeMemory(PAGE, STALE)
    offset = memory.allocate(4)
    memory.close()
    memory.close()
    for use in (lambda: memory.write(offset, b"1234"), lambda: memory.read(offset, 4), memory.reset):
        with pytest.raises(ValueError):
            use()
    assert rights(memory.base) == "---p"


def test_no_mapping_is_writable_and_executable(host_state: HostState) -> None:
    before = host_state()[0]
    with CodeMemory(PAGE, STALE) as memory:
        memory.write(memory.allocate(6), load_immediate(1))
        added = host_state()[0] - before
        assert sorted(access for _, access, *name in added if "/dev/zero" in name) == ["r-xs", "rw-s"]
        assert [entry for entry in added if "w" in entry[1] and "x" in entry[1]] == []
        assert rights(memory.base) == "r-xs"


def test_a_thousand_leave_nothing_behind(host_state: HostState) -> None:
    CodeMemory(PAGE, STALE).close()
    gc.collect()  # of the tests before
    before, holes = host_state(), list(arena()._holes)
    for _ in range(1000):
        memory = CodeMemory(3 * PAGE, STALE)
        memory.write(memory.allocate(6), load_immediate(1))
        memory.close()
    names = [name for _, _, *names in host_state()[0] - before[0] for name in names]
    assert not [name for name in names if "ring1" in name]
    assert host_state()[1] == before[1]
    assert arena()._holes == holes


@pytest.mark.soak
def test_garbage_closes_itself(host_state: HostState) -> None:
    def mappings() -> int:
        return len([entry for entry in host_state()[0] if "/dev/zero" in entry])

    gc.collect()  # of the tests before
    before = mappings()
    kept = [CodeMemory(PAGE, STALE) for _ in range(4)]
    assert mappings() > before
    del kept
    gc.collect()
    assert mappings() == before


def test_a_failed_mapping_gives_its_slice_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOMEM, "no")

    CodeMemory(PAGE, STALE).close()
    gc.collect()  # of the tests before
    holes = list(arena()._holes)
    with monkeypatch.context() as patch:
        patch.setattr("ring1.dbt.native.libc.mmap", refuse)
        patch.setattr("ring1.dbt.native.arena.reserve", lambda size, at: at)
        with pytest.raises(OSError):
            CodeMemory(PAGE, STALE)
    assert arena()._holes == holes


def test_arena_slices_are_disjoint_and_holes_are_joined() -> None:
    host = Arena(16 * PAGE)
    slices = [host.allocate(4 * PAGE) for _ in range(4)]
    assert slices == [host.base + 4 * PAGE * index for index in range(4)]
    with pytest.raises(OSError) as full:
        host.allocate(PAGE)
    assert full.value.errno == errno.ENOMEM
    for index in (0, 2, 1):
        host.free(slices[index], 4 * PAGE)
    assert host.allocate(12 * PAGE) == host.base
    host.free(host.base, 12 * PAGE)
    host.free(slices[3], 4 * PAGE)
    assert host.allocate(16 * PAGE) == host.base
    host.close()


@pytest.mark.parametrize("size", [0, -PAGE, PAGE + 1])
def test_an_arena_has_whole_pages_only(size: int) -> None:
    with pytest.raises(ValueError):
        arena().allocate(size)


def test_threads_never_share_a_slice() -> None:
    host = Arena(64 * PAGE)

    def work(mark: int) -> int:
        wrong = 0
        for _ in range(300):
            address = host.allocate(2 * PAGE)
            flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED
            mmap(address, 2 * PAGE, PROT_READ | PROT_WRITE, flags)
            ctypes.memset(address, mark, 2 * PAGE)
            wrong += ctypes.string_at(address, 2 * PAGE) != bytes([mark]) * (2 * PAGE)
            host.free(address, 2 * PAGE)
        return wrong

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(1, 5))) == [0] * 4
    assert host.allocate(64 * PAGE) == host.base
    host.close()


def test_the_arena_is_one_for_all_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arenas, "_arena", None)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: arena(), range(16)))
    assert {id(one) for one in made} == {id(made[0])}
    made[0].close()


def test_less_may_be_allocated_than_is_mapped() -> None:
    with CodeMemory(2 * PAGE, STALE) as code:
        code.limit = 64
        assert code.allocate(64) == 0
        with pytest.raises(CodeFull):
            code.allocate(1)
        code.reset()
        code.limit = code.size
        assert code.allocate(2 * PAGE) == 0
