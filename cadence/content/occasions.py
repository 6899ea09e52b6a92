"""Reads what only an event has of the facts above its words: when and where it is, and who may still come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from cadence.content.findings import Report, did_you_mean
from cadence.content.toml import Document
from cadence.content.variables import Value, is_link
from cadence.core.occasions import Occasion

KEYS = {
    "starts": "when it begins, by the clocks of the place, without quotes: 2027-03-12T14:00:00",
    "ends": "when it ends",
    "zone": 'the time zone of the place: "Europe/Berlin"',
    "place": "where it is, in one line",
    "link": "where it is on the web; an event has a place, a link, or both",
    "capacity": "how many can come; when so many said yes, nobody else is invited",
    "until": "the last day on which people are invited (default: the day before it begins)",
    "cancelled": "true: it does not take place, and nobody is invited any more",
}
"""Besides those that a story has."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as its file has it; until: the last day on which people are invited."""

    occasion: Occasion
    until: date


def read_occasion(document: Document, report: Report) -> Announced | None:
    """When and where an event is; None where that cannot be told, which is reported."""
    faults = len(report.errors)
    zone = _zone(document, report)
    starts, ends = (_moment(document, key, report) for key in ("starts", "ends"))
    until = _checked(document, "until", "a day without quotes: 2027-03-05", _is_day, report)
    place = _checked(document, "place", "one line of text in quotes", _is_line, report)
    link = _checked(document, "link", 'a link in quotes: "https://…"', _is_web, report)
    capacity = _checked(document, "capacity", "a whole number from 1", _is_count, report)
    cancelled = _checked(document, "cancelled", "true or false, without quotes", _is_yes_no, report)
    if not place and not link:
        report.error(document.path, document.line("place"), "an event needs a `place`, a `link`, or both")
    if starts and ends and ends <= starts:
        report.error(document.path, document.line("ends"), "it ends before it begins")
    if starts and until and until > starts.date():
        report.error(document.path, document.line("until"), "nobody can be invited after it began")
    if len(report.errors) > faults or zone is None or starts is None or ends is None:
        return None
    there = ZoneInfo(zone)
    occasion = Occasion(
        starts=starts.replace(tzinfo=there),
        ends=ends.replace(tzinfo=there),
        zone=zone,
        place=place.strip() if place else None,
        link=link,
        capacity=capacity,
        cancelled=bool(cancelled),
    )
    return Announced(occasion, until or starts.date() - timedelta(days=1))


def told_of(occasion: Occasion) -> dict[str, Value]:
    """What templates may say of an event: the group `event` of variables.py."""
    last = occasion.ends.date() if occasion.ends.date() != occasion.starts.date() else None
    return {
        "day": occasion.starts.date(),
        "last_day": last,
        "starts": f"{occasion.starts:%H:%M}",
        "ends": f"{occasion.ends:%H:%M}",
        "zone": occasion.zone.rpartition("/")[2].replace("_", " "),
        "place": occasion.place,
        "link": occasion.link,
    }


def _zone(document: Document, report: Report) -> str | None:
    value = document.values.get("zone")
    if isinstance(value, str) and value in available_timezones():
        return value
    near = did_you_mean(value, sorted(available_timezones())) if isinstance(value, str) and value else ""
    report.error(document.path, document.line("zone"), f'`zone` takes a zone such as "Europe/Berlin"{near}')
    return None


def _moment(document: Document, key: str, report: Report) -> datetime | None:
    value = document.values.get(key)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    message = f"`{key}` takes day and time by the clocks of the place, without quotes: 2027-03-12T14:00:00"
    report.error(document.path, document.line(key), message)
    return None


def _checked(document: Document, key: str, takes: str, fits: Callable[[Any], bool], report: Report) -> Any:
    value = document.values.get(key)
    if value is None or fits(value):
        return value
    report.error(document.path, document.line(key), f"`{key}` takes {takes}")
    return None


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_line(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_web(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("http") and is_link(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_yes_no(value: Any) -> bool:
    return isinstance(value, bool)
