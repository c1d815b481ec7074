"""What is kept on disk: atomic files, the cache, fingerprints, the journal of a run, its lock."""
