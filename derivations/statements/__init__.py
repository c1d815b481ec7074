"""What a claim may state, one kind a file: its formulas, its sentences, and how it is said."""
