"""What a CRM is told of a lost deal: how it stands, why it was lost in their words, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cadence.core.model import EnrollmentState as E
from cadence.core.model import ProspectStatus as P

LONGEST = 1000
"""Characters of a field."""
LONGEST_NOTE = 8000


class Standing(StrEnum):
    """How a lost deal stands, in the words that its CRM is told."""

    WON = "won back"
    LET_GO = "let go"
    REOPENED = "decision open again"
    FEEDBACK = "told us why"
    IN_TOUCH = "in touch"
    QUESTION = "asked something"
    REPLIED = "answered"
    SNOOZED = "asked to wait"
    DECLINED = "declined to say why"
    REFERRED = "named somebody else"
    NOT_INTERESTED = "not interested"
    UNSUBSCRIBED = "wants no mail"
    WRITTEN_TO = "being written to"
    WAITS = "waits for somebody's yes"
    PAUSED = "paused"
    OVER = "nothing more is sent"


_SAID = {
    P.REOPENED: Standing.REOPENED,
    P.IN_TOUCH: Standing.IN_TOUCH,
    P.FEEDBACK_GIVEN: Standing.FEEDBACK,
    P.QUESTION: Standing.QUESTION,
    P.REPLIED: Standing.REPLIED,
    P.SNOOZED: Standing.SNOOZED,
    P.FEEDBACK_DECLINED: Standing.DECLINED,
    P.REFERRED: Standing.REFERRED,
    P.NOT_INTERESTED: Standing.NOT_INTERESTED,
    P.UNSUBSCRIBED: Standing.UNSUBSCRIBED,
}
"""What somebody's answers come to, what counts most first: of several people the first counts."""


@dataclass(frozen=True, slots=True)
class PersonOfDeal:
    """Somebody enrolled for a deal. waits: nothing begins before somebody says so."""

    status: P
    state: E
    waits: bool = False


def standing(outcome: str | None, people: Sequence[PersonOfDeal]) -> Standing:
    """How a deal stands. outcome: what a person said became of it."""
    if outcome is not None:
        return Standing.WON if outcome == "won" else Standing.LET_GO
    heard = {person.status for person in people}
    for status, said in _SAID.items():
        if status in heard:
            return said
    if any(person.state is E.ACTIVE for person in people):
        return Standing.WRITTEN_TO
    paused = [person for person in people if person.state is E.PAUSED]
    if paused:
        return Standing.WAITS if all(person.waits for person in paused) else Standing.PAUSED
    return Standing.OVER


@dataclass(frozen=True, slots=True)
class Told:
    """What is told. reasons: in the order in which they were said, with the words that prove them;
    next_touch: a day, None where nothing is planned; last_reply: the day of the newest answer.
    """

    standing: Standing
    reasons: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    next_touch: date | None = None
    last_reply: date | None = None

    def values(self) -> dict[str, str]:
        """The same by the names of TOLD, as fields hold it."""
        return {
            "status": self.standing.value,
            "told_reason": _cut("; ".join(self.reasons)),
            "told_words": _cut(" … ".join(self.words)),
            "next_touch": self.next_touch.isoformat() if self.next_touch else "",
            "last_reply": self.last_reply.isoformat() if self.last_reply else "",
        }


def note(who: str, email: str, at: datetime, words: str, means: str) -> str:
    """A reply as a note. means: what it was understood to be."""
    said = words.strip()[:LONGEST_NOTE] or "(no words)"
    return f"{who} <{email}> answered on {at:%Y-%m-%d} ({means}):\n\n{said}"


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 2].rsplit(" ", 1)[0] + " …"
