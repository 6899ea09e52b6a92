"""Salesforce: its REST API with an External Client App of the customer's own (client credentials).

Opportunities, contacts and accounts are asked for by SOQL, several queries in one composite request. A field
is named only where Salesforce describes it to us: a query with one that it hides gets no answer.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from cadence.core.crm import Changes, RemoteDeal, RemoteField, Unread
from cadence.core.errors import CrmError, GrantRefused
from cadence.crm import salesforce_reading as reading
from cadence.crm.connector import AT_ONCE, OVERLAP, Connector, Kind, Secret
from cadence.crm.salesforce_reading import ACCOUNT, CONTACT, DEAL, MORE, plain
from cadence.crm.salesforce_sign_in import SignIn
from cadence.crm.salesforce_soql import after, checked, is_id, moment, one_of, select, short
from cadence.crm.values import objects, text
from cadence.crm.web import Answer, Fetch, Web, refused

_API = "/services/data/v62.0"
_ROLES = "OpportunityContactRole"
_NEWEST_NOTES = 200
"""Among which a note is looked for that may have been written: it would be the last or nearly so."""


class Salesforce:
    """One account of Salesforce (see Connector)."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: dict[str, Mapping[str, Any]] = {}
        self._known_currency: list[str | None] = []

    async def check(self) -> str:
        """Read a little of everything that is needed; the right to write shows at the first writing."""
        for kind in ("Opportunity", "Contact", "Account"):
            await self._described(kind)
        await self._people_fields()
        found = await self._queried(
            {
                "account": select(["Name", "IsSandbox"], "Organization"),
                "deals": select(["Id"], "Opportunity", limit=1),
                "roles": select(["Id"], _ROLES, limit=1),
                "notes": select(["Id"], "Task", limit=1),
            }
        )
        account = next(iter(found["account"]), {})
        kind = " (sandbox)" if account.get("IsSandbox") else ""
        return f"Salesforce {text(account, 'Name') or ''}".strip() + kind

    async def fields(self) -> Sequence[RemoteField]:
        """Those that the user sees as whom we read."""
        return reading.fields(await self._described("Opportunity"))

    async def pipelines(self) -> Sequence[str]:
        """The record types of opportunities."""
        names = reading.pipelines(await self._described("Opportunity")).values()
        return list(dict.fromkeys(names)) or [reading.PIPELINE]

    def cursor(self, since: datetime) -> str:
        """Two places, each an instant and the id of the last thing of it that was listed, where some were."""
        return f"{moment(since)} {moment(since)}"

    async def changes(self, cursor: str, *, now: datetime) -> Changes:
        """By SystemModstamp, as Salesforce's own replication, and by id within an instant: of opportunities,
        and of the parts that people have in them, as adding somebody does not change an opportunity there.
        """
        deals, _, roles = cursor.partition(" ")
        order = "SystemModstamp, Id"
        listed = await self._queried(
            {
                "deals": select(["Id", "SystemModstamp"], "Opportunity", after(deals), order, AT_ONCE),
                "roles": select(
                    ["Id", "OpportunityId", "SystemModstamp"], _ROLES, after(roles), order, AT_ONCE
                ),
            }
        )
        changes = reading.changes(listed["deals"], listed["roles"])
        places = [reading.place(listed["deals"], deals), reading.place(listed["roles"], roles)]
        more = any(len(one) == AT_ONCE for one in listed.values())
        if not more:
            settled = moment(now - OVERLAP)
            places = [one if one.partition("/")[0] <= settled else settled for one in places]
        return Changes(changes, " ".join(places), more)

    async def deals(self, ids: Sequence[str], fields: Collection[str]) -> Sequence[RemoteDeal | Unread]:
        """Five requests, however many deals there are."""
        wanted = [one for one in ids if is_id(one)]
        if not wanted:
            return []
        known = reading.names(await self._described("Opportunity"))
        asked = [name for name in fields if name in known]
        names, people = await self._deal_fields(asked), await self._people_fields()
        names_of_roles, first = ["OpportunityId", "SystemModstamp", *people], "IsPrimary DESC, Id"
        found = await self._queried(
            {
                "deals": select(names, "Opportunity", one_of("Id", wanted)),
                "roles": select(names_of_roles, _ROLES, one_of("OpportunityId", wanted), first),
            }
        )
        currency = None if "CurrencyIsoCode" in known else await self._currency()
        by_id = {short(text(one, "Id") or ""): one for one in found["deals"]}
        deals = [by_id[one] for one in dict.fromkeys(map(short, wanted)) if one in by_id]
        return [await self._read(one, found["roles"], currency, asked) for one in deals]

    async def _read(
        self,
        found: Mapping[str, Any],
        roles: Iterable[Mapping[str, Any]],
        currency: str | None,
        asked: Collection[str],
    ) -> RemoteDeal | Unread:
        names = reading.pipelines(await self._described("Opportunity"))
        pipeline = names.get(str(found.get("RecordTypeId")), reading.PIPELINE)
        own = [one for one in roles if one.get("OpportunityId") == found["Id"]]
        try:
            return reading.deal(found, pipeline, currency, own, asked)
        except (ValueError, KeyError) as fault:
            return Unread(str(found["Id"]), f"what Salesforce says of it cannot be used: {fault}")

    async def write(self, deal_id: str, values: Mapping[str, str]) -> None:
        """A PATCH, which leaves all else as it is."""
        path = f"{_API}/sobjects/Opportunity/{checked(deal_id)}"
        known = reading.names(await self._described("Opportunity"))
        fixed = [name for name in values if not known.get(name, {}).get("updateable")]
        if fixed:
            said = f"Salesforce does not let us write {', '.join(fixed)}: allow it in a permission set"
            raise CrmError(said, temporary=False)
        await self._web.patch(
            path, {name: reading.written(known[name], said) for name, said in values.items()}
        )

    async def note(self, deal_id: str, key: str, text: str, at: datetime) -> None:
        """A task that is done: unlike a note it is on the timeline of its deal. It ends with its key."""
        mark = f"[cadence {key}]"
        newest = "CreatedDate DESC, Id DESC"
        found = await self._queried(
            {
                "notes": select(["Description"], "Task", one_of("WhatId", [deal_id]), newest, _NEWEST_NOTES),
                "done": select(["ApiName"], "TaskStatus", "IsClosed = true", "SortOrder", 1),
            }
        )
        if any(mark in (one.get("Description") or "") for one in found["notes"]):
            return
        said = {
            "WhatId": deal_id,
            "Subject": reading.subject(text),
            "Description": f"{text}\n\n{mark}",
            "ActivityDate": at.date().isoformat(),
            "Status": next((one.get("ApiName") for one in found["done"]), "Completed"),
        }
        await self._web.post(f"{_API}/sobjects/Task", said, repeatable=False)

    # --- what is known of the account ---

    async def _described(self, kind: str) -> Mapping[str, Any]:
        """What there is to know of a kind of object; raises GrantRefused where we may not see it."""
        if kind not in self._known:
            try:
                found = await self._web.get(f"{_API}/sobjects/{kind}/describe")
            except CrmError as fault:
                if fault.status != HTTPStatus.NOT_FOUND:
                    raise
                raise _hidden(kind) from fault
            reading.names(found)
            self._known[kind] = found
        return self._known[kind]

    async def _deal_fields(self, asked: Iterable[str]) -> list[str]:
        known = reading.names(await self._described("Opportunity"))
        fields = [*DEAL, "Owner.Email", "Owner.IsActive", *(name for name in MORE if name in known), *asked]
        if "AccountId" in known:
            account = reading.names(await self._described("Account"))
            fields += ["Account.Name", *(f"Account.{name}" for name in ACCOUNT if name in account)]
        return list(dict.fromkeys(fields))

    async def _people_fields(self) -> list[str]:
        """Of contacts; raises GrantRefused where we may not see their addresses: nobody could be enrolled."""
        known = reading.names(await self._described("Contact"))
        if "Email" not in known:
            raise _hidden("Contact.Email")
        return ["Contact.Email", *(f"Contact.{name}" for name in CONTACT if name in known)]

    async def _currency(self) -> str | None:
        """Of an organization that has but one; None where we may not know it."""
        if not self._known_currency:
            try:
                found = await self._web.get(f"{_API}/connect/organization")
            except CrmError as fault:
                if fault.temporary or fault.status == HTTPStatus.UNAUTHORIZED:
                    raise
                found = {}
            self._known_currency.append(reading.currency(found))
        return self._known_currency[0]

    # --- queries ---

    async def _queried(self, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
        """What queries find, by the names that they are given; at most five of them."""
        parts = [
            {"method": "GET", "referenceId": name, "url": f"{_API}/query?{urlencode({'q': query})}"}
            for name, query in queries.items()
        ]
        said = await self._web.post(f"{_API}/composite", {"compositeRequest": parts})
        answers = {one.get("referenceId"): one for one in objects(said, "compositeResponse")}
        return {name: await self._whole(_part(answers.get(name, {}))) for name in queries}

    async def _whole(self, found: Any) -> list[dict[str, Any]]:
        """All that a query finds, of which an answer may hold only the first."""
        records = objects(found, "records")
        while path := text(found, "nextRecordsUrl"):
            found = await self._web.get(path)
            records += objects(found, "records")
        return records


@lru_cache(maxsize=100)
def _sign_in(url: str, key: str, secret: str) -> SignIn:
    """The same for every visit, so that not each of them signs in."""
    return SignIn(url, key, secret)


def open_salesforce(url: str, secrets: Mapping[str, str], fetch: Fetch) -> Connector:
    """The way to the account at a My Domain, as the user whom the app runs as."""
    account = reading.address(url)
    return Salesforce(Web(account, {}, _sign_in(account, secrets["key"], secrets["secret"]).through(fetch)))


KIND = Kind(
    name="salesforce",
    label="Salesforce",
    url="",
    secrets=(
        Secret("key", "Consumer key", "of an External Client App with the client credentials flow"),
        Secret("secret", "Consumer secret", "of the same app"),
    ),
    hook=Secret("hook", "Secret of callouts", "which a flow sends as X-Cadence-Secret; empty for none"),
    reads={"reason": "Loss_Reason__c"},
    open=open_salesforce,
    noticed=reading.noticed,
)


def _part(answer: Mapping[str, Any]) -> Any:
    """What one of several queries found; raises CrmError."""
    status = answer.get("httpStatusCode")
    if status != HTTPStatus.OK:
        told = json.dumps(answer.get("body")).encode()
        raise refused(plain(Answer(status if isinstance(status, int) else 502, body=told)))
    return answer.get("body")


def _hidden(what: str) -> GrantRefused:
    return GrantRefused(
        f"Salesforce hides {what} from the user that Cadence runs as: allow it in a permission set",
        status=HTTPStatus.FORBIDDEN,
    )
