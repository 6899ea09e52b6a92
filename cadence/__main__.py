"""`python -m cadence`."""

from cadence.cli import main

main()
