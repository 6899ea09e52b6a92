"""A length of time reaches to a day, counted from the reply."""

from datetime import date

import pytest

from cadence.core.dates import resume_on

SENT = date(2026, 3, 10)
PHRASES = [
    ("en", "give it a fortnight", "2026-03-24"),
    ("en", "Half a year from now, same question please.", "2026-09-10"),
    ("en", "this time next year our contract is up", "2027-03-10"),
    ("en", "Park it for three months", "2026-06-10"),
    ("en", "Leave it 3 months.", "2026-06-10"),
    ("en", "we are frozen for the rest of the year", "2027-01-01"),
    ("en", "60 days please", "2026-05-09"),
    ("en", "six months or so", "2026-09-10"),
    ("en", "two weeks today", "2026-03-24"),
    ("en", "once this year is over", "2027-01-01"),
    ("en", "May, please.", "2026-05-01"),
    ("de", "in vierzehn Tagen bin ich wieder ansprechbar", "2026-03-24"),
    ("de", "um diese Zeit nächstes Jahr", "2027-03-10"),
    ("fr", "sous quinzaine", "2026-03-25"),
    ("fr", "Laissez passer trois mois.", "2026-06-10"),
    ("es", "por estas fechas el año que viene", "2027-03-10"),
    ("nl", "over veertien dagen", "2026-03-24"),
    ("it", "fra quattordici giorni", "2026-03-24"),
    ("pt", "daqui a quinze dias", "2026-03-25"),
]


@pytest.mark.parametrize(("language", "text", "wanted"), PHRASES)
def test_a_length_of_time_counts_from_the_reply(language: str, text: str, wanted: str) -> None:
    assert resume_on(text, SENT, language=language) == date.fromisoformat(wanted)


def test_a_length_that_was_needed_before_is_no_wait() -> None:
    assert resume_on("It took you six weeks to quote.", SENT) is None
