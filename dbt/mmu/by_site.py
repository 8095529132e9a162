"""Both techniques at once, chosen for each instruction: one finds pages where shadow paging maps them, but where it
keeps missing, it is translated to look its addresses up in the software TLB (ring1.dbt.vmm.look_ups).

A view shows a page by either, by both, or by none; whatever hides it hides it in both.
"""

from __future__ import annotations

from collections.abc import Sequence

from ring1.dbt.mmu.shadow_paging import ShadowPaging
from ring1.dbt.mmu.softtlb import SoftTlb, looked_up
from ring1.dbt.mmu.view import View


class BySite:
    inline = True

    def __init__(self, shadow: ShadowPaging, soft: SoftTlb) -> None:
        self.shadow = shadow
        self.soft = soft

    def open(self, view: View) -> None:
        self.shadow.open(view)
        self.soft.open(view)

    def close(self, view: View) -> None:
        self.shadow.close(view)
        self.soft.close(view)

    def full(self) -> bool:
        return self.shadow.full()

    def fill(self, view: View, address: int, kind: int, code: int) -> bool:
        return (self.soft if looked_up(code) else self.shadow).fill(view, address, kind, code)

    def hide(self, view: View, pages: Sequence[int]) -> None:
        self.soft.hide(view, pages)
        self.shadow.hide(view, pages)

    def clear(self, view: View) -> None:
        self.soft.clear(view)
        self.shadow.clear(view)

    def clear_inline(self, view: View) -> None:
        self.soft.clear(view)

    def guard(self, frame: int) -> None:
        self.shadow.guard(frame)

    def release(self, frame: int) -> None:
        self.shadow.release(frame)

    def missed(self, view: View, address: int, code: int) -> tuple[int, int, bool]:
        return (self.soft if looked_up(code) else self.shadow).missed(view, address, code)
