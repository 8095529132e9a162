"""Engines that model hardware. Their events are the hardware's; their times are the model's, and are never shown
without saying so."""

from __future__ import annotations

from typing import Any


def modelled(engine: object) -> dict[str, Any]:
    """The events that an engine's hardware would have had, for a JSON object; nothing if it models none."""
    found: dict[str, int] = getattr(engine, "modelled", dict)()
    return {"modelled_hardware": found} if found else {}


def label(engine: object) -> str:
    """What comes behind the name of an engine that models hardware, and behind its times."""
    return " (modelled)" if modelled(engine) else ""
