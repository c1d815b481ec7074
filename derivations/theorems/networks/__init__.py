"""Propositions that networks are measured against."""
