"""What the theory says about given data: predict, sweep, diagnose, convert, and their tables."""
