"""Prints how well replies are read: right, acted on, right of those, harm, attributes, and messages a second.

Run it with `.venv/bin/python benchmarks/replies.py`; it reads tests/corpus/replies/*.jsonl.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cadence.core.replies import Action, Category, Verdict, action
from cadence.mail.classify import classify
from cadence.mail.parse import Received

REPLIES = Path(__file__).parents[1] / "tests" / "corpus" / "replies"
SENT = datetime(2026, 3, 4, 10, tzinfo=UTC)
MUST_NOT_MISS = {Category.UNSUBSCRIBE, Category.DECISION_OPEN, Category.INTERESTED}
GOES_ON = {
    Category.FEEDBACK,
    Category.FEEDBACK_DECLINED,
    Category.KEEP_IN_TOUCH,
    Category.NOT_NOW,
    Category.REFERRAL,
    Category.ACKNOWLEDGEMENT,
}


def read(path: Path) -> Iterator[tuple[dict[str, Any], Verdict]]:
    for line in path.read_text().splitlines():
        row = json.loads(line)
        yield row, classify(Received(text=row["text"], date=SENT))


def report(path: Path) -> str:
    count: Counter[str] = Counter()
    for row, verdict in read(path):
        want = Category(row["category"])
        right, acts = verdict.category is want, action(verdict) is Action.ACT
        count["n"] += 1
        count["right"] += right
        count["acted"] += acts
        count["right acted"] += acts and right
        count["harm"] += acts and want in MUST_NOT_MISS and verdict.category in GOES_ON
        wanted, found = set(row.get("reasons", ())), {reason.value for reason in verdict.loss_reasons}
        if "reasons" in row:
            count["both"] += len(wanted & found)
            count["either"] += len(wanted) + len(found)
    n, acted = count["n"], max(count["acted"], 1)
    score = f"{2 * count['both'] / count['either']:.2f}" if count["either"] else "-"
    return (
        f"{path.stem:12} {n:5} {count['right'] / n:7.0%} {count['acted'] / n:9.0%} "
        f"{count['right acted'] / acted:15.0%} {count['harm']:6} {score:>9}"
    )


def main() -> None:
    print("set              n   right  acted on  right of those   harm  reasons F1")
    for path in sorted(REPLIES.glob("*.jsonl")):
        print(report(path))
    began = time.perf_counter()
    count = sum(1 for path in REPLIES.glob("*.jsonl") for _ in read(path))
    print(f"{count / (time.perf_counter() - began):.0f} replies a second")


if __name__ == "__main__":
    main()
