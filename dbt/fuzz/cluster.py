"""The same campaign over the machines of a dask.distributed cluster, with corpus and findings in a Redis database.

Needs the extra `cluster`. The scheduler is where `dask scheduler` says that it is; the database is shared with every
other campaign that names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from hypothesis.database import ExampleDatabase
from hypothesis.extra.redis import RedisExampleDatabase
from redis import Redis

from ring1.dbt.fuzz.campaign import Batch, CampaignPlan, Died, batch, quiet

distributed: Any = import_module("dask.distributed")
SIZE = 50
"""Programs of a task."""
AHEAD = 2
"""Tasks for each thread of the cluster that are there at any time."""


def database(url: str) -> ExampleDatabase:
    """The examples in a Redis database, redis://HOST:PORT/NUMBER."""
    return RedisExampleDatabase(Redis.from_url(url), key_prefix=b"ring1:")


def task(plan: CampaignPlan, numbers: list[int]) -> Batch:
    """What a machine of the cluster does."""
    quiet(signals=False)
    return batch(plan, numbers)


class Cluster:
    """The machines of a cluster."""

    def __init__(self, scheduler: str) -> None:
        """Raises OSError if nobody is there."""
        self.client = distributed.Client(scheduler)

    def results(self, plan: CampaignPlan, numbers: Iterator[int]) -> Iterator[Batch | Died]:
        """See Crew. A task that dies is blamed on its first program."""
        width = AHEAD * max(1, sum(self.client.nthreads().values()))
        first: dict[Any, int] = {}

        def submitted() -> Any:
            wanted = list(islice(numbers, SIZE))
            if not wanted:
                return None
            future = self.client.submit(task, plan, wanted, pure=False)
            first[future.key] = wanted[0]
            return future

        running = distributed.as_completed([future for _ in range(width) if (future := submitted()) is not None])
        for future in running:
            number = first.pop(future.key)
            error = future.exception()
            after = submitted()
            if after is not None:
                running.add(after)
            yield Died(number, f"a task ended with {error!r}") if error is not None else future.result()

    def close(self) -> None:
        self.client.close()
