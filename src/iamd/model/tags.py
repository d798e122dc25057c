"""Tags: names and values that people put on things; keys are unique without regard to case, values are text."""

Tags = tuple[tuple[str, str], ...]
