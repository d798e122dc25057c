"""What IAM checks and derives, without an operation around it."""
