"""What can be wrong with an installation: one file per symptom, each with a `check`."""
