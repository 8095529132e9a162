"""What partitions have done, as a trace for Perfetto (https://ui.perfetto.dev) and Chrome: one track each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ring1.dbt.partition.channel import Channel
from ring1.dbt.partition.partitions import Failure, Ran


def trace(names: Sequence[str], slots: Iterable[Ran], failures: Iterable[Failure], channels: Iterable[Channel]) -> str:
    """Return the trace as JSON. A unit of virtual time is shown as a microsecond."""
    tracks = {name: number for number, name in enumerate(names, 1)}
    events: list[dict[str, object]] = [
        {"ph": "M", "pid": 1, "tid": number, "name": "thread_name", "args": {"name": name}}
        for name, number in tracks.items()
    ]
    for ran in slots:
        used = {"instructions": ran.instructions, "nanoseconds": round(ran.seconds * 1e9)}
        events.append(
            {"ph": "X", "pid": 1, "tid": tracks[ran.machine], "name": ran.machine, "ts": ran.begin + ran.late,
             "dur": ran.length - ran.late + ran.over, "args": used}
        )  # fmt: skip
    for failure in failures:
        what = f"{failure.why}: {failure.action}"
        events.append({"ph": "i", "pid": 1, "tid": tracks[failure.machine], "name": what, "ts": failure.at, "s": "t"})
    for channel in channels:
        for number, (rung, answered) in enumerate(channel.answered):
            flow = {"pid": 1, "name": channel.name, "cat": "doorbell", "id": f"{channel.name}-{number}"}
            events.append({"ph": "s", "tid": tracks[channel.sender], "ts": rung, **flow})
            events.append({"ph": "f", "bp": "e", "tid": tracks[channel.receiver], "ts": answered, **flow})
    return json.dumps({"traceEvents": events, "displayTimeUnit": "ns"})
