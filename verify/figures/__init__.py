"""What plots show, as records: theory from the derived formulas, descents beside it, and where the two disagree."""
