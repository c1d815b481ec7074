"""`python -m verify` is `collapse-audit`."""

from __future__ import annotations

from verify.cli.program import main

if __name__ == "__main__":  # workers that re-import the main module must not start an audit
    main()
