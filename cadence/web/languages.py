"""Decides in which language a page is shown, and says its words in that language (gettext).

The words stand in English where they are used: `_("…")` in a template, `message("…")` in Python. `make
messages` gathers them, and the translations are in locale/. What is not translated yet is shown in English.
"""

import gettext as catalogs
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""ISO 639-1 → what its speakers call it."""
LOCALE = Path(__file__).with_name("locale")
DOMAIN = "cadence"

_spoken: ContextVar[str] = ContextVar("language", default="en")


def preferred(header: str, known: str = "") -> str:
    """The language to answer in.

    header: Accept-Language of the browser (RFC 9110 §12.5.4); known: what goes before it, if we speak that.
    """
    if known in LANGUAGES:
        return known
    wanted = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.partition(";")
        wanted.append((-_weight(weight), place, tag.strip()[:2].lower()))
    return next((tag for weight, _, tag in sorted(wanted) if weight and tag in LANGUAGES), "en")


def _weight(text: str) -> float:
    name, _, number = text.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(number)
    except ValueError:
        return 0.0


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Whatever is said within is said in that language."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def message(text: str) -> str:
    """Mark words that are to be translated; they are said later, by `said`."""
    return text


def said(text: str) -> str:
    """The words in the language that is spoken."""
    return _catalog(_spoken.get()).gettext(text) if text else ""


def said_of(one: str, many: str, number: int) -> str:
    """The words for one or for many."""
    return _catalog(_spoken.get()).ngettext(one, many, number)


@cache
def _catalog(language: str) -> catalogs.NullTranslations:
    return catalogs.translation(DOMAIN, LOCALE, [language], fallback=language == "en")
