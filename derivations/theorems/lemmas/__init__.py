"""The links between a matrix loss and the mode program, each a claim of its own."""
