"""Peers: native code and other emulators, which run the kernels of bench/kernels from the same C source.

Each peer does the work some times, and no times: the difference is the work without start-up.
"""
