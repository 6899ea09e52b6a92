"""How dates are typed on the command line, and how dates, spans and numbers are shown."""

from datetime import datetime

from cadence.core import calendar
from cadence.core.date_order import DateOrder
from cadence.core.errors import InvalidInput


def date_order(text: str | None) -> DateOrder | None:
    """The order that `--date-order` gives; raises InvalidInput."""
    if text is None:
        return None
    try:
        return DateOrder(text.lower())
    except ValueError:
        raise InvalidInput(f"--date-order is dmy or mdy, not {text!r}") from None


def shown(at: str | datetime | None, zone: str = "UTC") -> str:
    """An instant as a person at that place reads it: Mon 23 Nov 2026, 09:00."""
    if at is None:
        return "never"
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{moment.astimezone(calendar.zone(zone)):%a %d %b %Y, %H:%M}"


def span(seconds: float) -> str:
    """A length of time in the unit that suits it: 45 s, 12 min, 3 h, 2 days."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def plural(count: int, thing: str) -> str:
    """A number of things: 1 mail, 3 mails."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
