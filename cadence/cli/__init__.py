"""The command line: what a person types is parsed, one use case is called, its answer is printed."""

from cadence.cli.entry import main

__all__ = ["main"]
