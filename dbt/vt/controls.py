"""The bits of the execution, VM-exit and VM-entry controls. Controls that VT-x has as well have the same bits."""

from __future__ import annotations

EXTERNAL_INTERRUPT_EXITING = 1 << 0
"""Must be 1."""
PREEMPTION_TIMER = 1 << 6

INTERRUPT_WINDOW_EXITING = 1 << 2
HLT_EXITING = 1 << 7
FLUSH_EXITING = 1 << 9
TIME_EXITING = 1 << 12
PORT_EXITING = 1 << 24
"""Every port access exits. Ignored where bitmaps are used."""
PORT_BITMAPS = 1 << 25
SECONDARY_CONTROLS = 1 << 31
"""Activates the secondary controls, which otherwise count as 0."""
PRIMARY = (
    INTERRUPT_WINDOW_EXITING
    | HLT_EXITING
    | FLUSH_EXITING
    | TIME_EXITING
    | PORT_EXITING
    | PORT_BITMAPS
    | SECONDARY_CONTROLS
)
"""All defined bits; others are reserved and must be 0. The same holds for SECONDARY, ON_EXIT and ON_ENTRY."""

NESTED_PAGING = 1 << 1
TAGGED_TLB = 1 << 5
SECONDARY = NESTED_PAGING | TAGGED_TLB

SAVE_TIMER = 1 << 22
ON_EXIT = SAVE_TIMER
ON_ENTRY = 0
