"""What a test knows of the calls made in it, and may claim about them. It does not know pytest."""
