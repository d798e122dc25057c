"""Versioned changes of the schema, from every released one to this one's."""

HEAD = "0001"
"""The newest migration: a database at it needs no look at the others."""
