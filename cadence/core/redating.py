"""What a date of the deal that is learned, changes or is lost means for the mails that hang on it.

A step whose mail was sent, skipped or cancelled stays as it is, and so does one that is held or was tried.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from cadence.core.model import MessageState, OutboundMessage
from cadence.core.planning import Course, Plan, anchored_plan


@dataclass(frozen=True, slots=True)
class Planned:
    """A mail that there was not yet."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Moved:
    """A mail that has another date now."""

    mail: OutboundMessage
    plan: Plan


@dataclass(frozen=True, slots=True)
class Dropped:
    """A mail that has no date any more."""

    mail: OutboundMessage
    why: str


Redated = Planned | Moved | Dropped
Dates = Mapping[str, date | datetime | None]
AFTER_THE_END = "after the sequence is over"


def redated(course: Course, before: Dates, mails: Iterable[OutboundMessage], on: date) -> list[Redated]:
    """What is to be planned, moved and skipped; in the order of the steps.

    course: with the dates as they are now; before: as they were; mails: every one of the enrollment; on:
    the day of the change where the reader is. A date that passed already is due at once, as when somebody
    is enrolled: the spacing of the sequence keeps such mails apart.
    """
    known = {mail.step: mail for mail in mails if mail.occurrence == 1}
    found = []
    for step in course.sequence.anchored:
        assert step.at is not None
        was, now = before.get(step.at.field), course.dates.get(step.at.field)
        if was == now:
            continue
        why = f"{step.at}; {_how(was, now, on)}"
        plan = anchored_plan(course, step)
        found.append(_settled(known.get(step.name), plan and replace(plan, why=why), now, why))
    return [one for one in found if one is not None]


def _settled(
    mail: OutboundMessage | None, plan: Plan | None, now: date | datetime | None, why: str
) -> Redated | None:
    if mail is None:
        return Planned(plan) if plan else None
    if mail.state is not MessageState.PLANNED:
        return None
    if plan is None:
        return Dropped(mail, why if now is None else f"{why}: {AFTER_THE_END}")
    return Moved(mail, plan) if plan.base_at != mail.base_at else None


def _how(was: date | datetime | None, now: date | datetime | None, on: date) -> str:
    if now is None:
        return f"the date is not known any more since {on}"
    if was is None:
        return f"the date became known on {on}"
    return f"the date changed on {on}, from {was:%Y-%m-%d} to {now:%Y-%m-%d}"
