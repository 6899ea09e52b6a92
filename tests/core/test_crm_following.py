"""What follows from how a deal stands in its CRM, and whose value counts: the whole tables."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.crm import DealState, RemoteDeal
from cadence.core.crm_following import NOTHING, Base, Merge, Step, day, merge, step
from cadence.core.crm_merging import amount_of, merged
from cadence.core.crm_setup import Setup
from cadence.core.model import Deal

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = AT.date()
OPEN, WON, LOST = DealState.OPEN, DealState.WON, DealState.LOST
A, B, C = "price", "features", "trust"


def remote(state: DealState = LOST, closed_at: datetime | None = AT, **fields: str) -> RemoteDeal:
    return RemoteDeal("41", "Scanners", state, "Sales", "Some", AT, closed_at=closed_at, fields=fields)


def ours(**facts: object) -> Deal:
    return Deal(1, 1, "Scanners", AT, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "now", "follows"),
    [
        (None, LOST, Step.BEGIN),
        (None, OPEN, Step.LEAVE),
        (None, WON, Step.LEAVE),
        (LOST, LOST, Step.REFRESH),
        (LOST, OPEN, Step.STOP),
        (LOST, WON, Step.WIN),
        (OPEN, LOST, Step.BEGIN),
        (OPEN, OPEN, Step.LEAVE),
        (OPEN, WON, Step.WIN),
        (WON, LOST, Step.BEGIN),
        (WON, OPEN, Step.STOP),
        (WON, WON, Step.LEAVE),
    ],
)
def test_what_follows_from_how_a_deal_stood_and_stands(
    before: DealState | None, now: DealState, follows: Step
) -> None:
    assert step(before, remote(now), AT) is follows


def test_only_what_was_lost_since_then_begins() -> None:
    moment = timedelta(milliseconds=1)

    assert step(None, remote(), AT + moment) is Step.LEAVE
    assert step(None, remote(closed_at=None), AT) is Step.BEGIN  # by when it changed
    assert step(LOST, remote(), AT + moment) is Step.REFRESH


@pytest.mark.parametrize(
    ("agreed", "here", "there", "counts"),
    [
        (A, A, A, Merge.SETTLED),
        (A, B, A, Merge.OURS),
        (A, A, B, Merge.THEIRS),
        (A, B, B, Merge.SETTLED),
        (A, B, C, Merge.CONFLICT),
        (A, "", B, Merge.CONFLICT),
        (A, " price ", "price\n", Merge.SETTLED),
    ],
)
def test_whose_value_counts(agreed: str, here: str, there: str, counts: Merge) -> None:
    assert merge(Base.of(agreed, agreed), here, there) is counts


def test_a_value_that_the_crm_writes_in_its_own_way_is_no_news() -> None:
    base = Base.of("2026-05-01", "2026-05-01T00:00:00Z")

    assert merge(base, "2026-05-01", "2026-05-01T00:00:00Z") is Merge.SETTLED
    assert merge(base, "2026-06-01", "2026-05-01T00:00:00Z") is Merge.OURS
    assert merge(base, "2026-05-01", "2026-07-01T00:00:00Z") is Merge.THEIRS


_values = st.sampled_from([A, B, C, ""])


@given(agreed=st.tuples(_values, _values), here=_values, there=_values)
def test_no_merge_ever_comes_in_a_circle(agreed: tuple[str, str], here: str, there: str) -> None:
    """Once a side took the other's value, both are settled and stay so."""
    base = Base.of(*agreed)
    match merge(base, here, there):
        case Merge.OURS:
            there = here
        case Merge.THEIRS:
            here = there
        case Merge.CONFLICT:
            return
    assert merge(Base.of(here, there), here, there) is Merge.SETTLED


SETUP = Setup(
    reads={"reason": "lost", "competitor": "rival", "competitor_contract_end": "until"},
    reasons={"Too dear": "price"},
)


def test_what_changed_there_is_taken_over_as_it_is_called_here() -> None:
    deal = remote(lost="too dear", rival="Rival\u200b\nLtd", until="2028-03-31T00:00:00Z")

    found = merged(SETUP, deal, None, {}, TODAY)

    assert found.taken == {
        "reason": "price",
        "competitor": "Rival Ltd",
        "competitor_contract_end": date(2028, 3, 31),
    }
    again = merged(SETUP, deal, ours(**found.taken), found.bases, TODAY)
    assert (again.taken, again.conflicts) == ({}, {})


@pytest.mark.parametrize("until", ["soon", "2025-12-31", ""])
def test_a_date_that_cannot_be_right_is_left_out(until: str) -> None:
    assert merged(SETUP, remote(until=until), None, {}, TODAY).taken == {}


def test_what_both_sides_changed_is_kept_on_both() -> None:
    before = merged(SETUP, remote(lost="A"), None, {}, TODAY).bases

    found = merged(SETUP, remote(lost="B"), ours(reason="C"), before, TODAY)

    assert (found.taken, found.conflicts) == ({}, {"reason": ("C", "B")})
    assert found.bases["reason"] == before["reason"]


def test_what_they_emptied_is_kept_here() -> None:
    before = merged(SETUP, remote(lost="A"), None, {}, TODAY).bases

    found = merged(SETUP, remote(), ours(reason="A"), before, TODAY)

    assert (found.taken, found.conflicts) == ({}, {})
    assert merged(SETUP, remote(), ours(reason="A"), found.bases, TODAY).taken == {}


def test_what_a_deal_is_worth_is_written_as_people_write_it() -> None:
    def worth(amount: str, currency: str | None = "EUR") -> str:
        return amount_of(RemoteDeal("1", "x", LOST, "", "", AT, amount=Decimal(amount), currency=currency))

    assert [worth("48000"), worth("1250.5"), worth("7", None)] == ["48,000 EUR", "1,250.50 EUR", "7"]
    assert amount_of(remote()) == ""


def test_a_day_is_read_from_dates_and_instants() -> None:
    assert [day(said) for said in ("2026-03-02", " 2026-03-02T23:00:00Z", "2. 3. 2026", "")] == [
        date(2026, 3, 2),
        date(2026, 3, 2),
        None,
        None,
    ]
    assert Base.of("", " ") == NOTHING
