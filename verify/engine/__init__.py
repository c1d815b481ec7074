"""From claims to reports: the checks of a claim, cut into shards, run by workers, and merged."""
