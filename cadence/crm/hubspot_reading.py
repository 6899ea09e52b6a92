"""What HubSpot says, in the words of every CRM: its objects, its stages and its webhooks."""

from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any

from cadence.core.crm import Change, DealState, RemoteCompany, RemoteContact, RemoteDeal, RemoteField
from cadence.core.errors import CrmError, Unauthenticated
from cadence.crm.connector import Notice
from cadence.crm.values import amount, count, instant, objects, text
from cadence.crm.web import parsed

OLDEST_NOTICE = timedelta(minutes=5)
"""Older webhooks are refused, as HubSpot asks for."""
CHANGED = "hs_lastmodifieddate"
DEAL = (
    "dealname",
    "dealstage",
    "pipeline",
    "amount",
    "deal_currency_code",
    "closedate",
    "hubspot_owner_id",
    CHANGED,
)
CONTACT = ("email", "firstname", "lastname", "jobtitle", "hs_language")
COMPANY = ("name", "domain", "industry", "numberofemployees")
_PRIMARY = 5
"""The type of association between a deal and its first company."""
_DEALS = "0-3"
"""The type of object that deals are."""
_KINDS = {"number": "number", "date": "date", "datetime": "date", "enumeration": "choice", "bool": "choice"}
_DECODED = {"%3A": ":", "%2F": "/", "%3F": "?", "%40": "@", "%21": "!", "%24": "$", "%27": "'", "%28": "("}
_DECODED |= {"%29": ")", "%2A": "*", "%2C": ",", "%3B": ";"}
"""What HubSpot writes plainly in the URL that it signs."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a deal can stand, as people there call it."""

    pipeline: str
    name: str
    state: DealState


def noticed(notice: Notice, secret: str, now: datetime) -> Sequence[str]:
    """The deals that a webhook is about; raises Unauthenticated (X-HubSpot-Signature-v3) or CrmError."""
    stamp = notice.headers.get("x-hubspot-request-timestamp", "")
    url = notice.url
    for coded, plain in _DECODED.items():
        url = url.replace(coded, plain).replace(coded.lower(), plain)
    signed = notice.method.encode() + url.encode() + notice.body + stamp.encode()
    wanted = b64encode(digest(secret.encode(), signed, sha256))
    given = notice.headers.get("x-hubspot-signature-v3", "").encode()
    if not (secret and stamp.isdecimal() and compare_digest(wanted, given)):
        raise Unauthenticated("this is not signed with the app's client secret")
    if abs(millis(now) - int(stamp)) > OLDEST_NOTICE.total_seconds() * 1000:
        raise Unauthenticated("this was signed too long ago")
    events = objects({"results": parsed(notice.body)})
    return list(
        dict.fromkeys(str(one["objectId"]) for one in events if one.get("objectId") and _is_deal(one))
    )


def _is_deal(event: Mapping[str, Any]) -> bool:
    """Whether an event is about a deal, as the older and the newer subscriptions say so."""
    return str(event.get("subscriptionType")).startswith("deal.") or event.get("objectTypeId") == _DEALS


def field(found: Mapping[str, Any]) -> RemoteField:
    """A property of deals."""
    about = found.get("modificationMetadata") or {}
    options = found.get("options") or ()
    name = text(found, "name") or ""
    return RemoteField(
        name=name,
        label=text(found, "label") or name,
        kind=_KINDS.get(str(found.get("type")), "text"),
        choices=tuple(str(one.get("value")) for one in options if not one.get("hidden")),
        is_writable=not (about.get("readOnlyValue") or found.get("calculated")),
    )


def deal(
    deal_id: str,
    found: Mapping[str, Any],
    stage: Stage,
    owner: str | None,
    company: RemoteCompany | None,
    contacts: tuple[RemoteContact, ...],
    fields: Collection[str],
) -> RemoteDeal:
    """A deal with what belongs to it; raises ValueError."""
    changed = instant(found.get(CHANGED))
    if changed is None:
        raise ValueError("it does not say when it changed")
    return RemoteDeal(
        id=deal_id,
        name=text(found, "dealname") or f"Deal {deal_id}",
        state=stage.state,
        pipeline=stage.pipeline,
        stage=stage.name,
        updated_at=changed,
        amount=amount(found.get("amount")),
        currency=text(found, "deal_currency_code"),
        closed_at=instant(found.get("closedate")),
        owner=owner,
        company=company,
        contacts=contacts,
        fields={name: said for name in fields if (said := text(found, name)) is not None},
    )


def contact(found: Mapping[str, Any]) -> RemoteContact:
    """A person, whose address is known."""
    language = (text(found, "hs_language") or "")[:2].lower()
    return RemoteContact(
        email=str(found["email"]).strip(),
        first_name=text(found, "firstname"),
        last_name=text(found, "lastname"),
        role=text(found, "jobtitle"),
        language=language or None,
    )


def company(found: Mapping[str, Any]) -> RemoteCompany:
    """A company, by its domain where it has no name."""
    domain = text(found, "domain")
    return RemoteCompany(
        name=text(found, "name") or domain or "",
        domain=domain,
        industry=text(found, "industry"),
        size=count(found.get("numberofemployees")),
    )


def stage(pipeline: Mapping[str, Any], found: Mapping[str, Any]) -> Stage:
    """A stage of a pipeline."""
    return Stage(
        text(pipeline, "label") or id_of(pipeline), text(found, "label") or id_of(found), _state(found)
    )


def _state(stage: Mapping[str, Any]) -> DealState:
    """A stage is closed if it says so, or if its deals are certain to be won, or lost."""
    about = stage.get("metadata") or {}
    chance = amount(about.get("probability"))
    if str(about.get("isClosed", "true")).lower() != "true" or chance not in (0, 1):
        return DealState.OPEN
    return DealState.WON if chance else DealState.LOST


def change(found: Mapping[str, Any]) -> Change:
    """One result of the search; raises CrmError."""
    at = instant((found.get("properties") or {}).get(CHANGED) or found.get("updatedAt"))
    if at is None:
        raise CrmError("HubSpot does not say when a deal changed", temporary=True)
    return Change(id_of(found), at)


def is_primary(link: Mapping[str, Any]) -> bool:
    """Whether this is the company that a deal belongs to before others."""
    return any(kind.get("typeId") == _PRIMARY for kind in link.get("associationTypes") or ())


def id_of(found: Mapping[str, Any]) -> str:
    """By which HubSpot knows it."""
    return str(found.get("id"))


def digits(said: str) -> str:
    """An id, which stands in a path; raises CrmError."""
    if not (said.isascii() and said.isdecimal()):
        raise CrmError(f"{said[:40]!r} is no id of HubSpot's", temporary=False)
    return said


def millis(at: datetime) -> int:
    """As HubSpot counts time."""
    return round((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
