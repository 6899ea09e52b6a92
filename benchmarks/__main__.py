"""All benchmarks, one after the other: `python -m benchmarks [--short]`."""

import argparse
from pathlib import Path

from benchmarks import (
    backfill,
    importing,
    moving,
    outcome,
    pacing,
    pages,
    reading,
    scheduling,
    sending,
    signing,
    watching,
)


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="only to see that everything runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    words = ["--results", str(given.results), *(["--short"] if given.short else [])]
    for benchmark in (
        sending,
        signing,
        scheduling,
        reading,
        backfill,
        watching,
        pacing,
        importing,
        moving,
        pages,
    ):
        benchmark.main(words)
        print()


if __name__ == "__main__":
    main()
