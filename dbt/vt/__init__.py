"""VT: a virtualization extension, modelled on VT-x, for machines that have a description. docs/vt.md specifies it."""
