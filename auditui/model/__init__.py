"""Frozen values and pure functions; the ground everything else stands on."""
