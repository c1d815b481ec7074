"""Propositions on the linear conditional VAE."""
