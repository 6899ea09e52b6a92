"""Use cases: the order of steps of each, and its transactions."""
