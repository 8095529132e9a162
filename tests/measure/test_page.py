"""The page of `ring1 bench --html`: what is in it, and how a real browser shows it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ring1.dbt.report.bench.baseline import changes
from ring1.dbt.report.bench.generations import ORDER, crossings, curves
from ring1.dbt.report.bench.page import page
from tests.measure.results import made, measured

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--enable-logging=stderr",
)
SECONDS = 120
PROBE = """<script>
const wide = [...document.querySelectorAll("body *")].filter(e => !e.closest(".table") || e.matches(".table"))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest("svg"));
const drawn = [...document.querySelectorAll("figure.chart")].map(f => f.id + ":"
  + [...f.querySelectorAll("[role=img]")].filter(e => e.getBoundingClientRect().height > 20
    && e.getBoundingClientRect().width > 100 && e.getAttribute("aria-label")).length
  + ":" + [...f.querySelectorAll(".fill")].filter(e => e.getBoundingClientRect().width > 0).length);
const found = {inner: innerWidth, scroll: document.documentElement.scrollWidth, drawn,
  wide: wide.map(e => e.outerHTML.slice(0, 80)), caption: document.querySelectorAll("figure.chart > figcaption").length,
  dark: matchMedia("(prefers-color-scheme: dark)").matches, page: getComputedStyle(document.body).backgroundColor};
parent.document.documentElement.setAttribute("data-found", JSON.stringify(found));
</script></body>"""
"""What a page is asked in the browser. The page itself has no script."""


def whole() -> dict[str, Any]:
    """A result with everything that a page can show, and names and figures that need room."""
    engines = ("bare", "bt", "trap", "hybrid", "para", "kvm")
    nano = {
        name: {engine: measured(10.0**n * 3, {"exit": 1.0}) for n, engine in enumerate(engines)}
        | {"hw": measured(1, {"exit": 1.0})}
        for name in ("syscall", "in", "cr8wr", "callret", "pgfault", "divzero", "ptemod", "interrupt")
    }
    macro = {name: {engine: measured(1e7, {"exit": 50}) for engine in engines} for name in ("compute", "forkwait")}
    peers = ("native", "bare", "bt", "qemu-riscv32", "qemu-system-riscv32", "unicorn")
    return made(nano, macro=macro, kernels={name: dict.fromkeys(peers, measured(3e8)) for name in ("sieve", "fib")})


class Tags(HTMLParser):
    """The tags of a page, which must be balanced."""

    VOID = frozenset({"meta", "link", "br", "line", "circle", "polyline"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.VOID

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_needs_nothing_else() -> None:
    text = page(whole())
    assert Tags(text).links == ["data:,"]
    assert "<script" not in text and "url(" not in text and "http" not in text.replace("http-equiv", "")


def test_text_is_text() -> None:
    found = whole()
    found["host"]["cpu"] = "<b>cpu</b> & more"
    found["suites"]["nano"][0]["operation"] = "<script>alert(1)</script>"
    text = page(found)
    assert "<b>cpu</b>" not in text and "<script>" not in text and html.escape("<b>cpu</b> & more") in text


def test_a_page_of_little_or_nothing() -> None:
    for found in (made({}), made({"in": {}}), {**made({"in": {"bt": measured(1)}}), "partial": True}):
        Tags(page(found))
    assert "Partial: the run was interrupted" in page({**made({}), "partial": True})


def test_changes_against_a_baseline() -> None:
    old, new = made({"in": {"bt": measured(100)}}), made({"in": {"bt": measured(50)}})
    assert "Against the baseline" not in page(new)
    assert re.search(
        r"<td>bt</td><td>100 ns</td><td>50.0 ns</td><td><span class=\"good\">faster", page(new, changes(new, old))
    )
    assert "Of 1 figures none has changed" in page(new, changes(new, new))


def test_crossing_points() -> None:
    """At 1 cycle a nanosecond an exit costs 3963 cycles on Prescott and 1579 on Merom: 2000 is between them."""
    found = made({"in": {"bare": measured(0.001), "bt": measured(2000), "hw": measured(1, {"exit": 1.0})}})
    row = found["suites"]["nano"][0]
    [crossing] = crossings(curves(found, row))
    assert crossing.name == "hw" and 0 < crossing.place < 1 and crossing.cycles == 2000
    assert f"bt and hw are equal between {ORDER[0]} and {ORDER[1]}" in page(found)
    far = made({"in": {"bare": measured(1), "bt": measured(20), "hw": measured(1, {"exit": 1.0})}})
    assert crossings(curves(far, far["suites"]["nano"][0])) == []


needs_browser = pytest.mark.skipif(BROWSER is None, reason="no browser: there is no chromium in PATH")


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """A function that shows a page as wide as wished, and tells what the probe has found. The page is in a frame:
    a browser's window cannot be as narrow as a telephone."""
    path = tmp_path / "page.html"
    framed = html.escape(page(whole()).replace("</body>", PROBE))

    def show(width: int, *flags: str) -> dict[str, Any]:
        path.write_text(f'<!doctype html><iframe width="{width}" height="1500" srcdoc="{framed}"></iframe>')
        profile = tmp_path / f"profile{width}{len(flags)}"
        command = [str(BROWSER), *FLAGS, *flags, f"--user-data-dir={profile}", "--window-size=1600,1600"]
        done = subprocess.run(
            [*command, "--dump-dom", path.as_uri()], capture_output=True, text=True, timeout=SECONDS, check=True
        )
        assert "CONSOLE" not in done.stderr, done.stderr
        found = re.search(r'data-found="([^"]*)"', done.stdout)
        assert found is not None, done.stdout[:500]
        return dict(json.loads(html.unescape(found.group(1))))

    return show


@needs_browser
@pytest.mark.parametrize("width", [400, 1400])
def test_in_a_browser_it_fits_and_charts_are_drawn(shown: Callable[..., dict[str, Any]], width: int) -> None:
    found = shown(width)
    assert found["inner"] == width
    assert found["scroll"] <= width and found["wide"] == []
    drawn = {name: (int(labelled), int(bars)) for name, labelled, bars in (each.split(":") for each in found["drawn"])}
    assert drawn == {
        "nano": (8, 8 * 6),
        "macro": (2, 2 * 6),
        "events": (2, 2 * 6),
        "kernels": (2, 2 * 6),
        "generations": (8, 0),
    }
    assert found["caption"] == len(drawn)


@needs_browser
def test_light_and_dark(shown: Callable[..., dict[str, Any]]) -> None:
    light, dark = shown(1400), shown(1400, "--force-dark-mode", "--blink-settings=preferredColorScheme=0")
    assert not light["dark"] and dark["dark"]
    assert light["page"] == "rgb(255, 255, 255)" and dark["page"] != light["page"]
