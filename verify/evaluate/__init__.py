"""The one walk over an expression, plans bound to dimensions, and the arithmetics that run them."""
