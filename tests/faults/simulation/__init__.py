"""A small town in memory that the real core runs: its books, its processes, its misfortunes, its judge.

Everything is drawn from one seed and time is virtual, so a run that fails fails again, on any machine.
"""
