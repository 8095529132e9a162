"""The page in a browser: every panel, the keyboard alone, light and dark, narrow and wide."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pygments.lexers import get_lexer_by_name

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.highlight.lexers import TOKENS
from ring1.isa.files import SHIPPED
from tests.cli.conftest import EXAMPLES, Command
from tests.explore.browser import BROWSER, CONTROL, SHIFT, Browser
from tests.explore.client import Client, address
from tests.explore.programs import BAD, COUNT, ECHO, FOREVER, HOLE
from tests.gdb.test_gdb import PAGED

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no browser: there is no chromium in PATH")

FIB = ("examples/fib.s", (EXAMPLES / "fib.s").read_text())
PANELS = ("console", "memory", "pages", "exits", "heat", "engines", "description", "devices", "debugger")
Visit = Callable[..., Browser]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    made = Browser(tmp_path_factory.mktemp("browser") / "profile")
    yield made
    made.close()


@pytest.fixture
def visit(browser: Browser, client: Callable[..., Client]) -> Iterator[Visit]:
    """A function that serves a program and shows its page. Nothing may be complained of on it."""
    browser.complaints.clear()

    def go(*files: tuple[str, str], width: int = 1400, scheme: str = "light", **options: Any) -> Browser:
        made = client(*files, **options)
        browser.size(width, 900)
        browser.scheme(scheme)
        browser.open(made.server.url)
        browser.wait("window.desk && document.getElementById('status').textContent")
        browser.wait(
            "!desk.state.machine || !document.getElementById('step').disabled && document.querySelector('#host > *')"
        )
        return browser

    yield go
    assert browser.complaints == []
    browser.open("about:blank")


def at(page: Browser) -> int:
    """How many instructions have retired, as the page shows it, when nothing is under way."""
    page.wait("!desk.state.task && !document.getElementById('step').disabled")
    return int(page.js("document.getElementById('count').value.replace(/,/g, '')"))


def arrive(page: Browser, count: int) -> None:
    page.wait(
        "!desk.state.task && !document.getElementById('step').disabled"
        f" && document.getElementById('count').value.replace(/,/g, '') === '{count}'"
    )


def tab(page: Browser, name: str) -> None:
    page.click(f"#tab-{name}")
    page.wait(f"!document.getElementById('panel-{name}').hidden")


def text(page: Browser, selector: str) -> str:
    return str(page.js(f"document.querySelector({json.dumps(selector)}).innerText"))


def says(page: Browser, selector: str, *parts: str) -> None:
    """Wait for texts to be in an element."""
    held = " && ".join(
        f"document.querySelector({json.dumps(selector)}).innerText.includes({json.dumps(part)})" for part in parts
    )
    page.wait(held)


# --- Panels --------------------------------------------------------------------------------


def test_every_panel(visit: Visit) -> None:
    page = visit(FIB)
    says(page, "#guest", "fib:", "jal ra, 0x3c")
    says(page, "#host", "_start", "insns")
    says(page, "#registers", "General", "psw", "Stack")
    page.click("#run")
    says(page, "#status", "exit code 0")
    assert at(page) > 200_000
    says(page, "#console-text", "fib(20) = 6765")
    tab(page, "memory")
    page.click("#memory-at")
    page.type("_start")
    page.press("Enter")
    says(page, "#hex", "_start", "00000000")
    tab(page, "pages")
    says(page, "#mapped", "Paging is off")
    tab(page, "exits")
    says(page, "#exit-tables", "callout out", "Where they come from", "power_off")
    tab(page, "heat")
    says(page, "#hot", "fib", "%", "blocks translated")
    assert page.js("document.querySelectorAll('#guest .heat').length") > 5
    tab(page, "engines")
    page.click("#compare")
    says(page, "#parting", "interp and bt are equivalent", "229,989")
    tab(page, "description")
    says(page, "#verdicts", "Theorem 1 fails", "getpsw", "Encodings")
    tab(page, "devices")
    says(page, "#devices-text", "console: ports")
    tab(page, "debugger")
    page.click("#command")
    page.type("who wrote *0xffff60")
    page.press("Enter")
    says(page, "#log", "*0xffff60 was", "sw ")


def test_engines_are_changed_and_shown(visit: Visit) -> None:
    page = visit(("hole.s", HOLE))
    select = (
        "(id, name) => { const e = document.getElementById(id); e.value = name; e.dispatchEvent(new Event('change')); }"
    )
    page.js(f"({select})('shown-engine', 'trap')")
    says(page, "#host", "callout", "to the VMM")
    page.js(f"({select})('shown-engine', '{ENGINES.reference.name}')")
    says(page, "#host", "translates nothing")
    page.js(f"({select})('engine', 'hw')")
    page.wait("desk.state.machine.engine === 'hw'")
    tab(page, "devices")
    says(page, "#devices-text", "VMCS")


def test_paging_is_shown(visit: Visit) -> None:
    """A user's program at addresses of its own: its source, the tables, a walk."""
    page = visit(("paged.s", PAGED))
    page.js("desk.command('break *0x5004')")
    page.wait("desk.state.machine.points.length === 1 && !document.getElementById('run').disabled")
    page.press("F8")
    says(page, "#status", "breakpoint 1", "0x00005004")
    says(page, "#guest .here", "addi a0, a0, 4")  # where the program has it: its physical address
    page.wait("document.querySelector('.source .l.here')")
    says(page, "#registers", "mode 3")
    tab(page, "pages")
    says(page, "#mapped", "What the tables map", "00005000-00005fff", "TLB")
    page.click("#walk-at")
    page.type("pc")
    page.press("Enter")
    says(page, "#walk", "fetch: 00005004 -> ")


def test_one_colour_and_one_light_for_what_belongs_together(visit: Visit) -> None:
    page = visit(FIB)
    page.wait("document.querySelector('#host .insn')")
    at_ = page.js("[...document.querySelectorAll('#guest .row')].find(r => r.innerText.includes('sltiu')).dataset.at")
    key = page.js(f"document.getElementById('g{at_}').dataset.key")
    assert key.startswith("examples/fib.s:")
    line = key.split(":")[1]
    page.js(f"desk.source({{file: 'examples/fib.s', line: {line}}})")
    page.hover(f"#g{at_}")
    page.wait(
        f"document.querySelectorAll('#guest .lit').length === 1 && document.getElementById('g{at_}').matches('.lit')"
    )
    assert page.js("document.querySelectorAll('#host .lit').length") >= 1
    page.wait(f"document.querySelector('.source .l.lit .g')?.textContent === '{line}'")
    hue = page.js(f"[...document.getElementById('g{at_}').classList].find(c => /^k[0-9]$/.test(c))")
    assert page.js(
        f"[...document.querySelectorAll('#host .insn[data-at=\"{at_}\"]')].every(e => e.classList.contains('{hue}'))"
    )
    assert page.js(f"document.querySelector('.source .l.lit').classList.contains('{hue}')")
    page.hover("#timeline")
    page.wait("!document.querySelector('.lit')")


def test_the_timeline_is_dragged(visit: Visit) -> None:
    page = visit(FIB)
    page.click("#run")
    says(page, "#status", "exit code 0")
    last = at(page)
    for share in (0.5, 0.1, 0.9):
        page.drag("#timeline", share)
        page.wait(
            f"!desk.going && !desk.dragging && Math.abs(desk.state.machine.count - {share} * {last}) < {last} / 20"
        )
    page.click("#begin")
    arrive(page, 0)


def test_the_description_is_edited(visit: Visit) -> None:
    page = visit(FIB)
    tab(page, "description")
    says(page, "#isa-note", "as the machine that runs")

    def change(old: str, new: str) -> None:
        """Select a text in the editor, and type another over it."""
        found = page.js(
            f"(e => {{ const at = e.value.indexOf({json.dumps(old)}); e.focus();"
            f" e.setSelectionRange(at, at + {len(old)}); return at; }})"
            "(document.querySelector('#isa-editor textarea'))"
        )
        assert found >= 0
        page.type(new)

    change(
        "insn getpsw : D(0x90) { rd = psw; }",
        "insn getpsw : D(0x90) { require psw.RING == 0 else privileged; rd = psw; }",
    )
    says(page, "#isa-note", "1 instruction and 0 translated blocks changed")
    says(page, "#verdicts", "What has changed", "getpsw has changed: class, meaning", "not privileged")
    change("I(0x2a) { rd = zx(rs1 <u imm); }", "I(0x7d) { rd = zx(imm <u rs1); }")
    says(page, "#isa-note", "2 instructions and")
    says(page, "#verdicts", "Translations by bt that have changed", "sltiu has changed: encoding, meaning")
    change("rd = zx(imm <u rs1)", "rd = zx(imm <u rs9)")
    says(page, "#isa-faults", "pg32.isa:", "rs9", "^")
    says(page, "#isa-note", "1 error")
    page.click("#isa-faults button")
    assert page.js("document.activeElement === document.querySelector('#isa-editor textarea')")
    change("rs9", "rs1")
    page.wait("!document.getElementById('adopt').disabled && !document.getElementById('isa-faults').childElementCount")
    page.click("#adopt")
    page.wait("desk.build === 2")
    page.click("#tab-console")
    page.click("#run")
    page.wait("!desk.state.task && desk.state.machine.stop")
    assert "fib(20) = 6765" not in text(page, "#console-text")


def test_two_engines_part_and_one_goes_there(visit: Visit) -> None:
    page = visit(("hole.s", HOLE))
    tab(page, "engines")
    page.js("document.getElementById('second-engine').value = 'trap'")
    page.click("#compare")
    says(page, "#parting", "trap parts from interp after 3 instructions", "getpsw a1")
    page.click("#parting .link")
    arrive(page, 3)


# --- Programs with errors, runs without end, what is hostile ----------------------------------------


def test_errors_are_in_the_editor(visit: Visit) -> None:
    page = visit(("bad.s", BAD))
    says(page, "#status", "2 errors in the program")
    says(page, "#faults", "bad.s:1:", "^", "nonsense")
    page.wait("document.querySelectorAll('.source .l.wrong').length === 2")
    page.click("#faults button:nth-child(2)")
    assert page.js("desk.editor.line()") == 2
    page.press("a", CONTROL)
    page.js("document.querySelector('#editor textarea').select()")
    page.type(COUNT)
    page.wait("!desk.state.faults.length && !document.getElementById('step').disabled")
    page.press("F9")
    arrive(page, 1)


def test_a_huge_source_can_be_edited(visit: Visit) -> None:
    page = visit(("huge.s", COUNT + "".join(f"label{n}: .word {n}   # a word of data\n" for n in range(12_000))))
    took = page.js(
        "(async () => { const e = document.querySelector('#editor textarea'); e.scrollTop = 300000; e.focus();"
        " e.setSelectionRange(3, 3); const t = performance.now(); document.execCommand('insertText', false, 'x');"
        " for (const _ of [1, 2]) await new Promise(requestAnimationFrame); return performance.now() - t; })()"
    )
    assert took < 3000
    assert page.js("document.querySelectorAll('.source .l').length") < 100


def test_reloaded_in_mid_run_and_seen_in_two_tabs(visit: Visit) -> None:
    page = visit(("forever.s", FOREVER))
    page.press("F8")
    says(page, "#status", "continue:", "instructions")
    first = page.wait("desk.state.progress")
    page.send("Page.reload")
    page.wait("document.readyState === 'complete' && window.desk && desk.state.task === 'continue'")
    assert page.wait("desk.state.progress") > first
    page.wait("document.getElementById('run').disabled && !document.getElementById('stop').disabled")
    with page.another(str(page.js("location.href"))):
        page.wait("window.desk && desk.state.task === 'continue' && !document.getElementById('stop').disabled")
        page.press("Escape")
        says(page, "#status", "stopped the guest")
        now = at(page)
        page.press("F9", SHIFT)
        arrive(page, now - 1)
    arrive(page, now - 1)


def test_what_a_guest_says_is_text(visit: Visit) -> None:
    hostile = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    program = f"""# {hostile}
_start: la a0, text
loop:   lbu a1, 0(a0)
        beq a1, zero, done
        out zero, a1
        addi a0, a0, 1
        j loop
done:   li t0, 0xf0
        out t0, zero
text:   .asciz {json.dumps(hostile)}
"""
    page = visit((f"{hostile}.s", program))
    page.press("F8")
    says(page, "#console-text", hostile)
    for name in PANELS:
        tab(page, name)
    assert page.js("window.hit === undefined && !document.querySelector('main img, main script')")


def test_input_is_typed(visit: Visit) -> None:
    page = visit(("echo.s", ECHO))
    page.press("F8")
    says(page, "#status", "waits for console input")
    page.click("#input")
    page.type("how now")
    page.press("Enter")
    says(page, "#console-text", "how now")
    page.click("#input-end")
    says(page, "#status", "exit code 0")
    assert page.js("document.getElementById('input-end').disabled")


def test_who_has_not_the_token_is_told(browser: Browser, client: Callable[..., Client]) -> None:
    one = client(("count.s", COUNT))
    browser.open(one.server.url.replace(one.server.token, "x" * 32))
    assert "has not the token" in str(browser.js("document.body.innerText"))
    browser.open("about:blank")
    browser.complaints.clear()


def test_a_server_that_has_ended_is_told(browser: Browser, ring1: Command) -> None:
    ring1.write("count.s", COUNT)
    process = ring1.start("explore", "--no-browser", "count.s")
    url = address(process)
    browser.open(url)
    browser.wait("window.desk && !document.getElementById('step').disabled")
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130
    process.communicate()
    browser.press("F9")
    says(browser, "#status", "ring1 does not answer")
    browser.open("about:blank")
    browser.complaints.clear()


def test_a_machine_is_downloaded_and_opened_again(visit: Visit, tmp_path: Path) -> None:
    page = visit(FIB)
    page.js("desk.go(1234)")
    arrive(page, 1234)
    page.send("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    for button, name in (("#share", "fib.ring1.json"), ("#snapshot", "fib.snap")):
        page.click(button)
        page.until(lambda file=tmp_path / name: file.exists() and file.stat().st_size > 0)  # type: ignore[misc]
        page.click("#begin")
        arrive(page, 0) if name.endswith("json") else None
        found = page.send("Runtime.evaluate", expression="document.getElementById('file')")["result"]["objectId"]
        page.send("DOM.setFileInputFiles", files=[str(tmp_path / name)], objectId=found)
        arrive(page, 1234)


# --- Keyboard, light, width ---------------------------------------------------------------------


def focused(page: Browser) -> str:
    return str(page.js("(e => e.id || e.closest('[id]')?.id || e.tagName)(document.activeElement)"))


def test_the_keyboard_alone(visit: Visit) -> None:
    page = visit(FIB)
    page.js("document.activeElement.blur()")
    seen: list[str] = []
    for _ in range(60):
        page.press("Tab")
        seen.append(focused(page))
        assert page.js(
            "(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1)"
            "(getComputedStyle(document.activeElement))"
        ), seen[-1]
        if seen[-1] == "input-end":
            break
    order = [
        "engine", "begin", "step", "over", "run", "example", "open", "share", "timeline", "count", "files",
        "assemble", "editor", "guest", "about", "shown-engine", "ways", "host", "registers", "tab-console", "input",
        "input-end",
    ]  # fmt: skip
    assert [name for name in seen if name in order] == order
    # Keys that work everywhere, and are shown.
    shown = text(page, "footer")
    for key, modifiers, count in (("F9", 0, 1), ("F9", 0, 2), ("F9", SHIFT, 1), ("F2", 0, 3), ("F2", SHIFT, 1)):
        page.press(key, modifiers)
        arrive(page, count)
        assert key in shown
    page.press("F8")
    says(page, "#status", "exit code 0")
    page.js("desk.source({file: 'examples/fib.s', line: 33})")
    page.press("F4")
    page.wait("desk.state.machine.points.length === 1 && !document.getElementById('run-back').disabled")
    page.press("F8", SHIFT)
    says(page, "#status", "breakpoint 1")
    page.press("F4")
    page.wait("desk.state.machine.points.length === 0")
    # Within the controls.
    page.js("document.getElementById('timeline').focus()")
    now = at(page)
    page.press("ArrowLeft")
    arrive(page, now - 1)
    page.press("Home")
    arrive(page, 0)
    page.wait("document.querySelector('#guest .chosen')?.dataset.at === '0'")
    page.js("document.getElementById('guest').focus()")
    for _ in range(3):
        page.press("ArrowDown")
    page.wait("document.querySelector('#guest .chosen')?.dataset.at === '12'")
    says(page, "#about", "jal")
    assert page.js("document.querySelectorAll('#host .lit').length") >= 1
    page.js("document.getElementById('tab-console').focus()")
    for name in (*PANELS[1:], PANELS[0]):
        page.press("ArrowRight")
        page.wait(f"!document.getElementById('panel-{name}').hidden && document.activeElement.id === 'tab-{name}'")


CONTRAST = """(selectors => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const over = (a, b) => a.slice(0, 3).map((v, n) => v * (a[3] ?? 1) + b[n] * (1 - (a[3] ?? 1)));
  const linear = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => { const [r, g, b] = c.map(v => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b; };
  const found = {};
  for (const selector of selectors) for (const e of [...document.querySelectorAll(selector)].slice(0, 40)) {
    const chain = [];
    for (let at = e; at; at = at.parentElement) chain.unshift(parse(getComputedStyle(at).backgroundColor));
    const back = chain.reduce((under, c) => over(c.length ? c : [0, 0, 0, 0], under), [255, 255, 255]);
    const a = light(over(parse(getComputedStyle(e).color), back)), b = light(back);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    found[selector] = Math.min(found[selector] ?? 99, ratio);
  }
  return found;
})"""
READ = ("h1", "h2", "#status", ".dim", "kbd", "#guest .at", "#guest .row span", "#host .h span", "#host .of",
        "#host .why", ".t-comment", ".t-mnemonic", ".t-register", ".t-number", ".t-label", ".t-directive", ".g",
        ".changed", ".tag", ".tabs button",
        "#registers b", "button.primary")  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_can_be_read(visit: Visit, scheme: str) -> None:
    page = visit(("hole.s", HOLE + "# a comment\n        .word 5\n"), scheme=scheme)
    page.press("F9")
    page.wait("document.querySelector('.changed')")
    page.press("F9")
    says(page, "#host", "callout")
    background = page.js("getComputedStyle(document.body).backgroundColor")
    assert (int(background[4:].split(",")[0]) > 128) == (scheme == "light")
    found = page.js(f"{CONTRAST}({json.dumps(READ)})")
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}
    assert len(found) > len(READ) - 4


@pytest.mark.parametrize("width", [400, 1400])
def test_it_fits(visit: Visit, width: int) -> None:
    page = visit(FIB, width=width)
    page.press("F8")
    says(page, "#status", "exit code 0")
    for name in PANELS:
        tab(page, name)
        if name == "engines":
            page.click("#compare")
            says(page, "#parting", "equivalent")
        if name == "description":
            says(page, "#verdicts", "Encodings")
        wide = page.js(
            "[document.documentElement.scrollWidth,"
            " [...document.querySelectorAll('button, select, input, h2, .pane, .panel, .tools > *')]"
            ".filter(e => e.getClientRects().length && !e.closest('.rows, .wide, .faults')"
            " && (e.getBoundingClientRect().right > innerWidth + 0.5 || e.getBoundingClientRect().left < -0.5))"
            ".map(e => e.outerHTML.slice(0, 90))]"
        )
        assert wide == [width, []], name


def test_colours_are_those_of_pygments(visit: Visit) -> None:
    page = visit(FIB)
    kinds = {token: kind for kind, token in TOKENS.items()}  # a mnemonic is a keyword there
    for language, lexer, source in (
        ("s", "ring1-asm", FIB[1]),
        ("s", "ring1-asm", (EXAMPLES / "os" / "kernel.s").read_text() + "/* over\nseveral */ li a0, 'x' ; nop\n"),
        ("isa", "ring1-isa", Path(SHIPPED, "pg32.isa").read_text()),
    ):
        found = page.js(
            f"""(async () => {{ const {{ Colours }} = await import(location.pathname + 'colours.js');
              const c = new Colours(desk.sourceData.languages[{json.dumps(language)}]);
              const lines = {json.dumps(source)}.split('\\n');
              const within = c.within(lines);
              return lines.map((line, n) => c.parts(line, within[n])); }})()"""
        )
        same = {"mnemonic": "keyword"}
        ours = [(part, same.get(kind, kind)) for line in found for part, kind in line if part.strip()]
        theirs: list[tuple[str, str]] = []
        for token, part in get_lexer_by_name(lexer, stripnl=False, ensurenl=False).get_tokens(source):
            kind = next((kinds[each] for each in reversed(token.split()) if each in kinds), "")
            theirs += [(each, kind) for each in part.split("\n") if each.strip()]

        def flat(parts: list[tuple[str, str]]) -> list[tuple[str, str]]:
            return [(letter, kind) for part, kind in parts for letter in part if not letter.isspace()]

        assert flat(ours) == flat(theirs)
