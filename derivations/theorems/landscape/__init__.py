"""Propositions on stationary points and gradient flow."""
