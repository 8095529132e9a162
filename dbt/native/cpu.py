"""The host's processor: its features, and whether generated code can run on it."""

from __future__ import annotations

import os
import sys
from functools import cache


@cache
def flags() -> frozenset[str]:
    """Return the feature flags of the first processor as Linux names them; empty if they cannot be read."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("flags"):
                    return frozenset(line.split(":", 1)[1].split())
    except OSError:
        pass
    return frozenset()


def model() -> str:
    """Return the name of the first processor; empty if it cannot be read."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return ""


def why_not() -> str:
    """Return why generated code cannot run here; empty if it can."""
    if sys.platform != "linux":
        return f"needs Linux, this is {sys.platform}"
    if os.uname().machine != "x86_64":
        return f"needs an x86-64 processor, this is {os.uname().machine}"
    return ""
