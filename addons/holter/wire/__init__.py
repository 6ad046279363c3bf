"""What is said: calls, replies, the protocol's tables, and both ways between them and bytes."""
