"""Turns a template of html/ and some facts into HTML: everything that is not marked as HTML is escaped."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cadence.web import assets, languages
from cadence.web.languages import message

_environment = Environment(
    loader=PackageLoader("cadence.web", "html"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_DAY = message("{day} {month} {year}")
_MONTHS = (
    message("Jan"),
    message("Feb"),
    message("Mar"),
    message("Apr"),
    message("May"),
    message("Jun"),
    message("Jul"),
    message("Aug"),
    message("Sep"),
    message("Oct"),
    message("Nov"),
    message("Dec"),
)


def render(name: str, facts: dict[str, Any], block: str | None = None, language: str = "en") -> str:
    """The whole of a template, or one block of it, for a part of a page that is fetched anew."""
    template = _environment.get_template(name)
    with languages.speaking(language):
        if block is None:
            return template.render(facts)
        return "".join(template.blocks[block](template.new_context(facts)))


def when(instant: datetime, zone: str) -> Markup:
    """An instant as a reader in that zone writes it, with the exact one for machines."""
    there = instant.astimezone(ZoneInfo(zone))
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        f"{instant:%Y-%m-%dT%H:%M:%SZ}",
        f"{there:%Y-%m-%d %H:%M:%S} {zone}",
        f"{_written(there)}, {there:%H:%M}",
    )


def day(value: date) -> Markup:
    """A day as it is written everywhere here."""
    return Markup('<time datetime="{}">{}</time>').format(f"{value:%Y-%m-%d}", _written(value))


def _written(value: date) -> str:
    """A day in the language that is spoken."""
    month = languages.said(_MONTHS[value.month - 1])
    return languages.said(_DAY).format(day=value.day, month=month, year=value.year)


def lasting(seconds: float) -> str:
    """How long something took, as one says it: 40 minutes, 3 hours, 2 days."""
    for unit, size in (("day", 86_400), ("hour", 3_600)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.0f} {unit}s"
    minutes = max(round(seconds / 60), 1)
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


_environment.filters.update(when=when, day=day, lasting=lasting)
_environment.globals.update(asset=assets.url, spoken=languages.spoken)
_environment.install_gettext_callables(languages.said, languages.said_of, newstyle=True)  # type: ignore[attr-defined]
