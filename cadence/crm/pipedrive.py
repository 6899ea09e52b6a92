"""Pipedrive: its API v2, and v1 for users and notes, which v2 does not have, with a user's API token.

Which deals changed is asked of two lists, as those that were archived are in one of their own. Both are by
time alone, in whole seconds, and their pages are not counted on: a part ends before a second that it does not
hold whole, and a crowded second is read at once and by id, which never changes.
"""

import html
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from cadence.core.crm import Change, Changes, RemoteCompany, RemoteDeal, RemoteField, Unread
from cadence.core.errors import CrmError, GrantRefused
from cadence.crm import pipedrive_reading as reading
from cadence.crm.connector import AT_ONCE, OVERLAP, Connector, Kind, Secret
from cadence.crm.pipedrive_reading import Field, Stage, digits, id_of, listed, next_page, stamp
from cadence.crm.values import instant, text
from cadence.crm.web import Answer, Fetch, Web

LISTS = ("deals", "deals/archived")
STATUSES = "open,won,lost,deleted"
MOST = 500
"""Things on one page of a list, at most."""
MOST_PAGES = 1000
_MOST_FIELDS = 15
"""Fields that can be asked for by name; without a name, all come."""
_SECOND = timedelta(seconds=1)


class Pipedrive:
    """One account of Pipedrive (see Connector)."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known_pipelines: dict[str, str] = {}
        self._known_stages: dict[str, Stage] = {}
        self._known_fields: dict[str, Field] = {}
        self._known_owners: dict[str, str | None] | None = None
        self._known_industries: dict[str, str] | None = None

    async def check(self) -> str:
        """Read a little of everything that is needed; the right to write shows at the first writing."""
        me = reading.said(await self._web.get("/api/v1/users/me"))
        await self.pipelines()
        await self.fields()
        for kind in (*LISTS, "persons", "organizations"):
            await self._web.get(f"/api/v2/{kind}", {"limit": "1"})
        await self._web.get("/api/v1/notes", {"limit": "1"})
        return f"Pipedrive {text(me, 'company_name') or ''}".strip()

    async def fields(self) -> Sequence[RemoteField]:
        """Pipedrive's and those of the company."""
        found = [one.listed for one in (await self._fields()).values()]
        return sorted(found, key=lambda field: field.label.casefold())

    async def pipelines(self) -> Sequence[str]:
        """By their names."""
        return list(dict.fromkeys((await self._pipelines()).values()))

    def cursor(self, since: datetime) -> str:
        """A second."""
        return stamp(since)

    async def changes(self, cursor: str, *, now: datetime) -> Changes:
        """A part of both lists, or all of one crowded second."""
        parts = [await self._part(which, cursor) for which in LISTS]
        found = sorted((change for part, _ in parts for change in part), key=lambda change: change.at)
        open_ends = [stamp(part[-1].at) for part, is_more in parts if is_more]
        if not open_ends:
            newest = stamp(found[-1].at + _SECOND) if found else cursor
            return Changes(tuple(found), min(newest, stamp(now - OVERLAP)), more=False)
        last = min(open_ends)
        whole = tuple(change for change in found if stamp(change.at) < last)
        return Changes(whole, last, more=True) if whole else await self._of_one_second(last)

    async def _part(self, which: str, since: str) -> tuple[list[Change], bool]:
        """The oldest that changed since then, and whether there are more."""
        asked = {"updated_since": since, "sort_by": "update_time", "status": STATUSES}
        further: dict[str, str] = {}
        while True:
            page = await self._web.get(f"/api/v2/{which}", {**asked, "limit": str(AT_ONCE), **further})
            found, further = [reading.change(one) for one in listed(page)], next_page(page)
            if found or not further:  # a page may be empty for what its user may not see
                return found, bool(further)

    async def _of_one_second(self, at: str) -> Changes:
        begin = instant(at)
        assert begin is not None, at
        end = stamp(begin + _SECOND)
        asked = {"updated_since": at, "updated_until": end, "sort_by": "id", "status": STATUSES}
        found = [one for which in LISTS for one in await self._all(f"/api/v2/{which}", asked)]
        return Changes(tuple(reading.change(one) for one in found), end, more=True)

    async def deals(self, ids: Sequence[str], fields: Collection[str]) -> Sequence[RemoteDeal | Unread]:
        """Ten requests at most, and one for each deal in which more people take part than one."""
        if not ids:
            return []
        stages, known = await self._stages(), await self._fields()
        wanted = [known[name] for name in sorted(fields) if name in known]
        found = await self._read_deals(ids, wanted)
        people, companies = await self._people(found), await self._companies(found)
        owners = await self._owners() if any(one.get("owner_id") for one in found.values()) else {}
        deals: list[RemoteDeal | Unread] = []
        for deal_id, one in found.items():
            try:
                stage = stages.get(str(one.get("stage_id")))
                if stage is None:
                    raise ValueError(f"Pipedrive does not name its stage {one.get('stage_id')!r}")
                contacts = tuple(who for person in people[deal_id] if (who := reading.contact(person)))
                owner, company = owners.get(str(one.get("owner_id"))), companies.get(str(one.get("org_id")))
                deals.append(reading.deal(deal_id, one, stage, owner, company, contacts, wanted))
            except ValueError as fault:
                deals.append(Unread(deal_id, f"what Pipedrive says of it cannot be used: {fault}"))
        return deals

    async def write(self, deal_id: str, values: Mapping[str, str]) -> None:
        """A PATCH, which leaves all else as it is."""
        path, known = f"/api/v2/deals/{digits(deal_id)}", await self._fields()
        own: dict[str, object] = {}
        custom: dict[str, object] = {}
        for name, value in values.items():
            if name not in known:
                raise CrmError(f"Pipedrive knows no field {name[:60]!r}", temporary=False)
            (custom if known[name].is_custom else own)[name] = known[name].written(value)
        await self._change("PATCH", path, {**own, **({"custom_fields": custom} if custom else {})})

    async def note(self, deal_id: str, key: str, text: str, at: datetime) -> None:
        """A note that ends with its key, unless one of the deal has it already."""
        mark = f"[cadence {key}]"
        notes = await self._all("/api/v1/notes", {"deal_id": digits(deal_id)})
        if any(mark in str(note.get("content")) for note in notes):
            return
        body = html.escape(text, quote=False).replace("\n", "<br>")
        said = {
            "content": f"{body}<br><br>{mark}",
            "deal_id": int(deal_id),
            "add_time": stamp(at).replace("T", " ").rstrip("Z"),
        }
        await self._change("POST", "/api/v1/notes", said)

    async def _change(self, method: str, path: str, said: Mapping[str, object]) -> None:
        """Change a deal. That its user may not, or that it is archived, says nothing about other deals."""
        try:
            await self._web.ask(method, path, said, repeatable=method == "PATCH")
        except GrantRefused as fault:
            if fault.status != HTTPStatus.FORBIDDEN:
                raise
            raise CrmError(str(fault), temporary=False, status=fault.status) from fault

    async def _pipelines(self) -> Mapping[str, str]:
        if not self._known_pipelines:
            found = await self._all("/api/v2/pipelines")
            self._known_pipelines = {id_of(one): text(one, "name") or id_of(one) for one in found}
        return self._known_pipelines

    async def _stages(self) -> Mapping[str, Stage]:
        if not self._known_stages:
            pipelines = await self._pipelines()
            for one in await self._all("/api/v2/stages"):
                pipeline = str(one.get("pipeline_id"))
                names = pipelines.get(pipeline, pipeline), text(one, "name") or id_of(one)
                self._known_stages[id_of(one)] = Stage(*names)
        return self._known_stages

    async def _fields(self) -> Mapping[str, Field]:
        if not self._known_fields:
            found = [reading.field_of(one) for one in await self._all("/api/v2/dealFields")]
            self._known_fields = {one.code: one for one in found}
        return self._known_fields

    async def _owners(self) -> Mapping[str, str | None]:
        if self._known_owners is None:
            found = listed(await self._web.get("/api/v1/users"))
            self._known_owners = {id_of(one): text(one, "email") for one in found}
        return self._known_owners

    async def _industries(self) -> Mapping[str, str]:
        """What industries are called, where the account has that field."""
        if self._known_industries is None:
            try:
                found = reading.said(await self._web.get("/api/v2/organizationFields/industry"))
            except CrmError as fault:
                if fault.status != HTTPStatus.NOT_FOUND:
                    raise
                found = {}
            self._known_industries = reading.options(found)
        return self._known_industries

    async def _read_deals(self, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, Mapping[str, Any]]:
        """Deals by their ids, in that order, without those that are gone."""
        codes = [one.code for one in fields if one.is_custom]
        asked = {"include_fields": "participants_count"}
        if 0 < len(codes) <= _MOST_FIELDS:
            asked["custom_fields"] = ",".join(codes)
        numbers, found = [digits(one) for one in ids], dict[str, Mapping[str, Any]]()
        for which in LISTS:
            found |= await self._read(which, [one for one in numbers if one not in found], asked)
        return {one: found[one] for one in numbers if one in found}

    async def _people(self, deals: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
        """Who takes part in each deal, its contact person first."""
        named = {deal_id: str(one["person_id"]) for deal_id, one in deals.items() if one.get("person_id")}
        crowded = [deal_id for deal_id, one in deals.items() if reading.has_more_people(one)]
        alone = [person for deal_id, person in named.items() if deal_id not in crowded]
        known = await self._read("persons", list(dict.fromkeys(alone)))
        people = {deal_id: [known[one]] if (one := named.get(deal_id)) in known else [] for deal_id in deals}
        for deal_id in crowded:
            found: list[Mapping[str, Any]] = [*await self._all("/api/v2/persons", {"deal_id": deal_id})]
            first = named.get(deal_id)
            people[deal_id] = sorted(found, key=lambda person: id_of(person) != first)
        return people

    async def _companies(self, deals: Mapping[str, Mapping[str, Any]]) -> Mapping[str, RemoteCompany]:
        """The companies of deals, by their ids."""
        named = [str(one["org_id"]) for one in deals.values() if one.get("org_id")]
        found = await self._read("organizations", list(dict.fromkeys(named)))
        industries = await self._industries() if any(one.get("industry") for one in found.values()) else {}
        return {company_id: reading.company(one, industries) for company_id, one in found.items()}

    async def _read(
        self, kind: str, ids: Sequence[str], asked: Mapping[str, str] | None = None
    ) -> dict[str, Mapping[str, Any]]:
        """Things by their ids (at most AT_ONCE), without those that are gone."""
        if not ids:
            return {}
        named = {"ids": ",".join(ids), "limit": str(AT_ONCE), **(asked or {})}
        return {id_of(one): one for one in listed(await self._web.get(f"/api/v2/{kind}", named))}

    async def _all(self, path: str, asked: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """All pages of a list."""
        found: list[dict[str, Any]] = []
        further: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = await self._web.get(path, {**(asked or {}), "limit": str(MOST), **further})
            found += listed(page)
            further = next_page(page)
            if not further:
                return found
        raise CrmError(f"Pipedrive's list of {path} does not end", temporary=True)


def open_pipedrive(url: str, secrets: Mapping[str, str], fetch: Fetch) -> Connector:
    """The way to the account of a company, by any address of its pages, that a token opens."""

    async def asked(
        method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, limit: int
    ) -> Answer:
        return reading.understood(await fetch(method, url, headers, body, limit=limit))

    return Pipedrive(Web("/".join(url.split("/")[:3]), {"x-api-token": secrets["token"]}, asked))


KIND = Kind(
    name="pipedrive",
    label="Pipedrive",
    url="",
    secrets=(Secret("token", "API token", "of a user who sees and edits all deals"),),
    hook=Secret("hook", "User name:password", "which the webhook carries; empty for none"),
    reads={"reason": "lost_reason"},
    open=open_pipedrive,
    noticed=reading.noticed,
)
