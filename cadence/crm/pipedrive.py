"""Pipedrive: its API v2, and v1 for users and notes, which v2 does not have, with a user's API token.

Which deals changed is asked of two lists, as those that were archived are in one of their own. Both are by
time alone, in whole seconds, and their pages are not counted on: a part ends before a second that it does not
hold whole, and a crowded second is read at once and by id, which never changes.

A company has so many tokens for the requests of a day, which all its software shares: a thing by itself costs
1 of them, a list 10, one of the archived or of the older interface 20.
"""

import html
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from cadence.core.crm import Change, Changes, RemoteCompany, RemoteDeal, RemoteField, Unread
from cadence.core.errors import CrmError, GrantRefused
from cadence.crm import pipedrive_reading as reading
from cadence.crm.connector import AT_ONCE, OVERLAP, Connector, Kind, Secret
from cadence.crm.pipedrive_reading import (
    Field,
    digits,
    id_of,
    listed,
    name_of,
    named,
    next_page,
    place,
    stamp,
)
from cadence.crm.values import instant, text
from cadence.crm.web import Answer, Fetch, Web

DEALS, ARCHIVED = "/api/v2/deals", "/api/v2/deals/archived"
PEOPLE, COMPANIES = "/api/v2/persons", "/api/v2/organizations"
PIPELINES, STAGES, FIELDS = "/api/v2/pipelines", "/api/v2/stages", "/api/v2/dealFields"
INDUSTRY = "/api/v2/organizationFields/industry"
USERS, NOTES = "/api/v1/users", "/api/v1/notes"
STATUSES = "open,won,lost,deleted"
ARCHIVED_EVERY = timedelta(hours=1)
"""Between two looks at archived deals: news is there only what was put away as soon as it was lost."""
MOST = 500
"""Things on one page of a list, at most."""
MOST_PAGES = 1000
FEW = 3
"""Things that are read each by itself."""
_MOST_FIELDS = 15
"""Fields that can be asked for by name; without a name, all come."""
_SECOND = timedelta(seconds=1)


class Pipedrive:
    """One account of Pipedrive (see Connector)."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._known_fields: dict[str, Field] = {}
        self._known_industries: dict[str, str] | None = None

    async def check(self) -> str:
        """Read a little of everything that is needed; the right to write shows at the first writing."""
        me = reading.said(await self._web.get(f"{USERS}/me"))
        await self.pipelines()
        await self.fields()
        for path in (DEALS, ARCHIVED, PEOPLE, COMPANIES, NOTES):
            await self._web.get(path, {"limit": "1"})
        return f"Pipedrive {text(me, 'company_name') or ''}".strip()

    async def fields(self) -> Sequence[RemoteField]:
        """Pipedrive's and those of the company."""
        found = [one.listed for one in (await self._fields()).values()]
        return sorted(found, key=lambda field: field.label.casefold())

    async def pipelines(self) -> Sequence[str]:
        """By their names."""
        return list(dict.fromkeys(name_of(one) for one in await self._all(PIPELINES)))

    def cursor(self, since: datetime) -> str:
        """A second for each of the two lists."""
        return f"{stamp(since)} {stamp(since)}"

    async def changes(self, cursor: str, *, now: datetime) -> Changes:
        """A part of both lists, or all of one crowded second."""
        deals, archived = cursor.split()
        is_due = archived <= stamp(now - ARCHIVED_EVERY)
        lists = {DEALS: deals, **({ARCHIVED: archived} if is_due else {})}
        parts = [await self._part(path, since) for path, since in lists.items()]
        found = sorted((change for part, _ in parts for change in part), key=lambda change: change.at)
        open_ends = [stamp(part[-1].at) for part, is_more in parts if is_more]
        end = min(open_ends) if open_ends else stamp(now - OVERLAP)
        whole = [change for change in found if stamp(change.at) < end] if open_ends else found
        if open_ends and not whole:
            whole, end = await self._of_one_second(lists, end)
        return Changes(tuple(whole), f"{end} {end if is_due else archived}", more=bool(open_ends))

    async def _part(self, path: str, since: str) -> tuple[list[Change], bool]:
        """The oldest that changed since then, and whether there are more."""
        asked = {"updated_since": since, "sort_by": "update_time", "status": STATUSES, "limit": str(AT_ONCE)}
        async for found, is_more in self._pages(path, asked):
            if found:  # a page may be empty for what its user may not see
                return [reading.change(one) for one in found], is_more
        return [], False

    async def _of_one_second(self, lists: Iterable[str], at: str) -> tuple[list[Change], str]:
        """All that changed in a second, and the next second."""
        begin = instant(at)
        assert begin is not None, at
        end = stamp(begin + _SECOND)
        asked = {"updated_since": at, "updated_until": end, "sort_by": "id", "status": STATUSES}
        return [reading.change(one) for path in lists for one in await self._all(path, asked)], end

    async def deals(self, ids: Sequence[str], fields: Collection[str]) -> Sequence[RemoteDeal | Unread]:
        """Ten requests at most for many, and one for each deal in which more people take part than one."""
        if not ids:
            return []
        known = await self._fields()
        wanted = [known[name] for name in sorted(fields) if name in known]
        found = await self._read_deals(ids, wanted)
        people, companies = await self._people(found), await self._companies(found)
        pipelines = await self._keep(PIPELINES, named(found, "pipeline_id"))
        stages = await self._keep(STAGES, named(found, "stage_id"))
        users = await self._keep(USERS, named(found, "owner_id"))
        deals: list[RemoteDeal | Unread] = []
        for deal_id, one in found.items():
            try:
                where, company = place(one, pipelines, stages), companies.get(str(one.get("org_id")))
                owner = text(users.get(str(one.get("owner_id"))), "email")
                deals.append(reading.deal(deal_id, one, where, owner, company, people[deal_id], wanted))
            except ValueError as fault:
                deals.append(Unread(deal_id, f"what Pipedrive says of it cannot be used: {fault}"))
        return deals

    async def write(self, deal_id: str, values: Mapping[str, str]) -> None:
        """A PATCH, which leaves all else as it is."""
        path, known = f"{DEALS}/{digits(deal_id)}", await self._fields()
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
        notes = await self._all(NOTES, {"deal_id": digits(deal_id)})
        if any(mark in str(note.get("content")) for note in notes):
            return
        body = html.escape(text, quote=False).replace("\n", "<br>")
        said = {
            "content": f"{body}<br><br>{mark}",
            "deal_id": int(deal_id),
            "add_time": stamp(at).replace("T", " ").rstrip("Z"),
        }
        await self._change("POST", NOTES, said)

    async def _change(self, method: str, path: str, said: Mapping[str, object]) -> None:
        """Change a deal. That its user may not, or that it is archived, says nothing about other deals."""
        try:
            await self._web.ask(method, path, said, repeatable=method == "PATCH")
        except GrantRefused as fault:
            if fault.status != HTTPStatus.FORBIDDEN:
                raise
            raise CrmError(str(fault), temporary=False, status=fault.status) from fault

    async def _fields(self) -> Mapping[str, Field]:
        if not self._known_fields:
            found = [reading.field_of(one) for one in await self._all(FIELDS)]
            self._known_fields = {one.code: one for one in found}
        return self._known_fields

    async def _industries(self) -> Mapping[str, str]:
        """What industries are called, where the account has that field."""
        if self._known_industries is None:
            self._known_industries = reading.options(await self._one(INDUSTRY) or {})
        return self._known_industries

    async def _read_deals(self, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, Mapping[str, Any]]:
        """Deals by their ids, in that order, without those that are gone."""
        codes = [one.code for one in fields if one.is_custom]
        asked = {"include_fields": "participants_count"}
        if 0 < len(codes) <= _MOST_FIELDS:
            asked["custom_fields"] = ",".join(codes)
        found = await self._read(DEALS, ids, asked)
        if missing := [one for one in ids if one not in found]:
            found |= await self._listed(ARCHIVED, missing, asked)
        return {one: found[one] for one in ids if one in found}

    async def _people(self, deals: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
        """Who takes part in each deal, its contact person first."""
        crowded = {deal_id for deal_id, one in deals.items() if reading.has_more_people(one)}
        alone = {deal_id: one for deal_id, one in deals.items() if deal_id not in crowded}
        known = await self._read(PEOPLE, named(alone, "person_id"))
        people: dict[str, list[Mapping[str, Any]]] = {}
        for deal_id, one in deals.items():
            first = str(one.get("person_id"))
            if deal_id in crowded:
                found = await self._all(PEOPLE, {"deal_id": deal_id})
                people[deal_id] = sorted(found, key=lambda person: id_of(person) != first)
            else:
                people[deal_id] = [known[first]] if first in known else []
        return people

    async def _companies(self, deals: Mapping[str, Mapping[str, Any]]) -> Mapping[str, RemoteCompany]:
        """The companies of deals, by their ids."""
        found = await self._read(COMPANIES, named(deals, "org_id"))
        industries = await self._industries() if any(one.get("industry") for one in found.values()) else {}
        return {company_id: reading.company(one, industries) for company_id, one in found.items()}

    async def _keep(self, path: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Things of which an account has few; each is asked for once."""
        known = self._known.setdefault(path, {})
        missing = [one for one in ids if one not in known]
        if len(missing) <= FEW:
            known |= await self._read(path, missing)
        elif path == USERS:  # all on one page
            known |= _by_id(listed(await self._web.get(path)))
        else:
            known |= _by_id(await self._all(path))
        return known

    async def _read(
        self, path: str, ids: Sequence[str], asked: Mapping[str, str] | None = None
    ) -> dict[str, Mapping[str, Any]]:
        """Things by their ids (at most AT_ONCE), without those that are gone."""
        if len(ids) > FEW:
            return await self._listed(path, ids, asked)
        found = [await self._one(f"{path}/{digits(one)}", asked) for one in ids]
        return _by_id([one for one in found if one and not one.get("is_deleted")])

    async def _listed(
        self, path: str, ids: Sequence[str], asked: Mapping[str, str] | None = None
    ) -> dict[str, Mapping[str, Any]]:
        wanted = {"ids": ",".join(digits(one) for one in ids), "limit": str(AT_ONCE), **(asked or {})}
        return _by_id(listed(await self._web.get(path, wanted)))

    async def _one(self, path: str, asked: Mapping[str, str] | None = None) -> Mapping[str, Any] | None:
        """One thing, None if it is gone, or its user may not see it."""
        try:
            return reading.said(await self._web.get(path, asked))
        except CrmError as fault:
            if fault.status not in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):
                raise
            return None

    async def _all(self, path: str, asked: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """All things of a list."""
        wanted = {**(asked or {}), "limit": str(MOST)}
        return [one async for page, _ in self._pages(path, wanted) for one in page]

    async def _pages(
        self, path: str, asked: Mapping[str, str]
    ) -> AsyncIterator[tuple[list[dict[str, Any]], bool]]:
        """The pages of a list, each with whether more follow."""
        further: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = await self._web.get(path, {**asked, **further})
            found, further = listed(page), next_page(page)
            yield found, bool(further)
            if not further:
                return
        raise CrmError(f"Pipedrive's list of {path} does not end", temporary=True)


def _by_id(found: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {id_of(one): one for one in found}


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
    every=timedelta(minutes=5),
)
