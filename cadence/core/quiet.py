"""Decides when people want to hear nothing: hours of the day on the clocks of a place, over midnight too."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cadence.core import calendar
from cadence.core.errors import InvalidInput
from cadence.core.model import Place


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quiet hours of every day. begins, ends: on the clocks of `zone` (IANA)."""

    begins: time
    ends: time
    zone: str

    def until(self, at: datetime) -> datetime | None:
        """The end of the quiet hours around an instant; None where it is not quiet."""
        place = Place(self.zone)
        here = calendar.local(at, place)
        clock = here.time()
        if self.begins < self.ends:
            is_quiet = self.begins <= clock < self.ends
        else:
            is_quiet = clock >= self.begins or clock < self.ends
        if not is_quiet:
            return None
        day = here.date() + timedelta(days=clock >= self.ends)
        end = calendar.instant(datetime.combine(day, self.ends), place)
        return end if end > at else None  # of an hour that comes twice the first one ends it


def quiet_hours(begins: str, ends: str, zone: str) -> Quiet | None:
    """Read quiet hours such as 18:00 to 08:00; None where neither is given. Raises InvalidInput."""
    calendar.zone(zone)
    if not begins and not ends:
        return None
    if begins == ends:
        raise InvalidInput("Quiet hours that begin when they end would never end.")
    return Quiet(_time(begins), _time(ends), zone)


def _time(text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or len(text) != len("08:00"):
        raise InvalidInput(f"{text[:20]!r} is not a time of day such as 18:00; quiet hours need two of them.")
    return found
