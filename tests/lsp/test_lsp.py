"""`ring1 lsp`: a session of vscode-jsonrpc's, which was not written here, and what needs no editor."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ring1.dbt.dap.messages import framed
from ring1.dbt.lsp.assembly import explained, faults
from ring1.dbt.lsp.descriptions import KEYWORDS
from ring1.dbt.lsp.document import Document, path_of, uri_of
from ring1.isa.load import load
from ring1.isa.source import Position
from tests.cli.conftest import Command, environment, ring1  # noqa: F401

NODE = shutil.which("node")
MODULES = Path(__file__).parents[2] / ".venv" / "node" / "node_modules"


@pytest.mark.skipif(NODE is None or not (MODULES / "vscode-jsonrpc").is_dir(), reason="no node, or no vscode-jsonrpc")
def test_a_session(ring1: Command) -> None:  # noqa: F811
    ring1.write("lib.s", "        .text\ntwice:  add a0, a0, a0\n        ret\n")
    done = subprocess.run(
        [str(NODE), str(Path(__file__).with_name("session.js")), " ".join(ring1.argv()), str(ring1.folder)],
        env=ring1.environment | {"NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_word_of_the_machine_is_explained() -> None:
    isa = load("pg32")
    for name in (*isa.instructions, *(alias.name for alias in isa.aliases), *isa.controls, *isa.register_numbers):
        assert name in explained(isa, name)
    assert explained(isa, "nothing") == ""
    assert "rd = rs1 + rs2" in explained(isa, "add")


def test_places_are_counted_in_code_units() -> None:
    document = Document("file:///a%20b.s", "x😀 add a0\r\nnop")
    assert document.path == "/a b.s" and uri_of("/a b.s") == "file:///a%20b.s" and path_of("untitled:1") == "untitled:1"
    assert document.lines == ["x😀 add a0", "nop"]
    assert document.word(0, 5) == ("add", 3)
    assert document.at(Position("/a b.s", 1, 4)) == {
        "start": {"line": 0, "character": 4},
        "end": {"line": 0, "character": 7},
    }
    assert document.before(0, 4) == "x😀 " and document.word(9, 9) == ("", 0)


def test_what_another_file_may_mend() -> None:
    found = faults(load("pg32"), Document("file:///x.s", "_start: call far\n addi a0\n"))
    assert [(fault.position.line, elsewhere) for fault, elsewhere in found if not elsewhere] == [(2, False)]
    found = faults(load("pg32"), Document("file:///x.s", "_start: call far\n"))
    assert [elsewhere for _, elsewhere in found] == [True]


def test_keywords() -> None:
    assert {"insn", "require", "fetch", "enable"} <= set(KEYWORDS)


def test_the_command(ring1: Command) -> None:  # noqa: F811
    assert ring1("lsp", status=1).out == ""  # the editor has gone without a word
    begin = framed({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}})
    bye = framed({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}) + framed({"jsonrpc": "2.0", "method": "exit"})
    assert "capabilities" in ring1("lsp", stdin=begin + bye, status=0).out
    assert "nowhere" in ring1("lsp", "--isa", "nowhere", stdin=begin + bye, status=1).out
    assert "no Language Server Protocol" in ring1("lsp", stdin=b"hello\r\n\r\n", status=2).err


@pytest.mark.parametrize("changes", [[], [{}], [{"text": 5}], {}, 7, None])
def test_changes_that_are_none(ring1: Command, changes: object) -> None:  # noqa: F811
    """Whatever an editor sends as the changes of a document, the server goes on."""
    document = {"uri": "file:///a.s", "version": 1, "text": "a:      nop\n"}
    said: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": document}},
        {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": "http://[", "text": "nop"}}},
        {"method": "textDocument/didChange", "params": {"textDocument": document, "contentChanges": changes}},
        {"id": 2, "method": "textDocument/documentSymbol", "params": {"textDocument": document}},
        {"id": 3, "method": "shutdown"},
        {"method": "exit"},
    ]
    done = ring1("lsp", stdin=b"".join(framed({"jsonrpc": "2.0", **message}) for message in said), status=0)
    assert '"name": "a"' in done.out and not done.err
