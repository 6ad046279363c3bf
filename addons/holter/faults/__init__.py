"""What goes wrong on purpose: one fault, one file; a plan says when."""
