"""The host that generated code is made for."""

from __future__ import annotations

from functools import cache

from ring1.dbt.host.interface import Host


@cache
def present() -> Host:
    """Return the host of this process. There is only one so far; its code can be generated and disassembled
    anywhere."""
    from ring1.dbt.host.x86_64.architecture import X86_64

    return X86_64()
