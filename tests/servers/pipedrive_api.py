"""A small Pipedrive over real HTTP, from developers.pipedrive.com/docs/api: v2; v1 for users and notes."""

import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from cadence.core.crm import DealState
from cadence.crm import pipedrive
from cadence.crm.connector import Notice
from cadence.crm.values import instant
from tests.servers.crm_api import HOOK_SECRET, Asked, Note, Operation, Sale
from tests.servers.pipedrive_account import PipedriveAccount, Thing, described, fits, stamp
from tests.servers.web import Reply, Request

MOST = {"limit": 500, "ids": 100, "custom_fields": 15}
STATES = {*DealState, "deleted"}
PAGED = "limit cursor sort_by sort_direction"
CHOSEN = "include_fields custom_fields"
LISTED = f"filter_id ids owner_id org_id updated_since updated_until {CHOSEN} {PAGED}"
OF_DEALS = f"person_id pipeline_id stage_id status {LISTED}"
CHANGEABLE = (
    "title owner_id person_id org_id pipeline_id stage_id value currency is_archived archive_time status "
    "probability lost_reason visible_to close_time won_time lost_time expected_close_date label_ids "
    "custom_fields"
)


@dataclass
class PipedriveApi(PipedriveAccount):
    kind = pipedrive.KIND
    operations: ClassVar[Mapping[str, Operation]] = {
        "GET /api/v1/users/me": Operation.of("read_me"),
        "GET /api/v1/{kind}/{one}": Operation.of("read_one"),
        "GET /api/v1/users": Operation.of("list_users"),
        "GET /api/v1/notes": Operation.of("list_notes", query="user_id deal_id start limit sort"),
        "POST /api/v1/notes": Operation.of(
            "add_note", body="content deal_id user_id add_time pinned_to_deal_flag", needs="content deal_id"
        ),
        "GET /api/v2/deals": Operation.of("list_deals", query=OF_DEALS),
        "GET /api/v2/deals/archived": Operation.of("list_archived", query=OF_DEALS),
        "GET /api/v2/deals/{deal}": Operation.of("read_deal", query=CHOSEN),
        "PATCH /api/v2/deals/{deal}": Operation.of("change_deal", body=CHANGEABLE),
        "GET /api/v2/dealFields": Operation.of("list_fields", query="include_fields limit cursor"),
        "GET /api/v2/organizationFields/industry": Operation.of("read_industries", query="include_fields"),
        "GET /api/v2/persons": Operation.of("list_people", query=f"deal_id {LISTED}"),
        "GET /api/v2/organizations": Operation.of("list_firms", query=LISTED),
        "GET /api/v2/pipelines": Operation.of("list_pipelines", query=PAGED),
        "GET /api/v2/stages": Operation.of("list_stages", query=f"pipeline_id {PAGED}"),
        "GET /api/v2/{kind}/{one}": Operation.of("read_one", query=CHOSEN),
    }

    def is_let_in(self, request: Request) -> bool:
        return request.headers.get("x-api-token") == self.token

    def refusal(self, status: int, text: str, **headers: str) -> Reply:
        return Reply.of({"success": False, "error": text, "data": None}, status, **headers)

    def notice(self, ids: list[str], url: str, secret: str = HOOK_SECRET) -> Notice:
        """A webhook is about one deal, or about one and that into which it was merged."""
        about, *into = dict.fromkeys(ids)
        meta: Thing = {
            "action": "delete" if into else "change",
            "entity": "deal",
            "company_id": "2510",
            "correlation_id": "0e8f",
            "entity_id": about,
            "is_bulk_edit": False,
            "timestamp": stamp(self.now),
            "type": "general",
            "user_id": "1",
            "version": "2.0",
            "webhook_id": "7",
            "change_source": "app",
            "attempt": 1,
        }
        if into:
            [meta["merged_to_id"]] = into
        body = json.dumps({"meta": meta, "data": None if into else {}, "previous": {}}).encode()
        proof = b64encode(secret.encode()).decode()
        return Notice(url, {"content-type": "application/json", "authorization": f"Basic {proof}"}, body)

    # --- one thing ---

    def read_me(self, asked: Asked) -> Reply:
        return _found({"id": 1, "company_name": "Vendor Ltd", "company_domain": "vendor"})

    def read_one(self, asked: Asked, kind: str, one: str) -> Reply:
        found = next((thing for thing in self.things(kind) if thing["id"] == int(one)), None)
        return _found(found) if found else self.refusal(404, f"{kind}: not found")

    def read_deal(self, asked: Asked, deal: str) -> Reply:
        """Also one that is archived, or deleted a while ago."""
        known = self.sales.get(deal)
        return _found(self._chosen(asked, known)) if known else self.refusal(404, "Deal not found")

    def read_industries(self, asked: Asked) -> Reply:
        if not self.has_industries:
            return self.refusal(404, "Field not found")
        options = [{"id": n, "label": name} for n, name in enumerate(self.industries(), start=1)]
        return _found(described("industry", "Industry", "enum", False) | {"options": options})

    # --- lists ---

    def list_users(self, asked: Asked) -> Reply:
        return _found(self.things("users") or None)

    def list_pipelines(self, asked: Asked) -> Reply:
        return _page(asked, self.things("pipelines"))

    def list_stages(self, asked: Asked) -> Reply:
        return _page(asked, self.things("stages"))

    def list_fields(self, asked: Asked) -> Reply:
        return _found(self.deal_fields(), {"next_cursor": None})

    def list_people(self, asked: Asked) -> Reply:
        of_deal = asked.query.get("deal_id")
        ids = _ids(asked) if of_deal is None else self.of_deal(of_deal)
        return _page(asked, [one for one in self.things("persons") if one["id"] in ids])

    def list_firms(self, asked: Asked) -> Reply:
        return _page(asked, [one for one in self.things("organizations") if one["id"] in _ids(asked)])

    def list_deals(self, asked: Asked) -> Reply:
        return self._deals(asked, [sale for sale in self.sales.values() if sale.id not in self.archived])

    def list_archived(self, asked: Asked) -> Reply:
        return self._deals(asked, [sale for sale in self.sales.values() if sale.id in self.archived])

    def _deals(self, asked: Asked, sales: list[Sale]) -> Reply:
        said, ids = asked.query, _ids(asked)
        states = set(said.get("status", "open,won,lost").split(","))
        since, until = instant(said.get("updated_since")), instant(said.get("updated_until"))
        by = said.get("sort_by", "id")
        assert states <= STATES and by in ("id", "update_time")
        found = [
            sale
            for sale in sorted(sales, key=lambda sale: int(sale.id))
            if ("deleted" if sale.id in self.deleted else sale.state) in states
            and (not ids or int(sale.id) in ids)
            and (since is None or sale.changed_at >= since)
            and (until is None or sale.changed_at < until)
        ]
        if by == "update_time":  # what changed in one second comes in any order, and each time in another
            turn = len(self.asked)
            found.sort(key=lambda sale: (sale.changed_at, int(sale.id) * turn % 101))
        return _page(asked, [self._chosen(asked, sale) for sale in found])

    def _chosen(self, asked: Asked, sale: Sale) -> Thing:
        """A deal with those fields that are asked for."""
        codes = asked.query["custom_fields"].split(",") if "custom_fields" in asked.query else []
        known = set(self.custom_types())
        assert set(codes) <= known and len(codes) <= MOST["custom_fields"]
        return self.deal(sale, codes or known, asked.query.get("include_fields", "").split(","))

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

    # --- writing ---

    def change_deal(self, asked: Asked, deal: str) -> Reply:
        if deal not in self.sales or deal in self.deleted:
            return self.refusal(404, "Deal not found")
        if deal in self.archived:
            return self.refusal(403, "Archived deals cannot be changed")
        said, types = dict(asked.body), self.custom_types()
        custom = said.pop("custom_fields", {})
        if not all(code in types and fits(types[code], value) for code, value in custom.items()):
            return self.refusal(400, "Validation failed: custom_fields")
        if "lost_reason" in said and self.sales[deal].state is not DealState.LOST:
            return self.refusal(400, "Lost reason can only be set if deal status is lost")
        self.change(deal, said | custom)
        return _found(self.deal(self.sales[deal], types))

    def add_note(self, asked: Asked) -> Reply:
        said = asked.body
        assert isinstance(said["deal_id"], int)
        datetime.strptime(said["add_time"], "%Y-%m-%d %H:%M:%S")
        self.notes.append(Note(str(said["deal_id"]), said["content"]))
        return _found({"id": len(self.notes), **said}, status=201)


def _found(data: Any, about: Mapping[str, Any] | None = None, status: int = 200) -> Reply:
    return Reply.of({"success": True, "data": data, "additional_data": about}, status)


def _page(asked: Asked, found: list[Thing]) -> Reply:
    """A page of a list. A cursor is good for what is sorted by id only: the reference does not say where it
    leads among things of one time, or when those change.
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


def _ids(asked: Asked) -> list[int]:
    found = asked.query["ids"].split(",") if "ids" in asked.query else []
    assert len(found) <= MOST["ids"]
    return [int(one) for one in found]
