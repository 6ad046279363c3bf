"""The rules by topic, one table each: `lease.rules` joins them."""
