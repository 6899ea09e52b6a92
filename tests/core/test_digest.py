"""What a week taught is told with how sure it is, and nothing is told of a week that taught nothing."""

from datetime import UTC, datetime

import pytest

from cadence.core.digest import Reason, Week, digest, next_digest
from cadence.core.intervals import Share


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (at(2026, 3, 4, 12), at(2026, 3, 9, 8)),
        (at(2026, 3, 9, 7, 59), at(2026, 3, 9, 8)),
        (at(2026, 3, 9, 8), at(2026, 3, 16, 8)),
        (at(2026, 3, 28, 12), at(2026, 3, 30, 7)),  # clocks went forward on Sunday
    ],
)
def test_it_is_told_on_monday_morning(now, monday):
    assert next_digest(now, "Europe/Berlin") == monday


def test_a_share_of_few_comes_with_its_range_and_the_words_that_prove_it():
    week = Week((Reason("price", Share(1, 3), "Too expensive.", "Lost Inc."),), ())
    notice = digest(week, "https://cadence.vendor.example")
    assert notice is not None
    share, words, _ = notice.parts
    assert share.text == "price: 1 of 3 who told us why (6%–79%)"
    assert (words.text, words.quoted) == ("Too expensive.\n— Lost Inc.", True)
    assert notice.links[0].url == "https://cadence.vendor.example/learn"


def test_many_companies_are_counted_rather_than_listed():
    notice = digest(Week((), tuple(f"Company {n}" for n in range(13))), None)
    assert notice is not None
    (part,) = notice.parts
    assert part.text.endswith("Company 9 and 3 more.")


def test_of_nothing_nothing_is_told():
    assert digest(Week((), ()), None) is None
