"""The server of a page: on the loopback device, for who knows the token in the page's address."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.dap.arguments import Arguments
from ring1.dbt.explore.desk import Desk, told
from ring1.dbt.explore.requests import REQUESTS
from ring1.dbt.explore.worker import UnderWay
from ring1.isa.digits import whole
from ring1.isa.source import SourceError

LOOPBACK = "127.0.0.1"
NAMES = (LOOPBACK, "localhost")
"""What a browser may call the host: a page of another name, whoever's it is, is not answered."""
MOST_BODY = 1 << 24
SECONDS = 30
"""How long a client may take to send a request."""
MOST_THREADS = 64
HEADER = "X-Ring1-Token"
PAGE = Path(__file__).with_name("page")
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request is not answered."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        self.status = status
        super().__init__(why)


class Server(ThreadingHTTPServer):
    """Serves the page of a desk."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, desk: Desk, port: int) -> None:
        """Port 0 is any. Raises OSError if the port cannot be had."""
        self.desk = desk
        self.token = secrets.token_urlsafe(24)
        self.files = {path.name: path.read_bytes() for path in PAGE.iterdir() if path.suffix in KINDS}
        self.room = threading.BoundedSemaphore(MOST_THREADS)
        super().__init__((LOOPBACK, port), Handler)
        self.port = self.server_port

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/{self.token}/"

    def server_bind(self) -> None:
        """Take the port; the name of the host is not looked up."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own, if there are not too many."""
        if self.room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """See `process_request`."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client has gone: that is not told."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "ring1"
    sys_version = ""
    timeout = SECONDS
    server: Server

    def do_GET(self) -> None:
        """The page and its files, below the token."""
        try:
            self.check_host()
            _, token, name = (*self.path.partition("?")[0].split("/", 2), "", "")[:3]
            self.check_token(token)
            name = name or "index.html"
            if name not in self.server.files:
                raise Refused(HTTPStatus.NOT_FOUND, "there is no such file")
            self.put(HTTPStatus.OK, self.server.files[name], KINDS[Path(name).suffix])
        except Refused as refused:
            self.refuse(refused)

    def do_POST(self) -> None:
        """A request of the page's, `/api/NAME`."""
        try:
            self.check_host()
            self.check_token(self.headers.get(HEADER, ""))
            answer = self.answer(self.path, self.body())
            self.put(HTTPStatus.OK, json.dumps(answer).encode(), "application/json")
        except Refused as refused:
            self.refuse(refused)

    def answer(self, path: str, body: Any) -> Any:
        """Raises Refused."""
        made = REQUESTS.get(path.removeprefix("/api/")) if path.startswith("/api/") else None
        if made is None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is no such request")
        try:
            return made(self.server.desk, Arguments(body))
        except UnderWay as error:
            raise Refused(HTTPStatus.CONFLICT, str(error)) from None
        except (MachineError, SourceError) as error:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, told(error)) from None
        except Exception as error:
            what = f"internal error: {type(error).__name__}: {error}"
            raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, what) from error

    def check_host(self) -> None:
        """Raise Refused if another name than this host's has led here, or another site's page asks."""
        hosts = {f"{name}:{self.server.port}" for name in NAMES}
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in hosts or (origin and origin not in {f"http://{host}" for host in hosts}):
            raise Refused(HTTPStatus.FORBIDDEN, "this page is served to this host alone")

    def check_token(self, token: str) -> None:
        """Raise Refused if the token is another."""
        if not hmac.compare_digest(token.encode(errors="replace"), self.server.token.encode()):
            raise Refused(HTTPStatus.FORBIDDEN, "the address has not the token that ring1 has printed")

    def body(self) -> Any:
        """Return the object in the request's body. Raises Refused."""
        try:
            length = whole(self.headers.get("Content-Length", ""))
        except ValueError:
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "a request says how long it is") from None
        if length > MOST_BODY:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a request has {MOST_BODY:,} bytes at most")
        try:
            found = json.loads(self.rfile.read(length) or b"{}")
        except (ValueError, RecursionError) as error:
            raise Refused(HTTPStatus.BAD_REQUEST, f"no JSON: {error}") from None
        if not isinstance(found, dict):
            raise Refused(HTTPStatus.BAD_REQUEST, "a request is an object")
        return found

    def refuse(self, refused: Refused) -> None:
        """Say why there is no answer. What was sent is not read: the connection ends."""
        self.close_connection = True
        self.put(refused.status, json.dumps({"error": str(refused)}).encode(), "application/json")

    def put(self, status: HTTPStatus, data: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: requests are many."""
