"""A second opinion on exact certificates from two SMT solvers; it is shown, and never changes a verdict."""
