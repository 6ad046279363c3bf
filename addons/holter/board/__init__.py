"""The control API of a run, for other programs on this machine: what goes on, and faults while it does."""
