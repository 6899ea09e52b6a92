"""Hard, soft, or our own fault: from the status (RFC 3463), else from the words."""

import pytest

from cadence.mail.severity import Severity, is_sender_fault, severity


@pytest.mark.parametrize(
    ("status", "action", "words", "expected"),
    [
        ("5.1.1", "failed", "User unknown", Severity.HARD),
        ("4.2.1", "failed", "busy", Severity.SOFT),
        ("5.2.2", "failed", "over quota", Severity.SOFT),
        ("5.0.0", "failed", "552 mailbox full", Severity.SOFT),
        ("5.4.4", "delayed", "still trying", Severity.SOFT),
        (None, "failed", "550 No such user here", Severity.HARD),
        (None, "failed", "421 try again later", Severity.SOFT),
        (None, "failed", "The account does not exist", Severity.HARD),
        (None, "failed", "The recipient server did not accept our requests to connect", Severity.SOFT),
        (None, "failed", "", Severity.HARD),
    ],
)
def test_a_failure_is_hard_or_soft(status: str | None, action: str, words: str, expected: Severity):
    assert severity(status, action, words) is expected


@pytest.mark.parametrize(
    ("status", "words", "fault"),
    [
        ("5.1.90", "You've reached your daily limit for message recipients", True),
        (None, "was blocked by our Spam Firewall", True),
        ("5.7.26", "Unauthenticated email is not accepted due to the domain's DMARC policy", True),
        ("5.7.1", "Client host blocked using a block list", True),
        ("5.7.1", "Message looks like spam", True),
        ("5.4.5", "Daily user sending limit exceeded", True),
        ("5.7.13", "Disabled recipient address", False),
        ("5.1.1", "User unknown", False),
        ("5.2.2", "Mailbox full", False),
    ],
)
def test_a_refusal_of_ours_is_no_bounce_of_theirs(status: str, words: str, fault: bool):
    assert is_sender_fault(status, words) is fault
