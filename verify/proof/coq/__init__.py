"""What the proof core has proved, written out for a second kernel: theorems whose statements are the sentences."""
