"""When a sender is away nothing leaves; when they are back it does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cadence.core.absence import away_on, back_at
from cadence.core.dispatch import Wait, decide
from cadence.core.model import Absence, Mailbox, Place
from cadence.core.sequence import From
from tests.core import factories

NOW = datetime(2026, 8, 3, 22, 30, tzinfo=UTC)  # already the 4th in Paris
BOX = Mailbox(1, "rep@vendor.test", "Robin Rep", From.REP, "", "", "", NOW, place=Place("Europe/Paris", "FR"))


def away(*days: str) -> Mailbox:
    spans = [day.split("/") for day in days]
    return replace(
        BOX, absences=tuple(Absence(date.fromisoformat(a), date.fromisoformat(b)) for a, b in spans)
    )


def test_who_is_there_is_there_now():
    assert back_at(BOX, NOW).at == NOW
    assert back_at(away("2026-08-05/2026-08-09"), NOW).at == NOW


def test_days_are_those_of_the_mailbox():
    assert back_at(away("2026-08-03/2026-08-03"), NOW).at == NOW
    assert back_at(away("2026-08-04/2026-08-04"), NOW).at == datetime(2026, 8, 4, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "days",
    [
        ("2026-08-01/2026-08-14",),
        ("2026-08-01/2026-08-10", "2026-08-11/2026-08-14"),
        ("2026-08-09/2026-08-14", "2026-08-01/2026-08-10"),
    ],
)
def test_absences_that_meet_are_one(days):
    back = back_at(away(*days), NOW)
    assert back.at == datetime(2026, 8, 14, 22, 0, tzinfo=UTC)
    assert "Robin Rep is away until 14 Aug 2026" in back.why


def test_public_holidays_of_the_sender_count_where_they_rest_on_them():
    box = away("2026-08-04/2026-08-14")
    assert back_at(replace(box, rests_on_holidays=True), NOW).at == datetime(2026, 8, 15, 22, 0, tzinfo=UTC)
    assert "Assumption" in back_at(replace(box, rests_on_holidays=True), NOW).why


def test_the_absence_of_a_day_is_known():
    box = away("2026-08-01/2026-08-02", "2026-08-10/2026-08-14")
    assert away_on(box, date(2026, 8, 12)) == box.absences[1]
    assert away_on(box, date(2026, 8, 3)) is None


def test_a_mail_waits_until_its_sender_is_back_and_the_reader_at_work():
    box = replace(factories.mailbox(), absences=(Absence(date(2026, 1, 1), date(2026, 12, 24)),))
    decision = decide(factories.facts(mailbox=box), factories.NOW, timedelta(minutes=1))
    assert isinstance(decision, Wait)
    assert decision.until >= datetime(2026, 12, 25, tzinfo=UTC)
    assert "is away until 24 Dec 2026" in decision.why
