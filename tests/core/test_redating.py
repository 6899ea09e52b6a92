"""What new dates of a deal do to the mails that hang on them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cadence.core.model import MessageState
from cadence.core.planning import opening
from cadence.core.redating import Dropped, Moved, Planned, redated
from cadence.core.sequence import Anchor, Duration, Step
from tests.core.factories import NOW, after, contract_end_minus, course, message, sequence

SHIPPED = Step("it-is-there", at=Anchor("deal.missing_ships", 1, Duration.parse("1 week")))
STEPS = sequence(after("2 hours"), contract_end_minus("90 days"), SHIPPED)
END, LATER = date(2027, 1, 31), date(2027, 3, 31)
TODAY = date(2026, 5, 4)
UNTRIED = frozenset({MessageState.PLANNED})


def dates(**known):
    return {f"deal.{name}": value for name, value in known.items()} | {"deal.lost_at": NOW}


def planned_for(end=END, **more):
    """The mail that hangs on the end of a contract, as it was planned."""
    (plan,) = [plan for plan in opening(course(STEPS, competitor_contract_end=end)) if plan.step == "renewal"]
    return message(id=7, step="renewal", due_at=plan.due_at, base_at=plan.base_at, **more)


def change(was, now, *mails):
    return redated(
        course(STEPS, competitor_contract_end=now), dates(competitor_contract_end=was), mails, TODAY
    )


def test_a_date_that_becomes_known_plans_its_mail():
    (found,) = change(None, END)
    assert isinstance(found, Planned)
    assert (found.plan.step, found.plan.due_at) == ("renewal", datetime(2026, 11, 2, tzinfo=UTC))
    assert found.plan.why == "deal.competitor_contract_end - 90 days; the date became known on 2026-05-04"


def test_each_date_plans_its_own_mails():
    both = {"competitor_contract_end": END, "missing_ships": date(2026, 9, 1)}
    found = redated(course(STEPS, **both), dates(), [], TODAY)
    assert [one.plan.step for one in found] == ["renewal", "it-is-there"]
    found = redated(course(STEPS, **both), dates(competitor_contract_end=END), [planned_for()], TODAY)
    assert [one.plan.step for one in found] == ["it-is-there"]


def test_a_date_that_changes_moves_its_mail():
    (found,) = change(END, LATER, planned_for())
    assert isinstance(found, Moved)
    assert (found.mail.id, found.plan.due_at) == (7, datetime(2026, 12, 31, tzinfo=UTC))
    assert found.plan.base_at == found.plan.due_at
    assert found.plan.why.startswith("deal.competitor_contract_end - 90 days; the date changed on 2026-05-04")
    assert found.plan.why.endswith(", from 2027-01-31 to 2027-03-31")


def test_dates_that_stay_touch_nothing_even_where_the_mail_was_put_off():
    put_off = replace(planned_for(), due_at=NOW + timedelta(days=400))
    assert change(END, END, put_off) == []
    assert change(END, END) == []


def test_a_date_that_is_not_known_any_more_skips_its_mail():
    (found,) = change(END, None, planned_for())
    assert isinstance(found, Dropped)
    assert found.why.endswith("; the date is not known any more since 2026-05-04")
    assert change(END, None) == []


def test_a_date_after_the_end_of_the_sequence_skips_its_mail_or_plans_none():
    (found,) = change(END, date(2031, 1, 1), planned_for())
    assert isinstance(found, Dropped)
    assert found.why.endswith("to 2031-01-01: after the sequence is over")
    assert change(None, date(2031, 1, 1)) == []
    (found,) = change(date(2031, 1, 1), END)
    assert isinstance(found, Planned)


@pytest.mark.parametrize("state", sorted(set(MessageState) - UNTRIED))
@pytest.mark.parametrize("now", [LATER, None])
def test_a_mail_that_left_may_have_left_is_held_or_was_skipped_stays_as_it_is(state, now):
    assert change(END, now, planned_for(state=state)) == []


def test_a_date_that_passed_is_due_as_it_is_for_somebody_who_is_enrolled():
    soon = NOW.date() + timedelta(days=30)
    (found,) = change(None, soon)
    (opened,) = [
        plan for plan in opening(course(STEPS, competitor_contract_end=soon)) if plan.step == "renewal"
    ]
    assert found.plan.due_at == opened.due_at < NOW
