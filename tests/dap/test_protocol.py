"""The adapter: what clients may do while a guest runs, what they do wrong, and how sessions end."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from ring1.dbt.cli.dap import OPTIONS, words
from ring1.dbt.cli.outcome import Failure
from ring1.dbt.dap.messages import MOST_HEADER, Malformed, framed, taken
from tests.cli.conftest import Command, environment, ring1  # noqa: F401
from tests.cli.test_debug import read_until
from tests.dap.client import SECONDS, served
from tests.debug.sessions import HERE
from tests.gdb.test_gdb import FACT, PAGED

LOOP = """_start: li a0, 0
loop:   addi a0, a0, 1
        j loop
"""
ECHO = """_start: in a0, zero
        addi a1, a0, 0
        out zero, a1
        li t0, 0xf0
        out t0, zero
"""


@pytest.fixture
def loop(tmp_path: Path) -> Path:
    return written(tmp_path, LOOP)


def written(folder: Path, text: str) -> Path:
    path = folder / "prog.s"
    path.write_text(text.lstrip("\n"))
    return path


@pytest.mark.parametrize("engine", HERE)
def test_requests_while_the_guest_runs(loop: Path, engine: str) -> None:
    """They are answered, and it runs on; a breakpoint that is set then stops it; so does `pause`."""
    with served() as (client, _):
        client.launch(loop, engine=engine)
        client("configurationDone")
        for _ in range(50):
            assert client("threads")["threads"] == [{"id": 1, "name": f"pg32 under {engine}"}]
        assert not [event for event in client.events if event["event"] == "stopped"]
        assert "pause it first" in client.fails("next", threadId=1)
        assert "pause it first" in client.fails("evaluate", expression="stepi", context="repl")
        first = int(client("evaluate", expression="count")["result"], 16)
        time.sleep(0.3)
        second = int(client("evaluate", expression="count")["result"], 16)
        assert first != second  # 32 bits of the count, which may have wrapped
        client("setBreakpoints", source={"path": str(loop)}, breakpoints=[{"line": 2}])
        assert client.event("stopped")["reason"] == "breakpoint"
        assert client.line == 2
        client("setBreakpoints", source={"path": str(loop)}, breakpoints=[])
        client("continue", threadId=1)
        client("pause", threadId=1)
        assert client.event("stopped")["reason"] == "pause"
        client("continue", threadId=1)
        client("terminate")
        client.event("terminated")
        assert "no machine" in client.fails("threads")
        client("disconnect")


def test_a_step_over_that_does_not_end_answers_and_is_paused(tmp_path: Path) -> None:
    path = written(tmp_path, "_start: call forever\n        nop\nforever: j forever\n")
    with served() as (client, _):
        client.begin(path, stopOnEntry=True)
        client("next", threadId=1)
        time.sleep(0.3)
        assert client("threads")
        time.sleep(0.3)
        client("pause", threadId=1)
        assert client.event("stopped")["reason"] == "pause" and client.line == 3


@pytest.mark.soak
def test_a_search_back_is_paused(loop: Path) -> None:
    """The machine is then where it was."""
    with served() as (client, _):
        client.begin(loop, stopOnEntry=True, engine="interp")
        client("evaluate", expression="go to 3000000", context="repl")
        client.event("stopped")
        client("setFunctionBreakpoints", breakpoints=[{"name": "loop", "condition": "a0 == 3"}])
        client("reverseContinue", threadId=1)
        time.sleep(0.05)
        client("pause", threadId=1)
        assert client.event("stopped")["reason"] == "pause"
        assert client("evaluate", expression="count")["result"] == f"{3_000_000:#010x}"
        client("reverseContinue", threadId=1)
        stopped = client.event("stopped")
        assert stopped["reason"] == "function breakpoint"
        assert client.variables("Registers")["a0"]["value"] == "0x00000003"


def test_breakpoints(loop: Path) -> None:
    with served() as (client, _):
        client.launch(loop)
        source = {"path": str(loop)}
        given = [{"line": 1}, {"line": 99}, {"line": 2, "condition": "a0 =="}, {"line": 2, "hitCondition": "x"}]
        told = client("setBreakpoints", source=source, breakpoints=given)["breakpoints"]
        assert [each["verified"] for each in told] == [True, False, False, False]
        assert "no code at line 99" in told[1]["message"]
        given = [{"line": 2, "hitCondition": "3", "condition": "a0 >= 2"}]
        (point,) = client("setBreakpoints", source=source, breakpoints=given)["breakpoints"]
        other = client("setBreakpoints", source={"path": "/no/such.s"}, breakpoints=[{"line": 1}])["breakpoints"]
        assert not other[0]["verified"] and "no file of the program" in other[0]["message"]
        client("configurationDone")
        stopped = client.event("stopped")
        assert stopped["hitBreakpointIds"] == [point["id"]]
        assert client.variables("Registers")["a0"]["value"] == "0x00000004"
        client("setBreakpoints", source=source, breakpoints=[])
        client("setInstructionBreakpoints", breakpoints=[{"instructionReference": "0x0", "offset": 8}])
        client("continue", threadId=1)
        assert client.event("stopped")["reason"] == "instruction breakpoint" and client.line == 3
        assert client("breakpointLocations", source=source, line=1, endLine=9)["breakpoints"] == [
            {"line": line} for line in (1, 2, 3)
        ]


def test_page_tables_and_two_rings(tmp_path: Path) -> None:
    with served() as (client, _):
        client.launch(written(tmp_path, PAGED))
        client("setInstructionBreakpoints", breakpoints=[{"instructionReference": "0x5004"}])
        client("configurationDone")
        assert client.event("stopped")["reason"] == "instruction breakpoint"
        pages = client.variables("Page tables")
        assert list(pages) == ["root", "00005000-00005fff"]  # the kernel's page is none of this ring's
        assert pages["root"]["value"] == "0x00001000"
        assert pages["00005000-00005fff"]["value"].split()[0] == "00003000"
        assert client.line == len(PAGED.lstrip("\n").splitlines()) - 1  # by the physical address
        assert (
            client.inside(client.variables("Control registers")["psw"]["variablesReference"])["RING"]["value"] == "0x3"
        )
        client("stepIn", threadId=1, granularity="instruction")
        client.event("stopped")
        client("stepIn", threadId=1, granularity="instruction")
        client.event("stopped")
        assert (
            client.inside(client.variables("Control registers")["psw"]["variablesReference"])["RING"]["value"] == "0x0"
        )
        assert "00000000-00000fff" in client.variables("Page tables")
        assert {"console", "power"} <= client.variables("Devices").keys()


def test_references_hold_until_the_machine_moves(loop: Path) -> None:
    with served() as (client, _):
        client.begin(loop, stopOnEntry=True)
        reference = client("scopes", frameId=1)["scopes"][0]["variablesReference"]
        assert client.inside(reference)
        client("stepIn", threadId=1)
        client.event("stopped")
        assert "at this moment" in client.fails("variables", variablesReference=reference)
        assert "at this moment" in client.fails("variables", variablesReference=0)


def test_input_is_typed_in_the_debug_console(tmp_path: Path) -> None:
    with served() as (client, _):
        stopped = client.begin(written(tmp_path, ECHO))
        assert stopped["reason"] == "pause" and "waits for input" in stopped["text"]
        client("evaluate", expression="input A", context="repl")
        client("continue", threadId=1)
        outputs = ""
        while "exit code" not in outputs:
            outputs += client.event("output")["output"]
        assert outputs.startswith("A") and client.event("stopped")["reason"] == "end"


@pytest.mark.parametrize("how", [{"noDebug": True}, {"stopAtEnd": False}])
def test_a_session_that_ends_with_the_guest(tmp_path: Path, how: dict[str, bool]) -> None:
    text = "_start: li t0, 0xf0\n        li a0, 7\n        out t0, a0\n"
    path = written(tmp_path, text)
    with served() as (client, _):
        client.launch(path, **how)
        if "noDebug" in how:
            client("setBreakpoints", source={"path": str(path)}, breakpoints=[{"line": 2}])
        client("configurationDone")
        assert client.event("exited")["exitCode"] == 7
        client.event("terminated")


def test_a_guest_that_traps(tmp_path: Path) -> None:
    with served() as (client, _):
        stopped = client.begin(written(tmp_path, "_start: lui a0, 0xf0000\n        lw a1, 4(a0)\n"))
        assert stopped["reason"] == "exception" and "unhandled trap" in stopped["text"]
        client("stepBack", threadId=1)
        client.event("stopped")
        assert client.line == 1
        client("evaluate", expression="set a0 = 4", context="repl")
        assert client.variables("Registers")["a0"]["value"] == "0x00000004"


def test_restart(loop: Path) -> None:
    with served() as (client, _):
        client.begin(loop, stopOnEntry=True)
        client("setBreakpoints", source={"path": str(loop)}, breakpoints=[{"line": 3}])
        client("continue", threadId=1)
        client.event("stopped")
        client("restart")
        assert client.event("stopped")["reason"] == "entry" and client.line == 1
        client("continue", threadId=1)
        assert client.event("stopped")["reason"] == "breakpoint" and client.line == 3


def test_bad_requests(loop: Path) -> None:
    with served() as (client, _):
        assert "no machine" in client.fails("scopes", frameId=1)
        assert "counted from 1" in client.fails("initialize", linesStartAt1=False)
        assert "launched, not attached" in client.fails("attach")
        assert "did you mean engine" in client.fails("launch", program=str(loop), engin="bt")
        assert "has a program" in client.fails("launch")
        assert "jit" in client.fails("launch", program=str(loop), engine="jit")
        assert "No such file" in client.fails("launch", program="nowhere.s")
        assert "a text or a number" in client.fails("launch", program=str(loop), mem=["16M"])
        assert "list of texts" in client.fails("launch", program=str(loop), options="-O2")
        assert "none of the options" in client.fails("launch", program=str(loop), options=["--help"])
        bad = loop.with_name("bad.s")
        bad.write_text("_start: addi a0, a0\n")
        assert "bad.s:1:9: error:" in client.fails("launch", program=str(bad))
        client.begin(loop, stopOnEntry=True)
        assert "already" in client.fails("launch", program=str(loop))
        assert "no request 'fly'" in client.fails("fly")
        assert "is a text" in client.fails("evaluate", expression=5)
        assert "neither a label nor" in client.fails("evaluate", expression="nothing")
        assert "is a whole number" in client.fails("readMemory", memoryReference="0", count="4")
        assert "no address" in client.fails("readMemory", memoryReference="here", count=4)
        assert "not read at once" in client.fails("readMemory", memoryReference="0", count=1 << 30)
        line = {"path": str(loop)}, [{"line": 2, "hitCondition": "\u00b2"}]
        assert (
            "no number of times"
            in client("setBreakpoints", source=line[0], breakpoints=line[1])["breakpoints"][0]["message"]
        )
        for data in ("zz/4", "100/\u00b2", f"100/{'9' * 5000}", "/4", "100"):
            told = client("setDataBreakpoints", breakpoints=[{"dataId": data}])
            assert "no data to be watched" in told["breakpoints"][0]["message"], data
        assert "base64" in client.fails("writeMemory", memoryReference="0", data="!")
        assert "no memory" in client.fails("writeMemory", memoryReference="0xfffffff0", data="AAAA")
        assert "not shown at once" in client.fails("disassemble", memoryReference="0", instructionCount=-1)
        assert client("readMemory", memoryReference="0xf0000000", count=4)["unreadableBytes"] == 4
        reference = client("scopes", frameId=1)["scopes"][0]["variablesReference"]
        assert "does not fit" in client.fails(
            "setVariable", variablesReference=reference, name="a0", value=str(1 << 40)
        )
        assert "always 0" in client.fails("setVariable", variablesReference=reference, name="zero", value="1")
        client.socket.sendall(framed({"seq": 77, "type": "request", "command": "threads", "arguments": []}))
        assert not client.answer(77)["success"]
        assert client("threads")


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"Content-Length: x\r\n\r\n",
        b"Content-Length: %b\r\n\r\n" % (b"9" * 5000),
        b"Content-Length: 2\r\n\r\n[]",
        b"x" * 9999,
    ],
)
def test_who_speaks_something_else_is_left(data: bytes) -> None:
    with served() as (client, results):
        client.socket.sendall(data)
        for _ in range(100):
            if results:
                break
            time.sleep(0.05)
        assert results and "message" in results[0]


def test_a_client_that_vanishes_while_the_guest_runs(loop: Path) -> None:
    with served() as (client, results):
        client.launch(loop)
        client("configurationDone")
        client.socket.close()
        deadline = time.monotonic() + SECONDS
        while not results:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_framing() -> None:
    message = {"seq": 1, "type": "request", "command": "ä"}
    data = framed(message)
    for at in range(len(data)):
        assert taken(data[:at]) == (None, data[:at])
    assert taken(data + b"more") == (message, b"more")
    with pytest.raises(Malformed):
        taken(b"x" * (MOST_HEADER + 1))


def test_words() -> None:
    assert words({"type": "ring1", "program": "a.s", "mem": "2M", "seed": 3, "__id": 1, "arguments": ["x", "-y"]}) == [
        "--mem=2M", "--seed=3", "a.s", "--", "x", "-y",
    ]  # fmt: skip
    assert words({"program": ["a.c", "b.s"], "options": ["-O3"]}) == ["-O3", "a.c", "b.s"]
    assert all(option == f"--{key}" for key, option in OPTIONS.items())
    with pytest.raises(Failure, match="has a program"):
        words({"program": []})


def test_standard_streams_and_their_end(ring1: Command) -> None:  # noqa: F811
    assert ring1("dap", status=0).out == ""
    done = ring1("dap", stdin=b"nonsense\r\n\r\n", status=2)
    assert "speaks no Debug Adapter Protocol" in done.err
    assert "write PORT" in ring1("dap", "--port", "http", status=2).err


def test_a_port_with_one_client_after_another(ring1: Command) -> None:  # noqa: F811
    path = ring1.write("prog.s", FACT)
    process = ring1.start("dap", "--port", "0")
    try:
        assert process.stderr is not None
        said = read_until(process.stderr.fileno(), b"\n").decode()
        host, port = said.split()[-1].split(":")
        from tests.dap.client import Client

        for _ in range(2):
            with socket.create_connection((host, int(port))) as connection:
                client = Client(connection)
                assert client.begin(path, stopOnEntry=True)["reason"] == "entry"
                client("disconnect")
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
