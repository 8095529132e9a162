"""The KVM of this host, if any: what it is built on, and how to get what is missing."""

from __future__ import annotations

import os

from ring1.dbt.native import cpu

MODULES = {"kvm_pvm": "pvm", "kvm_intel": "vmx", "kvm_amd": "svm"}
"""Kernel module -> kind of KVM."""
NATIVE = ("vmx", "svm")
"""Kinds that run all of a guest natively. All others are assumed to emulate what runs at CPL 0."""
TEXTS = {
    "vmx": "Intel VT-x",
    "svm": "AMD SVM",
    "pvm": "no virtualization extensions: CPL 3 runs natively, CPL 0 is emulated",
    "unknown": "of an unknown kind: CPL 0 is taken to be emulated",
}


open_device = os.open


def kind() -> str | None:
    """Return what this host's KVM is built on: vmx, svm, pvm or unknown; None if it has no KVM."""
    if not os.path.exists("/dev/kvm"):
        return None
    for module, name in MODULES.items():
        if os.path.exists(f"/sys/module/{module}"):
            return name
    flags = cpu.flags()  # KVM may be built into the kernel
    return next((name for name in NATIVE if name in flags), "unknown")


def nested() -> bool:
    """Does this host itself run under a hypervisor?"""
    return "hypervisor" in cpu.flags()


def text() -> str:
    """Return a description of this host's KVM."""
    name = kind()
    return f"{name}: {TEXTS[name]}{', nested' if nested() and name in NATIVE else ''}" if name else "none"


def why_not() -> str:
    """Return why KVM cannot be used here, and the remedy; empty if it can."""
    reason = cpu.why_not()
    if reason:
        return reason
    if kind() is None:
        if {"vmx", "svm"} & cpu.flags():
            return "no /dev/kvm: load the module (modprobe kvm_intel or kvm_amd)"
        help_ = (
            "nested virtualization must be enabled where this host runs" if nested() else "enable it in the firmware"
        )
        return f"no /dev/kvm, and the processor shows neither vmx nor svm: {help_}"
    from ring1.dbt.host.x86_64.kvm import ioctl

    try:
        device = open_device(ioctl.DEVICE, os.O_RDWR | os.O_CLOEXEC)
    except PermissionError:
        return "no permission to open /dev/kvm: join the group that owns it (usermod -aG kvm USER) and log in again"
    except OSError as error:
        return f"/dev/kvm cannot be opened: {error.strerror}"
    try:
        missing = ioctl.lacking(device)
    except OSError as error:
        return f"/dev/kvm does not answer: {error.strerror}"
    finally:
        os.close(device)
    return f"this host's KVM lacks {', '.join(missing)}: a newer kernel has it" if missing else ""
