"""Decides whom something new is worth telling: which lost deals it answers, and whom to leave in peace."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cadence.core.errors import InvalidInput
from cadence.core.model import ProspectStatus
from cadence.core.replies import LossReason

IN_TOUCH = timedelta(days=7)
"""So long after a mail or a reply, nobody gets news on top."""
AFTER_A_NO = timedelta(days=90)
"""So long nobody is written to who said no."""
_QUOTED = 80
"""Characters on either side of what is quoted."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What something new answers: a reason for losing, and other words for the same thing, of which one must
    stand in what proves the reason; none: the reason alone is enough.
    """

    reason: LossReason
    terms: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Answers":
        """Read "price", "features:sso" or "features:sso|single sign-on"; raises InvalidInput."""
        name, _, words = text.partition(":")
        reason = name.strip().casefold().replace("-", "_").replace(" ", "_")
        if reason not in set(LossReason):
            raise InvalidInput(
                f"{name[:40]!r} is no reason for losing a deal; known are {', '.join(LossReason)}"
            )
        terms = tuple(term for part in words.split("|") if (term := " ".join(part.split())))
        if not all(re.search(r"\w", term) for term in terms):
            raise InvalidInput(f"{words[:40]!r}: write words, such as sso|single sign-on")
        return cls(LossReason(reason), terms)

    def __str__(self) -> str:
        return f"{self.reason}:{'|'.join(self.terms)}" if self.terms else self.reason.value

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """Finds the terms as words, however they are joined: "sign on" in "Sign-On"."""
        return _pattern(self.terms)


@lru_cache(maxsize=64)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    """Made once for as many deals as are looked at."""
    spelled = [r"[\W_]*".join(map(re.escape, re.findall(r"\w+", term))) for term in terms]
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b", re.IGNORECASE) if spelled else None


@dataclass(frozen=True, slots=True)
class Said:
    """What a prospect wrote about why: the reasons read from it, and the words."""

    reasons: frozenset[str]
    text: str


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a deal was lost. reason, notes: the rep's version, notes in their words; said: the prospects'."""

    reason: str | None
    notes: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()


def proof(answers: Answers, loss: Loss) -> str | None:
    """Which words show that a deal was lost for that, theirs before the rep's; None where none do."""
    pattern = answers.pattern
    for said in loss.said:
        proves = answers.reason in said.reasons or (pattern and answers.reason == loss.reason)
        if proves and (quoted := _quoted(pattern, said.text)):
            return f"they wrote: “{quoted}”"
    known = set(LossReason)
    if loss.reason is not None and loss.reason in known and loss.reason != answers.reason:
        return None
    for note in loss.notes if pattern else ():
        if quoted := _quoted(pattern, note):
            return f"the rep noted: “{quoted}”"
    return f"the rep says: {loss.reason}" if pattern is None and loss.reason == answers.reason else None


def _quoted(pattern: re.Pattern[str] | None, text: str) -> str:
    """The words around what was looked for; the beginning where nothing particular is."""
    plain = " ".join(text.split())
    found = pattern.search(plain) if pattern else None
    if pattern and not found:
        return ""
    start = max(found.start() - _QUOTED, 0) if found else 0
    end = found.end() + _QUOTED if found else 2 * _QUOTED
    return f"{'…' if start else ''}{plain[start:end].strip()}{'…' if end < len(plain) else ''}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Where somebody stands who may get news. outcome: of the deal; paused: why their sequences rest, None
    where they do not; last_mail: the latest to anybody at the company; last_reply: the latest of theirs.
    """

    status: ProspectStatus
    outcome: str | None
    suppressed: str | None = None
    unreachable: bool = False
    paused: str | None = None
    last_mail: datetime | None = None
    last_reply: datetime | None = None


_CLOSED = {"won": "the deal was won back", "let_go": "the deal was let go"}
_NOT_ASKED = {
    ProspectStatus.LEFT: "is no longer there",
    ProspectStatus.REOPENED: "is talking with us",
    ProspectStatus.QUESTION: "asked something: answer that first",
    ProspectStatus.UNSUBSCRIBED: "opted out",
    ProspectStatus.COMPLAINED: "opted out",
    ProspectStatus.FORGOTTEN: "was erased",
}


def against(reader: Reader, now: datetime) -> str | None:
    """Why somebody is better left in peace, None where nothing speaks against telling them."""
    return _for_good(reader) or _for_now(reader, now)


def _for_good(reader: Reader) -> str | None:
    if reader.outcome in _CLOSED:
        return _CLOSED[reader.outcome]
    if reader.suppressed:
        return f"opted out: {reader.suppressed}"
    return _NOT_ASKED.get(reader.status) or ("cannot be reached" if reader.unreachable else None)


def _for_now(reader: Reader, now: datetime) -> str | None:
    if reader.paused is not None:
        return f"is paused: {reader.paused}"
    latest = max(filter(None, (reader.last_mail, reader.last_reply)), default=None)
    if latest and now - latest < IN_TOUCH:
        return f"was in touch lately, on {latest:%Y-%m-%d}"
    no = reader.last_reply if reader.status is ProspectStatus.NOT_INTERESTED else None
    return f"said no on {no:%Y-%m-%d}" if no and now - no < AFTER_A_NO else None
