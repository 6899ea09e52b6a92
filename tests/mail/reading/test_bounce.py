"""Reports of failed delivery are read whatever words they use; nothing else is taken for one."""

import pytest

from cadence.core.replies import BOUNCES, Category, Verdict
from cadence.mail.bounce import read_bounce
from cadence.mail.classify import classify
from cadence.mail.parse import Received, parse

WHO = "anna@firm.example"
DAEMON = "From: MAILER-DAEMON@mx.example\nTo: tom@ours.example\nSubject: Delivery failure\n"
LISTED = "List-Id: Gardeners <garden.lists.example>\nX-BeenThere: garden@lists.example\n"


def read(raw: str) -> Verdict:
    return classify(parse(raw.encode()))


def recipient(raw: str) -> str | None:
    verdict = read(raw)
    return verdict.bounce.recipient if verdict.bounce and verdict.category in BOUNCES else None


@pytest.mark.parametrize(
    "words",
    [
        f"Unable to deliver message to the following address(es).\n\n<{WHO}>:\nNo such user\n",
        f"------ Failed Recipients ------\n\n<{WHO}>: mailbox unavailable\n",
        f"undeliverable  to {WHO}\n\nOriginal message follows.\n",
        f"A list of the affected recipient follows.\n\nError-for:  {WHO}\nError-Text: 554 Message looping\n",
        f"<{WHO}>:\n\n--- 无法投递\n",
        f"The following address(es) failed:\n\n  an undisclosed address\n    (generated from {WHO})\n",
        f"The address to which your message went, {WHO}, did not exactly match.\nTry o@firm.example",
    ],
)
def test_the_failed_address_is_found(words: str):
    assert recipient(f"{DAEMON}\n{words}") == WHO


@pytest.mark.parametrize(
    "sender",
    [
        '<"System Administrator"@firm.example>',
        "Virus_Scan_for_SMTP_Gateways@firm.example",
        "E500_SMTP_Mail_Service@firm.example",
        "robot@firm.example",
    ],
)
def test_a_mail_system_under_another_name_is_known_by_its_list_of_failed_addresses(sender: str):
    words = f"Your message could not be delivered to the following recipients:\n\n{WHO}\n"
    assert recipient(f"From: {sender}\nTo: tom@ours.example\nSubject: Delivery failure\n\n{words}") == WHO


def test_a_person_who_passes_a_report_on_has_not_bounced():
    words = f"Look what I got:\n\nThe following addresses failed:\n\n{WHO}\n"
    raw = f"From: Otto <otto@firm.example>\nSubject: Fwd: Undelivered mail\n\n{words}"
    assert read(raw).category not in BOUNCES
    assert (
        recipient(raw.replace("Fwd: ", "").replace("\n\n", "\nIn-Reply-To: <1@ours.example>\n\n", 1)) is None
    )


def test_a_report_whose_parts_were_lost_is_read_from_its_fields():
    words = (
        f"> Final-Recipient: rfc822; {WHO}\n> Action: failed\n> Status: 5.1.1\n>\n> From: tom@ours.example\n"
    )
    verdict = read(f"{DAEMON}\nThe report follows.\n\n{words}")
    assert verdict.category is Category.BOUNCE_HARD
    assert verdict.bounce
    assert (verdict.bounce.recipient, verdict.bounce.status) == (WHO, "5.1.1")


def test_the_address_that_was_written_to_is_told_beside_the_one_that_failed():
    words = (
        "The following address(es) failed:\n\n"
        f"  berg@inside.firm.example\n    (generated from {WHO})\n    550 unknown user\n"
    )
    verdict = read(f"{DAEMON}\n{words}")
    assert verdict.bounce
    assert verdict.bounce.recipients == ("berg@inside.firm.example", WHO)


def test_a_report_passed_on_to_the_members_of_a_list_is_nobodys_bounce():
    words = f"\nUnable to deliver to the following address.\n\n<{WHO}>: unknown user\n"
    assert recipient(DAEMON.replace("tom@ours.example", "garden@lists.example") + LISTED + words) is None


def test_a_report_to_the_address_that_manages_a_list_is_read():
    words = f"\nUnable to deliver to the following address.\n\n<{WHO}>: unknown user\n"
    assert recipient(DAEMON.replace("tom@ours.example", "garden-admin@lists.example") + LISTED + words) == WHO


def test_whom_the_returned_mail_went_to_is_not_who_failed():
    words = (
        "Your message\n\n  To: list@firm.example\n  Subject: x\n\n"
        f"did not reach the following recipient(s):\n\n{WHO} on Thu, 11 Jul 2026\n    not recognized\n"
    )
    verdict = read(f"{DAEMON}\n{words}")
    assert verdict.bounce
    assert verdict.bounce.recipients == (WHO,)


def test_the_reason_above_a_list_counts_where_its_lines_say_none():
    words = (
        "Your message was not delivered because the destination computer was not reachable within the\n"
        f"allowed queue period.\n\nThese recipients did not receive it:\n\n<{WHO}>\n\n<otto@firm.example>\n"
    )
    assert read(f"{DAEMON}\n{words}").category is Category.BOUNCE_SOFT


def test_a_notification_in_json_is_read():
    notice = (
        '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":'
        '"anna@firm.example","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 unkn!\n own"}]},'
        '"mail":{"source":"tom@ours.example"}}\n\n--\nIf you wish to stop receiving notifications'
    )
    reading = read_bounce(Received(text=notice))
    assert reading is not None
    assert (reading.category, reading.bounce.recipient) == (Category.BOUNCE_HARD, "anna@firm.example")


@pytest.mark.parametrize(
    "text", ['{"notificationType":"Bounce"', '{"eventType":"Bounce","bounce":[1]}', '{"a":1}', "[" * 9_000]
)
def test_other_json_is_no_notification(text: str):
    assert read_bounce(Received(text=text)) is None


STATUS = (
    "From: MAILER-DAEMON@mx.example\nTo: tom@ours.example\nSubject: Delivery status\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
    "--b\nContent-Type: text/plain\n\nIt goes on trying.\n--b\nContent-Type: message/delivery-status\n\n"
    f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {WHO}\nAction: %s\nStatus: 4.4.1\n\n--b--\n"
)


@pytest.mark.parametrize(("action", "delayed"), [("delayed", True), ("failed", False)])
def test_who_goes_on_trying_is_told_apart_from_who_gave_up(action: str, delayed: bool):
    """What their server still holds must not be sent again."""
    verdict = read(STATUS % action)
    assert verdict.category is Category.BOUNCE_SOFT
    assert verdict.bounce is not None
    assert verdict.bounce.delayed is delayed


def test_a_warning_in_words_is_a_delay_as_well():
    words = f"This is a warning message only: your mail to\n\n<{WHO}>\n\nhas not yet been delivered.\n"
    verdict = read(f"{DAEMON.replace('Delivery failure', 'Warning: mail delayed')}\n{words}")
    assert verdict.bounce is not None
    assert verdict.bounce.delayed
