"""How much is tried: the short form within `make test`, the long one by FAULTS=long; and from which seed."""

import os
import random

LONG = os.environ.get("FAULTS") == "long"


def scaled(short: int, long: int) -> int:
    """How many of something this run tries."""
    return long if LONG else short


def seeded(name: str) -> random.Random:
    """A source of chance whose seed is printed; FAULTS_SEED replays a run that failed."""
    seed = int(os.environ.get("FAULTS_SEED", random.SystemRandom().randrange(10**9)))
    print(f"{name}: FAULTS_SEED={seed}")  # noqa: T201 - a failure shows it
    return random.Random(f"{seed}/{name}")
