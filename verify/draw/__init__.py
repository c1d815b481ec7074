"""Random instances of a claim: sampling, exact thresholds, Hypothesis strategies."""
