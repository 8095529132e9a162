"""Options of an executor, mostly of interest to tests."""

from __future__ import annotations

from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.heat import Sampling
from ring1.dbt.vmm.look_ups import Pressing
from ring1.isa.record import Record


class Options(Record):
    """What an executor may do, and its limits."""

    code_size: int = 32 << 20
    most_blocks: int | None = None
    most_instructions: int = 64
    most_pinned: int = 11
    """Most guest registers that are pinned to host registers."""
    most_versions: int = 8
    """Most versions of a block of a page whose code keeps changing."""
    chain: bool = True
    trace: bool = True
    routines: bool = True
    """What the VMM does at an exit is done in generated code where it can be (ring1.dbt.translate.routine)."""
    patience: int = 2
    """So often the budget ends amid a block until that gets a stepping twin (Copier.stepping), and an exit is taken
    until it gets an emulation (ring1.dbt.translate.emulation). 0: at once, and routines are there from the beginning,
    not from when they are first called for."""
    post: bool = True
    """Post writes to ports whose devices let them wait."""
    remember: bool = False
    """Keep translations on disk for the next run of the same image."""
    mmu: Mmu = Mmu()
    """The MMU technique, used with paging on."""
    pressing: Pressing = Pressing()
    sampling: Sampling = Sampling()
