"""The assembler: lines -> expander (macros, conditions) -> directives, forms -> layout, link -> Program.

Mnemonics, operands and pseudo-instructions come from the description; the grammar is isa/asm.lark.
"""
