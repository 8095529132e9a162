"""ring1, a laboratory of virtualization: `ring1.isa` is the machine as a description, `ring1.dbt` the running machine.

In the repository these are links to the folders beside this one.
"""
