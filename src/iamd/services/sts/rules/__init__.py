"""What STS checks and derives, without an operation around it."""
