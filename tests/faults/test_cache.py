"""The cache directory: never believed, never needed, and shared."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from random import Random
from unittest import mock

import pytest

from dbt.native.assemble import assemble
from dbt.translate import encodings
from isa import store
from tests.faults.__main__ import spoil
from tests.faults.host import Fault, run, undisturbed


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RING1_CACHE", str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> object:
    return undisturbed(tmp_path_factory.mktemp("cache"))


def test_an_entry_is_what_was_saved_under_its_name(cache: Path) -> None:
    store.save("isa", "one", [1])
    store.save("isa", "two", [2])
    assert store.load("isa", "one") == [1]
    os.replace(cache / "isa/two", cache / "isa/one")
    assert store.load("isa", "one") is None


def test_every_bit_counts(cache: Path) -> None:
    store.save("isa", "one", ["a value"])
    path = cache / "isa/one"
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        assert store.load("isa", "one") is None
        path.write_bytes(good[:at])
        assert store.load("isa", "one") is None
    path.write_bytes(good)
    assert store.load("isa", "one") == ["a value"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt(), MemoryError()])
@pytest.mark.parametrize("call", ["os.replace", "os.fdopen"])
def test_nothing_is_left_of_what_could_not_be_saved(cache: Path, call: str, error: BaseException) -> None:
    store.save("isa", "one", [1])
    with mock.patch(call, side_effect=error):
        if isinstance(error, OSError):
            store.save("isa", "one", [2])
        else:
            with pytest.raises(type(error)):
                store.save("isa", "one", [2])
    assert os.listdir(cache / "isa") == ["one"]
    assert store.load("isa", "one") == [1]


def test_shipped_encodings_that_are_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """UnpicklingError, or other host code than keystone's. Keystone does their work instead."""
    data = bytearray(encodings.FILE.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / encodings.FILE.name
    damaged.write_bytes(data)
    for file in (damaged, tmp_path / "missing"):
        monkeypatch.setattr(encodings, "FILE", file)
        made = encodings.shipped.__wrapped__()
        assert made.get("mov eax, ecx") is None and made.assemble("ret") is None
    assert assemble("ret") == b"\xc3"


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/x", "/proc/self/nothing"])
def test_no_cache_directory(place: str, tmp_path: Path, expected: object) -> None:
    run(Fault(place, environment={"RING1_CACHE": place}), tmp_path, expected)


def test_processes_share_it_while_it_is_spoilt(tmp_path: Path, expected: object) -> None:
    r, over = Random(1), threading.Event()

    def spoiler() -> None:
        while not over.wait(0.02):
            entries = [path for path in tmp_path.rglob("*") if path.is_file()]
            if entries:
                spoil(r, r.choice(entries), entries)

    def worker() -> None:
        try:
            for _ in range(2):
                run(Fault("a shared cache"), tmp_path, expected)
        except AssertionError as error:
            wrong.append(str(error))

    wrong: list[str] = []
    threads = [threading.Thread(target=worker) for _ in range(3)]
    disturber = threading.Thread(target=spoiler)
    for thread in (*threads, disturber):
        thread.start()
    for thread in threads:
        thread.join()
    over.set()
    disturber.join()
    assert wrong == []
