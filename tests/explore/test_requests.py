"""What a page can ask, without one: the machine is moved, looked at, changed, compared and handed on."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ring1
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.explore.listing import WINDOW
from tests.cli.conftest import EXAMPLES
from tests.explore.client import Client
from tests.explore.programs import BAD, COUNT, ECHO, FOREVER, HOLE
from tests.gdb.test_gdb import PAGED

Make = Callable[..., Client]
FIB = ("examples/fib.s", (EXAMPLES / "fib.s").read_text())


def registers(machine: Any) -> dict[str, int]:
    return dict(machine["registers"])


# --- Moved ---------------------------------------------------------------------------------


def test_forward_back_and_to_a_moment(client: Make) -> None:
    one = client(("count.s", COUNT))
    with ring1.Machine("pg32", text=COUNT) as m:
        for line, count in (("stepi 3", 3), ("stepi", 4), ("reverse-stepi", 3), ("go to 100", 100), ("go -41", 59)):
            machine = one.do(line)
            m.at(count)
            assert (machine["count"], machine["pc"], registers(machine)) == (count, m.pc, dict(m.reg)), line
        ended = one.do("continue")
        assert m.run().code == 0
        assert (ended["count"], "exit code 0" in ended["stop"]) == (m.count, True)
    assert (ended["start"], ended["latest"]) == (0, ended["count"])
    back = one.do("go to 10")
    assert back["latest"] == ended["count"], "the run is known up to its end"


def test_breakpoints_by_line_stop_both_ways(client: Make) -> None:
    one = client(("count.s", COUNT))
    machine = one.do("break count.s:5 if a0 == 50")
    assert [each["line"] for each in machine["points"]] == [{"file": "count.s", "line": 5}]
    machine = one.do("continue")
    assert machine["line"] == {"file": "count.s", "line": 5} and registers(machine)["a0"] == 50
    assert one.do("continue")["count"] > machine["count"]
    assert one.do("reverse-continue")["count"] == machine["count"]
    assert one.do("delete")["points"] == []


def test_a_run_without_end_is_looked_at_and_stopped(client: Make) -> None:
    """The page is answered at once while a guest runs, and a machine of 10^9 instructions can be gone back in."""
    one = client(("forever.s", FOREVER))
    first = registers(one.state()["machine"])["a0"]
    one("command", line="continue")
    counts: list[int] = []
    longest = 0.0
    while len(counts) < 5 or counts[-1] < 1_000_000_000:
        began = time.monotonic()
        state = one.state()
        longest = max(longest, time.monotonic() - began)
        assert state["task"] == "continue"
        counts.append(state["machine"]["count"])
        assert one("memory", place="_start")["rows"][0]["bytes"]
        assert one.refused("command", line="stepi") == "first cancel what is under way: continue"
    assert counts == sorted(counts) and longest < 5
    one("cancel")
    machine = one.until(lambda state: not state["task"])["machine"]
    assert "stopped the guest" in machine["stop"] and machine["count"] >= counts[-1]
    assert registers(machine)["a0"] - first & 0xFFFFFFFF == (machine["count"] + 1) // 2 & 0xFFFFFFFF
    began = time.monotonic()
    assert one.do("reverse-stepi")["count"] == machine["count"] - 1
    assert time.monotonic() - began < 5


def test_going_far_can_be_watched_and_cancelled(client: Make) -> None:
    one = client(("forever.s", FOREVER), engine=ENGINES.reference.name)
    one("command", line="go to 1000000000000")
    counts = [one.until(lambda state: state["machine"]["count"] > 0)["machine"]["count"]]
    for _ in range(3):
        state = one.until(lambda state: state["machine"]["count"] > counts[-1])
        assert state["task"].startswith("go to")
        counts.append(state["machine"]["count"])
    one("cancel")
    machine = one.until(lambda state: not state["task"])["machine"]
    assert 0 < machine["count"] < 10**12
    assert one.do("go to 7")["count"] == 7


def test_a_long_comparison_of_the_debuggers_can_be_cancelled(client: Make) -> None:
    one = client(("forever.s", FOREVER))
    one("command", line=f"compare with {ENGINES.reference.name} 1000000000000")
    assert one.state()["task"]
    one("cancel")
    said = one.until(lambda state: not state["task"])["said"]
    assert said[-1][1].startswith("stopped: bt and interp are equal for ")
    assert one.do("stepi")["count"] == 1


def test_what_is_typed_is_part_of_the_run(client: Make) -> None:
    one = client(("echo.s", ECHO))
    machine = one.do("continue")
    assert "input" in machine["stop"] and not machine["input_ended"]
    one("input", text="hello\n")
    machine = one.do("continue")
    assert machine["console"] == "hello\n"
    assert one.do("go to 15")["console"] == "hel"
    assert one.do("continue")["console"] == "hello\n"
    one("input", end=True)
    assert "exit code 0" in one.do("continue")["stop"]
    assert "ended" in one.refused("input", text="more")


def test_engines_are_changed_in_mid_run(client: Make) -> None:
    one = client(("count.s", COUNT))
    one.do("go to 50")
    for name in ENGINES:
        if ENGINES[name].build or ENGINES[name].cannot(one.desk.bench.isa):
            continue
        one("switch", engine=name)
        machine = one.do("stepi")
        assert machine["engine"] == name
    assert "no engine 'jit'" in one.refused("switch", engine="jit")


def test_commands_name_no_files(client: Make, tmp_path: Path) -> None:
    one = client(("count.s", COUNT))
    script = tmp_path / "script"
    script.write_text("stepi\n")
    one.do(f"source {script}")
    one.do(f"save {tmp_path / 'made.snap'}")
    said = [text for _, text in one.state()["said"]]
    assert said.count("no command names files of the host's here") == 2
    assert one.state()["machine"]["count"] == 0 and not (tmp_path / "made.snap").exists()
    assert "Ctrl-C" in one.refused("command", line="quit")
    assert "there is no command" in one.refused("command", line="frobnicate")


# --- Looked at -----------------------------------------------------------------------------


def test_guest_and_host_code_side_by_side(client: Make) -> None:
    one = client(FIB)
    at = one.do("break fib")["points"][0]["place"]
    found = one("code", engine="bt", focus=at)
    rows = {row["at"]: row for row in found["rows"]}
    assert rows[at]["label"] == "fib" and rows[at]["line"]["file"] == "examples/fib.s"
    [block] = [block for block in found["blocks"] if block["pc"] == at]
    assert all(each["pc"] in rows for each in block["instructions"])
    assert sum(len(each["host"]) for each in block["instructions"]) > 3
    # The same as `ring1 translate` makes, which has every block.
    for name in ("bare", "trap"):
        other = one("code", engine=name, focus=at)
        assert other["engine"] == name and other["blocks"]
    reference = one("code", engine=ENGINES.reference.name, focus=at)
    assert "translates nothing" in reference["why"] and not reference["blocks"] and reference["rows"] == found["rows"]


def test_code_of_a_large_program_is_shown_in_part(client: Make) -> None:
    one = client(("large.s", "_start:" + "        addi a0, a0, 1\n" * 5000 + "end: j end\n"))
    for focus in (0, 4 * 2500, 4 * 5000):
        found = one("code", focus=focus)
        assert found["count"] == 5001 and len(found["rows"]) == WINDOW
        assert focus in [row["at"] for row in found["rows"]] and found["blocks"]


def test_code_that_is_elsewhere_is_shown_as_memory_has_it(client: Make) -> None:
    one = client(("paged.s", PAGED))
    machine = one.do("break *0x5004") and one.do("continue")
    assert machine["pc"] == 0x5004 and machine["physical"] != 0x5004
    found = one("code", live=True)
    assert found["live"] and machine["pc"] in [row["at"] for row in found["rows"]]
    assert found["blocks"][0]["pc"] == machine["pc"]


def test_memory_pages_and_tlb(client: Make) -> None:
    one = client(("paged.s", PAGED))
    off = one("pages")
    assert off["paging"] and not off["on"]
    one.do("break *0x5004")
    one.do("continue")
    found = one("pages", place="0x5004")
    assert found["on"] and any(first <= 0x5004 < first + size for first, size, _, _ in found["ranges"])
    assert [line.split(":")[0] for line in found["walk"]] == ["load", "store", "fetch"]
    rows = one("memory", place="0x5000", rows=2)["rows"]
    assert [row["at"] for row in rows] == [0x5000, 0x5010] and rows[0]["bytes"]
    assert one("memory", place="0x80000000", rows=1)["rows"][0]["bytes"] is None
    assert one("memory", place="0xfffffff0", rows=9)["rows"][-1]["at"] == 0xFFFFFFF0
    assert "neither a label nor a register" in one.refused("memory", place="nowhere")


def test_exits_and_where_they_come_from(client: Make) -> None:
    one = client(("echo.s", ECHO))
    one("input", text="ab")
    one("input", end=True)
    one.do("continue")
    found = one("exits")
    reasons = dict(found["reasons"])
    out = [each for each in found["places"] if each["reason"] == "callout in"]
    assert reasons["callout in"] == sum(each["count"] for each in out) >= 2
    assert {each["line"]["line"] for each in out} == {1}
    one("exits", watch=False)
    one.do("go to 0")
    before = one("exits")["places"]
    one.do("continue")
    assert one("exits")["places"] == before


def test_heat_devices_and_the_manual(client: Make) -> None:
    one = client(FIB)
    one.do("continue")
    places = one("heat")["places"]
    assert places and places[0]["symbol"].startswith("fib") and 0.9 < sum(each["share"] for each in places) <= 1.001
    assert any("console" in line for line in one("devices")["lines"]) and one("devices")["vmcs"] == []
    one("switch", engine="hw")
    assert one("devices")["vmcs"]
    row = one("code", focus=0)["rows"][0]
    assert "rd = rs1 + imm" in one("about", word=row["word"])["text"]
    assert "no instruction" in one("about", word=0xFFFFFFFF)["text"]


# --- Programs and descriptions -----------------------------------------------------------------


def test_errors_of_a_program_have_their_lines(client: Make) -> None:
    one = client(("bad.s", BAD))
    state = one.state()
    assert state["machine"] is None
    assert [(each["file"], each["line"]) for each in state["faults"]] == [("bad.s", 1), ("bad.s", 2)]
    assert "^" in state["faults"][0]["shown"]
    assert "the program has errors" in one.refused("command", line="stepi")
    assert "the program has errors" in one.refused("memory")
    assert one("source")["files"] == [{"name": "bad.s", "text": BAD}]
    assert one("load", files=[{"name": "bad.s", "text": COUNT}])["faults"] == []
    assert one.do("stepi")["count"] == 1


def test_a_text_with_errors_leaves_the_machine(client: Make) -> None:
    one = client(("count.s", COUNT))
    one.do("break loop")
    one.do("continue")
    answer = one("load", files=[{"name": "count.s", "text": BAD}])
    assert len(answer["faults"]) == 2
    state = one.state()
    assert state["machine"]["count"] > 0 and state["faults"] == answer["faults"]
    one("load", files=[{"name": "count.s", "text": COUNT.replace("100", "7")}])
    machine = one.do("delete") and one.do("continue")
    assert registers(machine)["a0"] == 7


def test_breakpoints_stay_with_a_new_text(client: Make) -> None:
    one = client(("count.s", COUNT))
    one.do("break loop")
    one("load", files=[{"name": "count.s", "text": "nothing: nop\n" + COUNT}])
    machine = one.state()["machine"]
    assert [each["line"]["line"] for each in machine["points"]] == [5]


def test_no_file_but_what_was_opened(client: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program includes when ring1 starts, it may include afterwards, and nothing else."""
    (tmp_path / "one.inc").write_text(".equ ONE, 1\n")
    (tmp_path / "secret").write_text("the secret\n")
    text = '        .include "one.inc"\n' + COUNT
    one = client((str(tmp_path / "count.s"), text))
    files = {each["name"]: each["text"] for each in one("source")["files"]}
    name = str(tmp_path / "count.s")
    assert list(files) == [name, str(tmp_path / "one.inc")]
    for word, file in (
        (".include", "secret"),
        (".include", "/etc/passwd"),
        (".incbin", "secret"),
        (".include", "none"),
    ):
        [fault] = one("load", files=[{"name": name, "text": f'{text}\n        {word} "{file}"\n'}])["faults"]
        assert "it was not opened with the program" in fault["message"] and "the secret" not in fault["shown"]
    # What is included is taken from the editor, too.
    more = [{"name": name, "text": text}, {"name": str(tmp_path / "one.inc"), "text": "nonsense\n"}]
    [fault] = one("load", files=more)["faults"]
    assert fault["file"].endswith("one.inc") and fault["line"] == 1
    assert one("load", files=[{"name": name, "text": text}])["faults"] == []


def test_no_board_but_what_was_opened(client: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret").write_text("the secret\n")
    one = client(("count.s", COUNT))
    text = 'isa my extends rv32 "my own";\nboard secret;\n'
    why = one.refused("open", name="my.isa", data=encoded(text))
    assert "no board secret" in why and "the secret" not in why
    assert one.state()["machine"]["isa"] == "pg32"


def test_a_huge_source(client: Make) -> None:
    text = COUNT + "".join(f"label{n}: .word {n}\n" for n in range(15_000))
    one = client(("huge.s", text))
    assert one("load", files=[{"name": "huge.s", "text": text + "more: .word 1\n"}])["faults"] == []
    assert one.do("stepi 5")["count"] == 5


def test_what_a_change_of_the_description_changes(client: Make) -> None:
    one = client(FIB)
    text = one("source")["description"]["text"]
    same = one("describe", text=text)
    assert not same["faults"] and not same["translations"] and same["same"] > 5
    assert [each["holds"] for each in same["theorems"]] == [False, False, False]
    assert not any(each["was"] for each in same["instructions"])

    old = "insn addi  : I(0x28) { rd = rs1 + imm; }"
    assert old in text
    other = one("describe", text=text.replace(old, "insn addi  : I(0x7d) { rd = rs1 ^ imm; }"))
    changed = {each["name"]: each["was"] for each in other["instructions"] if each["was"]}
    assert changed.keys() == {"addi"} and changed["addi"].keys() == {"encoding", "meaning"}
    host = "\n".join(each[2] for block in other["translations"] for each in block["after"])
    before = "\n".join(each[2] for block in other["translations"] for each in block["before"])
    assert host.count("xor ") > before.count("xor ")


def test_verdicts_follow_the_description(client: Make) -> None:
    """getpsw that traps in user mode is privileged, and theorem 1 counts it no more."""
    one = client(("hole.s", HOLE))
    text = one("source")["description"]["text"]
    old = "insn getpsw : D(0x90) { rd = psw; }"
    assert old in text
    other = one(
        "describe", text=text.replace(old, "insn getpsw : D(0x90) { require psw.RING == 0 else privileged; rd = psw; }")
    )
    assert other["faults"] == []
    [changed] = [each for each in other["instructions"] if each["was"]]
    assert changed["name"] == "getpsw" and changed["class"]["privileged"] and not changed["was"]["class"]["privileged"]
    first = other["theorems"][0]
    assert first["changed"] and "getpsw" not in first["by"] and "setpsw" in first["by"]


def test_errors_of_a_description_have_line_and_caret(client: Make) -> None:
    one = client(("count.s", COUNT))
    text = one("source")["description"]["text"]
    line = text[: text.index("insn add  :")].count("\n") + 1
    [fault] = one(
        "describe", text=text.replace("insn add  : R(0x10) { rd = rs1 +", "insn add  : R(0x10) { rd = rs7 +")
    )["faults"]
    assert (fault["file"], fault["line"]) == ("pg32.isa", line) and "rs7" in fault["message"] and "^" in fault["shown"]
    for broken in ("", "isa", text[:500], text.replace("isa pg32", "isa pg32 extends nothing")):
        assert one("describe", text=broken)["faults"] if broken else one("describe", text=" ")["faults"]


def test_a_changed_description_is_used(client: Make) -> None:
    one = client(("count.s", COUNT))
    text = one("source")["description"]["text"]
    other = text.replace("insn addi  : I(0x28) { rd = rs1 + imm; }", "insn addi  : I(0x28) { rd = rs1 + imm + imm; }")
    answer = one("load", files=[], description=other)
    assert answer["faults"] == []
    with ring1.Machine("pg32", text=COUNT) as m:
        m.at(10)
        plain = m.reg["a0"]
    for name in (ENGINES.default.name, ENGINES.reference.name):
        one("switch", engine=name)
        one.do("go to 0")
        assert registers(one.do("go to 10"))["a0"] == 2 * plain > 0
    assert "error" in one.refused("load", files=[], description="isa wrong")


# --- Engines against each other -----------------------------------------------------------------


def test_where_two_engines_part(client: Make) -> None:
    one = client(("hole.s", HOLE))
    result = one.compare("interp", "trap")
    [found] = result["divergences"]
    assert not result["equivalent"] and found["low"] == 3 and "getpsw a1" in found["place"]
    [row] = [row for row in found["rows"] if row[0] == "a1"]
    assert row[2] != row[3]
    equal = one.compare("interp", "bt")
    assert equal["equivalent"] and equal["equal"] == one.do("continue")["count"]


def test_a_comparison_is_cancelled_and_the_machine_runs_beside_it(client: Make) -> None:
    one = client(("forever.s", FOREVER))
    one("compare", first="interp", second="bt", limit=10**12)
    assert one.do("stepi 5")["count"] == 5
    assert "first cancel" in one.refused("compare", first="interp", second="bt", limit=5)
    one("cancel", comparison=True)
    result = one.until(lambda state: state["comparison"]["result"])["comparison"]["result"]
    assert result["cancelled"] and result["equivalent"]
    assert "not one with itself" in one.refused("compare", first="bt", second="bt", limit=5)
    assert "no engine" in one.refused("compare", first="bt", second="jit", limit=5)
    assert "1 to" in one.refused("compare", first="bt", second="interp", limit=0)


# --- Handed on ------------------------------------------------------------------------------


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def test_a_machine_is_shared_as_a_file(client: Make) -> None:
    one, other = client(("echo.s", ECHO)), client(("count.s", COUNT))
    one.do("continue")
    one("input", text="hello\n")
    one.do("continue")
    one.do("go -9")
    made = one("share")
    assert made["name"] == "echo.ring1.json"
    other("open", name="x/y/echo.ring1.json", data=encoded(made["text"]))
    theirs = other.until(lambda state: not state["task"])["machine"]
    ours = one.state()["machine"]
    for key in ("count", "pc", "registers", "console", "isa", "engine"):
        assert theirs[key] == ours[key], key
    assert other.do("continue")["console"] == "hello\n"


def test_a_snapshot_is_a_moment(client: Make) -> None:
    one = client(("count.s", COUNT))
    one.do("go to 77")
    made = one("share", snapshot=True)
    assert made["name"] == "count.snap"
    one.do("go to 5")
    one("open", name="count.snap", data=made["data"])
    machine = one.state()["machine"]
    assert (machine["count"], machine["start"]) == (77, 77)
    assert "snapshot" in one.refused("compare", first="interp", second="bt", limit=5)


def test_files_are_opened(client: Make) -> None:
    one = client(("count.s", COUNT))
    one("open", name="C:\\new\\echo.s", data=encoded(ECHO.replace("\n", "\r\n")))
    assert [each["name"] for each in one("source")["files"]] == ["echo.s"]
    one("open", name="my.isa", data=encoded('isa my extends pg32 "my own";'))
    assert one.state()["machine"]["isa"] == "my"
    assert one("open", name="bad.s", data=encoded(BAD))["faults"]
    for name, data, why in (
        ("x.s", b"\xff\xfe", "not UTF-8"),
        ("x.exe", b"", "neither assembly"),
        ("x.json", b"{", "no shared machine"),
        ("x.json", b'{"kind": "ring1 machine", "version": 9}', "version 9"),
        ("x.json", b'{"kind": "ring1 machine", "version": 1, "files": [], "isa": {"name": "pg32"}}', "0 of 0"),
        ("x.snap", b"nothing", "snapshot"),
    ):
        assert why in one.refused("open", name=name, data=encoded(data)), name
    assert "base64" in one.refused("open", name="x.s", data="?")
    assert one.state()["machine"]["isa"] == "my"


def test_a_shared_machine_names_no_files(client: Make) -> None:
    one = client(("count.s", COUNT))
    found = json.loads(one("share")["text"])
    found["files"][0]["text"] = '        .include "/etc/passwd"\n'
    faults = one("open", name="x.json", data=encoded(json.dumps(found)))["faults"]
    assert "it was not opened with the program" in faults[0]["message"]


def test_examples_are_at_hand(client: Make) -> None:
    one = client()
    names = one("source")["examples"]
    assert "fib.s" in names and "holes.s" in names
    for name in names:
        assert one("example", name=name)["faults"] == [], name
    assert "no example" in one.refused("example", name="../pyproject.toml")
