"""The filters of the templates: few, each doing what an author of letters needs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context, Undefined
from markupsafe import Markup

from cadence.content.variables import LANGUAGE, LONGEST


class Fault(Exception):
    """Something that an author must put right; the place is added where it is caught."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
}
_DAY = {"de": "{day}. {month}", "es": "{day} de {month}", "pt": "{day} de {month}"}
_DATE = {
    "de": "{day}. {month} {year}",
    "es": "{day} de {month} de {year}",
    "pt": "{day} de {month} de {year}",
}
_AND = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e", "nl": "en", "pt": "e"}
_OTHER_THOUSANDS = {"de": ".", "es": ".", "it": ".", "nl": ".", "pt": ".", "fr": "\u202f"}
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir herr frau m mme mlle sr sra srta don doña ing dipl".split()  # noqa: SIM905
)
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:(?:&|and|und|et|y|e)\s+)?"
    r"(?:Inc(?:orporated)?|Ltda?|Limited|LLC|LLP|PLC|plc|Corp(?:oration)?|Co|GmbH|mbH|AG|KGaA|KG|OHG|SE|UG|"
    r"SAS|SARL|SA|S\.A\.S|S\.A|S\.à\.?\s?r\.l|SLU|SL|S\.L\.U|S\.L|SpA|S\.p\.A|[Ss]rl|S\.r\.l|"
    r"BV|B\.V|NV|N\.V|Oy|AB|AS|A/S|ApS|Pty)\.?$"
)
_MOST_FORMS = 4
"""GmbH & Co. KG has three."""
_NUMBER = re.compile(r"\d{1,3}(?:[,.\u00a0\u202f' ]\d{3})+(?!\d)|\d{4,}")


def _language(context: Context) -> str:
    return str(context.get(LANGUAGE) or "en")[:2].lower()


def _text(value: object) -> str:
    if isinstance(value, Markup):
        raise Fault("a filter cannot be applied to what a macro or a {% set %} block gives; apply it inside")
    if isinstance(value, Undefined):
        raise Fault(f"`{value._undefined_name}` is not known here")
    if not isinstance(value, str):
        raise Fault(f"this filter takes text, not {_kind(value)}")
    return value


def _kind(value: object) -> str:
    if value is None:
        return "a missing value"
    if isinstance(value, date):
        return "a date"
    if isinstance(value, bool):
        return "yes or no"
    return "a number" if isinstance(value, int | float) else "a list"


def _moment(value: object, context: Context) -> tuple[date, str, str]:
    if not isinstance(value, date):
        raise Fault(f"this filter takes a date, not {'text' if isinstance(value, str) else _kind(value)}")
    language = _language(context)
    if language not in _MONTHS:
        raise Fault(f'the names of the months are not known in the language "{language}"')
    return value, language, _MONTHS[language].split()[value.month - 1]


def default(value: object, instead: object = "") -> object:
    """Give another value where this one is missing."""
    return instead if value is None or isinstance(value, Undefined) or value == "" else value


@pass_context
def month(context: Context, value: object) -> str:
    """Name the month of a date: March."""
    return _moment(value, context)[2]


@pass_context
def weekday(context: Context, value: object) -> str:
    """Name the day of the week of a date: Friday."""
    at, language, _ = _moment(value, context)
    return _WEEKDAYS[language].split()[at.weekday()]


@pass_context
def day(context: Context, value: object) -> str:
    """Write a date without its year: 12 March."""
    at, language, name = _moment(value, context)
    return _DAY.get(language, "{day} {month}").format(day=at.day, month=name)


@pass_context
def full_date(context: Context, value: object) -> str:
    """Write a date: 12 March 2026."""
    at, language, name = _moment(value, context)
    return _DATE.get(language, "{day} {month} {year}").format(day=at.day, month=name, year=at.year)


@pass_context
def possessive(context: Context, value: object) -> str:
    """Put an English name into the possessive: Brightpump’s, Travis’."""
    name, language = _text(value), _language(context)
    if language != "en":
        raise Fault(f'`possessive` is for English, and this mail is in "{language}"')
    return name + ("’" if name[-1:].lower() == "s" else "’s")


def first(value: object) -> object:
    """Take the first word of a text, or the first item of a list."""
    if isinstance(value, list | tuple):
        if not value:
            raise Fault("the list is empty, so it has no first item")
        return value[0]
    words = _text(value).split()
    return words[0] if words else ""


def first_name(value: object) -> str:
    """Take the first name of a full name; the whole of it where it has none: Maren, Dr. Ellison."""
    name = " ".join(_text(value).split())
    family, _, given = name.partition(",")
    words = (given or family).split()
    names = [word for word in words if word.strip(".").lower() not in _TITLES]
    has_title = len(names) < len(words)
    if not names or len(names[0].strip(".")) < 2 or (has_title and len(names) == 1 and not given):
        return name
    return names[0]


def company(value: object) -> str:
    """Leave out the legal form of a company's name, as people do: Brightpump for Brightpump, Inc."""
    name = " ".join(_text(value).split())
    for _ in range(_MOST_FORMS):
        name = _LEGAL_FORM.sub("", name) or name
    return name


@pass_context
def money(context: Context, value: object) -> str:
    """Group the thousands of the amounts in a text or a number: USD 86,000."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value)
    separator = _OTHER_THOUSANDS.get(_language(context), ",")
    return _NUMBER.sub(lambda n: f"{int(re.sub(r'[^0-9]', '', n[0])):,}".replace(",", separator), text)


def lines(value: object) -> list[str]:
    """Split a text into its lines, for a loop."""
    return _text(value).splitlines()


@pass_context
def words(context: Context, value: object) -> str:
    """Join a list as people do: a, b and c."""
    items = [_text(item) for item in _list(value)]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {_AND.get(_language(context), ',')} {items[-1]}".replace(" , ", ", ")


def join(value: object, separator: str = "") -> str:
    """Join a list with something between the items."""
    return _bounded(_text(separator).join(_text(item) for item in _list(value)))


def replace(value: object, old: str, new: str) -> str:
    """Put one text in place of another."""
    text, old, new = _text(value), _text(old), _text(new)
    if len(text) + text.count(old) * len(new) > LONGEST:
        raise Fault(f"the result would be longer than {LONGEST} characters")
    return text.replace(old, new)


def upper(value: object) -> str:
    """Write in capitals."""
    return _text(value).upper()


def lower(value: object) -> str:
    """Write in small letters."""
    return _text(value).lower()


def capitalize(value: object) -> str:
    """Begin with a capital and leave the rest as it is."""
    text = _text(value)
    return text[:1].upper() + text[1:]


def trim(value: object) -> str:
    """Drop white space at both ends."""
    return _text(value).strip()


def length(value: object) -> int:
    """Count the letters of a text or the items of a list."""
    return len(_list(value)) if isinstance(value, list | tuple) else len(_text(value))


def urlencode(value: object) -> str:
    """Write a text so that it can stand inside a link's address."""
    return quote(_text(value), safe="")


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise Fault("this filter takes a list")
    return value


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise Fault(f"the result is longer than {LONGEST} characters")
    return text


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that authors can use. on_missing: it makes sense of a value that is not known."""

    apply: Callable[..., object]
    on_missing: bool = False

    @property
    def meaning(self) -> str:
        """What it does, in a line."""
        return (self.apply.__doc__ or "").strip()


FILTERS: dict[str, Filter] = {
    "default": Filter(default, on_missing=True),
    "day": Filter(day),
    "month": Filter(month),
    "weekday": Filter(weekday),
    "date": Filter(full_date),
    "possessive": Filter(possessive),
    "first_name": Filter(first_name),
    "company": Filter(company),
    "first": Filter(first),
    "money": Filter(money),
    "lines": Filter(lines),
    "words": Filter(words),
    "join": Filter(join),
    "replace": Filter(replace),
    "upper": Filter(upper),
    "lower": Filter(lower),
    "capitalize": Filter(capitalize),
    "trim": Filter(trim),
    "length": Filter(length),
    "urlencode": Filter(urlencode),
}
