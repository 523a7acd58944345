"""The loaded records on disk."""
