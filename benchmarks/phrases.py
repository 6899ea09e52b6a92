"""Prints how many date phrases are read as they are meant that nothing was tuned on, by language."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cadence.core.dates import resume_on

CORPUS = Path(__file__).parents[1] / "tests" / "corpus" / "dates"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line of the corpus. who: of whom the mail is, as its page says; meant: None where no day is."""

    language: str
    who: str
    sent: date
    meant: date | None
    text: str

    def read(self) -> date | None:
        """The day that is read in it."""
        return resume_on(
            self.text,
            self.sent,
            language=self.language,
            day_first=self.who != "away-us",
            away=self.who.startswith("away"),
            asked=self.who == "waits",
        )


def phrases(name: str) -> Iterator[Phrase]:
    """The phrases of a file of the corpus."""
    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        language, who, sent, day, text = line.split("\t")
        meant = None if day == "-" else date.fromisoformat(day)
        yield Phrase(language, who, date.fromisoformat(sent), meant, text)


def main() -> None:
    """Exact where a day is meant, and invented where none is."""
    counts: Counter[tuple[str, str]] = Counter()
    for phrase in phrases("unseen.tsv"):
        kind = "none" if phrase.meant is None else "day"
        counts[phrase.language, kind] += 1
        counts[phrase.language, f"{kind} right"] += phrase.read() == phrase.meant
    print("date phrases        exact   none invented")
    for language in sorted({language for language, _ in counts}):
        print(f"{language:18}{_part(counts, language, 'day'):>8}{_part(counts, language, 'none'):>12}")


def _part(counts: Counter[tuple[str, str]], language: str, kind: str) -> str:
    return f"{counts[language, f'{kind} right']}/{counts[language, kind]}"


if __name__ == "__main__":
    main()
