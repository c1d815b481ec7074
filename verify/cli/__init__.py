"""Commands, one to a file; each imports what it needs when it runs, so that --help answers at once."""
