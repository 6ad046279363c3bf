"""What is kept: a YAML stream, redacted, written one document at a time and read as a stream."""
