"""Where the files are that come with ring1 and are no code: examples, the guests of benchmarks, published costs,
pages.

They are beside the packages, in a clone and where ring1 is installed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The clone; the package, where ring1 is installed."""

NAMED = re.compile(r"(?<![\w./-])(?:examples|bench|docs)/[\w./-]*\w")


def share(*parts: str) -> Path:
    """The path of a file or folder that comes with ring1."""
    return ROOT.joinpath(*parts)


def located(text: str) -> str:
    """A text in which the shipped files that it names are called as they can be from the working directory."""

    def there(name: re.Match[str]) -> str:
        path = share(name[0])
        return name[0] if os.path.exists(name[0]) or not path.exists() else str(path)

    return NAMED.sub(there, text)
