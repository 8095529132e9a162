"""The pictures in docs/explore.md: python -m tests.explore.picture docs. They are then reduced to 255 colours."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from tests.explore.browser import Browser
from tests.explore.client import Client

FIB = "examples/fib.s"
OLD, NEW = "insn getpsw : D(0x90) {", "insn getpsw : D(0x90) { require psw.RING == 0 else privileged;"
IDLE = "!desk.state.task && !document.getElementById('step').disabled"


def pictures(folder: Path) -> None:
    """Write the page as it looks at work, light, and with a changed description, dark."""
    client = Client((FIB, Path(FIB).read_text()))
    with tempfile.TemporaryDirectory() as profile:
        page = Browser(Path(profile))
        try:
            page.size(1400, 900)
            page.scheme("light")
            page.open(client.server.url)
            for line in (
                "continue",
                "break fib if a0 == 3",
                "go to 200000",
                "reverse-continue",
                "stepi",
                "reverse-stepi",
            ):
                page.wait(f"window.desk && {IDLE}")
                page.js(f"desk.command({json.dumps(line)})")
            page.wait(IDLE)
            page.click("#tab-exits")
            page.wait("document.getElementById('exit-tables').innerText.includes('come from')")
            page.hover("#guest .here")
            page.wait("document.querySelector('#host .lit')")
            page.picture(folder / "explore.png")
            page.scheme("dark")
            page.click("#tab-description")
            page.wait("document.getElementById('verdicts').innerText.includes('Encodings')")
            page.js(
                f"(e => {{ const at = e.value.indexOf({json.dumps(OLD)}); e.focus();"
                f" e.setSelectionRange(at, at + {len(OLD)}); }})(document.querySelector('#isa-editor textarea'))"
            )
            page.type(NEW)
            page.wait("document.getElementById('verdicts').innerText.includes('What has changed')")
            page.js("import(location.pathname + 'description.js').then(m => m.description.editor.go(211))")
            page.wait("document.querySelector('#isa-editor .l .g').textContent > '150'")
            page.picture(folder / "explore-description.png")
        finally:
            page.close()
            client.close()


if __name__ == "__main__":
    pictures(Path(sys.argv[1]))
