"""What is owed: leases, the limits they live by, and the audit that judges them."""
