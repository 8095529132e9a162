"""The platform-level interrupt controller (RISC-V Platform-Level Interrupt Controller Specification 1.0.0).

    0x000000 priorities    0x001000 pending    0x002000 enabled, 0x80 for each context
    0x200000 threshold and claim, 0x1000 for each context

Sources are levels: one is pending while it is asserted, unless it has been claimed and not been completed. A context is
what a processor mode sees, and drives one line of the processor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ring1.dbt.machine.bus import Device
from ring1.dbt.machine.saved import Saved, integers

PENDING, ENABLED, ENABLED_SIZE = 0x1000 // 4, 0x2000 // 4, 0x80 // 4
CONTEXTS, CONTEXT_SIZE = 0x200000, 0x1000
MOST_PRIORITY = 7
WORD = 0xFFFFFFFF


class Plic(Device):
    """Priorities, what is pending, and what each context has enabled."""

    def __init__(self, name: str, begin: int, sources: int, contexts: int) -> None:
        self.name, self.window = name, range(begin, begin + CONTEXTS)
        self.wires: dict[int, Device] = {}
        """Source -> the device that drives it."""
        self.priorities = [0] * (sources + 1)
        self.words = (sources + 32) // 32
        self.enabled = [[0] * self.words for _ in range(contexts)]
        self.listening: list[list[tuple[int, int, Device]]] = [[] for _ in range(contexts)]
        """For each context, the priorities, numbers and devices of the sources that it has enabled and that have a
        priority at all: the foremost first."""
        self.claimed: set[int] = set()
        """Sources that somebody serves."""

    def connect(self, source: int, device: Device) -> None:
        """Have a device drive a source. Raises ValueError if there is none of this number, or another drives it."""
        if not 0 < source < len(self.priorities) or source in self.wires:
            raise ValueError(f"{device.name} cannot drive source {source} of the {self.name}")
        self.wires[source] = device
        self.arrange()

    def arrange(self) -> None:
        """Note which sources each context listens to."""
        for context, words in enumerate(self.enabled):
            self.listening[context] = sorted(
                (
                    (self.priorities[source], source, wire)
                    for source, wire in self.wires.items()
                    if words[source // 32] >> source % 32 & 1 and self.priorities[source]
                ),
                key=lambda each: (-each[0], each[1]),
            )

    def read(self, port: int, now: int) -> int:
        if port < len(self.priorities):
            return self.priorities[port]
        if 0 <= port - PENDING < self.words:
            first = 32 * (port - PENDING)
            return sum(1 << source - first for source in self.pending() if first <= source < first + 32)
        context, word = divmod(port - ENABLED, ENABLED_SIZE)
        return self.enabled[context][word] if 0 <= context < len(self.enabled) and word < self.words else 0

    def write(self, port: int, value: int, now: int) -> None:
        context, word = divmod(port - ENABLED, ENABLED_SIZE)
        if 0 < port < len(self.priorities):
            self.priorities[port] = value & MOST_PRIORITY
        elif 0 <= context < len(self.enabled) and word < self.words:
            first = 32 * word
            known = sum(1 << n for n in range(32) if 0 < first + n < len(self.priorities))
            self.enabled[context][word] = value & known
        self.arrange()
        self.attention = True

    def enables(self, context: int, source: int) -> bool:
        """Has a context enabled a source?"""
        words = self.enabled[context]
        return source < 32 * len(words) and bool(words[source // 32] >> source % 32 & 1)

    def pending(self) -> Iterator[int]:
        """Yield the sources that are pending."""
        return (source for source, wire in self.wires.items() if source not in self.claimed and wire.level())

    def foremost(self, context: int, threshold: int) -> int:
        """Return the pending source of the highest priority, above a threshold, that a context has enabled: of several
        the lowest; 0 if there is none."""
        for priority, source, wire in self.listening[context]:
            if priority > threshold and source not in self.claimed and wire.level():
                return source
        return 0

    def save(self) -> Saved:
        return {
            "priorities": list(self.priorities),
            "enabled": [list(words) for words in self.enabled],
            "claimed": sorted(self.claimed),
        }

    def restore(self, saved: Saved) -> None:
        self.priorities = integers(saved["priorities"], len(self.priorities), MOST_PRIORITY)
        if len(saved["enabled"]) != len(self.enabled):
            raise ValueError("other contexts")
        self.enabled = [integers(words, self.words, WORD) for words in saved["enabled"]]
        claimed = saved["claimed"]
        self.claimed = set(integers(claimed, len(claimed), len(self.priorities) - 1))
        self.arrange()


class Context(Device):
    """What a processor mode sees of an interrupt controller: its threshold, and the source that it is to serve."""

    def __init__(self, name: str, plic: Plic, number: int, line: int) -> None:
        begin = plic.window.start + CONTEXTS + number * CONTEXT_SIZE
        self.name, self.window, self.line = name, range(begin, begin + CONTEXT_SIZE), line
        self.plic, self.number, self.threshold = plic, number, 0

    def read(self, port: int, now: int) -> int:
        if port == 0:
            return self.threshold
        if port != 1:
            return 0
        source = self.plic.foremost(self.number, 0)
        if source:
            self.plic.claimed.add(source)
            self.attention = True
        return source

    def write(self, port: int, value: int, now: int) -> None:
        if port == 0:
            self.threshold, self.attention = value & MOST_PRIORITY, True
        elif port == 1 and self.plic.enables(self.number, value):  # whatever its priority is by now
            self.plic.claimed.discard(value)
            self.attention = True

    def level(self) -> bool:
        return self.plic.foremost(self.number, self.threshold) != 0

    def drivers(self) -> Iterable[Device]:
        return [wire for _, _, wire in self.plic.listening[self.number]]

    def save(self) -> Saved:
        return {"threshold": self.threshold}

    def restore(self, saved: Saved) -> None:
        (self.threshold,) = integers([saved["threshold"]], 1, MOST_PRIORITY)
