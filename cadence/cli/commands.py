"""Gathers the commands; importing a module registers what it offers."""

from cadence.cli import installation, people, sequences, show

__all__ = ["installation", "people", "sequences", "show"]
