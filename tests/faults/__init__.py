"""Faults of the host: what it refuses, signals at any moment, caches that are not what they were, no room for them.

A run ends with a documented status and no traceback, or goes on as if nothing had been. `python -m tests.faults` is
the campaign; the tests beside it are those of its cases that are the same each time.
"""
