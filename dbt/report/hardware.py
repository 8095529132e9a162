"""Engines that model hardware. Their events are the hardware's; their times are the model's, and are never shown
without saying so."""

from __future__ import annotations

from typing import Any

from ring1.dbt.vmm.engine import Engine


def modelled(engine: Engine) -> dict[str, Any]:
    """The events that an engine's hardware would have had, for a JSON object; nothing if it models none."""
    events = engine.modelled()
    return {"modelled_hardware": events} if events else {}


def label(engine: Engine) -> str:
    """What comes behind the name of an engine that models hardware, and behind its times."""
    return " (modelled)" if modelled(engine) else ""
