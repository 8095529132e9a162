"""How the instructions are translated that are not translated as all others are: adapted ones, those that look their
addresses up, and observed ones."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.cache.remembered import within
from ring1.dbt.translate.policy import NO_SITES, Site, Sites
from ring1.dbt.translate.translation import Frames, Translation
from ring1.dbt.vmm.adapt import Adaptation
from ring1.dbt.vmm.look_ups import LookUps


class SiteChoice:
    def __init__(self, adaptation: Adaptation, look_ups: LookUps, mapped: bool) -> None:
        """`mapped`: instructions that access devices in memory are translated to do that."""
        self.adaptation, self.look_ups, self.mapped = adaptation, look_ups, mapped
        self.observed: frozenset[int] = frozenset()
        """Addresses of instructions that are left to the interpreter."""

    def of(self, frames: Frames, *pcs: int) -> Sites:
        """Return how adapted and observed instructions in the pages of this code are translated."""
        adaptation, looks, observed = self.adaptation, self.look_ups.sites if frames else {}, self.observed
        if not (adaptation.idle or looks or observed):
            return NO_SITES
        where = dict(frames or [(pc >> 12, pc >> 12) for pc in pcs])
        made: dict[int, Site] = {}
        devices = adaptation.devices if self.mapped else frozenset[int]()
        for sites, how in ((looks, Site.PROBE), (adaptation.idle, Site.CALL), (devices, Site.DEVICE)):
            for page, frame in where.items():
                made |= {page << 12 | site & 0xFFF: how for site in sites if site >> 12 == frame}
        return made | {pc: Site.CALL for pc in observed if pc >> 12 in where}

    def within(self) -> Callable[[Translation], Sites]:
        """Return a function that returns the exceptions among the instructions of a translation."""
        found: dict[Frames | frozenset[int], Sites] = {}

        def of(t: Translation) -> Sites:
            where = t.frames or frozenset(t.pages)
            if where not in found:
                found[where] = self.of(t.frames, *t.pcs)
            return within(t, found[where])

        return of
