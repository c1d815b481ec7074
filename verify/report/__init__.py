"""How evidence is shown: pure functions of the records, one module per medium."""
