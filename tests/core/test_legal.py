"""Grounds to write to people: which count where, until when, and what an enrollment tells by itself."""

from datetime import date

import pytest

from cadence.core.calendar import is_known_country
from cadence.core.legal import RULES, Basis, Ground, last_day, missing, rule_of, supposed
from cadence.core.sequence import Audience

DAY = date(2026, 3, 3)


def ground(basis: Basis, until: date | None = None) -> Ground:
    return Ground(basis, "a form", DAY, until)


@pytest.mark.parametrize(
    ("basis", "last"),
    [
        (Basis.NEGOTIATION, date(2026, 9, 3)),
        (Basis.CUSTOMER, date(2028, 3, 3)),
        (Basis.CONSENT, None),
    ],
)
def test_in_canada_implied_consent_ends(basis: Basis, last: date | None) -> None:
    assert last_day(ground(basis), "CA") == last
    if last:
        assert missing(ground(basis), "CA", last) is None
        said = missing(ground(basis), "CA", date(2029, 1, 1))
        assert said and f"ended on {last}" in said and "CASL" in said


@pytest.mark.parametrize("country", ["AT", "AU", "CA", "DE", "ES", "IT", "NZ"])
def test_where_consent_is_asked_for_an_interest_is_no_ground(country: str) -> None:
    said = missing(ground(Basis.LEGITIMATE_INTEREST), country, DAY)
    assert said and f"is no ground for mail in {country}" in said
    assert missing(ground(Basis.CONSENT), country, DAY) is None


@pytest.mark.parametrize("country", ["GB", "FR", "NL", "US", None, "JP"])
def test_elsewhere_nothing_ends_by_itself(country: str | None) -> None:
    for basis in Basis:
        assert missing(ground(basis), country, date(2036, 1, 1)) is None


def test_an_end_that_somebody_named_counts_everywhere_and_the_earlier_one_wins() -> None:
    said = ground(Basis.CONSENT, until=date(2026, 5, 1))
    assert missing(said, "US", date(2026, 5, 1)) is None
    assert "ended on 2026-05-01: consent since 2026-03-03" in (missing(said, "US", date(2026, 5, 2)) or "")
    assert last_day(ground(Basis.NEGOTIATION, until=date(2030, 1, 1)), "CA") == date(2026, 9, 3)


def test_an_enrollment_tells_its_ground_by_whom_it_is_written_for() -> None:
    lost, enrolled = date(2026, 1, 1), date(2026, 2, 2)
    found = {audience: supposed(audience, lost, enrolled) for audience in Audience}
    assert (found[Audience.LOST].basis, found[Audience.LOST].since) == (Basis.NEGOTIATION, lost)
    assert (found[Audience.FORMER].basis, found[Audience.FORMER].since) == (Basis.CUSTOMER, lost)
    assert found[Audience.REFERRAL].since == enrolled


def test_every_rule_names_its_law_for_a_country_that_exists() -> None:
    for country, rules in RULES.items():
        assert is_known_country(country)
        assert set(rules) == set(Basis)
        assert all(rule_of(basis, country).law for basis in Basis)
