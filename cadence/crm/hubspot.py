"""HubSpot: its CRM API v3 (associations v4) with a private app's access token or a service key.

Which deals changed is asked of the search, which sorts by one property only and lags a little. So a part ends
before an instant that it does not hold whole, and the deals of one crowded instant are gone through by id.
"""

import html
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from cadence.core.crm import Change, Changes, RemoteDeal, RemoteField, Unread
from cadence.core.errors import CrmError
from cadence.crm import hubspot_reading as reading
from cadence.crm.connector import AT_ONCE, OVERLAP, Connector, Kind, Secret
from cadence.crm.hubspot_reading import CHANGED, COMPANY, CONTACT, DEAL, Stage, digits, id_of, millis
from cadence.crm.values import objects, text
from cadence.crm.web import Fetch, Web

_NOTE_TO_DEAL = 214
"""The type of association between a note and its deal."""


class HubSpot:
    """One account of HubSpot (see Connector)."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known_stages: dict[tuple[str, str], Stage] = {}
        self._known_owners: dict[str, str | None] = {}

    async def check(self) -> str:
        """Read a little of everything that is needed; the right to write shows at the first writing."""
        account = await self._web.get("/account-info/v3/details")
        await self.pipelines()
        await self.fields()
        for kind in ("deals", "contacts", "companies"):
            await self._web.get(f"/crm/v3/objects/{kind}", {"limit": "1"})
        await self._web.get("/crm/v3/owners", {"limit": "1"})
        return f"HubSpot {text(account, 'portalId') or ''}".strip()

    async def fields(self) -> Sequence[RemoteField]:
        """Those that people can see."""
        found = objects(await self._web.get("/crm/v3/properties/deals"))
        fields = [reading.field(one) for one in found if not one.get("hidden")]
        return sorted(fields, key=lambda field: field.label.casefold())

    async def pipelines(self) -> Sequence[str]:
        """By their labels."""
        return list(dict.fromkeys(stage.pipeline for stage in (await self._stages()).values()))

    def cursor(self, since: datetime) -> str:
        """Milliseconds since 1970, and an id within one crowded instant."""
        return str(millis(since))

    async def changes(self, cursor: str, *, now: datetime) -> Changes:
        """A part of the search, or of one crowded instant."""
        since, _, behind = cursor.partition("/")
        if behind:
            return await self._of_one_instant(since, behind)
        found = await self._search([(CHANGED, "GTE", since)], CHANGED)
        if len(found) < AT_ONCE:
            newest = millis(found[-1].at) + 1 if found else int(since)
            return Changes(tuple(found), str(min(newest, millis(now - OVERLAP))), more=False)
        last = found[-1].at
        whole = tuple(one for one in found if one.at < last)
        return Changes(whole, str(millis(last)) if whole else f"{millis(last)}/0", more=True)

    async def _of_one_instant(self, at: str, behind: str) -> Changes:
        found = await self._search([(CHANGED, "EQ", at), ("hs_object_id", "GT", behind)], "hs_object_id")
        if len(found) < AT_ONCE:
            return Changes(tuple(found), str(int(at) + 1), more=True)
        return Changes(tuple(found), f"{at}/{found[-1].deal_id}", more=True)

    async def _search(self, filters: Sequence[tuple[str, str, str]], sort: str) -> list[Change]:
        named = [{"propertyName": name, "operator": how, "value": value} for name, how, value in filters]
        said = {
            "filterGroups": [{"filters": named}],
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": [CHANGED],
            "limit": AT_ONCE,
        }
        found = objects(await self._web.post("/crm/v3/objects/deals/search", said))
        return [reading.change(one) for one in found]

    async def deals(self, ids: Sequence[str], fields: Collection[str]) -> Sequence[RemoteDeal | Unread]:
        """Five requests, and one for each owner, however many deals there are."""
        if not ids:
            return []
        stages = await self._stages()
        found = await self._read("deals", ids, [*DEAL, *sorted(fields)])
        people = await self._linked("contacts", found, CONTACT)
        companies = await self._linked("companies", found, COMPANY)
        deals: list[RemoteDeal | Unread] = []
        for deal_id, properties in found.items():
            try:
                stage = stages.get((properties["pipeline"], properties["dealstage"]))
                if stage is None:
                    raise ValueError(f"HubSpot does not name its stage {properties['dealstage']!r}")
                owner = await self._owner(properties.get("hubspot_owner_id"))
                company = next((reading.company(one) for one in companies[deal_id]), None)
                contacts = tuple(reading.contact(one) for one in people[deal_id] if text(one, "email"))
                deals.append(reading.deal(deal_id, properties, stage, owner, company, contacts, fields))
            except (ValueError, KeyError) as fault:
                deals.append(Unread(deal_id, f"what HubSpot says of it cannot be used: {fault}"))
        return deals

    async def write(self, deal_id: str, values: Mapping[str, str]) -> None:
        """A PATCH, which leaves all else as it is."""
        await self._web.patch(f"/crm/v3/objects/deals/{digits(deal_id)}", {"properties": dict(values)})

    async def note(self, deal_id: str, key: str, text: str, at: datetime) -> None:
        """A note that ends with its key, unless one of the deal has it already."""
        mark = f"[cadence {key}]"
        links = await self._web.get(
            f"/crm/v4/objects/deals/{digits(deal_id)}/associations/notes", {"limit": "500"}
        )
        notes = [str(one.get("toObjectId")) for one in objects(links)]
        for part in _parts(notes):
            bodies = (await self._read("notes", part, ["hs_note_body"])).values()
            if any(mark in (body.get("hs_note_body") or "") for body in bodies):
                return
        body = html.escape(text, quote=False).replace("\n", "<br>")
        said = {
            "properties": {"hs_timestamp": str(millis(at)), "hs_note_body": f"{body}<br><br>{mark}"},
            "associations": [
                {
                    "to": {"id": deal_id},
                    "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _NOTE_TO_DEAL}],
                }
            ],
        }
        await self._web.post("/crm/v3/objects/notes", said, repeatable=False)

    async def _stages(self) -> Mapping[tuple[str, str], Stage]:
        if not self._known_stages:
            for pipeline in objects(await self._web.get("/crm/v3/pipelines/deals")):
                for one in pipeline.get("stages") or ():
                    self._known_stages[id_of(pipeline), id_of(one)] = reading.stage(pipeline, one)
        return self._known_stages

    async def _owner(self, owner_id: str | None) -> str | None:
        """The address of an owner, None for one that is gone."""
        if not owner_id:
            return None
        if owner_id not in self._known_owners:
            try:
                found = await self._web.get(f"/crm/v3/owners/{digits(owner_id)}")
            except CrmError as fault:
                if fault.status != HTTPStatus.NOT_FOUND:
                    raise
                found = {}
            self._known_owners[owner_id] = text(found, "email")
        return self._known_owners[owner_id]

    async def _read(
        self, kind: str, ids: Sequence[str], properties: Sequence[str]
    ) -> dict[str, Mapping[str, Any]]:
        """Properties of things by their ids, in that order, without those that are gone."""
        said = {"inputs": [{"id": one} for one in ids], "properties": list(properties)}
        found = objects(await self._web.post(f"/crm/v3/objects/{kind}/batch/read", said))
        by_id = {id_of(one): one.get("properties") or {} for one in found}
        return {one: by_id[one] for one in ids if one in by_id}

    async def _linked(
        self, kind: str, deals: Iterable[str], properties: Sequence[str]
    ) -> dict[str, list[Mapping[str, Any]]]:
        """What of a kind belongs to each deal, what is marked as the first of them first."""
        said = {"inputs": [{"id": one} for one in deals]}
        linked: dict[str, list[str]] = {one: [] for one in deals}
        if linked:
            found = await self._web.post(f"/crm/v4/associations/deals/{kind}/batch/read", said)
            for one in objects(found):
                others = sorted(one.get("to") or (), key=lambda other: not reading.is_primary(other))
                linked[id_of(one.get("from") or {})] = [str(other.get("toObjectId")) for other in others]
        everyone = list(dict.fromkeys(other for others in linked.values() for other in others))
        known: dict[str, Mapping[str, Any]] = {}
        for part in _parts(everyone):
            known |= await self._read(kind, part, properties)
        return {one: [known[other] for other in others if other in known] for one, others in linked.items()}


def open_hubspot(url: str, secrets: Mapping[str, str], fetch: Fetch) -> Connector:
    """The way to the account that a token opens."""
    return HubSpot(Web(url, {"Authorization": f"Bearer {secrets['token']}"}, fetch))


KIND = Kind(
    name="hubspot",
    label="HubSpot",
    url="https://api.hubapi.com",
    secrets=(Secret("token", "Access token", "of a private app, or a service key"),),
    hook=Secret("hook", "Client secret", "of the private app that sends webhooks; empty for none"),
    reads={"reason": "closed_lost_reason"},
    open=open_hubspot,
    noticed=reading.noticed,
)


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
