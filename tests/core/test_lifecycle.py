"""The tables, cell by cell."""

from datetime import timedelta
from itertools import product

import pytest

from cadence.core.lifecycle import ENDS, LIVE, MESSAGE_MOVES, TRANSITIONS, Fact, later_pause, transition
from cadence.core.model import EnrollmentState as S
from cadence.core.model import MessageState as M
from cadence.core.model import Place
from tests.core.factories import NOW, after, sequence

SEQUENCE = sequence(after("2 hours"))
UTC_PLACE = Place("UTC")

# rows: state; columns: the facts in the order of the enum; "-" changes nothing
TABLE = """
             pause   resume  reopen    reply    finish    stop     bounce   opt_out    fail    remove
active       paused  -       reopened  replied  finished  stopped  bounced  opted_out  failed  removed
paused       -       active  reopened  replied  finished  stopped  bounced  opted_out  failed  removed
finished     -       -       reopened  replied  -         stopped  bounced  opted_out  failed  removed
failed       -       -       reopened  replied  -         stopped  bounced  opted_out  -       removed
removed      -       -       reopened  replied  -         stopped  bounced  opted_out  -       -
stopped      -       -       reopened  replied  -         -        bounced  opted_out  -       -
bounced      -       -       reopened  replied  -         -        -        opted_out  -       -
replied      -       -       reopened  -        -         -        -        opted_out  -       -
reopened     -       -       -         -        -         -        -        opted_out  -       -
opted_out    -       -       -         -        -         -        -        -          -       -
"""


def cells():
    header, *rows = [line.split() for line in TABLE.strip().splitlines()]
    for state, *values in rows:
        for fact, value in zip(header, values, strict=True):
            yield S(state), Fact(fact), None if value == "-" else S(value)


@pytest.mark.parametrize(("state", "fact", "expected"), list(cells()))
def test_every_cell_of_the_enrollment_table(state, fact, expected):
    assert transition(state, fact) is expected


def test_the_written_table_covers_every_state_and_fact():
    assert {(state, fact) for state, fact, _ in cells()} == set(product(S, Fact))


def test_opted_out_wins_from_every_state_and_has_no_way_out():
    assert all(transition(state, Fact.OPT_OUT) is S.OPTED_OUT for state in S if state is not S.OPTED_OUT)
    assert not [fact for fact in Fact if transition(S.OPTED_OUT, fact)]


def test_nothing_ended_comes_back_to_life():
    assert not [cell for cell, to in TRANSITIONS.items() if cell[0] not in LIVE and to in LIVE]


@pytest.mark.parametrize(
    ("state", "followers"),
    [
        (M.PLANNED, {M.SENDING, M.HELD, M.SKIPPED, M.CANCELLED, M.SENT}),
        (M.SENDING, {M.SENT, M.REFUSED, M.DEFERRED, M.IN_DOUBT, M.PLANNED}),
        (M.SENT, {M.DEFERRED}),
        (M.REFUSED, set()),
        (M.DEFERRED, {M.SENDING, M.HELD, M.SKIPPED, M.CANCELLED, M.REFUSED, M.SENT}),
        (M.IN_DOUBT, {M.SENT, M.DEFERRED, M.REFUSED, M.CANCELLED}),
        (M.HELD, {M.PLANNED, M.SKIPPED, M.CANCELLED}),
        (M.SKIPPED, set()),
        (M.CANCELLED, set()),
    ],
)
def test_every_row_of_the_message_table(state, followers):
    assert MESSAGE_MOVES[state] == followers


def test_a_mail_counts_as_sent_when_it_was_handed_over_or_turned_out_to_have_left():
    assert [state for state, to in MESSAGE_MOVES.items() if M.SENT in to] == [
        M.PLANNED,
        M.DEFERRED,
        M.SENDING,
        M.IN_DOUBT,
    ]
    assert M.SENDING not in MESSAGE_MOVES[M.IN_DOUBT]  # never resent blindly


def test_of_two_pauses_the_longer_one_counts_and_an_open_one_outlasts_all():
    soon, late = NOW, NOW + timedelta(days=3)
    assert later_pause(soon, late) == later_pause(late, soon) == late
    assert later_pause(soon, None) is later_pause(None, soon) is None


def test_the_ends_are_all_that_is_neither_live_nor_a_pause():
    assert set(ENDS.values()) == set(S) - LIVE
