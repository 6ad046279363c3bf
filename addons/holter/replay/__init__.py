"""What is answered from tape: recorded calls come in as values, decisions go out. Nothing here is impure."""
