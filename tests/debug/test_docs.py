"""docs/debug.md: its session is run, and shows what it says that it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ring1
from ring1.dbt.cli.debug import Screen
from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.session import Session
from ring1.dbt.debug.table import BY_NAME
from ring1.dbt.engines.table import ENGINES
from tests.test_tutorial import matches

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "debug.md").read_text()
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "(ring1) "


START = re.compile(r"^\$ ring1 debug (--quiet )?examples/fib\.s\n", re.MULTILINE)
SESSIONS = {
    "docs/debug.md": "".join(block for block in BLOCK.findall(TEXT) if PROMPT in block),
    "README.md": next(block for block in BLOCK.findall((ROOT / "README.md").read_text()) if START.match(block)),
}


@pytest.mark.skipif(bool(ENGINES.default.why_not()), reason=f"{ENGINES.default.name}: {ENGINES.default.why_not()}")
@pytest.mark.parametrize("page", SESSIONS)
def test_a_session_is_as_shown(page: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    begin = START.match(SESSIONS[page])
    assert begin is not None
    parts = re.split(rf"^{re.escape(PROMPT)}", SESSIONS[page][begin.end() :], flags=re.MULTILINE)
    assert len(parts) > 4
    screen = Screen()
    with ring1.Machine("pg32", "examples/fib.s", input=b"", tell=screen.show) as machine:
        debugger = Debugger(Session(machine, screen.say))
        if not begin[1]:
            debugger.session.show_place()
        for number, part in enumerate(parts):
            command, _, shown = part.partition("\n") if number else ("", "", part)
            if number:
                debugger.execute(command)
            said = capsys.readouterr().out
            assert matches(shown.splitlines(), said.splitlines()), f"{command}\n{said}"


def test_every_command_is_described() -> None:
    for command in BY_NAME.values():
        assert re.search(rf"`[^`]*\b{re.escape(command.names[0])}\b", TEXT) or command.names[0] in (
            "where",
            "undisplay",
        )
