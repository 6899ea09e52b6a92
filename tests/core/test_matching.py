"""Which mail a message answers: the surest clue decides."""

from datetime import timedelta

from cadence.core.matching import Clues, Index, Sent, match
from tests.core.factories import NOW

FIRST = Sent("<1@vendor.test>", 1, 10, NOW)
SECOND = Sent("<2@vendor.test>", 2, 10, NOW + timedelta(days=4))
OTHER = Sent("<3@vendor.test>", 3, 11, NOW)
INDEX = Index(
    by_id={s.outbound_id: s for s in (FIRST, SECOND, OTHER)},
    by_message_id={s.message_id: s for s in (FIRST, SECOND, OTHER)},
    by_enrollment={10: SECOND, 11: OTHER},
    by_address={"dana@lost.example": (FIRST, SECOND), "kim@lost.example": (OTHER,)},
)


def matched(sender=None, **clues):
    found = match(Clues(sender, **clues), INDEX)
    return found and found.sent


def test_in_reply_to_leads_to_the_mail_whoever_writes():
    assert matched("colleague@lost.example", replied_ids=("<1@vendor.test>",)) is FIRST


def test_the_latest_reference_decides_where_the_first_is_unknown():
    assert matched(replied_ids=("<unknown@lost.example>", "<2@vendor.test>", "<1@vendor.test>")) is SECOND


def test_a_delivery_report_names_its_mail_before_any_thread_header():
    assert matched(reported_id="<3@vendor.test>", replied_ids=("<1@vendor.test>",)) is OTHER


def test_the_address_that_a_mail_returned_to_decides_before_what_it_says():
    assert matched(returned=2, reported_id="<3@vendor.test>") is SECOND


def test_the_token_of_the_thread_leads_to_its_latest_mail():
    assert matched("somebody@elsewhere.example", token=10) is SECOND


def test_an_address_leads_to_the_latest_mail_to_it():
    assert matched("dana@lost.example") is SECOND


def test_an_old_mail_of_the_same_person_answers_nothing():
    assert matched("dana@lost.example", written_at=NOW - timedelta(days=2)) is None
    assert matched("dana@lost.example", written_at=NOW + timedelta(hours=1)) is FIRST


def test_clocks_may_differ_a_little():
    assert matched("kim@lost.example", written_at=NOW - timedelta(hours=5)) is OTHER


def test_a_reported_recipient_leads_to_the_mail():
    assert matched("mailer-daemon@mx.example", reported_recipient="kim@lost.example") is OTHER


def test_what_has_no_clue_is_not_ours():
    assert matched("stranger@elsewhere.example", replied_ids=("<x@y.example>",), token=99) is None
