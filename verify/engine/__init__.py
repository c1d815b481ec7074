"""From claims to reports: judges, shards, workers, merging."""
