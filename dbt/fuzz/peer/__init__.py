"""Differential fuzzing against a model that nobody here wrote: programs by chance under the reference and under a
peer, from one image of RAM, compared by all of it; the registers that a program ends with are there
(docs/fuzzing.md)."""
