"""The environment of a measurement."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.share import ROOT

PACKAGES = ("keystone-engine", "capstone", "lark", "rich", "unicorn", "pyperf")


def facts() -> dict[str, Any]:
    """Return host, kernel, KVM, Python, packages and commit."""
    return {
        "cpu": processor(),
        "mhz": float(cpuinfo("cpu MHz") or 0) or None,
        "cpus": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        **kinds(),
        "hypervisor": hypervisor(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "packages": {name: found for name in PACKAGES if (found := version(name))},
        "commit": commit(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def kinds() -> dict[str, str]:
    """Return what this host provides for each technique that depends on the host: in a word, and in a line."""
    made: dict[str, str] = {}
    for name, technique in ENGINES.items():
        if technique.host is not None:
            kind = technique.host()
            made |= {name: kind.word or "none", f"{name}_is": technique.why_not() or kind.text}
    return made


def cpuinfo(key: str) -> str:
    """Return the value of the first line of /proc/cpuinfo with this key."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.split(":")[0].strip() == key), "")


def processor() -> str:
    mhz = cpuinfo("cpu MHz")
    name = cpuinfo("model name") or platform.processor() or platform.machine()
    family = f"family {cpuinfo('cpu family')} model {cpuinfo('model')}"
    return f"{name}, {family}" + (f", {float(mhz):,.0f} MHz" if mhz else "")


def hypervisor() -> str:
    """Describe whether the host appears to be a virtual machine itself."""
    return "yes" if "hypervisor" in cpuinfo("flags").split() else "no"


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def commit() -> str:
    """Return the commit of the clone, followed by + if files differ from it."""
    if not ROOT.joinpath(".git").exists():
        return ""  # installed, possibly inside another repository
    try:
        command = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
