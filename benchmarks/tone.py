"""How well tone is judged: `python -m benchmarks.tone [--show] [FILE.jsonl ...]`.

By default on the sets of training/tone/unseen, which nothing was tuned on. Texts that training has the
like of are left out. --show prints what was missed and what was reported wrongly: not for the unseen sets,
if they shall stay so.
"""

import argparse
import json
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cadence.content.tone.judge import tone_of
from cadence.content.tone.kinds import Kind

TRAINING = Path(__file__).parent.parent / "training" / "tone"
ALIKE = 0.8
"""The share of common words from which on two texts are too much alike."""


@dataclass(frozen=True)
class Judged:
    """A text, the kinds that its author hears in it (none: it is good), and those that were reported. stock:
    whether a bad one's fault lies in a set phrase, None where its author did not tell.
    """

    text: str
    kinds: frozenset[str]
    stock: bool | None
    language: str
    found: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether one of the kinds was found."""
        return not self.kinds.isdisjoint(self.found)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def judged(rows: Iterable[dict[str, Any]], known: Sequence[frozenset[str]]) -> list[Judged]:
    """Judge the texts of a set, but for those that training has the like of."""
    return [
        Judged(
            row["text"],
            frozenset(row["kinds"]),
            row.get("stock"),
            row["language"],
            tuple(one.kind for one in tone_of(row["text"], row["language"])),
        )
        for row in rows
        if not is_known(words_of(row["text"]), known)
    ]


def is_known(words: frozenset[str], known: Sequence[frozenset[str]]) -> bool:
    return any(len(words & other) >= ALIKE * len(words | other) for other in known)


def share(found: Iterable[bool]) -> str:
    known = list(found)
    return f"{sum(known)}/{len(known)} = {sum(known) / len(known):.0%}" if known else "-"


def summary(texts: Sequence[Judged]) -> str:
    """What was found of the bad ones, with and without a set phrase, and reported of the good ones."""
    bad = [one for one in texts if one.kinds]
    lines = [
        f"  found, with a right kind   {share(one.right for one in bad)}",
        f"    with a set phrase        {share(one.right for one in bad if one.stock is True)}",
        f"    without any              {share(one.right for one in bad if one.stock is False)}",
        f"  found, with any kind       {share(bool(one.found) for one in bad)}",
        f"  false alarms               {share(bool(one.found) for one in texts if not one.kinds)}",
    ]
    return "\n".join(lines)


def by_kind(texts: Sequence[Judged]) -> str:
    known = [kind for kind in Kind if any(kind in one.kinds for one in texts)]
    return "\n".join(
        f"  {kind:16} {share(one.right for one in texts if kind in one.kinds)}" for kind in known
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--show", action="store_true", help="also print what went wrong")
    given = parser.parse_args()
    paths = given.files or sorted((TRAINING / "unseen").glob("*.jsonl"))
    known = [words_of(row["text"]) for path in sorted(TRAINING.glob("*.jsonl")) for row in rows_of(path)]
    began, count = time.perf_counter(), 0
    for path in paths:
        rows = rows_of(path)
        texts = judged(rows, known)
        count += len(texts)
        left_out = f", {len(rows) - len(texts)} more left out" if len(rows) > len(texts) else ""
        print(f"{path.stem}: {len(texts)} texts{left_out}\n{summary(texts)}\n{by_kind(texts)}")
        if given.show:
            wrong = [one for one in texts if (not one.right if one.kinds else one.found)]
            print("\n".join(f"  {'+'.join(one.kinds) or 'good'} <- {one.found}: {one.text}" for one in wrong))
    print(f"{count / (time.perf_counter() - began):.0f} texts a second")


if __name__ == "__main__":
    main()
