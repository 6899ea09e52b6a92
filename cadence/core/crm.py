"""What a CRM says of a deal, in words that are the same for every CRM."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class DealState(StrEnum):
    """Where a deal stands in a CRM, whatever its stages are called there."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class RemoteContact:
    """A person of a deal. role: their title; language: ISO 639-1."""

    email: str
    first_name: str | None = None
    last_name: str | None = None
    role: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class RemoteCompany:
    """The company of a deal. size: number of employees."""

    name: str
    domain: str | None = None
    industry: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class RemoteDeal:
    """One deal as a CRM has it.

    id: the CRM's; pipeline, stage: as people there call them; currency: ISO 4217; closed_at, updated_at:
    aware UTC; owner: the e-mail address of the rep; contacts: those with an address; fields: those of its
    fields that were asked for and hold something, by the CRM's own names, as text (dates in ISO 8601).
    """

    id: str
    name: str
    state: DealState
    pipeline: str
    stage: str
    updated_at: datetime
    amount: Decimal | None = None
    currency: str | None = None
    closed_at: datetime | None = None
    owner: str | None = None
    company: RemoteCompany | None = None
    contacts: tuple[RemoteContact, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """A deal that the CRM has, and of which something cannot be read. why: one line for a person."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """That something about a deal changed, and when its CRM says so (aware UTC)."""

    deal_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """A part of what changed. cursor: where the next part begins; more: whether it is there already."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class RemoteField:
    """A field that deals of a CRM have.

    name: by which its API knows it; label: as people see it; kind: text, number, date or choice; choices: the
    values it takes, none where it takes any; is_writable: whether it can be set at all.
    """

    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    is_writable: bool = True
