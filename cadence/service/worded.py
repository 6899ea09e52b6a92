"""Reads what somebody told of a person, in a spreadsheet, a form or a flag, into a request."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from typing import Any

from cadence.core import calendar
from cadence.core.date_order import DateOrder, read_date, read_moment
from cadence.core.errors import InvalidInput
from cadence.core.legal import Basis, Ground
from cadence.core.model import Place
from cadence.core.places import country_code, zone_of_country
from cadence.core.replies import LossReason
from cadence.service.fields import fold
from cadence.service.requests import Request

_DEAL = ("product", "reason", "competitor", "amount", "missing", "alternative", "referred_by")
_DEAL_DATES = ("competitor_contract_end", "missing_ships")
_PLAIN = ("title", "region", "company", "industry", "deal_name", "mailbox", "executive")
_LANGUAGES = {
    "english": "en", "englisch": "en", "german": "de", "deutsch": "de", "french": "fr", "francais": "fr",
    "spanish": "es", "espanol": "es", "italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl",
    "portuguese": "pt", "portugues": "pt",
}  # fmt: skip
_ANGLE = re.compile(r"<([^<>]+)>\s*$")
_SIZE = re.compile(
    r"(\d{1,3}(?:[.,' ]\d{3})+|\d+)\s*\+?(?:\s*(?:-|–|to|bis|à|a)\s*[\d.,' ]+)?", re.IGNORECASE
)


def request_of(
    said: Mapping[str, str | None],
    *,
    sequence: str,
    now: datetime,
    place: Place,
    order: DateOrder | None = None,
) -> Request:
    """The request that somebody's words make; raises InvalidInput naming the field.

    said: field → words; what is empty is not said. place: of those who name no zone or country.
    """
    words = {name: " ".join(value.split()) for name, value in said.items() if value and value.strip()}
    if "email" not in words:
        raise InvalidInput("there is no address")
    address = _ANGLE.search(words["email"])
    first, last = _names(words)
    country = _read("country", words, country_code)
    zone = words.get("zone")
    if zone:
        _read("zone", words, calendar.zone)
    here = Place(zone or zone_of_country(country) or place.zone)
    deal: dict[str, Any] = {name: words[name] for name in _DEAL if name in words}
    if "reason" in deal:
        deal["reason"] = loss_reason(deal["reason"]) or deal["reason"]
    for name in _DEAL_DATES:
        if on := _read(name, words, lambda text: read_date(text, order)):
            deal[name] = on
    return Request(
        email=address[1].strip() if address else words["email"],
        sequence=sequence,
        first_name=first,
        last_name=last,
        language=_read("language", words, _language),
        zone=zone,
        country=country,
        size=_read("size", words, _size),
        deal=deal,
        ground=ground_of(words, now, order),
        lost_at=_read("lost_at", words, lambda text: moment_of(read_moment(text, order), here, now)),
        **{name: words[name] for name in _PLAIN if name in words},
    )


def ground_of(said: Mapping[str, str | None], now: datetime, order: DateOrder | None = None) -> Ground | None:
    """What is said of why we may write; since today, unless that is said as well. Raises InvalidInput."""
    words = {name: value for name, value in said.items() if value}
    basis = _read("basis", words, _basis_of)
    if basis is None:
        if any(name.startswith("basis_") for name in words):
            raise InvalidInput(f"basis: say which: {', '.join(Basis)}")
        return None
    since, until = (_read(name, words, lambda text: read_date(text, order)) for name in _BASIS_DATES)
    return Ground(basis, words.get("basis_source", "somebody said so"), since or now.date(), until)


def ground_in(said: Mapping[str, Any], now: datetime) -> Ground | None:
    """The same of values: basis, basis_source, basis_since and basis_until, of which any may be None."""
    words = {name: said[name] for name in GROUND if said.get(name) is not None}
    return ground_of({name: str(value) for name, value in words.items()}, now)


GROUND = ("basis", "basis_source", "basis_since", "basis_until")
"""What tells on which ground somebody is written to; without a basis the others say nothing."""
_BASIS_DATES = ("basis_since", "basis_until")


def _basis_of(words: str) -> Basis:
    """The ground that these words name; raises InvalidInput."""
    name = _reason_key(words)
    if name not in set(Basis):
        raise InvalidInput(f"{words[:40]!r} is no ground to write to somebody; known are {', '.join(Basis)}")
    return Basis(name)


def loss_reason(words: str) -> LossReason | None:
    """The known reason that these words name; None for a reason in words of somebody's own."""
    name = _reason_key(words)
    return LossReason(name) if name in set(LossReason) else None


def near_reason(words: str) -> LossReason | None:
    """The known reason that was probably meant by other words."""
    found = get_close_matches(_reason_key(words), list(LossReason), n=1)
    return LossReason(found[0]) if found else None


def _reason_key(words: str) -> str:
    return "_".join(words.casefold().replace("-", " ").split())


def moment_of(said: date | datetime, place: Place, now: datetime) -> datetime:
    """The instant at which a deal was lost: a time without a zone is the place's; a day is its noon, and
    today is now.
    """
    if isinstance(said, datetime):
        return said.astimezone(UTC) if said.tzinfo else calendar.instant(said, place)
    noon = calendar.instant(datetime.combine(said, time(12)), place)
    return now if calendar.local(now, place).date() == said else noon


def _read(name: str, words: Mapping[str, str], reader: Callable[[str], Any]) -> Any:
    if name not in words:
        return None
    try:
        return reader(words[name])
    except InvalidInput as fault:
        raise InvalidInput(f"{name}: {fault}") from None


def _names(words: Mapping[str, str]) -> tuple[str | None, str | None]:
    first, last, full = words.get("first_name"), words.get("last_name"), words.get("name")
    if first or last or not full or "@" in full:
        return first, last
    if "," in full:
        family, _, given = full.partition(",")
        return given.strip() or None, family.strip() or None
    given, _, family = full.partition(" ")
    return given, family or None


def _language(text: str) -> str:
    code = re.split(r"[-_]", text)[0].lower()
    return code if len(code) == 2 else _LANGUAGES.get(fold(text), text)


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text)
    if found is None or len(found[1]) > 12:
        raise InvalidInput(f"{text[:40]!r} is not a number of employees")
    return int(re.sub(r"\D", "", found[1]))
