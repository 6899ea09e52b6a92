"""The names that authors can use in templates, and what a context must be to fill them.

The table below is the contract between services (who fill it), templates and documentation.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum, auto
from urllib.parse import urlsplit

from cadence.content.findings import did_you_mean
from cadence.core.errors import InvalidInput

Value = str | int | float | Decimal | date | None
Context = Mapping[str, Mapping[str, object] | None]
"""What services pass: group → name → value. A name left out is a value that is not known."""


class Holds(Enum):
    """What a variable holds."""

    TEXT = auto()
    LINES = auto()
    URL = auto()
    DATE = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Variable:
    """One name of a group. always: known for every person who is enrolled, so it needs no fallback."""

    name: str
    meaning: str
    holds: Holds = Holds.TEXT
    always: bool = False


def _person(who: str, *, always: bool) -> tuple[Variable, ...]:
    return (
        Variable("name", f"full name of {who}", always=always),
        Variable("first_name", f"first name of {who}", always=always),
        Variable("email", f"address of {who}", always=always),
        Variable("title", f"job title of {who}"),
        Variable("phone", f"phone number of {who}"),
        Variable("signature", f"signature of {who}, one or more lines", Holds.LINES),
    )


GROUPS: dict[str, tuple[Variable, ...]] = {
    "prospect": (
        Variable("first_name", "first name of the reader"),
        Variable("last_name", "last name of the reader"),
        Variable("name", "full name of the reader"),
        Variable("email", "address of the reader", always=True),
        Variable("title", "job title of the reader"),
        Variable("language", 'language of the reader: "en", "de" …', always=True),
    ),
    "account": (
        Variable("name", "name of the reader's company", always=True),
        Variable("industry", "industry of the reader's company"),
        Variable("size", "number of employees", Holds.NUMBER),
    ),
    "deal": (
        Variable("name", "name of the lost deal, or of the client relation that ended", always=True),
        Variable("product", "what it was about"),
        Variable("reason", 'why it was lost, as the rep sees it: "price", "features" …'),
        Variable("competitor", "the vendor they chose"),
        Variable("lost_at", "when it was lost", Holds.DATE, always=True),
        Variable("amount", "what it was worth, as written"),
        Variable("competitor_contract_end", "when their agreement with that vendor ends", Holds.DATE),
        Variable("missing", "what we could not do, in a few words"),
        Variable("missing_ships", "when we will be able to do it", Holds.DATE),
        Variable("alternative", "another supplier, or a person, who can help them where we cannot"),
        Variable("referred_by", "who named the reader to us, and said that we may tell"),
    ),
    "sender": _person("the person who signs this mail", always=True),
    "rep": _person("the rep", always=True),
    "executive": _person("the executive; nothing is known where there is none", always=False),
    "company": (
        Variable("name", "name of our company", always=True),
        Variable("postal_address", "our postal address", Holds.LINES, always=True),
        Variable("website", "our web site", Holds.URL),
    ),
    "links": (
        Variable("unsubscribe", "the page on which the reader opts out", Holds.URL, always=True),
        Variable("answer", "the page on which the reader can answer in a line", Holds.URL),
    ),
    "story": (
        Variable("name", "name of the story's file", always=True),
        Variable("title", "title of the story", always=True),
        Variable("body", "the story itself, where the step has words of its own around it"),
    ),
    "event": (
        Variable("day", "the day of the event, or its first one", Holds.DATE, always=True),
        Variable("last_day", "its last day, where it takes several", Holds.DATE),
        Variable("starts", 'when it begins, by the clocks of the place: "14:00"', always=True),
        Variable("ends", "when it ends", always=True),
        Variable("zone", 'whose clocks these are: "Berlin"', always=True),
        Variable("place", "where it is"),
        Variable("link", "where it is on the web", Holds.URL),
    ),
    "thread": (Variable("subject", "subject of the conversation so far"),),
}

LANGUAGE = "language"
"""A variable without a group: the language that this mail is written in."""

LAYOUT = ("body", "subject")
"""Variables of the layouts: the words of the mail, and its subject."""

_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONGEST = 10_000


_NAMES = {group: tuple(variable.name for variable in variables) for group, variables in GROUPS.items()}


def names(group: str) -> tuple[str, ...]:
    """The names of a group."""
    return _NAMES[group]


def every_name() -> frozenset[str]:
    """The names of all groups, for places where the group is not known."""
    return frozenset(name for group in GROUPS for name in names(group))


_OTHER_WORDS = {
    "company": "account.name",
    "organization": "account.name",
    "surname": "prospect.last_name",
    "vendor": "deal.competitor",
    "winner": "deal.competitor",
    "employees": "account.size",
    "value": "deal.amount",
    "feature": "deal.missing",
    "referrer": "deal.referred_by",
}
"""What people look for under another name."""


def instead_of(name: str, group: Iterable[str]) -> str:
    """Return '; did you mean …?' for a name that a group lacks: in it, in another, or by its sense."""
    everywhere = {v.name: f"{g}.{v.name}" for g in reversed(GROUPS) for v in GROUPS[g]} | _OTHER_WORDS
    if get_close_matches(name, list(group), n=1):
        return did_you_mean(name, group)
    for near in get_close_matches(name, everywhere, n=1, cutoff=0.75):
        return f"; did you mean `{everywhere[near]}`?"
    return did_you_mean(name, group)


def plain(context: Context) -> dict[str, dict[str, Value]]:
    """Check a context and complete it: every group with every name, None where nothing is known.

    Text is stripped, and empty text is None. Raises InvalidInput naming the variable: for a name that
    does not exist, a value of another type, control characters (a line break too, unless the variable
    has lines), characters that turn the direction of writing, and links that are not http, https, mailto.
    """
    for group, values in context.items():
        if group not in GROUPS:
            raise InvalidInput(f"there is no group of variables named {group!r}")
        for name in values or ():
            if name not in names(group):
                raise InvalidInput(f"there is no variable {group}.{name}")
    return {
        group: _complete(group, variables, context.get(group) or {}) for group, variables in GROUPS.items()
    }


def _complete(group: str, variables: tuple[Variable, ...], values: Mapping[str, object]) -> dict[str, Value]:
    known: dict[str, Value] = dict.fromkeys(_NAMES[group])
    for variable in variables:
        value = values.get(variable.name)
        if value is not None:
            known[variable.name] = _value(f"{group}.{variable.name}", variable, value)
    return known


def _value(label: str, variable: Variable, value: object) -> Value:
    if isinstance(value, str):
        return _text(label, variable, str.__str__(value))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | date):
        raise InvalidInput(f"{label} is a {type(value).__name__}; it takes text, a number or a date")
    return value


def _text(label: str, variable: Variable, value: str) -> str | None:
    text = "\n".join(value.splitlines()) if variable.holds is Holds.LINES else value
    text = text.strip()
    if len(text) > LONGEST:
        raise InvalidInput(f"{label} has {len(text)} characters, more than {LONGEST}")
    for character in () if text.isprintable() else text:
        kind = unicodedata.category(character)
        line_break = character == "\n" and variable.holds is Holds.LINES
        if (kind in ("Cc", "Cs", "Zl", "Zp") or character in _REORDERING) and not line_break:
            raise InvalidInput(f"{label} holds a control character (U+{ord(character):04X})")
    if text and variable.holds is Holds.URL and not is_link(text):
        raise InvalidInput(f"{label} is no link that a mail may carry: {text!r}")
    return text or None


_NOT_IN_A_LINK = re.compile(r'[\s<>"\\^`{|}]')


def is_link(url: str) -> bool:
    """Tell whether a mail may link there: http or https with a host, or mailto with an address."""
    if _NOT_IN_A_LINK.search(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and bool(parts.hostname)
