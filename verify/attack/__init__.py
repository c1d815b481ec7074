"""Planted errors: what they change, and which of them survive."""
