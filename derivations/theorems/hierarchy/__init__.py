"""Propositions on linear Markovian hierarchies."""
