"""Options of an executor, mostly of interest to tests."""

from __future__ import annotations

from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.heat import Sampling
from ring1.isa.record import Record


class Options(Record):
    """What an executor may do, and its limits."""

    code_size: int = 32 << 20
    most_blocks: int | None = None
    most_instructions: int = 64
    most_pinned: int = 11
    """Most guest registers that are pinned to host registers."""
    chain: bool = True
    trace: bool = True
    remember: bool = False
    """Keep translations on disk for the next run of the same image."""
    mmu: Mmu = Mmu()
    """The MMU technique, used with paging on."""
    sampling: Sampling = Sampling()
