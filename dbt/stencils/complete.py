"""All stencils of a machine under a policy: those of sample words, made ahead of any program."""

from __future__ import annotations

from collections import Counter

from ring1.dbt.stencils.copier import Copier, Unserved
from ring1.dbt.stencils.form import Forms
from ring1.dbt.stencils.samples import words
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa

FIRST = 0x10000
"""Where sample words stand: neither near 0 nor at the end of a page."""


def complete(copier: Copier, isa: Isa, modes: frozenset[int]) -> Counter[str]:
    """Make what is missing for sample words in these modes. Return the number of words without a stencil, by form."""
    unserved = Counter[str]()
    forms = Forms(isa, Decoder(isa))
    for mode in sorted(modes):
        for paged in (False, True):
            for count in (0, 1, 2):
                copier.edge(copier.enter, mode, paged and copier.lookup, paged, (FIRST, 0, count, 1))
        for lookup in {False, copier.lookup}:
            copier.edge(copier.follow, mode, lookup, False, (FIRST, 1, 1, 1))
            for word in words(isa, forms, copier.pinned, few=True):
                form, operands = forms.find(word)
                try:
                    # Alone in its block, and followed by another instruction.
                    for count in (1, 2):
                        copier.serve(form, mode, lookup, False, operands, word, (FIRST, 0, count, 1))
                except Unserved:
                    unserved[form.name] += 1
    return unserved
