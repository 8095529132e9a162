"""hybrid: the hybrid monitor. All code of the virtual machine's supervisor is interpreted; its user code runs directly.

"Supervisor" means every mode but the user's. Interpreted code sees only the virtual CPU, so a hole does harm only if it
is sensitive in user mode; theorem 3 requires only that user-sensitive instructions be privileged. User code runs as
under trap-and-emulate.
(Popek and Goldberg, "Formal requirements for virtualizable third generation architectures", 1974, theorem 3.)
"""

from __future__ import annotations

from ring1.dbt.engines.trap import TrapAndEmulate
from ring1.isa.model import Isa


class Hybrid(TrapAndEmulate):
    name = "hybrid"

    def __init__(self, isa: Isa, kernel: int | None = None) -> None:
        super().__init__(isa, kernel)
        self.looks = False
        if isa.mode:
            self.interpreted = frozenset(range(isa.mode.count)) - {isa.mode.user}
