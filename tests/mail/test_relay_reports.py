"""What each relay says of a mail is read as the same few things."""

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.relays import Happening, RelayKind
from cadence.core.replies import Category
from cadence.mail.classify import classify
from cadence.mail.parse import parse
from cadence.mail.relay_mail import as_mail
from cadence.mail.relay_reports import read
from tests.core.factories import NOW
from tests.servers.relays import REGION, mailgun_event, postmark, sendgrid_event, ses

ID, EMAIL = "<1@vendor.test>", "dana@lost.example"
SES, POSTMARK, MAILGUN, SENDGRID = RelayKind.SES, RelayKind.POSTMARK, RelayKind.MAILGUN, RelayKind.SENDGRID
NO_USER = {"status": "5.1.1", "action": "failed", "diagnosticCode": "smtp; 550 5.1.1 no such user"}


def bounce(kind, **person):
    return ses("Bounce", ID, EMAIL, bounceType=kind, bounceSubType="General", person=person)


def gun(what, **about):
    return {"event-data": mailgun_event(what, ID, EMAIL, **about)}


def failed(severity, **about):
    return gun("failed", severity=severity, **about)


def grid(what, **about):
    return [sendgrid_event(what, ID, EMAIL, **about)]


def changed(why):
    about = {"RecordType": "SubscriptionChange", "ChangedAt": "2026-03-03T13:00:00Z", "Recipient": EMAIL}
    return postmark("", ID, "", **about, SuppressSending=True, SuppressionReason=why)


HARD, SOFT, LATER, SPAM, ARRIVED = "hard", "soft", "later", "complaint", "arrived"
OURS = "our fault"
NO_MORE = "unsubscribed"
SAID = [
    (SES, bounce("Permanent", **NO_USER), HARD),
    (SES, bounce("Permanent"), HARD),
    (SES, bounce("Transient"), SOFT),
    (SES, bounce("Transient", status="5.3.4", diagnosticCode="smtp; 552 5.3.4 too large"), SOFT),
    (SES, bounce("Transient", status="5.2.2", diagnosticCode="smtp; 552 5.2.2 over quota"), SOFT),
    (SES, bounce("Undetermined"), SOFT),
    (SES, bounce("Permanent", status="5.7.26", diagnosticCode="550 5.7.26 DMARC says no"), OURS),
    (SES, ses("Complaint", ID, EMAIL, complaintFeedbackType="abuse"), SPAM),
    (SES, ses("Complaint", ID, EMAIL, complaintFeedbackType="not-spam"), None),
    (SES, ses("DeliveryDelay", ID, EMAIL, delayType="TransientCommunicationFailure"), LATER),
    (SES, ses("Delivery", ID, EMAIL, smtpResponse="250 ok"), ARRIVED),
    (SES, ses("Reject", ID, EMAIL, reason="Bad content"), OURS),
    (SES, ses("Open", ID, EMAIL), None),
    (SES, ses("Subscription", ID, EMAIL, newTopicPreferences={"unsubscribeAll": True}), NO_MORE),
    (SES, ses("Subscription", ID, EMAIL, newTopicPreferences={"unsubscribeAll": False}), None),
    (SES, {"notificationType": "AmazonSnsSubscriptionSucceeded", "message": "You have subscribed"}, None),
    (POSTMARK, postmark("HardBounce", ID, EMAIL, Details="smtp;550 5.1.1 who?"), HARD),
    (POSTMARK, postmark("BadEmailAddress", ID, EMAIL), HARD),
    (POSTMARK, postmark("SoftBounce", ID, EMAIL, Details="smtp;550 5.4.7 expired"), SOFT),
    (POSTMARK, postmark("DnsError", ID, EMAIL), SOFT),
    (POSTMARK, postmark("Transient", ID, EMAIL), LATER),
    (POSTMARK, postmark("Blocked", ID, EMAIL, Details="smtp;550 refused"), OURS),
    (POSTMARK, postmark("SpamComplaint", ID, EMAIL), SPAM),
    (POSTMARK, postmark("AutoResponder", ID, EMAIL), None),
    (POSTMARK, postmark("x", ID, EMAIL, RecordType="Open"), None),
    (
        POSTMARK,
        postmark("", ID, "", RecordType="Delivery", DeliveredAt="2026-03-03T13:00:00Z", Recipient=EMAIL),
        ARRIVED,
    ),
    (MAILGUN, failed("permanent", **{"delivery-status": {"code": 550, "message": "5.1.1 no user"}}), HARD),
    (MAILGUN, failed("permanent", reason="old", **{"delivery-status": {"message": "too old"}}), SOFT),
    (MAILGUN, failed("permanent", reason="suppress-bounce"), HARD),
    (MAILGUN, failed("permanent", reason="suppress-complaint"), SPAM),
    (MAILGUN, failed("permanent", reason="espblock"), OURS),
    (MAILGUN, failed("temporary", **{"delivery-status": {"message": "421 4.7.0 later"}}), LATER),
    (POSTMARK, changed("ManualSuppression"), NO_MORE),
    (POSTMARK, changed("HardBounce"), None),
    (MAILGUN, gun("unsubscribed"), NO_MORE),
    (MAILGUN, failed("permanent", reason="suppress-unsubscribe"), NO_MORE),
    (MAILGUN, gun("complained"), SPAM),
    (MAILGUN, gun("delivered"), ARRIVED),
    (MAILGUN, gun("rejected", reject={"reason": "virus"}), OURS),
    (MAILGUN, gun("clicked"), None),
    (SENDGRID, grid("bounce", status="5.1.1", reason="550 5.1.1 unknown user", type="bounce"), HARD),
    (SENDGRID, grid("bounce", status="5.0.0", reason="550 refused today", type="blocked"), SOFT),
    (SENDGRID, grid("dropped", reason="Bounced Address"), HARD),
    (SENDGRID, grid("dropped", reason="Spam Reporting Address"), SPAM),
    (SENDGRID, grid("dropped", reason="Spam Content (if Spam Checker app enabled)"), OURS),
    (SENDGRID, grid("deferred", response="450 4.2.0 later"), LATER),
    (SENDGRID, grid("spamreport"), SPAM),
    (SENDGRID, grid("unsubscribe"), NO_MORE),
    (SENDGRID, grid("group_unsubscribe"), NO_MORE),
    (SENDGRID, grid("dropped", reason="Unsubscribed Address"), NO_MORE),
    (SENDGRID, grid("delivered", response="250 ok"), ARRIVED),
    (SENDGRID, grid("open"), None),
]


def meant(report) -> str:
    """What follows from a report, as it is understood of the mail that it is written as."""
    if report.happening is Happening.DELIVERED:
        return ARRIVED
    if report.happening is Happening.UNSUBSCRIBED:
        assert report.recipient == EMAIL
        return NO_MORE
    raw = as_mail(report, message_id=ID, sender="rep@vendor.test", now=NOW, name="<r@vendor.test>")
    verdict = classify(parse(raw))
    assert verdict.bounce is not None
    assert verdict.bounce.original_message_id == ID
    assert verdict.bounce.recipient == EMAIL
    if verdict.bounce.sender_fault:
        return OURS
    if verdict.bounce.delayed:
        return LATER
    return {
        Category.BOUNCE_HARD: HARD,
        Category.BOUNCE_SOFT: SOFT,
        Category.COMPLAINT: SPAM,
    }[verdict.category]


@pytest.mark.parametrize(("kind", "document", "follows"), SAID)
def test_what_a_relay_says_is_understood(kind, document, follows):
    reports = read(kind, document)
    assert [meant(report) for report in reports] == ([follows] if follows else [])
    assert all(report.message_id == ID for report in reports)


def test_ses_says_under_which_message_id_a_mail_left():
    (report,) = read(SES, ses("Delivery", ID, EMAIL, given="0107-a-000000"))
    assert report.given == f"<0107-a-000000@{REGION}.amazonses.com>"


def test_one_report_may_be_about_several_people():
    document = bounce("Permanent")
    document["bounce"]["bouncedRecipients"].append({"emailAddress": "kim@lost.example"})
    first, second = read(SES, document)
    assert first.key != second.key


@pytest.mark.parametrize("kind", [SES, POSTMARK, MAILGUN, SENDGRID])
@pytest.mark.parametrize("document", [None, 1, "x", [], {}, [1], {"mail": 1}, {"event-data": []}])
def test_what_is_no_report_is_refused_or_empty(kind, document):
    try:
        assert read(kind, document) == []
    except InvalidInput as fault:
        assert str(fault) == f"this is no report of {kind}"


def test_words_of_a_report_add_no_field():
    document = failed("permanent", **{"delivery-status": {"message": "550 no\r\nX-Evil: yes\r\n\r\n--x"}})
    (report,) = read(MAILGUN, document)
    raw = as_mail(report, message_id=ID, sender="rep@vendor.test", now=NOW, name="<r@vendor.test>")
    assert b"\nX-Evil" not in raw
