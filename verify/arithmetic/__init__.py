"""Ways to evaluate an expression: float64 stacks, exact rationals, prime fields, dual numbers."""
