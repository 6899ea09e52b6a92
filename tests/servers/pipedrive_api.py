"""A small Pipedrive over real HTTP, from developers.pipedrive.com/docs/api: v2; v1 for users and notes."""

import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from cadence.core.crm import DealState
from cadence.crm import pipedrive
from cadence.crm.connector import Notice
from cadence.crm.values import instant
from tests.servers.crm_api import HOOK_SECRET, Asked, CrmApi, Firm, Note, Operation, Person, Sale
from tests.servers.web import Reply, Request

MOST = {"limit": 500, "ids": 100, "custom_fields": 15}
STATES = tuple(DealState)
PAGED = "limit cursor"
OF_DEALS = (
    "filter_id ids owner_id person_id org_id pipeline_id stage_id status updated_since updated_until sort_by "
    f"sort_direction include_fields custom_fields {PAGED}"
)
OF_PEOPLE = (
    "filter_id ids owner_id org_id deal_id updated_since updated_until sort_by sort_direction include_fields "
    f"custom_fields {PAGED}"
)
CHANGEABLE = (
    "title owner_id person_id org_id pipeline_id stage_id value currency is_archived archive_time status "
    "probability lost_reason visible_to close_time won_time lost_time expected_close_date label_ids "
    "custom_fields"
)


@dataclass
class PipedriveApi(CrmApi):
    """archived, deleted: ids of deals; own: further fields, as the list of fields describes them;
    has_industries: whether it says what the industries of companies are called.
    """

    archived: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    own: list[dict[str, Any]] = field(default_factory=list)
    has_industries: bool = True

    kind = pipedrive.KIND
    operations: ClassVar[Mapping[str, Operation]] = {
        "GET /api/v1/users/me": Operation.of("me"),
        "GET /api/v1/users": Operation.of("list_users"),
        "GET /api/v1/notes": Operation.of("list_notes", query="user_id deal_id start limit sort"),
        "POST /api/v1/notes": Operation.of(
            "add_note", body="content deal_id user_id add_time pinned_to_deal_flag", needs="content deal_id"
        ),
        "GET /api/v2/pipelines": Operation.of("list_pipelines", query=f"sort_by sort_direction {PAGED}"),
        "GET /api/v2/stages": Operation.of(
            "list_stages", query=f"pipeline_id sort_by sort_direction {PAGED}"
        ),
        "GET /api/v2/dealFields": Operation.of("list_fields", query=f"include_fields {PAGED}"),
        "GET /api/v2/organizationFields/industry": Operation.of("read_industries", query="include_fields"),
        "GET /api/v2/deals": Operation.of("list_deals", query=OF_DEALS),
        "GET /api/v2/deals/archived": Operation.of("list_archived", query=OF_DEALS),
        "PATCH /api/v2/deals/{deal}": Operation.of("change_deal", body=CHANGEABLE),
        "GET /api/v2/persons": Operation.of("list_people", query=OF_PEOPLE),
        "GET /api/v2/organizations": Operation.of("list_firms", query=OF_PEOPLE.replace("deal_id ", "")),
    }

    def is_let_in(self, request: Request) -> bool:
        return request.headers.get("x-api-token") == self.token

    def refusal(self, status: int, text: str, **headers: str) -> Reply:
        return Reply.of({"success": False, "error": text, "data": None}, status, **headers)

    def notice(self, ids: list[str], url: str, secret: str = HOOK_SECRET) -> Notice:
        """A webhook is about one deal, or about one and that into which it was merged."""
        about, *into = dict.fromkeys(ids)
        meta: dict[str, Any] = {
            "action": "delete" if into else "change",
            "entity": "deal",
            "company_id": "2510",
            "correlation_id": "0e8f",
            "entity_id": about,
            "is_bulk_edit": False,
            "timestamp": _stamp(self.now),
            "type": "general",
            "user_id": "1",
            "version": "2.0",
            "webhook_id": "7",
            "change_source": "app",
            "attempt": 1,
        }
        if into:
            [meta["merged_to_id"]] = into
        body = json.dumps(
            {"meta": meta, "data": None if into else {"id": int(about)}, "previous": {}}
        ).encode()
        proof = b64encode(secret.encode()).decode()
        return Notice(url, {"content-type": "application/json", "authorization": f"Basic {proof}"}, body)

    # --- what happens in it ---

    def archive(self, deal_id: str) -> None:
        self.archived.add(deal_id)
        self.put(self.sales[deal_id])

    def delete(self, deal_id: str) -> None:
        self.deleted.add(deal_id)
        self.put(self.sales[deal_id])

    def hold(self, deal_id: str, code: str, value: Any) -> None:
        """A deal holds a value of a field that is more than text."""
        known = self.sales[deal_id]
        self.put(replace(known, values=known.values | {code: value}))

    # --- reading ---

    def me(self, asked: Asked) -> Reply:
        return _found({"id": 1, "company_name": "Vendor Ltd", "company_domain": "vendor"})

    def list_users(self, asked: Asked) -> Reply:
        return _found(
            [{"id": n, "email": one, "active_flag": True} for n, one in enumerate(self._owners(), start=1)]
            or None
        )

    def _owners(self) -> list[str]:
        return sorted({sale.owner for sale in self.sales.values() if sale.owner})

    def list_pipelines(self, asked: Asked) -> Reply:
        found = [
            {"id": number, "name": name, "order_nr": number, "is_deleted": False}
            for number, name in enumerate(self.pipelines, start=1)
        ]
        return self._page(asked, found)

    def list_stages(self, asked: Asked) -> Reply:
        found = [
            {"id": 10 * number + one, "pipeline_id": number, "name": f"Step {one}", "is_deleted": False}
            for number in range(1, len(self.pipelines) + 1)
            for one in (1, 2)
        ]
        return self._page(asked, found)

    def list_fields(self, asked: Asked) -> Reply:
        return _found(self._fields(), {"next_cursor": None})

    def _fields(self) -> list[dict[str, Any]]:
        own = [
            _described(one.name, one.label, "double" if one.kind == "number" else "text", one.is_writable)
            for one in self.fields
        ]
        theirs = [
            _described("title", "Title", "varchar", False),
            _described("value", "Value", "monetary", False),
            _described("lost_reason", "Lost reason", "varchar_options", False),
        ]
        return [*theirs, *own, *self.own]

    def read_industries(self, asked: Asked) -> Reply:
        if not self.has_industries:
            return self.refusal(404, "Field not found")
        options = [{"id": n, "label": name} for n, name in enumerate(self._industries(), start=1)]
        return _found(_described("industry", "Industry", "enum", False) | {"options": options})

    def _industries(self) -> list[str]:
        return sorted({firm.industry for firm in self._firms() if firm.industry})

    def _firms(self) -> list[Firm]:
        return list(dict.fromkeys(sale.firm for sale in self.sales.values() if sale.firm))

    def _people(self) -> list[Person]:
        return list(dict.fromkeys(person for sale in self.sales.values() for person in sale.people))

    def list_deals(self, asked: Asked) -> Reply:
        return self._deals(asked, {one: sale for one, sale in self.sales.items() if one not in self.archived})

    def list_archived(self, asked: Asked) -> Reply:
        return self._deals(asked, {one: sale for one, sale in self.sales.items() if one in self.archived})

    def _deals(self, asked: Asked, sales: dict[str, Sale]) -> Reply:
        said = asked.query
        states = set(said.get("status", "open,won,lost").split(","))
        assert states <= {*STATES, "deleted"}
        ids = _ids(said)
        since, until = (
            instant(said[name]) if name in said else None for name in ("updated_since", "updated_until")
        )
        by = said.get("sort_by", "id")
        assert by in ("id", "update_time")
        found = [
            sale
            for one, sale in sales.items()
            if ("deleted" if one in self.deleted else sale.state) in states
            and (not ids or one in ids)
            and (since is None or sale.changed_at >= since)
            and (until is None or sale.changed_at < until)
        ]
        found.sort(key=lambda sale: int(sale.id))
        if by == "update_time":  # what changed in one second comes in any order, and each time in another
            turn = len(self.asked)
            found.sort(key=lambda sale: (sale.changed_at, int(sale.id) * turn % 101))
        codes = said["custom_fields"].split(",") if "custom_fields" in said else None
        custom = {one["field_code"] for one in self._fields() if one["is_custom_field"]}
        assert codes is None or (set(codes) <= custom and len(codes) <= MOST["custom_fields"])
        counted = "participants_count" in said.get("include_fields", "")
        return self._page(asked, [self._deal(sale, codes or sorted(custom), counted) for sale in found])

    def _deal(self, sale: Sale, codes: list[str], counted: bool) -> dict[str, Any]:
        people, firms = self._people(), self._firms()
        pipeline = self.pipelines.index(sale.pipeline) + 1
        closed = _stamp(sale.closed_at) if sale.closed_at else None
        return {
            "id": int(sale.id),
            "title": sale.name,
            "owner_id": self._owners().index(sale.owner) + 1 if sale.owner else None,
            "person_id": people.index(sale.people[0]) + 1 if sale.people else None,
            "org_id": firms.index(sale.firm) + 1 if sale.firm else None,
            "pipeline_id": pipeline,
            "stage_id": 999 if sale.broken else 10 * pipeline + 1,
            "value": float(sale.amount or 0),
            "currency": sale.currency,
            "update_time": _stamp(sale.changed_at),
            "status": str(sale.state),
            "is_archived": sale.id in self.archived,
            "is_deleted": sale.id in self.deleted,
            "lost_reason": sale.values.get("lost_reason"),
            "close_time": closed,
            "custom_fields": {code: sale.values.get(code) for code in codes},
            **({"participants_count": len(sale.people)} if counted else {}),
        }

    def list_people(self, asked: Asked) -> Reply:
        everyone = list(enumerate(self._people(), start=1))
        if "deal_id" in asked.query:
            sale = self.sales.get(asked.query["deal_id"])
            found = [one for one in everyone if sale and one[1] in sale.people]
        else:
            found = [one for one in everyone if str(one[0]) in _ids(asked.query)]
        return self._page(asked, [_person(number, one) for number, one in found])

    def list_firms(self, asked: Asked) -> Reply:
        industries = self._industries()
        found: list[dict[str, Any]] = [
            {
                "id": number,
                "name": one.name,
                "website": f"https://www.{one.domain}/" if one.domain else None,
                "industry": industries.index(one.industry) + 1 if one.industry else None,
                "employee_count": one.size,
                "is_deleted": False,
                "custom_fields": {},
            }
            for number, one in enumerate(self._firms(), start=1)
            if str(number) in _ids(asked.query)
        ]
        return self._page(asked, found)

    def list_notes(self, asked: Asked) -> Reply:
        start, limit = int(asked.query.get("start", 0)), int(asked.query.get("limit", 100))
        assert limit <= MOST["limit"]
        found = [
            {"id": number, "deal_id": int(one.deal_id), "content": one.text, "active_flag": True}
            for number, one in enumerate(self.notes, start=1)
            if one.deal_id == asked.query.get("deal_id", one.deal_id)
        ]
        more = len(found) > start + limit
        place = {"start": start, "limit": limit, "more_items_in_collection": more}
        pagination = place | ({"next_start": start + limit} if more else {})
        return _found(found[start : start + limit] or None, {"pagination": pagination})

    def _page(self, asked: Asked, found: list[dict[str, Any]]) -> Reply:
        """A page of a list that is sorted. A cursor is good for what is sorted by id only: the reference says
        nothing of where it leads among things of one time, or when those change.
        """
        limit = int(asked.query.get("limit", 100))
        assert 1 <= limit <= MOST["limit"]
        if "cursor" in asked.query:
            assert asked.query.get("sort_by", "id") == "id"
            behind = json.loads(urlsafe_b64decode(asked.query["cursor"]))["id"]
            found = [one for one in found if one["id"] > behind]
        page = found[:limit]
        last = json.dumps({"field": "id", "id": page[-1]["id"]}).encode() if page else b""
        cursor = urlsafe_b64encode(last).decode() if len(found) > limit else None
        return _found(page, {"next_cursor": cursor})

    # --- writing ---

    def change_deal(self, asked: Asked, deal: str) -> Reply:
        if deal not in self.sales or deal in self.deleted:
            return self.refusal(404, "Deal not found")
        if deal in self.archived:
            return self.refusal(403, "Archived deals cannot be changed")
        said = dict(asked.body)
        custom = said.pop("custom_fields", {})
        kinds = {one["field_code"]: one["field_type"] for one in self._fields() if one["is_custom_field"]}
        if not all(code in kinds and _fits(kinds[code], value) for code, value in custom.items()):
            return self.refusal(400, "Validation failed: custom_fields")
        if "lost_reason" in said and self.sales[deal].state is not DealState.LOST:
            return self.refusal(400, "Lost reason can only be set if deal status is lost")
        values = self.sales[deal].values | said | custom
        self.put(replace(self.sales[deal], values={k: v for k, v in values.items() if v is not None}))
        return _found(self._deal(self.sales[deal], sorted(kinds), counted=False))

    def add_note(self, asked: Asked) -> Reply:
        said = asked.body
        assert isinstance(said["deal_id"], int)
        datetime.strptime(said["add_time"], "%Y-%m-%d %H:%M:%S")
        self.notes.append(Note(str(said["deal_id"]), said["content"]))
        return _found({"id": len(self.notes), **said}, status=201)


def _found(data: Any, about: Mapping[str, Any] | None = None, status: int = 200) -> Reply:
    return Reply.of({"success": True, "data": data, "additional_data": about}, status)


def _described(code: str, label: str, kind: str, is_custom: bool) -> dict[str, Any]:
    return {
        "field_code": code,
        "field_name": label,
        "field_type": kind,
        "options": None,
        "subfields": None,
        "is_custom_field": is_custom,
        "is_optional_response_field": False,
    }


def _person(number: int, one: Person) -> dict[str, Any]:
    emails = [{"value": one.email, "primary": True, "label": "work"}] if one.email else []
    return {
        "id": number,
        "name": f"{one.first_name} {one.last_name}".strip(),
        "first_name": one.first_name or None,
        "last_name": one.last_name or None,
        "emails": emails,
        "job_title": one.title or None,
        "is_deleted": False,
    }


def _fits(kind: str, value: object) -> bool:
    """Whether a value is of a type, as v2 wants it: no number as text, no option by its label."""
    types = {"double": int | float, "int": int, "enum": int, "monetary": dict, "set": list}
    return value is None or isinstance(value, types.get(kind, str))


def _ids(query: Mapping[str, str]) -> list[str]:
    found = query["ids"].split(",") if "ids" in query else []
    assert len(found) <= MOST["ids"] and all(one.isdecimal() for one in found)
    return found


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
