"""What Pipedrive says, in the words of every CRM: its objects, its fields, its webhooks and its refusals."""

import json
from base64 import b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

from cadence.core.crm import Change, DealState, RemoteCompany, RemoteContact, RemoteDeal, RemoteField
from cadence.core.errors import CrmError, Unauthenticated
from cadence.crm.connector import Notice
from cadence.crm.values import amount, count, instant, objects, text
from cadence.crm.web import Answer, parsed

BLOCKED = 600
"""Seconds that are waited once its guard answers in its place; it does not say how long that lasts."""
SPENT = 3600
"""Seconds until another try once the requests of a day are spent; they come back at a midnight of its own."""
LONGEST_LINE = 255
"""Characters of a field of type Text; those of type Large text hold what is written here whole."""
_LINES = frozenset({"varchar", "varchar_auto", "phone"})
_NUMBERS = frozenset({"int", "double", "monetary"})
_CHOICES = frozenset({"enum", "set", "varchar_options", "status"})
_WRITABLE = _LINES | {"text", "int", "double", "date", "enum", "varchar_options"}
"""The types that one text can fill."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of deals. kind: Pipedrive's type; options: their labels, by the ids that deals hold."""

    code: str
    label: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)
    is_custom: bool = True
    is_writable: bool = True

    @property
    def listed(self) -> RemoteField:
        """As it is known everywhere."""
        choices = tuple(self.options.values()) if self.kind in _CHOICES else ()
        kind = "number" if self.kind in _NUMBERS else "date" if self.kind == "date" else "text"
        return RemoteField(self.code, self.label, "choice" if choices else kind, choices, self.is_writable)

    def said(self, deal: Mapping[str, Any]) -> str | None:
        """What a deal holds in it."""
        return self._named((deal.get("custom_fields") or {} if self.is_custom else deal).get(self.code))

    def _named(self, value: object) -> str | None:
        if isinstance(value, list):
            return ", ".join(filter(None, map(self._named, value))) or None
        if isinstance(value, dict):  # an amount with its currency, an address, a span of time
            return text(value, "value")
        return self.options.get(str(value)) or text({self.code: value}, self.code)

    def written(self, value: str) -> object:
        """What is sent to set it, None to empty it; raises CrmError."""
        if not self.is_writable:
            raise CrmError(f"{self.label} cannot be written", temporary=False)
        if not value:
            return None
        if self.kind in _NUMBERS:
            return self._number(value)
        if self.kind == "enum":
            return self._option(value)
        if self.kind in _LINES and len(value) > LONGEST_LINE:
            return value[: LONGEST_LINE - 1] + "…"
        return value[:10] if self.kind == "date" else value

    def _number(self, value: str) -> int | float:
        found = amount(value)
        if found is None:
            raise CrmError(f"{self.label} takes a number, and {value[:40]!r} is none", temporary=False)
        return int(found) if found == int(found) else float(found)

    def _option(self, value: str) -> int:
        for option, label in self.options.items():
            if label.casefold() == value.casefold():
                return int(option)
        raise CrmError(f"{value[:40]!r} is none of the options of {self.label}", temporary=False)


def field_of(found: Mapping[str, Any]) -> Field:
    """A field as the list of fields describes it. Where that leaves out whether it is writable, its own
    fields are, and of Pipedrive's the reason of a loss.
    """
    code, kind, is_custom = (found.get(name) for name in ("field_code", "field_type", "is_custom_field"))
    is_writable = bool(found.get("is_writable", is_custom or code == "lost_reason"))
    return Field(
        code=str(code),
        label=text(found, "field_name") or str(code),
        kind=str(kind),
        options=options(found),
        is_custom=bool(is_custom),
        is_writable=is_writable and kind in _WRITABLE,
    )


def options(found: Mapping[str, Any]) -> dict[str, str]:
    """The labels of the options of a field, by their ids."""
    return {id_of(one): text(one, "label") or id_of(one) for one in found.get("options") or ()}


def deal(
    deal_id: str,
    found: Mapping[str, Any],
    place: tuple[str, str],
    owner: str | None,
    company: RemoteCompany | None,
    people: Sequence[Mapping[str, Any]],
    fields: Collection[Field],
) -> RemoteDeal:
    """A deal with what belongs to it; raises ValueError. place: its pipeline and stage, by their names.

    No amount is 0 there.
    """
    changed = instant(found.get("update_time"))
    if changed is None:
        raise ValueError("it does not say when it changed")
    return RemoteDeal(
        id=deal_id,
        name=text(found, "title") or f"Deal {deal_id}",
        state=DealState(str(found.get("status"))),
        pipeline=place[0],
        stage=place[1],
        updated_at=changed,
        amount=amount(found.get("value")) or None,
        currency=text(found, "currency"),
        closed_at=instant(found.get("close_time")),
        owner=owner,
        company=company,
        contacts=tuple(who for one in people if (who := contact(one))),
        fields={one.code: said for one in fields if (said := one.said(found)) is not None},
    )


def contact(found: Mapping[str, Any]) -> RemoteContact | None:
    """A person, by the first of their addresses; None for one without any."""
    emails = sorted(found.get("emails") or (), key=lambda one: not one.get("primary"))
    email = next((said for one in emails if (said := text(one, "value"))), None)
    if email is None:
        return None
    return RemoteContact(
        email=email,
        first_name=text(found, "first_name"),
        last_name=text(found, "last_name"),
        role=text(found, "job_title"),
    )


def company(found: Mapping[str, Any], industries: Mapping[str, str]) -> RemoteCompany:
    """An organization. industries: their labels, by the ids that organizations hold."""
    return RemoteCompany(
        name=text(found, "name") or "",
        domain=_domain(text(found, "website")),
        industry=industries.get(str(found.get("industry"))),
        size=count(found.get("employee_count")),
    )


def _domain(website: str | None) -> str | None:
    """The domain of a website, however it is written."""
    if website is None:
        return None
    try:
        host = urlsplit(website if "//" in website else f"//{website}").hostname
    except ValueError:
        return None
    return (host or "").removeprefix("www.") or None


def place(
    deal: Mapping[str, Any],
    pipelines: Mapping[str, Mapping[str, Any]],
    stages: Mapping[str, Mapping[str, Any]],
) -> tuple[str, str]:
    """The names of a deal's pipeline and stage; raises ValueError."""
    pipeline, stage = pipelines.get(str(deal.get("pipeline_id"))), stages.get(str(deal.get("stage_id")))
    if pipeline is None or stage is None:
        raise ValueError(f"Pipedrive does not name its stage {deal.get('stage_id')!r}")
    return name_of(pipeline), name_of(stage)


def named(deals: Mapping[str, Mapping[str, Any]], what: str) -> list[str]:
    """The ids that deals name, such as those of their owners."""
    return list(dict.fromkeys(str(one[what]) for one in deals.values() if one.get(what)))


def has_more_people(found: Mapping[str, Any]) -> bool:
    """Whether more take part in a deal than the one person whom it names."""
    return (count(found.get("participants_count")) or 0) > (found.get("person_id") is not None)


def change(found: Mapping[str, Any]) -> Change:
    """One deal of the list of deals; raises CrmError."""
    at = instant(found.get("update_time"))
    if at is None:
        raise CrmError("Pipedrive does not say when a deal changed", temporary=True)
    return Change(id_of(found), at)


def listed(page: Any) -> list[dict[str, Any]]:
    """The things on a page of a list, of which the older interface says null where there are none."""
    is_empty = isinstance(page, dict) and page.get("success") is True and page.get("data", ()) is None
    return [] if is_empty else objects(page, "data")


def said(answer: Any) -> Mapping[str, Any]:
    """The one thing that an answer is about; raises CrmError."""
    [found] = objects({"data": [answer.get("data") if isinstance(answer, dict) else None]}, "data")
    return found


def next_page(page: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that lead to the next page of a list, none where there is none."""
    about = page.get("additional_data") or {}
    places = about.get("pagination") or {}
    if places.get("more_items_in_collection"):
        return {"start": str(places.get("next_start"))}
    cursor = about.get("next_cursor")
    return {"cursor": str(cursor)} if cursor else {}


def noticed(notice: Notice, secret: str, now: datetime) -> Sequence[str]:
    """The deals that a webhook of version 2.0 is about, a merged one with that into which it went.

    Raises Unauthenticated (HTTP Basic, RFC 7617, by "user name:password") or CrmError. It is not signed, and
    no time in it could be trusted: all that is believed of it is which deals to look at.
    """
    scheme, _, given = notice.headers.get("authorization", "").partition(" ")
    wanted = b64encode(secret.encode())
    if not (secret and scheme.lower() == "basic" and compare_digest(wanted, given.strip().encode())):
        raise Unauthenticated("this does not carry the user name and password of the webhook")
    event = parsed(notice.body)
    about = event.get("meta") if isinstance(event, dict) else None
    if not isinstance(about, dict) or not about.get("entity"):
        raise CrmError("this is no webhook of version 2.0", temporary=False)
    if about["entity"] != "deal":
        return []
    named = (text(about, name) for name in ("entity_id", "merged_to_id", "merged_from_id"))
    return [digits(one) for one in dict.fromkeys(named) if one]


def understood(answer: Answer) -> Answer:
    """An answer as any CRM would say it, which for 429 is for how long it is not to be asked again.

    Pipedrive counts requests by the second and by the day; to whoever asks on, its guard says 403, on a page
    for people.
    """
    if answer.status == 403 and not isinstance(answer.data, dict):
        why = {"error": "it blocks our requests for a while, because there were too many"}
        return Answer(429, {"retry-after": str(BLOCKED)}, json.dumps(why).encode())
    if answer.status != 429:
        return answer
    said, wait = answer.headers, answer.headers.get("retry-after") or answer.headers.get("x-ratelimit-reset")
    if said.get("x-daily-ratelimit-token-remaining") == "0":
        wait = str(SPENT)
    return replace(answer, headers={**said, "retry-after": wait} if wait else said)


def id_of(found: Mapping[str, Any]) -> str:
    """By which Pipedrive knows it."""
    return str(found.get("id"))


def name_of(found: Mapping[str, Any]) -> str:
    """As people there call it."""
    return text(found, "name") or id_of(found)


def digits(said: str) -> str:
    """An id, which stands in a path; raises CrmError."""
    if not (said.isascii() and said.isdecimal()):
        raise CrmError(f"{said[:40]!r} is no id of Pipedrive's", temporary=False)
    return said


def stamp(at: datetime) -> str:
    """The second of an instant, as Pipedrive writes it (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
