"""Decisions: facts in, a value out. No clock, no input or output, no async."""
