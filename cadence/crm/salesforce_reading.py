"""What Salesforce says, in the words of every CRM: opportunities, their fields, its faults, its callouts."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from cadence.core.crm import Change, DealState, RemoteCompany, RemoteContact, RemoteDeal, RemoteField
from cadence.core.errors import CrmError, Unauthenticated
from cadence.crm.connector import Notice
from cadence.crm.salesforce_soql import is_id, moment
from cadence.crm.values import amount, count, instant, objects, text
from cadence.crm.web import Answer, parsed

DEAL = ("Id", "Name", "StageName", "IsClosed", "IsWon", "SystemModstamp")
"""Fields of opportunities that everybody sees who sees an opportunity."""
MORE = ("Amount", "CurrencyIsoCode", "CloseDate", "LastStageChangeDate", "RecordTypeId", "AccountId")
"""Fields that not every organization has, or lets everybody see."""
CONTACT = ("FirstName", "LastName", "Title", "HasOptedOutOfEmail")
ACCOUNT = ("Website", "Industry", "NumberOfEmployees")
PIPELINE = "Opportunities"
"""Where an organization has no record types, and a deal none."""
HEADER = "x-cadence-secret"
"""By which a callout proves itself, as Salesforce signs none."""
WHOLE_DAY = timedelta(hours=36)
"""From the beginning of a day in UTC to its end wherever on earth."""
DAILY_WAIT = 3600
"""Seconds after which requests of the last 24 hours are likely to have become fewer."""
LONGEST_SUBJECT = 255
_KINDS = {
    **dict.fromkeys(("int", "long", "double", "currency", "percent"), "number"),
    **dict.fromkeys(("date", "datetime"), "date"),
    **dict.fromkeys(("picklist", "multipicklist", "boolean"), "choice"),
}
_UNREADABLE = frozenset({"address", "location", "base64", "complexvalue", "anyType"})
_MEANT = {
    "REQUEST_LIMIT_EXCEEDED": 429,
    "rate_limit_exceeded": 429,
    "UNABLE_TO_LOCK_ROW": 423,
    "QUERY_TIMEOUT": 503,
    "unknown_error": 503,
    "INVALID_TYPE": 403,
    "ENTITY_IS_LOCKED": 409,
    "INSUFFICIENT_ACCESS_OR_READONLY": 409,
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": 409,
}
"""What its faults are in HTTP. It says 403 where all were too fast, as where one deal is locked; that a grant
is refused is said by 401, by 403 of any other name, and where a whole kind of object is hidden.
"""


# --- its faults ---


def plain(answer: Answer) -> Answer:
    """An answer with the status that HTTP has for its fault, and how long to wait."""
    if answer.status // 100 != 4:
        return answer
    found = answer.data
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict):
        return answer
    code = str(found.get("errorCode") or found.get("error"))
    is_daily = code == "REQUEST_LIMIT_EXCEEDED" and "TotalRequests" in str(found.get("message"))
    wait = {"retry-after": str(DAILY_WAIT)} if is_daily else {}
    return replace(answer, status=_MEANT.get(code, answer.status), headers={**wait, **answer.headers})


# --- what is written into a request ---


def address(url: str) -> str:
    """The My Domain of an account, also where the address of one of its pages was given."""
    parts = urlsplit(url)
    host = re.sub(r"\.(lightning\.force|my\.salesforce-setup)\.com$", ".my.salesforce.com", parts.netloc)
    return f"{parts.scheme}://{host}"


def written(field: Mapping[str, Any], value: str) -> str | None:
    """A value as a field takes it. Where an instant is wanted, a day is its noon: the same day everywhere."""
    if field.get("type") == "datetime" and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return f"{value}T12:00:00.000Z"
    return value or None


def subject(note: str) -> str:
    """The first line of a note, which the timeline shows."""
    return note.partition("\n")[0].strip().removesuffix(":")[:LONGEST_SUBJECT]


# --- what is known of its fields ---


def names(described: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The fields of a kind of object that we may see, by their names; raises CrmError."""
    fields = (one for one in objects(described, "fields") if not one.get("deprecatedAndHidden"))
    return {name: one for one in fields if (name := text(one, "name")) and one.get("type") not in _UNREADABLE}


def fields(described: Mapping[str, Any]) -> Sequence[RemoteField]:
    """The same for people, by their labels."""
    return sorted(map(_field, names(described).values()), key=lambda field: field.label.casefold())


def _field(found: Mapping[str, Any]) -> RemoteField:
    name = text(found, "name") or ""
    values = found.get("picklistValues") if found.get("restrictedPicklist") else ()
    choices = tuple(str(one.get("value")) for one in values or () if one.get("active"))
    return RemoteField(
        name=name,
        label=text(found, "label") or name,
        kind=_KINDS.get(str(found.get("type")), "text"),
        choices=("true", "false") if found.get("type") == "boolean" else choices,
        is_writable=found.get("updateable") is True,
    )


def pipelines(described: Mapping[str, Any]) -> Mapping[str, str]:
    """The names of its record types by their ids, also of those that are not used any more."""
    types = (one for one in objects(described, "recordTypeInfos") if not one.get("master"))
    return {str(one.get("recordTypeId")): str(one.get("name")) for one in types}


def currency(organization: Any) -> str | None:
    """The currency of an organization that has but one."""
    features = organization.get("features") if isinstance(organization, dict) else None
    return text(features, "defaultCurrencyIsoCode") if isinstance(features, dict) else None


# --- its opportunities ---


def deal(
    found: Mapping[str, Any],
    pipeline: str,
    currency: str | None,
    roles: Sequence[Mapping[str, Any]],
    asked: Collection[str],
) -> RemoteDeal:
    """An opportunity with what belongs to it; raises ValueError. currency: of all, where deals have none."""
    owner, changed = found.get("Owner") or {}, instant(found.get("SystemModstamp"))
    if changed is None:
        raise ValueError("it does not say when it changed")
    joined = (at for one in roles if (at := instant(one.get("SystemModstamp"))))
    people = (one.get("Contact") or {} for one in roles)
    return RemoteDeal(
        id=str(found["Id"]),
        name=text(found, "Name") or f"Opportunity {found['Id']}",
        state=_state(found),
        pipeline=pipeline,
        stage=text(found, "StageName") or "",
        updated_at=max([changed, *joined]),
        amount=amount(found.get("Amount")),
        currency=text(found, "CurrencyIsoCode") or currency,
        closed_at=_closed_at(found, changed) if found["IsClosed"] else None,
        owner=text(owner, "Email") if owner.get("IsActive") else None,
        company=_company(found["Account"]) if found.get("Account") else None,
        contacts=tuple(dict.fromkeys(map(_contact, filter(_is_written_to, people)))),
        fields={name: said for name in asked if (said := _said(found, name)) is not None},
    )


def changes(deals: Iterable[Mapping[str, Any]], roles: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Which deals changed, or who has a part in them: each once, by its newest; raises CrmError."""
    found = [Change(_named(one, "Id"), _stamp(one)) for one in deals]
    found += [Change(_named(one, "OpportunityId"), _stamp(one)) for one in roles]
    newest = {one.deal_id: one for one in sorted(found, key=lambda one: one.at)}
    return tuple(sorted(newest.values(), key=lambda one: one.at))


def place(listed: Sequence[Mapping[str, Any]], before: str) -> str:
    """Up to where something was listed that is sorted by instant and id; raises CrmError."""
    return f"{moment(_stamp(listed[-1]))}/{_named(listed[-1], 'Id')}" if listed else before


def _stamp(found: Mapping[str, Any]) -> datetime:
    at = instant(found.get("SystemModstamp"))
    if at is None:
        raise CrmError("Salesforce does not say when something changed", temporary=True)
    return at


def _named(found: Mapping[str, Any], name: str) -> str:
    id_ = text(found, name) or ""
    if not is_id(id_):
        raise CrmError("Salesforce does not say which deal changed", temporary=True)
    return id_


def _state(found: Mapping[str, Any]) -> DealState:
    is_closed, is_won = found["IsClosed"], found["IsWon"]
    if not (isinstance(is_closed, bool) and isinstance(is_won, bool)):
        raise ValueError("it does not say whether it is closed, and won")
    if not is_closed:
        return DealState.OPEN
    return DealState.WON if is_won else DealState.LOST


def _closed_at(found: Mapping[str, Any], changed: datetime) -> datetime:
    """The earliest that can be: a deal that was imported has an old close date, and stood in its stage since
    the import; one that was closed today may still have a close date to come.
    """
    said = [changed]
    if (staged := instant(found.get("LastStageChangeDate"))) is not None:
        said.append(staged)
    if (day := text(found, "CloseDate")) is not None:
        said.append(datetime.combine(date.fromisoformat(day), time(), UTC) + WHOLE_DAY)
    return min(said)


def _is_written_to(person: Mapping[str, Any]) -> bool:
    """Whether somebody has an address, and has not opted out of e-mail there."""
    return bool(text(person, "Email")) and person.get("HasOptedOutOfEmail") is not True


def _contact(found: Mapping[str, Any]) -> RemoteContact:
    return RemoteContact(
        email=text(found, "Email") or "",
        first_name=text(found, "FirstName"),
        last_name=text(found, "LastName"),
        role=text(found, "Title"),
    )


def _company(found: Mapping[str, Any]) -> RemoteCompany:
    domain = _domain(text(found, "Website") or "")
    return RemoteCompany(
        name=text(found, "Name") or domain or "",
        domain=domain,
        industry=text(found, "Industry"),
        size=count(found.get("NumberOfEmployees")),
    )


def _domain(website: str) -> str | None:
    """The domain of a website, however people wrote it."""
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    except ValueError:
        return None
    domain = host.removeprefix("www.")
    return domain if "." in domain else None


def _said(found: Mapping[str, Any], name: str) -> str | None:
    """The value of a field as text; whole numbers without the fraction that JSON has of them."""
    value = found.get(name)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else text(found, name)


# --- its callouts ---


def noticed(notice: Notice, secret: str, now: datetime) -> Sequence[str]:
    """The deals that a callout is about, {"id": …} or {"ids": […]}; raises Unauthenticated or CrmError."""
    given = notice.headers.get(HEADER, "").encode()
    if not (secret and compare_digest(secret.encode(), given)):
        raise Unauthenticated(f"this has not the secret in its header {HEADER}")
    said = parsed(notice.body)
    ids = said.get("ids", [said.get("id")]) if isinstance(said, dict) else None
    if not isinstance(ids, list) or not all(isinstance(one, str) and is_id(one) for one in ids):
        raise CrmError('a callout says {"id": "006…"} or {"ids": ["006…"]}', temporary=False)
    return list(dict.fromkeys(ids))
