"""Turns what an author wrote after a key into what the product works with, or says what would be right."""

import re
from collections.abc import Callable
from datetime import time

from cadence.content.findings import did_you_mean
from cadence.content.keys import ANCHORS, DAYS, LANGUAGE_PATTERN, NAME_PATTERN, Key, Kind
from cadence.core.replies import Category
from cadence.core.sequence import MAX_OCCURRENCES, Anchor, Duration

_HOURS = re.compile(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)")
_ANCHOR = re.compile(r"\s*([\w.]+)\s*(?:([-+])\s*(.+?))?\s*")


def convert(key: Key, value: object) -> object:
    """Return the value of a key that is no table; raises ValueError with words for the author."""
    return _CONVERTERS[key.kind](key, value)


def _text(key: Key, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"`{key.name}` takes text in quotes")
    if not value.strip():
        raise ValueError(f"`{key.name}` is empty")
    return value.strip()


def _name(key: Key, value: object) -> str:
    name = _text(key, value)
    if not re.fullmatch(NAME_PATTERN, name):
        raise ValueError(
            f'"{name}" is no name; use lower-case letters, digits and hyphens, as in "thank-you"'
        )
    return name


def _language(key: Key, value: object) -> str:
    code = _text(key, value)
    if not re.fullmatch(LANGUAGE_PATTERN, code):
        raise ValueError(f'"{code}" is no language code; write "en", "de" or "pt-BR"')
    return code


def _choice(key: Key, value: object) -> str:
    word = _text(key, value)
    if word not in key.choices:
        raise ValueError(f'"{word}" is not what `{key.name}` takes{did_you_mean(word, key.choices)}')
    return word


def _duration(key: Key, value: object) -> Duration:
    if not isinstance(value, str):
        raise ValueError(f'`{key.name}` takes a duration in quotes, such as "2 hours" or "4 business days"')
    return Duration.parse(value)


def _limit(key: Key, value: object) -> Duration | None:
    if value == "none":
        return None
    try:
        return _duration(key, value)
    except ValueError as error:
        raise ValueError(f'{error}, or "none"') from None


def _anchor(key: Key, value: object) -> Anchor:
    found = _ANCHOR.fullmatch(_text(key, value))
    if not found:
        raise ValueError(
            f'"{value}" is not understood; write a date of the deal and a span, such as '
            '"deal.competitor_contract_end - 90 days"'
        )
    name, sign, span = found.groups()
    if name not in ANCHORS:
        raise ValueError(f"there is no date `{name}`{did_you_mean(name, ANCHORS)}")
    if not sign:
        return Anchor(name)
    return Anchor(name, -1 if sign == "-" else 1, Duration.parse(span))


def _category(key: Key, value: object) -> Category:
    word = _text(key, value)
    try:
        category = Category(word)
    except ValueError:
        near = did_you_mean(word, key.choices or [c.value for c in Category])
        raise ValueError(f'"{word}" is no category of reply{near}') from None
    if key.choices and word not in key.choices:
        raise ValueError(
            f'no step can follow "{word}": the enrollment stops, pauses until a person acts, or goes on '
            f"as before; a branch follows {' or '.join(key.choices)}"
        )
    return category


def _categories(key: Key, value: object) -> frozenset[Category]:
    if isinstance(value, str):
        return frozenset({_category(key, value)})
    if not isinstance(value, list) or not value:
        raise ValueError(f"`{key.name}` takes a category of reply, or a list of them")
    return frozenset(_category(key, item) for item in value)


def _days(key: Key, value: object) -> frozenset[int]:
    if not isinstance(value, list):
        raise ValueError('`days` takes a list, such as ["mon", "tue", "wed"]')
    if not value:
        raise ValueError("the window never opens: `days` is empty")
    days = set()
    for item in value:
        if item not in DAYS:
            raise ValueError(f'"{item}" is no day{did_you_mean(str(item)[:3], DAYS)}')
        days.add(DAYS.index(item))
    return frozenset(days)


def _hours(key: Key, value: object) -> tuple[time, time]:
    found = _HOURS.fullmatch(_text(key, value))
    numbers = [int(n) for n in found.groups()] if found else [99] * 4
    opens, closes = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if numbers[1] > 59 or numbers[3] > 59 or opens > 24 * 60 or closes > 24 * 60:
        raise ValueError(f'"{value}" are no hours; write "09:00-16:30", or "00:00-24:00" for all day')
    if opens >= closes:
        raise ValueError(f'the window never opens: "{value}" ends before it begins')
    return time(opens // 60, opens % 60), time.max if closes == 24 * 60 else time(closes // 60, closes % 60)


def _yes_no(key: Key, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"`{key.name}` takes true or false, without quotes")
    return value


def _count(key: Key, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_OCCURRENCES:
        raise ValueError(f"`{key.name}` takes a whole number from 1 to {MAX_OCCURRENCES}, without quotes")
    return value


def _templates(key: Key, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f'`{key.name}` takes languages and texts, such as {{ de = "Vielen Dank" }}')
    return {_language(key, code): _text(key, text) for code, text in value.items()}


_CONVERTERS: dict[Kind, Callable[[Key, object], object]] = {
    Kind.TEXT: _text,
    Kind.TEMPLATE: _text,
    Kind.TEMPLATES: _templates,
    Kind.NAME: _name,
    Kind.LANGUAGE: _language,
    Kind.CHOICE: _choice,
    Kind.DURATION: _duration,
    Kind.LIMIT: _limit,
    Kind.ANCHOR: _anchor,
    Kind.CATEGORY: _category,
    Kind.CATEGORIES: _categories,
    Kind.DAYS: _days,
    Kind.HOURS: _hours,
    Kind.YES_NO: _yes_no,
    Kind.COUNT: _count,
}
