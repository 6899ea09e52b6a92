"""Reads a date as people write it in a spreadsheet, and refuses one that could be two."""

import re
from datetime import date, datetime, time
from enum import StrEnum

from cadence.core.errors import InvalidInput


class DateOrder(StrEnum):
    """Whether the day or the month comes first in a date of digits that ends with the year."""

    DMY = "dmy"
    MDY = "mdy"


_DIGITS = re.compile(r"(\d{1,4})([./\-\s])\s?(\d{1,2})\2\s?(\d{1,4})\.?")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-./]+(?:de\s+)?([^\W\d]+)\.?,?[\s\-./]+(?:de\s+)?(\d{4})"
)
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CLOCK = re.compile(
    r"(.+?)[T\s,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?", re.IGNORECASE
)

_MONTHS = (
    "jan january januar jänner janvier janv enero ene gennaio gen januari janeiro",
    "feb february februar feber février févr fév fevrier fevr febrero febbraio februari fevereiro fev",
    "mar march märz mär maerz mrz mars marzo maart mrt março marco",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october okt oktober octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dez dezember décembre déc decembre diciembre dic dicembre dezembro",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}


def read_date(text: str, order: DateOrder | None = None) -> date:
    """The day that a text means: ISO 8601, or day, month and year in a common order.

    Raises InvalidInput for what is no date, for a year of two digits, and, unless `order` is given, for
    digits that can be read in two ways (03/04/2026). Dots are day first wherever they are used.
    """
    text = " ".join(text.split())
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    if found := _DIGITS.fullmatch(text):
        return _of_digits(text, found[1], found[3], found[4], found[2], order)
    if found := _DAY_FIRST.fullmatch(text):
        return _of_words(text, found[1], found[2], found[3])
    if found := _MONTH_FIRST.fullmatch(text):
        return _of_words(text, found[2], found[1], found[3])
    raise InvalidInput(f"{text[:40]!r} is not a date; write it like 2026-03-31")


def read_moment(text: str, order: DateOrder | None = None) -> date | datetime:
    """The day, or the day and time, that a text means; a time without a zone comes back without one."""
    text = " ".join(text.split())
    if len(text) > 10 and text[:4].isdigit():
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    found = _CLOCK.fullmatch(text)
    if found is None:
        return read_date(text, order)
    day = read_date(found[1], order)
    hour, half = int(found[2]), (found[5] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise InvalidInput(f"{text[:40]!r} is not a time")
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return datetime.combine(day, time(hour, int(found[3]), int(found[4] or 0)))
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is not a time") from None


def _of_digits(text: str, one: str, two: str, three: str, mark: str, order: DateOrder | None) -> date:
    if len(one) == 4 and len(three) <= 2:
        return _day(text, int(one), int(two), int(three))
    if len(one) > 2 or len(three) != 4:
        raise InvalidInput(f"{text!r}: write the year with four digits")
    first, second, year = int(one), int(two), int(three)
    if mark == "." and order is None:
        return _day(text, year, second, first)
    if order is None and first != second and first <= 12 and second <= 12:
        one_way, other_way = _day(text, year, second, first), _day(text, year, first, second)
        raise InvalidInput(
            f"{text!r} can be {one_way:%-d %b} or {other_way:%-d %b}: say which with --date-order dmy or mdy"
        )
    if order is DateOrder.MDY or (order is None and second > 12):
        return _day(text, year, first, second)
    return _day(text, year, second, first)


def _of_words(text: str, day: str, month: str, year: str) -> date:
    number = _MONTH_OF.get(month.casefold())
    if number is None:
        raise InvalidInput(f"{text[:40]!r} is not a date: there is no month {month!r}")
    return _day(text, int(year), number, int(day))


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is not a date: there is no such day") from None
