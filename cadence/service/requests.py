"""What somebody says of a person to enroll, and what of it cannot be right."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from cadence.core.calendar import is_known_country, zone
from cadence.core.errors import InvalidInput
from cadence.core.legal import Ground
from cadence.store.bulk import DEAL_FACTS

LATEST_LOSS = timedelta(days=1)
"""How far in the future a loss may be dated before it is a mistake."""
EARLIEST_LOSS = datetime(1990, 1, 1, tzinfo=UTC)
LONGEST_CONTRACT = timedelta(days=50 * 366)
LONGEST_TEXT = 500
"""Characters of a name, a title, a product."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody says of a person to enroll; every part but email and sequence may be absent.

    zone: IANA name; country: ISO 3166-1 alpha-2; language: ISO 639-1; mailbox, executive: addresses
    of our mailboxes; lost_at: aware UTC; deal: product, reason, competitor, competitor_contract_end, amount,
    missing, missing_ships, alternative, referred_by; ground: if it is not the deal itself.
    """

    email: str
    sequence: str
    first_name: str | None = None
    last_name: str | None = None
    title: str | None = None
    language: str | None = None
    zone: str | None = None
    country: str | None = None
    region: str | None = None
    company: str | None = None
    industry: str | None = None
    size: int | None = None
    deal_name: str | None = None
    deal: dict[str, Any] = field(default_factory=dict)
    lost_at: datetime | None = None
    mailbox: str | None = None
    executive: str | None = None
    ground: Ground | None = None


def check(request: Request, now: datetime) -> None:
    """Refuse what cannot be right, with one line that names it."""
    if request.zone:
        zone(request.zone)
    if request.country and not is_known_country(request.country):
        raise InvalidInput(f"{request.country!r} is not a country code such as DE or US")
    if request.size is not None and request.size < 1:
        raise InvalidInput(f"a company has at least one person: {request.size}")
    if request.language and not (len(request.language) == 2 and request.language.isalpha()):
        raise InvalidInput(f"{request.language!r} is not a language code such as en or de")
    _check_dates(request, now)
    if request.ground:
        check_ground(request.ground, now)
    for name in ("first_name", "last_name", "title", "region", "company", "industry", "deal_name"):
        _check_text(name, getattr(request, name))
    for name, value in request.deal.items():
        if name not in DEAL_FACTS:
            raise InvalidInput(f"{name!r} is no fact of a deal; there are {', '.join(DEAL_FACTS)}")
        _check_text(name, value)


def _check_dates(request: Request, now: datetime) -> None:
    if request.lost_at and request.lost_at > now + LATEST_LOSS:
        raise InvalidInput(f"the deal cannot have been lost in the future: {request.lost_at:%Y-%m-%d}")
    if request.lost_at and request.lost_at < EARLIEST_LOSS:
        raise InvalidInput(f"the deal cannot have been lost that long ago: {request.lost_at.date()}")
    end = request.deal.get("competitor_contract_end")
    if isinstance(end, date) and end < now.date():
        raise InvalidInput(f"the competitor's contract ended already: {end}")
    if isinstance(end, date) and end > now.date() + LONGEST_CONTRACT:
        raise InvalidInput(f"no contract runs that long: {end}")
    ships = request.deal.get("missing_ships")
    if isinstance(ships, date) and abs(ships - now.date()) > LONGEST_CONTRACT:
        raise InvalidInput(f"nothing ships on {ships}")


def check_ground(ground: Ground, now: datetime) -> None:
    """Refuse a ground that cannot be right."""
    if ground.since > (now + LATEST_LOSS).date():
        raise InvalidInput(f"a ground to write to somebody cannot begin in the future: {ground.since}")
    if ground.until is not None and ground.until < ground.since:
        raise InvalidInput(f"a ground cannot end before it begins: {ground.until}")
    _check_text("basis_source", ground.source)


def _check_text(name: str, value: object) -> None:
    """A name with a line break or an endless one would be held later, mail by mail; so not at all."""
    if not isinstance(value, str):
        return
    if len(value) > LONGEST_TEXT:
        raise InvalidInput(f"{name} has {len(value)} characters; {LONGEST_TEXT} are enough")
    if not value.isprintable():
        raise InvalidInput(f"{name} holds control characters: {value[:40]!r}")
