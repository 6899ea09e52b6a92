"""Prints how well replies are read that nothing was tuned on: right, acted on, harm, attributes, speed.

    python -m benchmarks.replies [FILE.jsonl ...]

Without files it reads training/unseen/*.jsonl and tests/corpus/replies/unseen*.jsonl.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks import mails, phrases
from cadence.core.learning import Reading
from cadence.core.replies import AUTOMATIC, Action, Category, Verdict, action
from cadence.mail.classify import classify
from cadence.mail.intent import judge
from cadence.mail.intent.hearing import hear
from cadence.mail.intent.model import model
from cadence.mail.language import language_of
from cadence.mail.parse import Received

ROOT = Path(__file__).parents[1]
REPLIES = ROOT / "tests" / "corpus" / "replies"
SENT = datetime(2026, 3, 4, 10, tzinfo=UTC)
PEOPLE = [category for category in Category if category not in AUTOMATIC]
ALIKE = 0.6
"""The share of common words from which a reply counts as known from training, and is left out."""
COVERAGE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Read:
    """A reply as its author labelled it, and what was read in it."""

    row: dict[str, Any]
    verdict: Verdict

    @property
    def meant(self) -> Category:
        return Category(self.row["category"])

    @property
    def right(self) -> bool:
        return self.verdict.category is self.meant

    @property
    def acted(self) -> bool:
        return action(self.verdict) is Action.ACT

    @property
    def harm(self) -> bool:
        """Goes on writing to someone who said stop, or tells nobody that a deal is open again."""
        return Reading(self.meant, self.verdict.category, self.acted).is_harm


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def learnt() -> list[frozenset[str]]:
    """The words of every reply that the model or the rules were made with."""
    paths = [*(ROOT / "training" / "replies").glob("*.jsonl"), REPLIES / "tuned.jsonl"]
    return [_words(row["text"]) for path in paths for row in rows_of(path)]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def read(path: Path, known: Sequence[frozenset[str]]) -> tuple[list[Read], int]:
    """Read the replies of a set, and count those left out because training has their like."""
    rows = rows_of(path)
    fresh = [row for row in rows if not _is_known(_words(row["text"]), known)]
    replies = [Read(row, classify(Received(text=row["text"], date=_sent(row)))) for row in fresh]
    return replies, len(rows) - len(fresh)


def _is_known(words: frozenset[str], known: Sequence[frozenset[str]]) -> bool:
    return any(len(words & other) >= ALIKE * len(words | other) for other in known)


def _sent(row: dict[str, Any]) -> datetime:
    given = row.get("resume_on")
    if not isinstance(given, dict) or not given.get("sent"):
        return SENT
    sent = datetime.fromisoformat(given["sent"])
    return sent if sent.tzinfo else sent.replace(hour=10, tzinfo=UTC)


def share(found: Iterable[bool]) -> str:
    known = list(found)
    return f"{sum(known) / len(known):.0%}" if known else "-"


def summary(name: str, replies: Sequence[Read]) -> str:
    acted = [reply for reply in replies if reply.acted]
    return (
        f"{name:24}{len(replies):5}{share(r.right for r in replies):>8}{share(r.acted for r in replies):>8}"
        f"{share(r.right for r in acted):>10}{sum(r.harm for r in replies):>6}{reasons(replies):>9}"
        f"{competitors(replies):>13}{dates(replies):>12}"
    )


def reasons(replies: Sequence[Read]) -> str:
    """F1 of the reasons for a loss, over all replies but those whose author named none for any."""
    both = either = 0
    for reply in replies:
        if reply.meant is Category.FEEDBACK and not {"loss_reasons", "reasons"} & reply.row.keys():
            continue
        wanted = set(reply.row.get("loss_reasons") or reply.row.get("reasons") or ())
        found = {reason.value for reason in reply.verdict.loss_reasons}
        both, either = both + len(wanted & found), either + len(wanted) + len(found)
    return f"{2 * both / either:.2f}" if either else "-"


def competitors(replies: Sequence[Read]) -> str:
    """Exact where one is named, and how many were invented."""
    named = [r for r in replies if r.row.get("competitor")]
    invented = sum(bool(r.verdict.competitor) for r in replies if not r.row.get("competitor"))
    return f"{share(r.verdict.competitor == r.row['competitor'] for r in named)} (+{invented})"


def dates(replies: Sequence[Read]) -> str:
    """Exact where there is one, and how many were invented."""
    known = [r for r in replies if isinstance(r.row.get("resume_on"), dict)]
    exact = [r.verdict.resume_on == date.fromisoformat(r.row["resume_on"]["date"]) for r in known]
    labelled = [r for r in replies if "resume_on" in r.row and r.row["resume_on"] is None]
    return f"{share(exact)} (+{sum(bool(r.verdict.resume_on) for r in labelled)})"


def confusion(replies: Sequence[Read]) -> str:
    counts = Counter((reply.meant, reply.verdict.category) for reply in replies)
    lines = ["meant \\ read      " + "".join(f"{category[:7]:>8}" for category in PEOPLE)]
    for meant in PEOPLE:
        lines.append(f"{meant:18}" + "".join(f"{counts[meant, taken] or '.':>8}" for taken in PEOPLE))
    return "\n".join(lines)


def surest(replies: Sequence[Read]) -> str:
    """How many are right among the surest part of all."""
    ranked = sorted(replies, key=lambda reply: -reply.verdict.confidence)
    parts = [(part, ranked[: max(1, round(part * len(ranked)))]) for part in COVERAGE]
    return "  ".join(f"{part:.0%}: {share(reply.right for reply in some)}" for part, some in parts)


def speed(texts: Sequence[str]) -> str:
    model()  # reading it is paid once

    def rate(work: Callable[[str], object]) -> float:
        began = time.perf_counter()
        for text in texts:
            work(text)
        return len(texts) / (time.perf_counter() - began)

    rules = rate(lambda text: hear(text, language_of(text)))
    everything = rate(lambda text: classify(Received(text=text, date=SENT)))
    alone = rate(lambda text: judge(text, language_of(text)))
    return f"replies a second: rules {rules:.0f}, rules and model {alone:.0f}, all of it {everything:.0f}"


def main() -> None:
    given = [Path(name) for name in sys.argv[1:]]
    paths = given or [
        *sorted((ROOT / "training" / "unseen").glob("*.jsonl")),
        *sorted(REPLIES.glob("unseen*.jsonl")),
    ]
    known = learnt()
    found = {path.stem: read(path, known) for path in paths}
    sets = {name: replies for name, (replies, _) in found.items()}
    left_out = ", ".join(f"{name} {count}" for name, (_, count) in found.items() if count)
    print(f"left out, since training has their like: {left_out or 'none'}\n")
    everything = [reply for replies in sets.values() for reply in replies]
    print("set                         n   right   acted  of those  harm  reasons   competitor    resume_on")
    for name, replies in sets.items():
        print(summary(name, replies))
    for language in sorted({reply.row["language"] for reply in everything}):
        print(summary(f"all in {language}", [r for r in everything if r.row["language"] == language]))
    for name, replies in sets.items():
        print(f"\n{name}: right among the surest\n{surest(replies)}\n\n{confusion(replies)}")
    print("\n" + speed([reply.row["text"] for reply in everything]) + "\n")
    phrases.main()
    print()
    mails.main()


if __name__ == "__main__":
    main()
