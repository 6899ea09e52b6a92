"""Decide which calendar days a span, a shift or a period covers."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day that a phrase names; whether it named its year; between which tokens it stands.

    shape: what was read ("day", "month", "period", "in", "weekday", "number", "year" ...).
    """

    first: date
    last: date
    start: int
    end: int
    shape: str
    dated: bool = False


def safe_date(year: int, month: int, day: int) -> date | None:
    """A date, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the month's last day where it is shorter."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def period_after(sent: date, unit: str, count: int) -> tuple[date, date] | None:
    """The first and last day of the week, month, quarter, half or year that is `count` after this one."""
    if unit == "week":
        first = sent - timedelta(days=sent.weekday()) + timedelta(weeks=count)
        return first, first + 6 * DAY
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(unit)
    if not months or not -400 < count < 400:
        return None
    start = date(sent.year, (sent.month - 1) // months * months + 1, 1)
    first = add_months(start, count * months)
    return first, add_months(first, months) - DAY
