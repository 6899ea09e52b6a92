"""A provider's report that our mail was called spam is a complaint of the one it went to."""

import pytest

from cadence.core.replies import Category
from cadence.mail.classify import classify
from cadence.mail.parse import parse

MAIL = "From: tom@ours.example\nTo: anna@firm.example\nMessage-ID: <1@ours.example>\n\nHello\n"
ARF = (
    "From: fbl@mx.example\nSubject: FW: Hello\n"
    "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
    "--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {}\nVersion: 1\n{}\n"
    f"--b\nContent-Type: message/rfc822\n\n{MAIL}--b--\n"
)
OLDER = (
    "From: staff@mx.example\nSubject: complaint about message from 192.0.2.1\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
    f"X-HmXmrOriginalRecipient: <anna@firm.example>\n{MAIL.replace('anna@', 'hidden@')}--b--\n"
)


@pytest.mark.parametrize(
    "raw", [ARF.format("abuse", ""), ARF.format("fraud", "Original-Rcpt-To: <anna@firm.example>\n"), OLDER]
)
def test_a_complaint_names_whom_the_mail_went_to(raw: str):
    verdict = classify(parse(raw.encode()))
    assert verdict.category is Category.COMPLAINT
    assert verdict.bounce
    assert verdict.bounce.recipient == "anna@firm.example"
    assert verdict.bounce.original_message_id == "<1@ours.example>"


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_a_report_of_something_else_is_none(kind: str):
    assert classify(parse(ARF.format(kind, "").encode())).category is not Category.COMPLAINT


def test_a_person_who_complains_is_no_provider():
    raw = b"From: anna@firm.example\nSubject: Complaint about message from Tom\n\nThe price was too high.\n"
    assert classify(parse(raw)).category is not Category.COMPLAINT
