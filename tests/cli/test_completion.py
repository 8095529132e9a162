"""Completion in the shells themselves, and the manual page in man: what is offered is what --help tells."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from ring1.dbt.cli.completion import SHELLS
from ring1.dbt.cli.main import COMMANDS, main, parsers
from ring1.dbt.engines.table import ENGINES
from tests.cli.conftest import Command

CAPTURE = Path(__file__).with_name("capture.zsh")
SECONDS = 60
FLAG = re.compile(r"(?<![\w-])(--?[A-Za-z][\w-]*)(?=[ =,\]]|$)", re.MULTILINE)
USUAL = (
    ("ring1 ", tuple(COMMANDS)),
    ("ring1 ru", ("run",)),
    ("ring1 run --engine ", tuple(ENGINES)),
    ("ring1 run examples.s --engine b", ("bare", "bt")),
    ("ring1 run --quiet --mmu ", ("adaptive", "shadow", "softtlb")),
    ("ring1 run --mm", ("--mmu",)),
    ("ring1 isa ", ("show", "check", "list", "stencils")),
    ("ring1 isa show pg32", ("pg32", "pg32h", "pg32v", "pg32x")),
    ("ring1 isa stencils --engine h", ("hybrid", "hw")),
    ("ring1 run --isa pg32v", ("pg32v",)),
    ("ring1 completion ", SHELLS),
    ("ring1 run alo", ("alone.s",)),
    ("ring1 cc -o alo", ("alone.s",)),
    ("ring1 engines alo", ()),
)
"""What has been typed, and what may follow."""
JOINED = (("ring1 run --engine=b", ("bare", "bt")), ("ring1 run --isa=pg32v", ("pg32v",)))


def bash(script: Path, line: str) -> list[str]:
    words = [word for part in line.split(" ") for word in re.split("(=)", part)]
    if words[-2:-1] == ["="] and not words[-1]:
        words.pop()
    program = (
        f"source {shlex.quote(str(script))}; COMP_WORDS=({' '.join(map(shlex.quote, words))}); "
        f"COMP_CWORD={len(words) - 1}; _ring1; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    return said(["bash", "--norc", "-c", program], script.parent)


def zsh(script: Path, line: str) -> list[str]:
    return said(["zsh", "-f", str(CAPTURE), str(script), line], script.parent)


def fish(script: Path, line: str) -> list[str]:
    program = f"source {shlex.quote(str(script))}; complete -C {shlex.quote(line)}"
    return said(["fish", "--no-config", "-c", program], script.parent)


ASK = {"bash": bash, "zsh": zsh, "fish": fish}


def said(command: list[str], folder: Path) -> list[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    assert not done.stderr, done.stderr
    return [line.split("\t")[0].strip() for line in done.stdout.splitlines() if line.strip()]


@pytest.fixture(params=[pytest.param(s, marks=pytest.mark.soak) if s == "zsh" else s for s in SHELLS])
def shell(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, Path]:
    if shutil.which(request.param) is None:
        pytest.skip(f"no {request.param}")
    assert main(["completion", request.param]) == 0
    script = tmp_path / f"_{request.param}"
    script.write_text(capsys.readouterr().out)
    (tmp_path / "alone.s").write_text("")
    return request.param, script


def test_what_may_follow(shell: tuple[str, Path]) -> None:
    name, script = shell
    for line, wanted in (*USUAL, *JOINED):
        found = ASK[name](script, line)
        if line in dict(JOINED):
            found = [each.removeprefix(line.split()[-1].partition("=")[0] + "=") for each in found]
        assert sorted(found) == sorted(wanted), (line, found)


@cache
def flags(command: str) -> frozenset[str]:
    """The options that a command's usage has."""
    _, parser = parsers(command, ENGINES)
    return frozenset(FLAG.findall(parser.format_usage().replace("[", " ")))


def test_all_options_of_all_commands(shell: tuple[str, Path]) -> None:
    name, script = shell
    for command in COMMANDS:
        found = set(ASK[name](script, f"ring1 {command} -"))
        if not flags(command) <= found:  # some shells show the long ones apart
            found |= set(ASK[name](script, f"ring1 {command} --"))
        assert flags(command) <= found, (command, flags(command) - found)


def page(command: Command) -> str:
    """The manual page, as man shows it."""
    (command.folder / "ring1.1").write_text(command("man", status=0).out)
    words = ["groff", "-man", "-ww", "-Tascii", "-P-cbou", "ring1.1"]
    done = subprocess.run(words, cwd=command.folder, capture_output=True, text=True, timeout=SECONDS, check=True)
    assert not done.stderr, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff")
def test_the_manual_page_has_what_help_tells(ring1: Command) -> None:
    shown = " ".join(page(ring1).split())
    top, _ = parsers(None, ENGINES)
    told = [top.format_help()]
    for command in COMMANDS:
        _, parser = parsers(command, ENGINES)
        told.append(parser.description or "")
        told += (parser.epilog or "").splitlines()
        told += [parser._get_formatter()._expand_help(action) for action in parser._actions if action.help]
        assert flags(command) <= set(FLAG.findall(shown.replace("[", " "))), command
    assert "exit status" in told.pop(0)
    assert len(told) > 200
    for text in told:
        if "show this help" not in text:
            assert " ".join(text.split()) in shown.replace(" [env", ""), text


def test_unknown_shells(ring1: Command) -> None:
    assert "tcsh" in ring1("completion", "tcsh", status=2).err
