"""Prints how many date phrases are read as they are meant that nothing was tuned on, by language."""

from collections import Counter
from datetime import date
from pathlib import Path

from cadence.core.dates import resume_on

UNSEEN = Path(__file__).parents[1] / "tests" / "corpus" / "dates" / "unseen.tsv"


def main() -> None:
    """Exact where a day is meant, and invented where none is."""
    counts: Counter[tuple[str, str]] = Counter()
    for line in UNSEEN.read_text(encoding="utf-8").splitlines():
        language, who, sent, day, text = line.split("\t")
        found = resume_on(
            text,
            date.fromisoformat(sent),
            language=language,
            day_first=who != "away-us",
            away=who.startswith("away"),
            asked=who == "waits",
        )
        meant = None if day == "-" else date.fromisoformat(day)
        kind = "none" if meant is None else "day"
        counts[language, kind] += 1
        counts[language, f"{kind} right"] += found == meant
    print("date phrases        exact   none invented")
    for language in sorted({language for language, _ in counts}):
        print(f"{language:18}{_part(counts, language, 'day'):>8}{_part(counts, language, 'none'):>12}")


def _part(counts: Counter[tuple[str, str]], language: str, kind: str) -> str:
    return f"{counts[language, f'{kind} right']}/{counts[language, kind]}"


if __name__ == "__main__":
    main()
