"""Decides what an SMTP dialogue's end, or a mail API's answer, means: for the mail, for its recipient, or for
our mailbox.

A mail leaves at most once. So everything that happens before the server could have taken it may be
tried again, and everything after the final dot that is no clear answer is in doubt for good. The end of a
request's body is to an API what the final dot is to SMTP.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_TEXT = 500
"""Characters kept of what a server said."""


class Phase(StrEnum):
    """How far the dialogue had come when the reply arrived, or failed to (RFC 5321 §3)."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    """The DATA command and the content, up to but not including the final dot."""
    DOT = "dot"
    """The final dot has left: the server may have the mail."""


class OutcomeKind(StrEnum):
    """What became of one mail to one recipient."""

    ACCEPTED = "accepted"
    """The server took responsibility for it."""
    REFUSED = "refused"
    """This mail will never be taken for this recipient."""
    DEFERRED = "deferred"
    """It certainly was not taken; a later try may succeed."""
    IN_DOUBT = "in_doubt"
    """It may or may not have been taken; it must not be sent again blindly."""
    MAILBOX_FAULT = "mailbox_fault"
    """It was not taken, and the reason lies with our mailbox: a person must act there."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended.

    code: the SMTP reply code (RFC 5321 §4.2), 0 where none was received; enhanced: the enhanced status code
    (RFC 3463) such as "5.1.1", or None; text: what the server said, or what happened; left_as: the Message-ID
    that it wrote over ours, where it said so.
    """

    kind: OutcomeKind
    code: int = 0
    enhanced: str | None = None
    text: str = ""
    left_as: str | None = None

    def __str__(self) -> str:
        return f"{self.kind.value} {self.said}".rstrip()

    @property
    def said(self) -> str:
        """What the server answered, codes and words, or what happened in place of an answer."""
        code = str(self.code) if self.code else ""
        return " ".join(part for part in (code, self.enhanced, self.text) if part)


_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?=\s|:|$)")

_OUR_CODES = (
    frozenset({"5.1.7", "5.1.8", "5.1.90", "5.2.252", "5.4.5", "5.7.0", "5.7.3", "5.7.8", "5.7.9", "5.7.11"})
    | {"5.7.12", "5.7.14", "5.7.23", "5.7.25", "5.7.26", "5.7.27", "5.7.28", "5.7.57", "5.7.60", "5.7.64"}
    | {"5.7.501", "5.7.502", "5.7.503", "5.7.508", "5.7.511", "5.7.705", "5.7.708", "5.7.750"}
)
"""Our address, our sending quota, authentication, permission to send as someone, reputation.

RFC 3463 §3.2, RFC 4954 §6, RFC 7372; 5.1.90, 5.4.5 and those of three digits are the big providers' own.
"""

_THEIR_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"})
"""Plainly about the recipient, whatever words go with them (RFC 3463 §3.2 and §3.3, RFC 7505)."""

_OUR_WORDS = re.compile(
    r"authenticat|log.?in required|relay|not (?:allowed|permitted|authori[sz]ed) to send"
    r"|send(?:ing)? (?:limit|quota|rate)|(?:daily|hourly) .{0,20}(?:limit|quota)|quota .{0,20}sending"
    r"|too many (?:messages|mails|emails)|spam|reputation|black.?list|block.?list|dnsbl|\brbl\b"
    r"|\b(?:your|sender|sending) (?:account|mailbox|address|domain|user|ip)\b.{0,40}"
    r"(?:suspended|disabled|blocked|locked|banned|denied|rejected)"
    r"|sender (?:address )?(?:rejected|denied|blocked)|client host|helo command|sendasdenied|outboundspam"
    r"|dmarc|\bspf\b|\bdkim\b|reverse dns|starttls",
    re.IGNORECASE,
)

_MAIL_CODES = frozenset({"5.3.4", "5.2.3", "5.6.0", "5.6.1", "5.6.2", "5.6.3", "5.6.6", "5.6.7", "5.6.9"})
"""Size and encoding (RFC 3463 §3.4 and §3.7, RFC 6531 §3.5): the fault of this one mail."""

TOO_FAST = frozenset({"ratelimitexceeded", "userratelimitexceeded", "dailylimitexceeded", "quotaexceeded"})
"""Why Google says 403 where it means 429: https://developers.google.com/workspace/gmail/api/guides/handle-errors."""

_OUR_REASONS = frozenset({"failedprecondition", "errorsendasdenied", "erroraccountsuspend"}) | {
    "errormessagesubmissionblocked",
    "errorexceededmessagelimit",
}
"""Mail is off for the account, not from this address, or no more of it today, as Google and Microsoft say."""

_BAD_RECIPIENT = re.compile(r"invalid (?:to|recipient)|recipient address required", re.IGNORECASE)

_MAILBOX_FULL = "5.2.2"
"""A full mailbox empties again: as the categories of replies have it, that is a soft failure."""


def split_enhanced(text: str) -> tuple[str | None, str]:
    """Take the enhanced status code off the front of a reply's text, which becomes one readable line.

    Servers repeat the code on every line of a reply (RFC 2034 §4); all repetitions go.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = _ENHANCED.match(lines[0]) if lines else None
    if not found:
        return None, readable(" ".join(lines))
    code = found[0]
    return code, readable(" ".join(line.removeprefix(code).lstrip(" :") for line in lines))


def readable(text: str) -> str:
    """Make what a server said fit to be stored and shown: one line, printable, of bounded length."""
    printable = "".join(sign if sign.isprintable() else " " for sign in text[: 2 * LONGEST_TEXT])
    return " ".join(printable.split())[:LONGEST_TEXT]


def of_reply(phase: Phase, code: int, enhanced: str | None = None, text: str = "") -> Outcome:
    """Read the server's reply that ended the dialogue (RFC 5321 §4.2.1 and §4.3.2).

    Replies of the 2xx class end it well only after the final dot. A reply that is none (garbage, an
    intermediate 3xx where an answer was due) is as good as silence; from the first word on, it comes from
    something that is no mail server.
    """
    if phase is Phase.CONNECT and code < 200:
        text = f"what answers there is no SMTP server; is the port right? ({text})"
    return Outcome(_kind(phase, code, enhanced, text), code, enhanced, text)


def of_silence(phase: Phase, text: str) -> Outcome:
    """The connection dropped, stalled or spoke garbage: safe to retry only before the final dot."""
    return Outcome(OutcomeKind.IN_DOUBT if phase is Phase.DOT else OutcomeKind.DEFERRED, text=text)


def of_http(status: int, reason: str = "", text: str = "") -> Outcome:
    """Read how an API answered a mail that it was given whole (RFC 9110 §15). reason: its word for a fault.

    Only what says for certain that the mail was not taken may be tried again: a server that fails (5xx), or
    says something that nobody expects, may have sent it before.
    """
    kind, enhanced = _http_kind(status, reason.casefold(), text)
    said = " ".join(part for part in (f"HTTP {status}", reason, text) if part)
    return Outcome(kind, 0, enhanced, readable("" if kind is OutcomeKind.ACCEPTED else said))


def _http_kind(status: int, reason: str, text: str) -> tuple[OutcomeKind, str | None]:
    if 200 <= status < 300:
        return OutcomeKind.ACCEPTED, None
    if status == 429 or (status == 403 and reason in TOO_FAST):
        return OutcomeKind.DEFERRED, None
    if status in (401, 403, 404):
        return OutcomeKind.MAILBOX_FAULT, None
    if status == 413 or "sizeexceeded" in reason:
        return OutcomeKind.REFUSED, "5.3.4"
    if status in (400, 422):
        return _http_refusal(reason, text)
    return OutcomeKind.IN_DOUBT, None


def _http_refusal(reason: str, text: str) -> tuple[OutcomeKind, str | None]:
    if reason == "errorinvalidrecipients" or _BAD_RECIPIENT.search(text):
        return OutcomeKind.REFUSED, "5.1.3"
    if reason in _OUR_REASONS or _OUR_WORDS.search(text):
        return OutcomeKind.MAILBOX_FAULT, None
    return OutcomeKind.REFUSED, "5.6.0"


def _kind(phase: Phase, code: int, enhanced: str | None, text: str) -> OutcomeKind:
    group = code // 100
    if group == 2 and phase is Phase.DOT:
        return OutcomeKind.ACCEPTED
    if group == 4:
        return OutcomeKind.DEFERRED
    if group == 5:
        return _refusal(phase, code, enhanced, text)
    return of_silence(phase, text).kind


def _refusal(phase: Phase, code: int, enhanced: str | None, text: str) -> OutcomeKind:
    if phase in (Phase.CONNECT, Phase.TLS, Phase.AUTH):
        return OutcomeKind.MAILBOX_FAULT
    if enhanced == _MAILBOX_FULL:
        return OutcomeKind.DEFERRED
    if enhanced in _MAIL_CODES:
        return OutcomeKind.REFUSED
    if _is_ours(code, enhanced, text):
        return OutcomeKind.MAILBOX_FAULT
    if phase is Phase.MAIL and code not in (552, 555):
        return OutcomeKind.MAILBOX_FAULT
    return OutcomeKind.REFUSED


def _is_ours(code: int, enhanced: str | None, text: str) -> bool:
    """Whether the refusal speaks of us rather than of the recipient; without a clear code by its words."""
    if code in (530, 535) or enhanced in _OUR_CODES:
        return True
    return enhanced not in _THEIR_CODES and bool(_OUR_WORDS.search(text))


def is_address_fault(outcome: Outcome) -> bool:
    """Whether a refusal means that this address can never be written to, rather than this one mail.

    The enhanced codes 5.1.x speak of the address (RFC 3463 §3.2), 5.2.1 of a disabled mailbox; without
    one the reply codes for "no such mailbox" and for hosts that take no mail decide (RFC 5321 §4.2.3,
    RFC 7504).
    """
    if outcome.enhanced:
        return outcome.enhanced.startswith("5.1.") or outcome.enhanced in ("5.2.1", "5.4.4")
    return outcome.code in (521, 550, 551, 553, 556)
