"""`python -m dbt` is the command `ring1`."""

from __future__ import annotations

import sys

from dbt.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
