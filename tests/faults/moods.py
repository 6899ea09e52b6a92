"""The ways in which a mail server misbehaves, and for each what must become of the mail: the oracle."""

import ssl
from dataclasses import dataclass, field

from cadence.core.delivery import OutcomeKind
from tests.servers.scripted import Act, Script
from tests.servers.scripted_smtp import EHLO, ScriptedSmtp

ACCEPTED, REFUSED, DEFERRED = OutcomeKind.ACCEPTED, OutcomeKind.REFUSED, OutcomeKind.DEFERRED
IN_DOUBT, FAULT = OutcomeKind.IN_DOUBT, OutcomeKind.MAILBOX_FAULT

GREETED = ("greeting", "EHLO", "AUTH")
"""Phases of a connection, before any mail."""
MAILED = ("MAIL", "RCPT", "DATA")
WITH_TLS = EHLO + "250-STARTTLS\r\n250 HELP"


@dataclass(frozen=True)
class Mood:
    """One way to misbehave: what is said instead, and what must come of it.

    fresh: it shows only on a new connection; bounced: it ends the enrollment as a bounce.
    """

    kind: str
    where: str
    script: Script = field(hash=False)
    outcome: OutcomeKind = DEFERRED
    fresh: bool = False
    bounced: bool = False


class MoodySmtp(ScriptedSmtp):
    """Polite, except for what the mood of the moment says."""

    def __init__(self, upgrade: ssl.SSLContext | None = None, *, pipelining: bool) -> None:
        super().__init__({}, upgrade=upgrade)
        self.pipelining = pipelining
        self._polite = self._script

    def feel(self, mood: Mood) -> None:
        """Behave like this from now on."""
        self._script = self._polite | {verb: [line] for verb, line in mood.script.items()}  # type: ignore[dict-item]


def _everywhere(
    kind: str, line: str | Act, *, outcome: OutcomeKind = DEFERRED, dot: OutcomeKind
) -> list[Mood]:
    """The same misbehavior in every phase; dot: what it means after the final dot."""
    before = [Mood(kind, where, {where: line}, outcome, fresh=where in GREETED) for where in GREETED + MAILED]
    return [*before, Mood(kind, "dot", {"dot": line}, dot)]


def _on(kind: str, line: str, *where: str, outcome: OutcomeKind, **more: bool) -> list[Mood]:
    return [Mood(kind, phase, {phase: line}, outcome, fresh=phase in GREETED, **more) for phase in where]


MOODS: tuple[Mood, ...] = (
    Mood("polite", "-", {}, ACCEPTED),
    Mood(
        "polite at length", "dot", {"dot": "250-2.0.0 thank\r\n250-2.0.0 you\r\n250 2.0.0 queued"}, ACCEPTED
    ),
    *_on("4xx", "451 4.3.0 try again later", *GREETED, *MAILED, "dot", outcome=DEFERRED),
    *_on("5xx for the reader", "550 5.1.1 no such user", "RCPT", outcome=REFUSED, bounced=True),
    *_on("5xx for the reader, without a code", "550 who is that", "RCPT", outcome=REFUSED, bounced=True),
    *_on("5xx for the mail", "554 5.6.0 we do not like its form", "DATA", "dot", outcome=REFUSED),
    *_on("421", "421 4.3.2 shutting down", *GREETED, *MAILED, "dot", outcome=DEFERRED),
    *_on(
        "a refusal of many lines",
        "550-5.1.1 there is\r\n550-5.1.1 nobody\r\n550 5.1.1 of that name",
        "RCPT",
        outcome=REFUSED,
        bounced=True,
    ),
    *_everywhere("drop", Act.DROP, dot=IN_DOUBT),
    *_everywhere("reset", Act.RESET, dot=IN_DOUBT),
    *_everywhere("stall", Act.STALL, dot=IN_DOUBT),
    # A short mail is on the wire, its dot included, before its sender hears of the end.
    *(Mood(act.name.lower(), "content", {"content": act}, IN_DOUBT) for act in (Act.DROP, Act.RESET)),
    *_everywhere("garbage", "\x00\x7f well, hello", dot=IN_DOUBT),
    *_everywhere("an endless line", "x" * 70_000, dot=IN_DOUBT),
    *_on("an intermediate answer", "354 and then", "MAIL", "RCPT", outcome=DEFERRED),
    *_on("an intermediate answer", "354 and then", "dot", outcome=IN_DOUBT),
    Mood("TLS", "refused for now", {"EHLO": WITH_TLS, "STARTTLS": "454 4.7.0 later"}, DEFERRED, fresh=True),
    Mood("TLS", "a certificate of nobody", {"EHLO": WITH_TLS}, FAULT, fresh=True),
    *_on("the log-in", "535 5.7.8 wrong password", "AUTH", outcome=FAULT),
    *_on("our quota", "550 5.4.5 daily user sending quota exceeded", "MAIL", "RCPT", "dot", outcome=FAULT),
    *_on("their quota", "452 4.2.2 mailbox full", "RCPT", "dot", outcome=DEFERRED),
    *_on("their quota", "552 5.2.2 mailbox full", "RCPT", "dot", outcome=DEFERRED),
)
