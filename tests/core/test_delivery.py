"""What the end of an SMTP dialogue means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.delivery import (
    Outcome,
    OutcomeKind,
    Phase,
    is_address_fault,
    of_http,
    of_reply,
    of_silence,
    split_enhanced,
)

BEFORE_THE_DOT = [phase for phase in Phase if phase is not Phase.DOT]
phases = st.sampled_from(list(Phase))


@given(phases, st.integers(400, 499), st.text())
def test_every_temporary_refusal_is_deferred(phase: Phase, code: int, text: str) -> None:
    assert of_reply(phase, code, None, text).kind is OutcomeKind.DEFERRED


@given(st.integers(200, 299), st.text())
def test_only_a_positive_reply_to_the_final_dot_is_acceptance(code: int, text: str) -> None:
    assert of_reply(Phase.DOT, code, None, text).kind is OutcomeKind.ACCEPTED
    for phase in BEFORE_THE_DOT:
        assert of_reply(phase, code, None, text).kind is OutcomeKind.DEFERRED


@given(phases, st.one_of(st.just(0), st.integers(300, 399), st.integers(600, 999)), st.text())
def test_a_reply_that_is_no_answer_counts_as_silence(phase: Phase, code: int, text: str) -> None:
    assert of_reply(phase, code, None, text).kind is of_silence(phase, text).kind


def test_a_greeting_that_is_none_says_that_the_port_may_be_wrong() -> None:
    said = of_reply(Phase.CONNECT, 0, None, "* OK IMAP4rev1 ready")
    assert said.text == "what answers there is no SMTP server; is the port right? (* OK IMAP4rev1 ready)"
    assert of_reply(Phase.MAIL, 0, None, "garbage").text == "garbage"


@pytest.mark.parametrize("phase", BEFORE_THE_DOT)
def test_silence_before_the_final_dot_may_be_retried(phase: Phase) -> None:
    assert of_silence(phase, "dropped").kind is OutcomeKind.DEFERRED


def test_silence_after_the_final_dot_is_in_doubt() -> None:
    assert of_silence(Phase.DOT, "dropped").kind is OutcomeKind.IN_DOUBT


@given(phases, st.integers(500, 599), st.text())
def test_a_permanent_refusal_is_never_in_doubt_nor_accepted(phase: Phase, code: int, text: str) -> None:
    assert of_reply(phase, code, None, text).kind not in (OutcomeKind.IN_DOUBT, OutcomeKind.ACCEPTED)


@pytest.mark.parametrize("phase", [Phase.CONNECT, Phase.TLS, Phase.AUTH])
def test_a_refusal_before_the_envelope_is_about_the_mailbox(phase: Phase) -> None:
    assert of_reply(phase, 554, "5.1.1", "go away").kind is OutcomeKind.MAILBOX_FAULT


REFUSED, FAULT, DEFERRED = OutcomeKind.REFUSED, OutcomeKind.MAILBOX_FAULT, OutcomeKind.DEFERRED


@pytest.mark.parametrize(
    ("phase", "code", "enhanced", "text", "kind"),
    [
        (Phase.RCPT, 550, "5.1.1", "No such user here", REFUSED),
        (Phase.RCPT, 550, None, "Requested action not taken: mailbox unavailable", REFUSED),
        (Phase.RCPT, 550, "5.2.1", "The account is disabled", REFUSED),
        (Phase.RCPT, 550, "5.1.1", "not found; see our spam help page", REFUSED),
        (Phase.RCPT, 552, "5.2.2", "Mailbox full", DEFERRED),
        (Phase.RCPT, 554, "5.7.1", "Relay access denied", FAULT),
        (Phase.RCPT, 530, "5.7.0", "Authentication required", FAULT),
        (Phase.RCPT, 550, "5.4.5", "Daily user sending limit exceeded", FAULT),
        (Phase.RCPT, 550, None, "You have exceeded your hourly sending quota", FAULT),
        (Phase.RCPT, 550, "5.7.1", "Recipient does not take mail from outside", REFUSED),
        (Phase.RCPT, 554, "5.7.1", "Service unavailable; Client host [192.0.2.1] blocked", FAULT),
        (Phase.RCPT, 556, "5.1.10", "Recipient address has null MX", REFUSED),
        (Phase.DOT, 554, "5.2.252", "SendAsDenied; not allowed to send as", FAULT),
        (Phase.DOT, 554, "5.2.0", "STOREDRV.Submission.Exception:OutboundSpamException", FAULT),
        (Phase.DOT, 550, "5.1.90", "You have reached your daily limit for message recipients", FAULT),
        (Phase.MAIL, 550, None, "Sender address rejected: not owned by user", FAULT),
        (Phase.MAIL, 553, "5.7.1", "not allowed to send as that address", FAULT),
        (Phase.MAIL, 552, "5.3.4", "Message size exceeds fixed limit", REFUSED),
        (Phase.MAIL, 421, "4.7.28", "Too much mail from this account", DEFERRED),
        (Phase.DATA, 554, "5.5.1", "No valid recipients", REFUSED),
        (Phase.DOT, 552, "5.3.4", "Message too big", REFUSED),
        (Phase.DOT, 554, "5.7.1", "Message rejected as spam", FAULT),
        (Phase.DOT, 550, "5.7.26", "Unauthenticated mail is not accepted", FAULT),
        (Phase.DOT, 554, None, "Transaction failed", REFUSED),
        (Phase.AUTH, 454, "4.7.0", "Temporary authentication failure", DEFERRED),
        (Phase.AUTH, 535, "5.7.8", "Username and password not accepted", FAULT),
    ],
)
def test_who_a_refusal_is_about(
    phase: Phase, code: int, enhanced: str | None, text: str, kind: OutcomeKind
) -> None:
    assert of_reply(phase, code, enhanced, text) == Outcome(kind, code, enhanced, text)


def test_the_enhanced_code_is_taken_off_every_line() -> None:
    assert split_enhanced("5.1.1 No such\n5.1.1 user here\n") == ("5.1.1", "No such user here")


@pytest.mark.parametrize("text", ["", "OK", "1.2.3.4 blocked", "5.1.1.9 odd", "version 5.1.1"])
def test_what_only_looks_like_an_enhanced_code_stays_text(text: str) -> None:
    assert split_enhanced(text) == (None, text)


@given(st.text(st.characters(exclude_categories=())))
def test_what_a_server_says_can_be_stored_and_shown(text: str) -> None:
    _, said = split_enhanced(text)
    assert said == said.encode("utf-8", "strict").decode()
    assert said.isprintable()
    assert len(said) <= 500


def test_an_outcome_reads_as_one_line() -> None:
    assert str(Outcome(REFUSED, 550, "5.1.1", "No such user")) == "refused 550 5.1.1 No such user"


@pytest.mark.parametrize(
    ("status", "reason", "text", "kind", "enhanced"),
    [
        (202, "", "", OutcomeKind.ACCEPTED, None),
        (400, "invalidArgument", "Invalid To header", OutcomeKind.REFUSED, "5.1.3"),
        (400, "ErrorInvalidRecipients", "", OutcomeKind.REFUSED, "5.1.3"),
        (400, "ErrorMimeContentInvalidBase64String", "", OutcomeKind.REFUSED, "5.6.0"),
        (400, "failedPrecondition", "Mail service not enabled", OutcomeKind.MAILBOX_FAULT, None),
        (400, "ErrorMessageSizeExceeded", "", OutcomeKind.REFUSED, "5.3.4"),
        (413, "", "", OutcomeKind.REFUSED, "5.3.4"),
        (401, "authError", "", OutcomeKind.MAILBOX_FAULT, None),
        (403, "ErrorSendAsDenied", "", OutcomeKind.MAILBOX_FAULT, None),
        (404, "MailboxNotEnabledForRESTAPI", "", OutcomeKind.MAILBOX_FAULT, None),
        (403, "userRateLimitExceeded", "", OutcomeKind.DEFERRED, None),
        (429, "", "", OutcomeKind.DEFERRED, None),
        (500, "", "", OutcomeKind.IN_DOUBT, None),
        (503, "", "", OutcomeKind.IN_DOUBT, None),
        (302, "", "", OutcomeKind.IN_DOUBT, None),
        (408, "", "", OutcomeKind.IN_DOUBT, None),
    ],
)
def test_an_api_is_asked_again_only_where_it_says_that_the_mail_was_not_taken(
    status: int, reason: str, text: str, kind: OutcomeKind, enhanced: str | None
) -> None:
    outcome = of_http(status, reason, text)
    assert (outcome.kind, outcome.code, outcome.enhanced) == (kind, 0, enhanced)
    assert is_address_fault(outcome) is (enhanced == "5.1.3")
