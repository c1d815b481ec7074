"""One proposition per file; the stem is the claim's id with underscores."""
