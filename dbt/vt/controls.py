"""The bits of the execution, exit and entry controls. Where VT-x has the same control, it is the same bit."""

from __future__ import annotations

EXTERNAL_INTERRUPT_EXITING = 1 << 0
"""Must be 1."""
PREEMPTION_TIMER = 1 << 6

INTERRUPT_WINDOW_EXITING = 1 << 2
HLT_EXITING = 1 << 7
FLUSH_EXITING = 1 << 9
TIME_EXITING = 1 << 12
PORT_EXITING = 1 << 24
"""Every port exits. The bitmaps take its place where they are used."""
PORT_BITMAPS = 1 << 25
SECONDARY_CONTROLS = 1 << 31
"""Without it the secondary controls are taken to be 0."""
PRIMARY = (
    INTERRUPT_WINDOW_EXITING
    | HLT_EXITING
    | FLUSH_EXITING
    | TIME_EXITING
    | PORT_EXITING
    | PORT_BITMAPS
    | SECONDARY_CONTROLS
)
"""All that there are; other bits are reserved and 0. So it is with those below."""

NESTED_PAGING = 1 << 1
TAGGED_TLB = 1 << 5
SECONDARY = NESTED_PAGING | TAGGED_TLB

SAVE_TIMER = 1 << 22
ON_EXIT = SAVE_TIMER
ON_ENTRY = 0
