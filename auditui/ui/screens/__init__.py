"""Places one can be in: a screen each."""
