"""Expressions and claims as TeX, Unicode and prose."""
