"""Talks to CRMs: one interface, and behind it one connector for each, which are all the same inside."""
