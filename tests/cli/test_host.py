"""`ring1 host` as its users have it: a host in one process, verbs in others."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ring1.examples.os import image
from tests.cli.conftest import Command
from tests.hosting.test_host import FOREVER

ROOT = Path(__file__).parents[2]
PLAN = f"""\
[machine.unix]
program = "{ROOT}/examples/os/kernel.s"
disk = "os.img"
engine = "bt"
[machine.busy]
program = "forever.s"
count = 2
"""


@pytest.fixture
def host(ring1: Command) -> Iterator[subprocess.Popen[bytes]]:
    ring1.write("os.img", image.build(image.contents(image.sources())))
    ring1.write("forever.s", FOREVER)
    ring1.write("plan.toml", PLAN)
    with ring1.start("host", "run", "plan.toml", "--quiet") as process:
        while not (ring1.folder / "ring1-host.sock").exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(30)


def rows(ring1: Command) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(ring1("host", "ps", "--json", status=0).out)}


@pytest.mark.soak
def test_verbs(ring1: Command, host: subprocess.Popen[bytes]) -> None:
    assert set(rows(ring1)) == {"unix", "busy-1", "busy-2"}
    assert "$ I am here\n$ " in ring1("host", "console", "unix", stdin=b"echo I am here\n", status=0).out
    ring1("host", "pause", "busy-1", status=0)
    had = rows(ring1)["busy-1"]
    assert had["state"] == "paused"
    ring1("host", "share", "busy-2", 300, status=0)
    ring1("host", "stop", "busy-2", status=0)
    now = rows(ring1)
    assert now["busy-1"]["instructions"] == had["instructions"]
    assert (now["busy-2"]["state"], now["busy-2"]["why"], now["busy-2"]["share"]) == ("ended", "interrupt", 300)
    ring1("host", "snapshot", "unix", "unix.snap", status=0)
    done = ring1("resume", "unix.snap", "--disk", "os.img", "--max-insns", "10M", stdin=b"echo again\n")
    assert "again" in done.out
    ring1("host", "remove", "busy-2", status=0)
    ring1.write("more.toml", '[machine.more]\nprogram = "forever.s"\n')
    assert "more has been added" in ring1("host", "add", "more.toml", status=0).err
    assert set(rows(ring1)) == {"unix", "busy-1", "more"}
    ring1("host", "add", "--from", "unix.snap", "--name", "again", "--disk", "os.img", status=0)
    assert "I am again\n$ " in ring1("host", "console", "again", stdin=b"echo I am again\n", status=0).out
    ring1("host", "remove", "again", status=0)
    found = json.loads(ring1("host", "stats", "--json", status=0).out)
    assert set(found["machines"]) == {"unix", "busy-1", "more"} and found["host"]["machines"] == 3
    unix = found["machines"]["unix"]
    assert unix["translation"]["blocks"] > 100 and sum(unix["exits"].values()) == unix["events"] > 0
    assert unix["instructions"] == rows(ring1)["unix"]["instructions"] and "chained jumps" in unix["counts"]
    assert set(json.loads(ring1("host", "stats", "more", "--json", status=0).out)["machines"]) == {"more"}
    assert "chained jumps" in ring1("host", "stats", "unix", status=0).out
    table = ring1("host", "ps", status=0).out.splitlines()
    assert table[0].split()[:4] == ["MACHINE", "STATE", "ENGINE", "SHARE"] and len(table) == 4
    for wrong, said in (
        (("pause", "nobody"), "there is no machine nobody"),
        (("resume", "unix"), "unix is not paused"),
        (("share", "unix", 0), "a share is a number from 1"),
        (("add", "more.toml"), "there is a machine more already"),
        (("add",), "add what? A PLAN, or --from SNAPSHOT"),
        (("add", "more.toml", "--name", "less"), "--name and --disk are for --from"),
        (("add", "--from", "more.toml"), "not a snapshot"),
        (("add", "--from", "nothing.snap"), "there is no file"),
        (("stats", "nobody"), "there is no machine nobody"),
        (("run", "plan.toml"), "another host listens there"),
        (("snapshot", "unix", "nowhere/x.snap"), "nowhere"),
    ):
        assert said in ring1("host", *wrong, status=2).err
    ring1("host", "shutdown", status=0)
    assert host.wait(30) == 0
    assert not (ring1.folder / "ring1-host.sock").exists()
    assert "no host listens there" in ring1("host", "ps", status=2).err


def test_the_socket_is_the_owner_s_and_takes_messages_alone(ring1: Command, host: subprocess.Popen[bytes]) -> None:
    path = ring1.folder / "ring1-host.sock"
    assert os.stat(path).st_mode & 0o777 == 0o600
    for sent, said in (
        (b"nonsense\n", "a message is one JSON object"),
        (b'{"verb": "dance"}\n', "there is no verb 'dance'"),
        (b"[1]\n", "a message is one JSON object"),
        (b"[" * 100_000 + b"\n", "a message is one JSON object"),
        (b'{"verb": "snapshot", "name": "unix", "path": "here"}\n', "path is absolute"),
        (b'{"verb": "share", "name": "unix", "share": "all"}\n', "a share is a number"),
        (b'{"verb": "console", "name": "nobody"}\n', "there is no machine nobody"),
        (b'{"verb": "add", "folder": "/", "text": "[machine.a"}\n', "no TOML"),
    ):
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(os.path.relpath(path))
            link.settimeout(20)
            link.sendall(sent)
            assert said in json.loads(link.makefile().readline())["error"]
    with socket.socket(socket.AF_UNIX) as link:  # a client that goes in the middle of a message
        link.connect(os.path.relpath(path))
        link.sendall(b'{"verb":')
    assert set(rows(ring1)) == {"unix", "busy-1", "busy-2"}


def test_ctrl_c_ends_a_host(ring1: Command, host: subprocess.Popen[bytes]) -> None:
    host.send_signal(signal.SIGINT)
    _, err = host.communicate(timeout=30)
    assert host.returncode == 130 and b"Traceback" not in err
    assert not (ring1.folder / "ring1-host.sock").exists()


def test_a_plan_whose_machines_end(ring1: Command) -> None:
    """The socket of a host that was killed is replaced."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(os.path.relpath(ring1.folder / "ring1-host.sock"))
    ring1.write("plan.toml", f'[machine.hello]\nprogram = "{ROOT}/examples/hello.s"\n')
    assert ring1("host", "run", "plan.toml", status=0).out == "hello: ended (exit 0)\n"
    ring1.write("trap.s", "_start: div a0, a0, zero\n")
    ring1.write("plan.toml", '[machine.wrong]\nprogram = "trap.s"\n')
    assert ring1("host", "run", "plan.toml", status=1).out == "wrong: ended (trap)\n"
    ring1.write("plan.toml", '[machine.wrong]\nprogram = "nowhere.s"\nshares = 3\n')
    said = ring1("host", "run", "plan.toml", status=2).err
    assert (
        "plan.toml:2:11: error: program: there is no file nowhere.s" in said
        and "plan.toml:3:1: error: there is no key" in said
    )
    ring1.write("ring1-host.sock", "a file")
    ring1.write("plan.toml", f'[machine.hello]\nprogram = "{ROOT}/examples/hello.s"\n')
    assert "which is no socket" in ring1("host", "run", "plan.toml", status=2).err


@pytest.mark.soak
def test_a_machine_migrates(ring1: Command, host: subprocess.Popen[bytes]) -> None:
    """From this host to another one, which is told the key as well."""
    ring1.write("key", b"a key that both hosts have\n")
    ring1.write("other.toml", '[machine.idle]\nprogram = "forever.s"\npaused = true\n')
    (ring1.folder / "there").mkdir()
    run = ("host", "run", "other.toml", "--quiet", "--socket", "other.sock")
    for wrong, said in (
        (("--listen", "0"), "--listen needs --key"),
        (("--listen", "nowhere", "--key", "key"), "write HOST:PORT"),
        (("--listen", "0", "--key", "nothing"), "nothing"),
        (("--listen", "0", "--key", "key", "--disks", "nowhere"), "there is no such folder"),
    ):
        assert said in ring1(*run, *wrong, status=2).err
    with ring1.start(*run, "--listen", "0", "--key", "key", "--disks", "there") as other:
        assert other.stderr is not None
        port = other.stderr.readline().decode().rpartition(" ")[2].strip()
        to = ("--to", f"127.0.0.1:{port}", "--key", "key")
        said = ring1("host", "migrate", "busy-1", *to, "--engine", "bare", status=0).err
        assert f"busy-1 has gone to 127.0.0.1:{port}" in said and "pages in rounds" in said
        ring1("host", "console", "unix", stdin=b"echo before\n", status=0)
        ring1("host", "migrate", "unix", *to, status=0)
        assert set(rows(ring1)) == {"busy-2"}
        there = {row["name"]: row for row in json.loads(ring1("host", "ps", "--json", "--socket", "other.sock").out)}
        assert set(there) == {"idle", "busy-1", "unix"} and there["busy-1"]["engine"] == "bare"
        out = ring1("host", "console", "unix", "--socket", "other.sock", stdin=b"echo after\n", status=0).out
        assert "before\n" in out and out.endswith("after\n$ ")
        assert "there is no machine unix" in ring1("host", "migrate", "unix", *to, status=2).err
        ring1.write("wrong", b"a key that nobody else has\n")
        wrong_key = ("--to", f"127.0.0.1:{port}", "--key", "wrong")
        assert "busy-2" not in there and ring1("host", "migrate", "busy-2", *wrong_key, status=2).err
        ring1("host", "shutdown", "--socket", "other.sock", status=0)
        assert other.wait(30) == 0
    assert "refused" in ring1("host", "migrate", "busy-2", *to, status=2).err
    assert set(rows(ring1)) == {"busy-2"}


def test_partitions(ring1: Command) -> None:
    """The example: what the rogue does is its own affair, and every slot is exact."""
    plan = ROOT / "examples/partitions/plan.toml"
    out = ring1(
        "host", "partitions", plan, "--frames", 30, "--timeline", "trace.json", "--html", "p.html", status=0
    ).out
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert rows["brake"][2:7] == ["60", "60,000", rows["brake"][4], "0", "0"]
    assert rows["rogue"][7] == "3" and rows["rogue:"][1:] == ["trap,", "3", "times:", "cold"]
    assert rows["speed"][1:4] == ["brake", "cluster", "30"] and "*****" in out
    events = json.loads((ring1.folder / "trace.json").read_text())["traceEvents"]
    slots = [event for event in events if event["ph"] == "X"]
    assert len(slots) == 150 and sum(event["dur"] for event in slots) <= 300_000
    for end in ("s", "f"):  # the last one is still ringing
        assert sum(event["ph"] == end for event in events) == 29
    assert "one at least" in ring1("host", "partitions", plan, "--frames", 0, status=2).err
    full = ring1("host", "partitions", plan, "--frames", 1, "--timeline", "/dev/full", status=124)
    assert "No space left" in full.err
    page = (ring1.folder / "p.html").read_text()
    assert page.count('class="slot"') == 15 and page.count("<line ") == 2  # three major frames, whose last bell rings
    assert "<td>rogue</td>" in page and "Channel speed" in page and "://" not in page and "<script" not in page
    both = ring1("host", "partitions", plan, "--timeline", "one", "--html", "one", status=2).err
    assert "--timeline and --html name one file" in both
    ring1.write("plan.toml", "[schedule]\ns = [['a', 1]]\n")
    assert "there is no machine a" in ring1("host", "partitions", "plan.toml", status=2).err
