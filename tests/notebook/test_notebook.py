"""`%%ring1`: the notebook in docs is executed by a kernel of its own, and shows what it shows there; and cells."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import ring1
from ring1.dbt.notebook.magic import Cells

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
SECONDS = 120
PROGRAM = "_start: in a0, zero\n out zero, a0\nend: li t0, 0xf0\n out t0, zero\n"
LOOP = "_start: j _start\n"


def shown(notebook: Any) -> list[str]:
    """The text that each cell shows, in however many parts it has come."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return ["".join(output.get("text") or output["data"]["text/plain"] for output in cell.outputs) for cell in cells]


def test_the_notebook_in_docs() -> None:
    known = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    again = nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]
    for cell in again.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    resources = {"metadata": {"path": str(ROOT)}}
    NotebookClient(again, timeout=SECONDS, kernel_name="python3", resources=resources).execute()
    assert shown(again) == shown(known)
    assert sum(map(bool, shown(known))) > 7
    machines = [output for cell in known.cells for output in cell.get("outputs", []) if "text/html" in str(output)]
    assert len(machines) == 2 and all("<th>a0</th>" in output["data"]["text/html"] for output in machines)


class Shell:
    """What cells need of IPython's."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    def push(self, names: dict[str, Any]) -> None:
        self.names.update(names)


def test_options(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell()
    cells = Cells(shell)
    made = cells('m --engine interp --input "\\x41" --until end', PROGRAM)
    assert made is not None and shell.names == {"m": made}
    assert made.engine == "interp" and made.console.text == "A" and made.pc == made.labels["end"]
    assert capsys.readouterr().out == "breakpoint, after 2 instructions\n"
    made.close()
    for line, count in (("--load", 0), ("--max-insns 1 --input x", 1)):
        with cells(line, PROGRAM) or pytest.fail() as machine:
            assert machine.count == count
    assert capsys.readouterr().out == "limit, after 1 instructions\n"


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        ("--engin bt", PROGRAM, "%%ring1: unrecognized arguments: --engin"),
        ("--engine jit", PROGRAM, "there is no engine 'jit'"),
        ("--isa nowhere", PROGRAM, "nowhere"),
        ("--until nowhere", PROGRAM, "no label 'nowhere'"),
        ("--max-insns many", PROGRAM, "invalid int value"),
        ("--max-insns -1", PROGRAM, "no count"),
        ('--input "', PROGRAM, "No closing quotation"),
        ("", "addi a0, a0", "<text>:1:1: error: addi with 2 operands"),
    ],
)
def test_mistakes_are_told(line: str, cell: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert Cells(Shell())(line, cell) is None
    assert said in capsys.readouterr().out


def test_an_interrupted_cell_has_its_machine(capsys: pytest.CaptureFixture[str]) -> None:
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with Cells(Shell())("m", LOOP) or pytest.fail() as machine:
        assert machine.count > 0 and "interrupted after" in capsys.readouterr().out
        before = machine.count
        machine.step(3)
        assert machine.count == before + 3


def test_the_extension_is_found_where_ipython_looks() -> None:
    registered: list[tuple[Any, str, str]] = []

    class Registering:
        def register_magic_function(self, function: Any, kind: str, name: str) -> None:
            registered.append((function, kind, name))

    ring1.load_ipython_extension(Registering())
    assert [(kind, name) for _, kind, name in registered] == [("cell", "ring1")]
