"""The reference runner: an honest task runner on botocore that can misbehave on demand."""
