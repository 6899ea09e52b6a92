"""Decides when a sender is back: from days off, and from public holidays where they rest on those."""

from datetime import UTC, date, datetime, timedelta

from cadence.core import calendar
from cadence.core.model import Absence, Mailbox
from cadence.core.windows import Slot

_DAY = timedelta(days=1)


def back_at(mailbox: Mailbox, at: datetime) -> Slot:
    """The first instant from `at` on at which the sender is there, by the calendar of the mailbox."""
    here = calendar.local(at, mailbox.place).date()
    day, whys = here, dict[str, None]()
    while (closed := _off(mailbox, day)) is not None:
        back, why = closed
        whys[why] = None
        day = back
    if day == here:
        return Slot(at.astimezone(UTC))
    return Slot(calendar.start_of(day, mailbox.place).astimezone(UTC), "; ".join(whys))


def away_on(mailbox: Mailbox, day: date) -> Absence | None:
    """The absence that covers a day."""
    return next((one for one in mailbox.absences if one.first <= day <= one.last), None)


def _off(mailbox: Mailbox, day: date) -> tuple[date, str] | None:
    """The day after, and why nothing leaves on this one; None where they are there."""
    if absence := away_on(mailbox, day):
        until = f"{absence.last.day} {absence.last:%b %Y}"
        return absence.last + _DAY, f"{mailbox.name} is away until {until}"
    if mailbox.rests_on_holidays and (name := calendar.holiday(day, mailbox.place)):
        return day + _DAY, f"{name} where {mailbox.name} is"
    return None
