"""The picture in docs/debug.md: python -m tests.screen.picture > docs/debug-screen.svg"""

from __future__ import annotations

import asyncio
import re

import ring1
from ring1.dbt.screen.app import Screen

COMMANDS = ("break fib if a0 == 3", "continue", "continue", "delete", "step", "step", "step", "reverse-step")
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Of another host's."""


async def picture() -> str:
    """The screen after these commands, as SVG."""
    with ring1.Machine("pg32", "examples/fib.s", engine="bt") as machine:
        app = Screen(machine)
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            for line in COMMANDS:
                app.command(line)
                await app.workers.wait_for_complete()
                await pilot.pause()
            return FONT.sub("", app.export_screenshot())


if __name__ == "__main__":
    print(asyncio.run(picture()))
