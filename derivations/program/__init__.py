"""The mode program of a hierarchy with any number of levels, and the theorems derived from it."""
