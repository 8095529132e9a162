"""Sessions of @vscode/debugadapter-testsupport, which was not written here, with `ring1 dap` in a process."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Command, environment, ring1  # noqa: F401
from tests.gdb.test_gdb import FACT

SESSIONS = Path(__file__).with_name("session.js")
NODE = shutil.which("node")
CLIENT = Path(__file__).parents[2] / ".venv" / "node" / "node_modules"
"""Where `make setup` puts the client, if there is npm."""
SECONDS = 120

pytestmark = pytest.mark.skipif(
    NODE is None or not (CLIENT / "@vscode").is_dir(), reason="no node, or no @vscode/debugadapter-testsupport"
)


@pytest.mark.parametrize("name", re.findall(r"^    async (\w+)\(\) \{$", SESSIONS.read_text(), re.MULTILINE))
def test_session(ring1: Command, name: str) -> None:  # noqa: F811
    ring1.write("prog.s", FACT.lstrip("\n"))
    done = subprocess.run(
        [str(NODE), str(SESSIONS), name, " ".join(ring1.argv()), str(ring1.folder)],
        env=ring1.environment | {"NODE_PATH": str(CLIENT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
