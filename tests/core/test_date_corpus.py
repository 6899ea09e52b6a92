"""Every phrase of tests/corpus/dates/seen.tsv names its day; of the unseen ones there are only counts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cadence.core.dates import resume_on

SEEN = Path(__file__).parents[1] / "corpus" / "dates" / "seen.tsv"


def phrases() -> Iterator[tuple[str, str, str, str, str]]:
    for line in SEEN.read_text(encoding="utf-8").splitlines():
        language, who, sent, day, text = line.split("\t")
        yield language, who, sent, day, text


@pytest.mark.parametrize(("language", "who", "sent", "day", "text"), list(phrases()))
def test_a_phrase_names_its_day(language: str, who: str, sent: str, day: str, text: str):
    found = resume_on(
        text,
        date.fromisoformat(sent),
        language=language,
        day_first=who != "away-us",
        away=who.startswith("away"),
        asked=who == "waits",
    )
    assert found == (None if day == "-" else date.fromisoformat(day))
