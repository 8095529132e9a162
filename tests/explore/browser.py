"""Chromium without a window, driven over a pipe by its own protocol: one message a line, ended by a zero byte."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
SECONDS = 60.0
KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
    "ArrowRight": 39, "ArrowDown": 40, "F2": 113, "F4": 115, "F8": 119, "F9": 120,
}  # fmt: skip
SHIFT, CONTROL = 8, 2
NO_PAGE = ("Cannot find default execution context", "Inspected target navigated or closed")


class Between(Exception):
    """One page is gone, and the next not there yet."""


class Browser:
    """One browser with one tab."""

    def __init__(self, profile: Path) -> None:
        theirs, self.out = os.pipe()
        self.into, theirs_out = os.pipe()
        shifted = [os.dup2(fd, fd + 40) for fd in (theirs, theirs_out)]
        script = f'exec 3<&{shifted[0]} 4>&{shifted[1]}; exec "$@"'
        command = ["bash", "-c", script, "bash", str(BROWSER), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=shifted
        )
        for fd in (theirs, theirs_out, *shifted):
            os.close(fd)
        self.buffer = b""
        self.number = 0
        self.complaints: list[str] = []
        """What the page has written on the browser's console as errors and warnings, and exceptions."""
        self.session = ""
        [target] = [each for each in self.send("Target.getTargets")["targetInfos"] if each["type"] == "page"][:1]
        self.session = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> Any:
        """Carry out a command of the protocol."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + SECONDS
        while True:
            answer = self.next(end)
            if answer.get("id") == self.number:
                if answer.get("error", {}).get("message") in NO_PAGE:
                    raise Between
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.hear(answer)

    def next(self, end: float) -> Any:
        while b"\0" not in self.buffer:
            assert select.select([self.into], [], [], max(end - time.monotonic(), 0))[0], "the browser says nothing"
            data = os.read(self.into, 1 << 20)
            assert data, "the browser has gone"
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(line)

    def hear(self, event: Any) -> None:
        params = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(params["exceptionDetails"])[:2000])
            case "Runtime.consoleAPICalled" if params["type"] in ("error", "warning", "assert"):
                self.complaints.append(json.dumps(params["args"])[:2000])
            case "Log.entryAdded" if params["entry"]["level"] in ("error", "warning"):
                self.complaints.append(json.dumps(params["entry"])[:2000])

    # --- What a user does -----------------------------------------------------------------

    def size(self, width: int, height: int) -> None:
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def scheme(self, name: str) -> None:
        """Have the user prefer light or dark."""
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def open(self, url: str) -> None:
        self.send("Page.navigate", url=url)
        self.wait("document.readyState === 'complete'")

    @contextmanager
    def another(self, url: str) -> Iterator[None]:
        """Work in a second tab."""
        first, self.session = self.session, ""
        target = self.send("Target.createTarget", url=url)["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        try:
            self.wait("document.readyState === 'complete'")
            yield
        finally:
            self.session = ""
            self.send("Target.closeTarget", targetId=target)
            self.session = first

    def js(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        done = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, (expression, done["exceptionDetails"])
        return done["result"].get("value")

    def wait(self, expression: str, seconds: float = SECONDS) -> Any:
        """Return the value of an expression when it is true."""
        end = time.monotonic() + seconds
        while True:
            found = None
            with suppress(Between):
                found = self.js(expression)
            if found or found == {}:  # an element of the page
                return found
            assert time.monotonic() < end, f"never true: {expression}; complaints: {self.complaints}"
            time.sleep(0.02)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press a key: one of KEYS, or a character."""
        code = KEYS.get(key, ord(key[0].upper()))
        text = "\r" if key == "Enter" and not modifiers else key if len(key) == 1 else ""
        told = {"key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.send("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **told)
        self.send("Input.dispatchKeyEvent", type="keyUp", **told)

    def type(self, text: str) -> None:
        self.send("Input.insertText", text=text)

    def middle(self, selector: str) -> tuple[float, float]:
        """Return the middle of an element, which is scrolled to."""
        found = self.js(
            f"(e => {{ e.scrollIntoView({{block: 'nearest'}}); const r = e.getBoundingClientRect();"
            f" return [r.x + r.width / 2, r.y + r.height / 2]; }})(document.querySelector({json.dumps(selector)}))"
        )
        return found[0], found[1]

    def mouse(self, kind: str, x: float, y: float, button: str = "none", clicks: int = 0) -> None:
        held = int(button == "left")
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=clicks, buttons=held)

    def hover(self, selector: str) -> None:
        self.mouse("mouseMoved", *self.middle(selector))

    def click(self, selector: str) -> None:
        x, y = self.middle(selector)
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, "left", 1)
        self.mouse("mouseReleased", x, y, "left", 1)

    def drag(self, selector: str, share: float) -> None:
        """Drag what is in an element to a share of its width."""
        x, y = self.middle(selector)
        left, width = self.js(
            f"(r => [r.x, r.width])(document.querySelector({json.dumps(selector)}).getBoundingClientRect())"
        )
        self.mouse("mousePressed", x, y, "left", 1)
        for step in (0.7, 0.9, 1.0):
            self.mouse("mouseMoved", x + (left + share * width - x) * step, y, "left")
        self.mouse("mouseReleased", left + share * width, y, "left", 1)

    def picture(self, path: Path, whole: bool = False) -> None:
        """Write what the page looks like."""
        done = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(done["data"]))

    def until(self, holds: Callable[[], bool], seconds: float = SECONDS) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end
            time.sleep(0.02)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(SECONDS)
        os.close(self.out)
        os.close(self.into)
