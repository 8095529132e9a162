"""The cache directory: never believed, never needed, and shared."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path
from random import Random
from unittest import mock

import pytest

from ring1.dbt.cli.main import main
from ring1.dbt.host.x86_64 import templates
from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.operations import MOV
from ring1.dbt.host.x86_64.registers import EAX, ECX
from ring1.isa import store
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


def test_the_oldest_entries_go(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept() -> list[str]:
        return [name for name in "abcdefg" if store.load("isa", name) is not None]

    monkeypatch.setattr(store, "MOST_BYTES", 10_000)
    for number, name in enumerate("abcdef"):
        store.save("isa", name, bytes(3000))
        os.utime(cache / "isa" / name, (number, number))
    store.save("isa", "g", bytes(3000))
    assert kept() == ["e", "f", "g"]
    monkeypatch.setattr(store, "MOST_ENTRIES", 2)
    for number, name in enumerate("abcdefg"):
        store.save("isa", name, number)
        os.utime(cache / "isa" / name, (number, number))
    assert kept() == ["f", "g"]
    store.save("isa", "a", bytes(30_000))  # larger than everything together: the last one is kept
    assert kept() == ["a"]


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


def test_shipped_templates_that_are_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """UnpicklingError, or other host code than keystone's. Keystone does their work instead."""
    data = bytearray(templates.FILE.read_bytes())
    data[len(data) // 2] ^= 1
    damaged = tmp_path / templates.FILE.name
    damaged.write_bytes(data)
    for file in (damaged, tmp_path / "missing"):
        monkeypatch.setattr(templates, "FILE", file)
        made = templates.shipped.__wrapped__()
        assert made.get(MOV, (EAX, ECX)) is None and made.assemble("ret") is None
    assert assemble("ret") == b"\xc3"


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/x", "/proc/self/nothing"])
def test_no_cache_directory(place: str, tmp_path: Path, expected: object) -> None:
    run(Fault(place, environment={"RING1_CACHE": place}), tmp_path, expected)


@pytest.mark.soak
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


# --- Whose it is -------------------------------------------------------------------------


def test_it_is_made_for_its_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "caches" / "ring1"
    monkeypatch.setenv("RING1_CACHE", str(folder))
    before = os.umask(0)
    try:
        store.save("isa", "one", [1])
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "isa", folder / "isa/one")] == [
        0o700,
        0o700,
        0o600,
    ]
    assert store.load("isa", "one") == [1]
    assert store.why_not("isa") == ""


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o1777])
@pytest.mark.parametrize("what", ["", "isa", "isa/one"])
def test_what_others_can_write_is_not_used(cache: Path, mode: int, what: str) -> None:
    store.save("isa", "one", [1])
    (cache / what).chmod(mode)
    assert store.load("isa", "one") is None
    if what != "isa/one":
        store.save("isa", "two", [2])
        assert os.listdir(cache / "isa") == ["one"]
        assert store.why_not("isa") == f"{cache / what if what else cache} can be written by other users"
    (cache / what).chmod(0o700)
    assert store.load("isa", "one") == [1]


@pytest.mark.parametrize("what", ["", "isa", "isa/one"])
def test_what_another_user_owns_is_not_used(cache: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save("isa", "one", [1])
    if os.geteuid() == 0:
        os.chown(cache / what, 12345, -1)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert store.load("isa", "one") is None


def test_a_run_says_that_it_does_without(cache: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "off.s").write_text("_start: li a0, 0xf0\n        li a1, 3\n        out a0, a1\n")
    cache.chmod(0o777)
    for _ in range(2):
        assert main(["run", str(tmp_path / "off.s")]) == 3
        said = f"ring1: the cache is not used: {cache} can be written by other users\n"
        assert capsys.readouterr().err == said
    assert sorted(os.listdir(cache)) == ["off.s"]
