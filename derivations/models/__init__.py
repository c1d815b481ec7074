"""From densities to matrix losses: one model per file."""
