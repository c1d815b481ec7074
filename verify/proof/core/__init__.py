"""The proof core: terms, theorems and the rules that alone make them. Every line here is trusted."""
