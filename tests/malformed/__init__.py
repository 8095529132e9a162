"""Malformed input, in masses: whatever a file or a command line holds, the answer is a documented error, and soon.

`python -m tests.malformed --cases 100000` runs the campaign; test_malformed.py some hundreds of its cases. A case is a
function of target, seed and number, so that a finding can be had again.
"""
