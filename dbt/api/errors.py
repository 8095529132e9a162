"""What the library raises. Every error is a MachineError; its message is meant for the user."""

from __future__ import annotations


class MachineError(Exception):
    """A machine cannot do what was asked of it."""


class ProgramError(MachineError):
    """A program cannot be loaded; the message has every fault of it with file, line and caret."""


class DescriptionError(MachineError):
    """There is no such description of a machine, or it has faults."""


class SnapshotRefused(MachineError):
    """A file is no snapshot, or one of another machine."""


class EngineUnavailable(MachineError):
    """There is no such engine, it cannot run here, or the host refuses it memory."""


class UnknownName(MachineError, KeyError):
    """There is no register, label or control register of this name."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would quote it


class BadAddress(MachineError, IndexError):
    """No memory is at this address, as the guest would see it now."""


class BadValue(MachineError, ValueError):
    """A value does not fit where it is to be put, or nothing can be put there."""


class Ended(MachineError):
    """The guest has stopped for good before the moment that was wanted."""


class CallFailed(MachineError):
    """A function of the guest's has not returned, or cannot be called."""


class Busy(MachineError):
    """The machine is running: a hook cannot change it, nor another thread use it."""


class Closed(MachineError):
    """The machine has been closed."""
