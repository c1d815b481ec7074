"""Symbolic mathematics: nodes, gradients, monomials, linear programs, zero tests. It knows no claim."""
