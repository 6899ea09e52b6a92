"""How a phrase is tied to its sentence decides which day it means."""

from datetime import date

import pytest

from cadence.core.dates import resume_on

SENT = date(2026, 3, 10)
PHRASES = [
    ("en", "After Q1, please", "2026-04-01"),
    ("en", "after March", "2026-04-01"),
    ("en", "once the second quarter is behind us", "2026-07-01"),
    ("en", "In six months I'll know whether we did right. Ask me then.", "2026-09-10"),
    ("en", "Budget round closes 30 April. Anything after that is fair game.", "2026-05-01"),
    ("en", "Swamped on Saturday! Properly back at it the week of April 8.", "2026-04-06"),
    ("en", "We signed for two years last May, so you do the sums.", "2027-05-01"),
    ("en", "The new financial year begins on 1 July. Ring me then.", "2026-07-01"),
    ("en", "I'm back at my desk on Monday 4 January, ask then.", "2027-01-04"),
    ("en", "by the end of May we will know; write to me then", "2026-05-31"),
    ("en", "we just signed for two years so I guess we speak in 2028", "2028-03-10"),
    ("en", "Try us in March '27.", "2027-03-01"),
    ("de", "nach dem ersten Quartal", "2026-04-01"),
    ("fr", "après le premier trimestre", "2026-04-01"),
    ("es", "pasado el primer trimestre", "2026-04-01"),
    ("nl", "na Q1 graag", "2026-04-01"),
    ("it", "ad agosto siamo chiusi, mi scriva lunedì 7 settembre", "2026-09-07"),
    ("pt", "quando dezembro acabar, fale comigo", "2027-01-01"),
    ("nl", "voor 2027 gebeurt hier niks", "2027-01-01"),
]


@pytest.mark.parametrize(("language", "text", "wanted"), PHRASES)
def test_a_phrase_means_the_day_its_sentence_asks_for(language: str, text: str, wanted: str) -> None:
    assert resume_on(text, SENT, language=language) == date.fromisoformat(wanted)


def test_what_was_is_no_day_to_come() -> None:
    assert resume_on("Thanks for the call on Tuesday. All good here.", SENT, asked=False) is None
