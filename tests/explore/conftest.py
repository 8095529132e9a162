from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cli.conftest import environment, ring1
from tests.explore.client import Client

__all__ = ["environment", "ring1"]


@pytest.fixture
def client() -> Iterator[Callable[..., Client]]:
    """A function that makes a server with its client."""
    made: list[Client] = []

    def make(*files: tuple[str, str], **options: Any) -> Client:
        made.append(Client(*files, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()
