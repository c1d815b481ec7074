"""Propositions on the linear VAE."""
