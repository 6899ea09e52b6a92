"""Decides how fast a mailbox writes: daily cap, ramp-up, gaps, and when a deferred mail is tried again.

Whatever looks random is drawn from a key, so that it is the same on every run.
"""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from cadence.core import calendar
from cadence.core.model import Pace, Place
from cadence.core.windows import Slot

GIVE_UP_AFTER = timedelta(days=5)
"""How long a deferred mail is tried (RFC 5321 §4.5.4.1: at least four to five days)."""

_FIRST_WAIT = timedelta(minutes=30)
_LONGEST_WAIT = timedelta(hours=8)


def jitter(key: str, seconds: int) -> timedelta:
    """A wait of 0 to `seconds`, evenly spread over keys and always the same for one key."""
    drawn = int.from_bytes(sha256(key.encode()).digest()[:8])
    return timedelta(seconds=drawn % (max(seconds, 0) + 1))


def cap_today(pace: Pace, first_day: date | None, today: date) -> int:
    """How many mails a mailbox may send today; first_day: of its use, None where it sent nothing yet."""
    days = max((today - first_day).days, 0) if first_day else 0
    return min(pace.daily_cap, pace.ramp_from + pace.ramp_step * days)


def mailbox_free_at(
    pace: Pace,
    *,
    sent_today: int,
    last_sent_at: datetime | None,
    first_day: date | None,
    key: str,
    now: datetime,
    zone: str,
) -> Slot:
    """When the mailbox may send next.

    sent_today and first_day are counted in the mailbox's `zone`; key: of the message about to leave,
    for the jitter of its gap.
    """
    place = Place(zone)
    today = calendar.local(now, place).date()
    cap = cap_today(pace, first_day, today)
    if sent_today >= cap:
        tomorrow = calendar.start_of(today + timedelta(days=1), place)
        ramping = ", still warming up" if cap < pace.daily_cap else ""
        return Slot(tomorrow, f"the mailbox has sent its {cap} mails of the day{ramping}")
    if last_sent_at is not None:
        free = last_sent_at.astimezone(UTC) + timedelta(seconds=pace.gap) + jitter(key, pace.jitter)
        if free > now:
            return Slot(free, "a gap after the mailbox's last mail")
    return Slot(now.astimezone(UTC))


def retry_at(
    first_attempt_at: datetime, attempts: int, key: str, *, now: datetime | None = None
) -> datetime | None:
    """When to try a deferred mail again after `attempts` tries; None once five days are over.

    Waits double from half an hour to eight hours, up to a tenth longer by jitter. With `now` a retry
    that the schedule has in the past (nothing ran for a while) waits anew instead of following at once.
    """
    waits = [_wait(n) for n in range(1, max(attempts, 1) + 1)]
    drawn = jitter(f"{key}/{attempts}", int(waits[-1].total_seconds()) // 10)
    at = first_attempt_at.astimezone(UTC) + sum(waits, timedelta()) + drawn
    if now is not None and at < now:
        at = now.astimezone(UTC) + waits[-1] + drawn
    return at if at <= first_attempt_at + GIVE_UP_AFTER else None


def _wait(attempt: int) -> timedelta:
    """The wait after the nth try."""
    return min(_FIRST_WAIT * (1 << min(attempt - 1, 10)), _LONGEST_WAIT)
