"""Theorems about decoders that are not Gaussian, and about data the model was not trained on."""
