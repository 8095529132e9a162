"""Who is answered: this host's own browser, with the token, within limits."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from typing import Any

import pytest

from ring1.dbt.explore.requests import REQUESTS
from ring1.dbt.explore.server import HEADER, LOOPBACK, MOST_BODY
from tests.explore.client import Client
from tests.explore.programs import COUNT

Make = Callable[..., Client]


@pytest.fixture
def one(client: Make) -> Client:
    return client(("count.s", COUNT))


def test_the_page_and_its_files_need_the_token(one: Client) -> None:
    token = one.server.token
    status, page, headers = one.raw("GET", f"/{token}/")
    assert status == 200 and b"<title>ring1 explore" in page
    names = re.findall(rb'(?:src|href)="([^"]+)"', page)
    assert b"app.js" in names and len(names) >= 3
    for name in names:
        assert one.raw("GET", f"/{token}/{name.decode()}")[0] == 200
    assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    for path in ("/", "/app.js", "/x/app.js", f"/{token[:-1]}/", f"/{token}x/", "//", "/%20/", f"/{token[:-1]}é/"):
        assert one.raw("GET", path.replace("é", "%C3%A9"))[0] == 403, path


def test_nothing_but_the_page_is_served(one: Client) -> None:
    token = one.server.token
    for name in ("../server.py", "..%2fserver.py", "/etc/passwd", "nothing.js", "page/app.js", "app.js/"):
        assert one.raw("GET", f"/{token}/{name}")[0] == 404, name


def test_the_page_names_no_other_host(one: Client) -> None:
    for name, data in one.server.files.items():
        text = data.decode().replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text and "https:" not in text and "innerHTML" not in text, name


def test_requests_need_the_token_in_a_header(one: Client) -> None:
    token, path = one.server.token, "/api/state"
    assert one.raw("POST", path, b"{}", **{HEADER: token})[0] == 200
    wrong: list[dict[str, str]] = [{}, {HEADER: ""}, {HEADER: token[:-1]}, {HEADER: token + "x"}, {"Cookie": token}]
    for headers in wrong:
        status, body, _ = one.raw("POST", path, b"{}", **headers)
        assert status == 403 and b"token" in body and b"machine" not in body
    assert one.raw("POST", f"/{token}/api/state", b"{}")[0] == 403
    assert one.raw("GET", path, **{HEADER: token})[0] == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", "[::1]:{port}"]
)
def test_other_names_of_the_host_are_refused(one: Client, host: str) -> None:
    """A page elsewhere may have its name lead here."""
    named = host.format(port=one.server.port)
    assert one.raw("GET", f"/{one.server.token}/", Host=named)[0] == 403
    assert one.raw("POST", "/api/state", b"{}", Host=named, **{HEADER: one.server.token})[0] == 403


def test_other_origins_are_refused(one: Client) -> None:
    token, own = one.server.token, f"http://127.0.0.1:{one.server.port}"
    for origin, status in ((own, 200), ("http://evil.example", 403), ("null", 403), (own + "0", 403)):
        assert one.raw("POST", "/api/state", b"{}", Origin=origin, **{HEADER: token})[0] == status, origin
    assert one.raw("POST", "/api/state", b"{}", Host=f"localhost:{one.server.port}", **{HEADER: token})[0] == 200


def test_it_listens_on_the_loopback_device_alone(one: Client) -> None:
    assert one.server.server_address[0] == LOOPBACK


def test_bodies_are_bounded_and_are_objects(one: Client) -> None:
    token = {HEADER: one.server.token}
    for length, status in ((str(MOST_BODY + 1), 413), ("-1", 411), ("", 411), ("nine", 411), ("²", 411)):
        with socket.create_connection((LOOPBACK, one.server.port), timeout=20) as line:
            head = f"POST /api/state HTTP/1.1\r\nHost: 127.0.0.1:{one.server.port}\r\n{HEADER}: {one.server.token}\r\n"
            line.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode())
            assert line.recv(100).split(b" ")[1] == str(status).encode(), length
    for body in (b"", b"{", b"[]", b"1", b"\xff", b"[" * 100_000):
        wanted = 200 if not body else 400
        assert one.raw("POST", "/api/state", body, **token)[0] == wanted, body[:10]
    assert one.post("nothing", {})[0] == 404
    assert one.state()["machine"]


def test_wrong_arguments_are_told(one: Client) -> None:
    """Whatever a request is given, it is answered or refused, and nothing fails within."""
    odd: list[Any] = [None, True, -1, 1 << 80, 1.5, "", "\0", "x" * 5000, [], [[]], {}, {"a": []}]
    fields = ("since", "files", "name", "line", "text", "engine", "focus", "mode", "live", "word", "place", "offset",
              "rows", "watch", "first", "second", "limit", "snapshot", "data", "comparison", "end",
              "description")  # fmt: skip
    for request in REQUESTS:
        for value in odd:
            status, answer = one.post(request, dict.fromkeys(fields, value))
            assert status in (200, 409, 422), (request, value, answer)
            one.until(lambda state: not state["task"] and not state["comparison"]["task"])
    assert one.state()["machine"]["engine"]


def test_a_client_that_sends_nothing_keeps_nobody_waiting(one: Client) -> None:
    with socket.create_connection((LOOPBACK, one.server.port)) as silent:
        silent.sendall(b"POST /api/state HTTP/1.1\r\n")
        assert json.dumps(one.state())
