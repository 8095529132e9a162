"""The host that generated code is made for."""

from __future__ import annotations

from functools import cache

from ring1.dbt.host.interface import Host


@cache
def present() -> Host:
    """The host of this process: there is one so far, whose code can be made and read anywhere."""
    from ring1.dbt.host.x86_64.architecture import X86_64

    return X86_64()
