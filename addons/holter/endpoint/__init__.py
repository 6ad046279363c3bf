"""A plain HTTP endpoint on loopback, for the sandbox and for replay."""
