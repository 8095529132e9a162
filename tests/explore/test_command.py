"""`ring1 explore` as a command: what it prints, and what it refuses."""

from __future__ import annotations

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from ring1.dbt.cli import explore
from ring1.dbt.cli.main import main, parse, parsers
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.explore.desk import Desk
from ring1.dbt.explore.subject import Subject
from tests.cli.conftest import Command
from tests.explore.client import address
from tests.explore.programs import BAD, COUNT, FOREVER

SECONDS = 20


def test_it_serves_until_ctrl_c(ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    process = ring1.start("explore", "--no-browser", "count.s")
    url = address(process)
    with urllib.request.urlopen(url, timeout=SECONDS) as page:
        assert b"ring1 explore" in page.read()
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url[: url.rindex("/", 0, -1)] + "/", timeout=SECONDS)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (130, b"")
    assert err.splitlines() == [b"ring1: stopped by Ctrl-C"]


def test_ctrl_c_ends_a_guest_that_runs(ring1: Command) -> None:
    ring1.write("forever.s", FOREVER)
    process = ring1.start("explore", "--no-browser", "forever.s")
    url = address(process)
    token = url.split("/")[3]
    headers = {"X-Ring1-Token": token, "Content-Type": "application/json"}
    ask = urllib.request.Request(url.split(token)[0] + "api/command", b'{"line": "continue"}', headers)
    with urllib.request.urlopen(ask, timeout=SECONDS) as answer:
        assert answer.read() == b"{}"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 130


def test_a_port_of_ones_own(ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = ring1("explore", "--no-browser", "--port", port, "count.s", status=2)
        assert done.err == f"ring1: --port {port}: Address already in use\n"
    process = ring1.start("explore", "--no-browser", "--port", port, "count.s")
    assert f":{port}/" in address(process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert "ports are numbers" in ring1("explore", "--port", "70000", status=2).err


def test_the_browser_is_given_no_token_on_its_command_line(ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    browser = ring1.write("browser", '#!/bin/sh\necho "$1" > given\ncp "${1#file://}" page.html\n')
    browser.chmod(0o755)
    ring1.environment = {**ring1.environment, "DISPLAY": ":0", "BROWSER": str(browser)}
    process = ring1.start("explore", "count.s")
    url = address(process)
    end = time.monotonic() + SECONDS
    while not ring1.folder.joinpath("page.html").exists() or not ring1.folder.joinpath("page.html").read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert url in ring1.folder.joinpath("page.html").read_text()
    given = ring1.folder.joinpath("given").read_text().strip()
    assert given.startswith("file://") and url.split("/")[3] not in given
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert not os.path.exists(given.removeprefix("file://"))


def refused(capsys: pytest.CaptureFixture[str], status: int, *words: str) -> str:
    """What ring1 says when it refuses to serve a page."""
    assert main(["explore", "--no-browser", *words]) == status
    return capsys.readouterr().err


def test_what_is_refused(ring1: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ring1.folder)
    ring1.write("count.s", COUNT)
    ring1.write("bad.isa", 'isa bad extends pg32 "bad";\ninsn wrong\n')
    ring1.write("bad.snap", b"nothing")
    assert "none.s: No such file" in refused(capsys, 2, "none.s")
    assert "invalid choice: 'jit'" in refused(capsys, 2, "--engine", "jit", "count.s")
    assert "no such machine" in refused(capsys, 2, "--isa", "none", "count.s")
    bad = refused(capsys, 2, "--isa", "bad.isa", "count.s")
    assert "bad.isa:" in bad and "^" in bad
    assert "snapshot" in refused(capsys, 2, "bad.snap")
    assert "neither C" in refused(capsys, 2, "bad.isa")
    assert "ports are numbers" in refused(capsys, 2, "--port", "70000")


def test_a_program_with_errors_is_shown(ring1: Command) -> None:
    """The page shows them: the command goes on."""
    ring1.write("bad.s", BAD)
    process = ring1.start("explore", "--no-browser", "bad.s")
    assert address(process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    assert process.returncode == 130


def subject_of(*words: str) -> Subject:
    """What a command line has the page show."""
    top, _ = parsers("explore", ENGINES)
    return explore.subject(parse(top, True, ["explore", *words]))


def test_other_programs_than_assembly(ring1: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ring1.folder)
    ring1.write("count.s", COUNT)
    assert main(["asm", "count.s", "-o", "count.bin"]) == 0
    assert main(["run", "--quiet", "--snapshot-at", "50", "--snapshot", "half.snap", "count.s"]) == 0
    for words, count in ((("count.bin",), 0), (("half.snap", "count.s"), 50), (("half.snap",), 50), ((), 0)):
        with closing(Desk(subject_of(*words), ENGINES)) as desk:
            machine = desk.bench.state(0)["machine"]
            assert machine["count"] == count
            assert desk.code("", machine["pc"], 0)["rows"] if words != ("half.snap",) else True
            assert bool(desk.bench.subject.files) == (words in ((), ("half.snap", "count.s")))


def test_a_kernel_on_a_board(ring1: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run as `ring1 run` does, and can be looked at."""
    monkeypatch.chdir(ring1.folder)
    ring1.write("kernel.bin", bytes.fromhex("1305a002") * 4 + bytes.fromhex("6f000000"))  # addi a0, zero, 42; j .
    with closing(Desk(subject_of("--kernel", "kernel.bin", "--firmware", "none"), ENGINES)) as desk:
        assert desk.bench.isa.name == "rv32" and desk.bench.subject.ram > 16 << 20
        desk.bench.command("stepi 100")
        desk.bench.worker.idle.wait(SECONDS)
        assert dict(desk.bench.state(0)["machine"]["registers"])["a0"] == 42
