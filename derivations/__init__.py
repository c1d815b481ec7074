"""What is claimed about posterior collapse, and why: SymPy expressions, no arrays."""
