"""A Data Pipeline service that keeps leases: pure; an adapter gives it a clock, ids and sockets."""
