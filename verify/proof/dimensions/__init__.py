"""Matrix statements for every dimension, decided by exact linear algebra on power series."""
