"""What runners do besides keeping their leases: small observers, one a concept, joined by `panel`."""
