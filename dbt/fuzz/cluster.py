"""The same campaign on the machines of a dask.distributed cluster, with corpus and findings in a Redis database.

Needs the extra `cluster`. The scheduler's address is what `dask scheduler` prints; the database is shared with every
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
"""Programs in a task."""
AHEAD = 2
"""Tasks submitted at any time, for each thread of the cluster."""


def database(url: str) -> ExampleDatabase:
    """Return the examples in a Redis database, redis://HOST:PORT/NUMBER."""
    return RedisExampleDatabase(Redis.from_url(url), key_prefix=b"ring1:")


def task(plan: CampaignPlan, numbers: list[int]) -> Batch:
    """The task that a machine of the cluster executes."""
    quiet(signals=False)
    return batch(plan, numbers)


class Cluster:
    """Runs batches on the machines of a cluster."""

    def __init__(self, scheduler: str) -> None:
        """Connect to the scheduler. Raises OSError if that fails."""
        self.client = distributed.Client(scheduler)

    def results(self, plan: CampaignPlan, numbers: Iterator[int]) -> Iterator[Batch | Died]:
        """See Crew. If a task dies, its first program is blamed."""
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
