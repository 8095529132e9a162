"""What else runs the kernels of bench/kernels: native code, and other emulators, from the same C source.

Each peer does the work some times, and nothing: the difference is the work, and start-up has no part in it.
"""
