"""The live board of a run on the terminal that it was started from, and the keys that steer the run."""
