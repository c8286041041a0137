"""Times as ratios to a baseline of the same machine in the same run: `make bench`."""
