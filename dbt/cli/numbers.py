"""Numbers on the command line."""

from __future__ import annotations

import argparse
import re
from threading import TIMEOUT_MAX

from ring1.isa.digits import whole

MOST_PORT = 0xFFFF


def scaled(text: str, unit: int) -> int:
    """Parse a decimal or hexadecimal number, with K, M or G for `unit`, its square and its cube. Raises ValueError."""
    match = re.fullmatch(r"(0x[0-9a-fA-F]+|[0-9]+)([kKmMgG]?)", text)
    if match is None or len(text) > 32:
        raise ValueError(text)
    value = int(match[1], 16 if match[1].startswith("0x") else 10)
    for _ in range(" kmg".index(match[2].lower() or " ")):
        value *= unit
    return value


def size(text: str) -> int:
    """Parse a number of bytes: K, M and G are powers of 1024."""
    try:
        return scaled(text, 1024)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write 65536, 64K, 16M or 1G") from None


def count(text: str) -> int:
    """Parse a number of things: k, M and G are powers of 1000."""
    try:
        return scaled(text, 1000)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write 5000, 500k or 20M") from None


def seconds(text: str) -> float:
    """Parse a duration in seconds, more than zero and no longer than the host can wait."""
    return duration(text, "seconds", TIMEOUT_MAX)


def minutes(text: str) -> float:
    """Parse a duration in minutes, more than zero and no longer than the host can wait."""
    return duration(text, "minutes", TIMEOUT_MAX / 60)


def duration(text: str, unit: str, most: float) -> float:
    """Parse a duration in the given unit, of which at most `most` can be waited for."""
    try:
        value = float(text)
        if 0 < value <= most:
            return value
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no time; write {unit}, as 10 or 0.5")


def port(text: str) -> int:
    """Parse the number of a port of the network's. Raises ValueError."""
    value = whole(text)
    if value > MOST_PORT:
        raise ValueError(f"ports are numbers up to {MOST_PORT}")
    return value


def integer(text: str) -> int:
    """Parse any integer, as Python writes it."""
    try:
        return int(text, 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
