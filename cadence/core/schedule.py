"""Decides when a mail is due: waits, dates of the deal, the distance between mails, and what a pause does.

Calendar arithmetic is in calendar.py, hours in windows.py, the mailbox's own pace in pace.py; their
public names are offered here as well. Instants are aware UTC, and whatever moves a time says why.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from cadence.core import calendar
from cadence.core.calendar import add, start_of, subtract
from cadence.core.model import Place
from cadence.core.pace import cap_today, jitter, mailbox_free_at, retry_at
from cadence.core.sequence import Anchor, Duration, Spacing, Unit, Window
from cadence.core.windows import Slot, is_open, next_open, opened, reasons

__all__ = [
    "Slot",
    "add",
    "anchored",
    "anchored_at",
    "cap_today",
    "due",
    "is_open",
    "jitter",
    "mailbox_free_at",
    "next_open",
    "opened",
    "reasons",
    "resumed",
    "retry_at",
    "spaced",
    "start_of",
    "subtract",
]

_DAY_AFTER_DAY = Duration(1, Unit.BUSINESS_DAYS)


def due(base: datetime, duration: Duration, window: Window, place: Place) -> Slot:
    """When a step is due that waits `duration` after `base`, and why if that is not the time itself."""
    target = add(base, duration, place)
    slot = opened(window, place, target)
    return Slot(slot.at, reasons(_skipped_hour(base, target, duration, place), slot.why))


def _skipped_hour(base: datetime, target: datetime, duration: Duration, place: Place) -> str:
    """Calendar units keep the time of day, so another one means that clocks went over it."""
    if duration.unit in {Unit.MINUTES, Unit.HOURS}:
        return ""
    wanted, got = calendar.local(base, place), calendar.local(target, place)
    if not duration.amount or wanted.time() == got.time():
        return ""
    return f"{wanted:%H:%M} is skipped that day as clocks go forward, so {got:%H:%M}"


def anchored(value: date | datetime, anchor: Anchor, window: Window, place: Place) -> Slot:
    """When a step is due that hangs on a date of the deal.

    A day without a time counts from the opening of the window; an instant keeps its time of day.
    """
    if isinstance(value, datetime):
        start = value
    else:
        start = calendar.instant(datetime.combine(value, window.opens), place)
    move = subtract if anchor.sign < 0 else add
    return opened(window, place, move(start, anchor.offset, place))


def anchored_at(value: date | datetime, anchor: Anchor, window: Window, place: Place) -> datetime:
    """`anchored` without the reason."""
    return anchored(value, anchor, window, place).at


def spaced(
    at: datetime,
    last_to_prospect: datetime | None,
    last_to_account: datetime | None,
    spacing: Spacing,
    window: Window,
    place: Place,
) -> Slot:
    """The first time from `at` on that keeps the distance to what was sent last, across all sequences."""
    wanted = Slot(at.astimezone(UTC))
    for last, distance, whom in (
        (last_to_prospect, spacing.prospect, "this person"),
        (last_to_account, spacing.account, "this company"),
    ):
        if last is not None and distance is not None:
            free = add(last, distance, place)
            if free > wanted.at:
                wanted = Slot(free, f"kept {distance} from the last mail to {whom}")
    slot = opened(window, place, wanted.at)
    return Slot(slot.at, reasons(wanted.why, slot.why))


def resumed(
    planned: Sequence[datetime],
    *,
    now: datetime,
    last_to_prospect: datetime | None,
    last_to_account: datetime | None,
    spacing: Spacing,
    window: Window,
    place: Place,
) -> tuple[Slot, ...]:
    """New times for the planned mails of one person after a pause, in the given order.

    What is overdue follows one after the other, at the spacing's distance, never two at once and,
    where the spacing sets no limit, a business day apart; what is still to come keeps its time.
    """
    apart = Spacing(spacing.prospect or _DAY_AFTER_DAY, spacing.account)
    slots: dict[int, Slot] = {}
    last = last_to_prospect
    for index in sorted(range(len(planned)), key=lambda i: (planned[i], i)):
        overdue = planned[index] < now
        slot = spaced(max(planned[index], now), last, last_to_account, apart, window, place)
        slots[index] = Slot(slot.at, reasons("overdue when resumed" if overdue else "", slot.why))
        last = slot.at
    return tuple(slots[index] for index in range(len(planned)))
