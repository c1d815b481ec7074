"""Sentences of an informal summary of the paper, taken at their word."""
