"""VT: a virtualization extension for machines with a description, after VT-x. docs/vt.md specifies it."""
