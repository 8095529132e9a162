"""Who asks the server of `ring1 explore` without a browser."""

from __future__ import annotations

import http.client
import json
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.explore.desk import Desk
from ring1.dbt.explore.server import HEADER, LOOPBACK, Server
from ring1.dbt.explore.subject import Subject, described
from ring1.isa.record import replace

SECONDS = 60


def address(process: subprocess.Popen[bytes]) -> str:
    """Return the address that a process of `ring1 explore` prints."""
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    assert line.startswith("ring1: until Ctrl-C, the page is at http://127.0.0.1:"), line
    return line.split()[-1]


class Client:
    """A server in this process, and requests to it."""

    def __init__(self, *files: tuple[str, str], engine: str | None = None, isa: str = "pg32", **options: Any) -> None:
        made = replace(Subject(described(isa), files, max(len(files), 1)), **options)
        self.desk = Desk(made, ENGINES, engine)
        self.server = Server(self.desk, 0)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.desk.close()
        self.thread.join(SECONDS)

    def raw(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers of an answer."""
        line = http.client.HTTPConnection(LOOPBACK, self.server.port, timeout=SECONDS)
        try:
            line.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = line.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            line.close()

    def post(self, name: str, given: Any) -> tuple[int, Any]:
        status, data, _ = self.raw("POST", f"/api/{name}", json.dumps(given).encode(), **{HEADER: self.server.token})
        return status, json.loads(data)

    def __call__(self, request: str, /, **given: Any) -> Any:
        """Return the answer to a request, which must succeed."""
        status, answer = self.post(request, given)
        assert status == 200, answer
        return answer

    def refused(self, request: str, /, **given: Any) -> str:
        """Return why a request is refused."""
        status, answer = self.post(request, given)
        assert 400 <= status < 500, (status, answer)
        return str(answer["error"])

    # --- The machine -----------------------------------------------------------------------

    def state(self) -> Any:
        return self("state", since=0)

    def until(self, holds: Callable[[Any], bool], seconds: float = SECONDS) -> Any:
        """Return the state when something holds of it."""
        end = time.monotonic() + seconds
        while not holds(state := self.state()):
            assert time.monotonic() < end, state
            time.sleep(0.01)
        return state

    def do(self, line: str) -> Any:
        """Carry out a command of the debugger's; return the machine."""
        self("command", line=line)
        return self.until(lambda state: not state["task"])["machine"]

    def compare(self, first: str, second: str, limit: int = 10**6) -> Any:
        self("compare", first=first, second=second, limit=limit)
        return self.until(lambda state: state["comparison"]["result"])["comparison"]["result"]
