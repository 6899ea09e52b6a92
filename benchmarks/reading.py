"""How fast mails are parsed and understood: `python -m benchmarks.reading`."""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from benchmarks import outcome
from cadence.core.replies import Category
from cadence.mail import classify as classifying
from cadence.mail.classify import classify
from cadence.mail.intent import Judgement
from cadence.mail.parse import Received, parse

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"


# --- understanding ---


@contextmanager
def _without_intent() -> Iterator[None]:
    """Let every person's words mean nothing."""
    unknown = Judgement(Category.OTHER, 0.0)
    with patch.object(classifying, "judge", lambda text, language: unknown):
        yield


def understood(rounds: int) -> dict[str, Any]:
    """Messages a second: parsed only; classified without and with the meaning of a person's words."""
    mails = [path.read_bytes() for path in sorted(CORPUS.glob("*.eml"))]
    replies = _replies()
    parsed = [parse(raw) for raw in mails]

    def parsing() -> None:
        for raw in mails:
            parse(raw)

    def classifying_all() -> None:
        for one in (*parsed, *replies):
            classify(one)

    classifying_all()  # warm: tables are made when first used
    times: dict[str, list[float]] = {"parse": [], "without_intent": [], "with_intent": []}
    for _ in range(rounds):
        times["parse"].append(_seconds(parsing) / len(mails))
        with _without_intent():
            times["without_intent"].append(_seconds(classifying_all) / (len(parsed) + len(replies)))
        times["with_intent"].append(_seconds(classifying_all) / (len(parsed) + len(replies)))
    rates = {f"{name}_per_second": round(1 / median(each)) for name, each in times.items()}
    return {"mails": len(mails), "replies": len(replies), **rates}


def _replies() -> list[Received]:
    sent = datetime(2026, 3, 4, 10, tzinfo=UTC)
    return [
        Received(text=json.loads(line)["text"], date=sent)
        for path in sorted((CORPUS / "replies").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def show(found: dict[str, Any]) -> str:
    """The lines that people read."""
    rows: list[tuple[str, ...]] = [
        (label, f"{found[f'{name}_per_second']:,}")
        for label, name in (
            ("parsed", "parse"),
            ("classified, words not understood", "without_intent"),
            ("classified, words understood", "with_intent"),
        )
    ]
    return outcome.table(("", "messages/s"), rows)


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="under 20 seconds: only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    found = understood(1 if given.short else 5)
    print("reading")
    print(show(found))
    outcome.keep(given.results, "reading", found, short=given.short)


if __name__ == "__main__":
    main()
