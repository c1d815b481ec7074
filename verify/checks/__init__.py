"""One check per file: each takes a claim and returns evidence; none knows a theorem's name."""
