"""Decide whether a failed delivery is for good, for now, or our own mailbox's fault."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from enum import StrEnum


class Severity(StrEnum):
    """What a failure means for the recipient."""

    HARD = "hard"
    SOFT = "soft"


_FULL = re.compile(
    r"mail(?:box|folder|drop).{0,30}exceeds|exceeds allowed size|mail ?folder (?:is )?full|"
    r"mailbox (?:is |size )?(?:full|exceeded|limit)|mailbox.{0,40}\bfull\b|over ?quota|"
    r"quota (?:is )?exceed|quota violation|exceed.{0,30}quota"
    r"|out of (?:disk )?(?:quota|storage)|storage (?:quota|limit|space)|"
    r"insufficient (?:system )?(?:storage|disk)"
    r"|not enough (?:storage|disk|free)|inbox is full|disk (?:quota|full)|user is over|quota has been|"
    r"too much mail data"
    r"|maildir .{0,20}(?:full|quota)|postfach.{0,30}voll|speicherplatz|casella.{0,20}piena|"
    r"bo[iî]te.{0,30}pleine|buz[oó]n.{0,20}lleno",
    re.I,
)
_UNKNOWN = re.compile(
    r"user unknown|unknown (?:user|recipient|address|account|mailbox|local)|no such (?:user|mailbox|"
    r"recipient|account|person|address|domain|host)"
    r"|(?:user|mailbox|account|recipient|address|domain|email).{0,60}(?:not (?:found|exist|known|listed|"
    r"valid|active|recognized)"
    r"|does(?:n't| not) exist|(?:is |has been |been )?(?:disabled|deactivated|inactive|invalid|suspended|"
    r"deleted|closed|unavailable|rejected))"
    r"|doesn'?t have an? .{0,30}account|invalid (?:recipient|mailbox|user|address)|bad (?:destination|"
    r"recipient)|couldn't be found|can't be found"
    r"|recipient not found|not our customer|host (?:or domain name )?not found|domain .{0,60}not found|"
    r"nxdomain|no mx|unrouteable|unroutable|address rejected",
    re.I,
)
_LATER = re.compile(
    r"did not accept our requests to connect|failing for a long time|could not deliver for the last|network error|"
    r"not reachable|not responding|allowed queue period|was(?:n't| not) delivered within|"
    r"\bwill (?:be retried|retry|keep trying|continue (?:to )?try|try again)|(?:has been|is|was) delayed|"
    r"delay(?:ed)? (?:mail|delivery|message|notification)"
    r"|not yet been delivered|still being retried|warning message only|do not need to resend|"
    r"retry time ?out|timed? ?out|time-?out|could not be delivered (?:for|within|in)"
    r"|(?:delivery|message) (?:time )?(?:has )?expired|too long|greylist|graylist|try (?:again )?later|"
    r"temporar|connection (?:refused|timed|reset|lost|dropped)"
    r"|too many (?:connections|hops|messages|recipients)|deferred|network is unreachable|no route to host|"
    r"rate limit|over the rate|wird? (?:weiterhin|erneut) versucht",
    re.I,
)
_GRAVE = re.compile(
    r"permanent|fatal|giving up|given up|will not be retried|i've given up|cannot be delivered|undeliverable",
    re.I,
)
_SENDER = re.compile(
    r"sender (?:address )?(?:rejected|blocked|denied|verify failed|verification|not (?:allowed|authorized|"
    r"permitted))|blocked sender|banned sender|sender.{0,30}(?:blacklist|black list|banned)"
    r"|\bspf\b|\bdkim\b|\bdmarc\b|blacklist|black list|blocklist|block list|\brbl\b|dnsbl|spamhaus|spamcop|"
    r"barracudacentral|(?:listed|blocked) (?:at|by|in|using)"
    r"|(?:looks|classified|detected|identified|considered|rejected|marked|blocked) (?:like|as|for|"
    r"due to) .{0,20}(?:spam|junk|bulk|unsolicited|virus)|spam (?:message|content|detected|score|mail)|"
    r"unsolicited (?:mail|bulk|message)"
    r"|blocked by .{0,30}(?:spam|firewall|filter|polic)|(?:spam|content) (?:firewall|filter)|"
    r"suspected of sending spam|(?:reached|exceeded) (?:a|the|your) .{0,30}limit|(?:daily|hourly|sending) (?:message )?limit|"
    r"high probability of spam|poor reputation|reputation|authentication (?:required|is required|failed|"
    r"checks?|credentials)|unauthenticated|not authenticated|daily (?:user )?sending (?:quota|limit)"
    r"|reached a limit for sending|sending limit|exceeded.{0,40}(?:limit|messages).{0,20}(?:hour|day|"
    r"sen[dt])|content (?:rejected|denied)|prohibited|bad outbound sender|not allowed to send|"
    r"relay(?:ing)? (?:access )?denied"
    r"|(?:client|ip|server|host|connection).{0,40}(?:blocked|banned|refused due to)|no reverse|reverse dns|"
    r"\bptr\b|policy (?:reasons|violation|rejection|block)|account (?:has been|"
    r"is) (?:temporarily )?blocked from sending",
    re.I,
)
# Of 5.7.x only what RFC 7372, RFC 7505 and the large providers say of the sender; 5.7.13 is the recipient's.
_SENDER_STATUS = re.compile(r"5\.1\.(?:[78]|90)$|5\.4\.5$|5\.7\.(?:[3-9]|20|21|22|23|24|25|26|27|[567]\d\d)$")
_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ -]|$)")


def severity(status: str | None, action: str, text: str) -> Severity:  # noqa: PLR0911 - one return a rule, in their order
    """Decide from the enhanced status (RFC 3463), the report's action and the words of the diagnostic.

    A full mailbox is soft whatever its class, since it may be emptied; a report of delay always is.
    """
    text = text[:4_000]
    if action == "delayed" or (status and status.startswith("4")):
        return Severity.SOFT
    if status in ("5.2.2",) or (
        _FULL.search(text) and (not status or status.endswith((".0.0", ".2.0", ".2.1", ".3.1", ".7.1")))
    ):
        return Severity.SOFT
    if status and not status.endswith(".0.0"):
        return Severity.HARD
    reply = _REPLY.search(text)
    if reply:
        return Severity.HARD if reply[1] == "5" else Severity.SOFT
    if status:
        return Severity.HARD
    if _UNKNOWN.search(text):
        return Severity.HARD
    if _LATER.search(text):
        return Severity.SOFT
    return Severity.HARD


def is_decided_by(text: str) -> bool:
    """Tell whether these words say by themselves if a failure is for good."""
    return any(pattern.search(text) for pattern in (_CODE, _REPLY, _FULL, _UNKNOWN, _LATER))


def is_sender_fault(status: str | None, text: str) -> bool:
    """Decide whether the refusal is about us (authentication, policy, reputation), not about the recipient."""
    text = text[:4_000]
    if _UNKNOWN.search(text) and not (status and status.startswith("5.7")):
        return False
    if status and _SENDER_STATUS.match(status):
        return True
    if status and status.startswith(("5.1.1", "5.1.2", "5.1.10", "5.1.3", "5.2", "4.2", "5.4.4")):
        return False
    return bool(_SENDER.search(text))
