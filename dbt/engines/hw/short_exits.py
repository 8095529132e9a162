"""VM exits whose work, and the VM entry behind them, generated code does in the place of the VMM.

Between such an exit and the entry the VMM changes nothing but the virtual CPU and the VMCS, and what it writes to the
latter the next exit, which comes before anybody can see it, overwrites: exit information and guest state. So it is
enough to do the instruction and to count. What remains of the entry in the VMCS, the timer and the lines of the
interrupt window, is brought up to date when Python next sees the guest (Hypervisor.take_over).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ring1.dbt.engines.hw.line_exits import LineExit
from ring1.dbt.engines.hw.port_exits import PortExit, all_exit
from ring1.dbt.engines.hw.vm_entries import EntryRoutine
from ring1.dbt.host.target import Target
from ring1.dbt.ir.bind import bind
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.emulation import Emulation, Site
from ring1.dbt.translate.routine import Routine
from ring1.dbt.vt import controls, fields
from ring1.dbt.vt.intercept import Intercepts
from ring1.dbt.vt.setup import lines
from ring1.isa.effects import effects
from ring1.isa.model import Isa


class ShortExits:
    """Those of a guest, as its VMCS is (see ring1.dbt.translate.emulation.Emulating)."""

    def __init__(self, isa: Isa, intercepts: Intercepts) -> None:
        self.isa = isa
        self.intercepts = intercepts
        self.lines = lines(isa)
        self.modes: Sequence[int] = range(isa.mode.count if isa.mode else 1)

    @property
    def possible(self) -> bool:
        """Does an entry leave the TLB as it is, does the preemption timer say when lines may change, and are all writes
        seen that decide on lines?"""
        values = self.intercepts.values
        tagged = values[fields.PRIMARY] & controls.SECONDARY_CONTROLS and values[fields.SECONDARY] & controls.TAGGED_TLB
        timer = values[fields.PIN] & controls.PREEMPTION_TIMER
        return bool((tagged or self.isa.paging is None) and timer and not self.lines & ~values[fields.WRITES])

    def elsewhere(self, isa: Isa) -> Mapping[str, int]:
        """See Emulating."""
        return {}

    def emulation(self, translator: Translator, site: Site, frames: Mapping[int, int]) -> Emulation | None:
        """See Emulating."""
        decoded = translator.decoder.decode(site.word)
        if decoded is None or not self.possible:
            return None
        body = bind(self.isa, decoded, site.word, site.pc, site.mode)
        found = effects(self.isa, body)
        if found.jumps or found.always_traps:
            return None
        if found.ports and not found.writes:
            return PortExit(translator, site, body, frames, self.modes, {}) if all_exit(self.intercepts) else None
        return LineExit(translator, site, body, frames, self.modes, {}) if found.writes and not found.ports else None

    def routine(self, target: Target) -> Routine | None:
        """See Emulating."""
        return EntryRoutine.of(target)
