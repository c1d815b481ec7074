"""From formulas and sentences to TeX: characters, the forms a reader expects, brackets, widths and line breaks."""
