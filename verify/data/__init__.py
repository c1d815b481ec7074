"""Arrays from files and data sets, in chunks where they are large."""
