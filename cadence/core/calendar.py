"""Decides what a day is to someone: zones, clock changes, weekends, public holidays, calendar arithmetic.

The one home of zone and holiday data. Instants go in and come out as aware UTC datetimes.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from dateutil.relativedelta import relativedelta

from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.core.sequence import Duration, Unit

_DAY = timedelta(days=1)
_SATURDAY_AND_SUNDAY = frozenset({5, 6})
_WALL_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7}
_ELAPSED = {Unit.MINUTES: timedelta(minutes=1), Unit.HOURS: timedelta(hours=1)}


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name; raises InvalidInput where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: the name of a folder, "Europe"
        raise InvalidInput(f"{name!r} is not a time zone; write one such as 'Europe/Berlin'") from error


def local(at: datetime, place: Place) -> datetime:
    """An instant on the clocks of a place; raises ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no zone")
    return at.astimezone(zone(place.zone))


def instant(wall: datetime, place: Place) -> datetime:
    """The instant at which clocks show this naive local time.

    A time that happens twice means the first; one that a clock change skips moves on by as much as
    the clocks do (PEP 495), so the result shows another time of day.
    """
    return wall.replace(tzinfo=zone(place.zone), fold=0).astimezone(UTC)


def start_of(day: date, place: Place) -> datetime:
    """The instant at which a day begins there."""
    return instant(datetime.combine(day, time.min), place)


@dataclass(frozen=True, slots=True)
class _Year:
    """One year of one country and region."""

    holidays: Mapping[date, str]
    weekends: frozenset[date]
    moved_workdays: frozenset[date]


@lru_cache(maxsize=4096)
def _year(country: str | None, region: str | None, year: int) -> _Year:
    first = date(year, 1, 1)
    days = [first + n * _DAY for n in range(366 if _is_leap(year) else 365)]
    code = (country or "").strip().upper()
    try:
        plain = holidays.country_holidays(code)
    except NotImplementedError:
        weekends = frozenset(day for day in days if day.weekday() in _SATURDAY_AND_SUNDAY)
        return _Year({}, weekends, frozenset())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a few countries announce feasts some years ahead only
        known = holidays.country_holidays(
            code,
            subdiv=_subdivision(plain, code, region),
            years=year,
            expand=False,
            language="en_US",  # never the language of the machine's locale
        )
    return _Year(
        holidays={day: name.replace("; ", " and ") for day, name in known.items()},
        weekends=frozenset(day for day in days if known.is_weekend(day)),
        moved_workdays=frozenset(known.weekend_workdays),
    )


def _subdivision(country: holidays.HolidayBase, code: str, region: str | None) -> str | None:
    """The code of a region written as "BY", "DE-BY" or "Bayern"; None where the country has none such."""
    wanted = (region or "").strip().casefold().removeprefix(f"{code.casefold()}-")
    names = {part: part for part in country.subdivisions} | country.subdivisions_aliases
    return next((part for name, part in names.items() if name.casefold() == wanted), None)


def check_region(place: Place) -> None:
    """Refuse a region that its country has not; raises InvalidInput with those it has."""
    if not place.region:
        return
    if not place.country:
        raise InvalidInput(f"say in which country {place.region!r} is")
    code = place.country.strip().upper()
    plain = holidays.country_holidays(code)
    if _subdivision(plain, code, place.region) is None:
        known = (
            f"they are known of {', '.join(plain.subdivisions)}" if plain.subdivisions else "there are none"
        )
        raise InvalidInput(f"no public holidays are known of a region {place.region!r} of {code}; {known}")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def holiday(day: date, place: Place) -> str | None:
    """The English name of the public holiday on that day in the place's country and region, or None."""
    return _year(place.country, place.region, day.year).holidays.get(day)


def is_weekend(day: date, place: Place) -> bool:
    """Whether the country rests that weekday; Saturday and Sunday where the country is not known."""
    return day in _year(place.country, place.region, day.year).weekends


def is_business_day(day: date, place: Place) -> bool:
    """Whether people work there that day; some countries work a weekend day in a holiday's stead."""
    year = _year(place.country, place.region, day.year)
    if day in year.weekends:
        return day in year.moved_workdays
    return day not in year.holidays


@lru_cache(maxsize=1024)
def is_known_country(code: str) -> bool:
    """Whether the public holidays of this ISO 3166-1 country are known."""
    try:
        holidays.country_holidays(code.strip().upper())
    except NotImplementedError:
        return False
    return True


def add(start: datetime, duration: Duration, place: Place) -> datetime:
    """The instant that lies `duration` after `start`.

    Minutes and hours elapse. Days and longer keep the local time of day: a business day is neither
    weekend nor public holiday there, and a month from the 31st ends on the last day of a shorter
    month. Raises InvalidInput where the result lies beyond the year 9999.
    """
    return shift(start, duration, place, sign=1)


def subtract(start: datetime, duration: Duration, place: Place) -> datetime:
    """The instant that lies `duration` before `start`; the mirror of `add`."""
    return shift(start, duration, place, sign=-1)


def shift(start: datetime, duration: Duration, place: Place, *, sign: int) -> datetime:
    """`add` for sign 1, `subtract` for sign -1."""
    here = local(start, place)
    amount = sign * duration.amount
    try:
        if not amount:
            return start.astimezone(UTC)
        if elapsed := _ELAPSED.get(duration.unit):
            return start.astimezone(UTC) + amount * elapsed
        return instant(_shift_wall(here.replace(tzinfo=None), amount, duration.unit, place), place)
    except (OverflowError, ValueError) as error:
        raise InvalidInput(f"{duration} from {start:%Y-%m-%d} is beyond the calendar") from error


def _shift_wall(wall: datetime, amount: int, unit: Unit, place: Place) -> datetime:
    if unit is Unit.BUSINESS_DAYS:
        return datetime.combine(_business_days_on(wall.date(), amount, place), wall.time())
    if unit in _WALL_DAYS:
        return wall + timedelta(days=amount * _WALL_DAYS[unit])
    return wall + relativedelta(**{unit.value: amount})  # type: ignore[arg-type]  # months, years


def _business_days_on(day: date, amount: int, place: Place) -> date:
    step = _DAY if amount > 0 else -_DAY
    for _ in range(abs(amount)):
        day += step
        while not is_business_day(day, place):
            day += step
    return day
