"""Evidence, verdicts, and how a record shows itself."""
