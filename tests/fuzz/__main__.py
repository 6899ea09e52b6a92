"""Fuzzes the reader of mails for so many minutes: `python -m tests.fuzz [MINUTES [SEED]]`.

Each round draws new mails from the next seed. A finding is made small, its seed and bytes are printed, and
the run ends with status 1. Each mail is read with 200 MB more memory than the process had before it.
"""

# ruff: noqa: T201 - it prints what it finds

import sys
import time
import traceback

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.judge import judge, within_memory
from tests.fuzz.mails import mails

A_ROUND = 200
QUIET = list(HealthCheck)


def main(minutes: float, first: int) -> int:
    """Return the exit status: 1 where a mail broke a rule."""
    end = time.monotonic() + minutes * 60
    judge(b"From: anna@firm.example\n\nWe are still comparing.")  # the model is read once
    counts = [0, 0]

    @settings(
        max_examples=A_ROUND,
        deadline=None,
        database=None,
        suppress_health_check=QUIET,
        print_blob=True,
        phases=(Phase.generate, Phase.shrink),
    )
    @given(mails)
    def read(raw: bytes) -> None:
        counts[0], counts[1] = counts[0] + 1, counts[1] + len(raw)
        within_memory(lambda: judge(raw))

    number = first
    while time.monotonic() < end:
        try:
            seed(number)(read)()
        except Exception:
            traceback.print_exc()
            print(f"finding in round {number}, after {counts[0]} mails")
            return 1
        number += 1
    print(f"{counts[0]} mails of {counts[1] / 1e9:.1f} GB in {number - first} rounds, no finding")
    return 0


if __name__ == "__main__":
    sys.exit(
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 10, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    )
