"""A small HubSpot over real HTTP, from developers.hubspot.com/docs/api-reference: CRM v3, associations v4."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import digest
from typing import Any, ClassVar

from cadence.core.crm import DealState
from cadence.crm import hubspot
from cadence.crm.connector import Notice
from tests.servers.crm_api import HOOK_SECRET, Asked, CrmApi, Note, Operation, Person, Sale
from tests.servers.web import Reply

MOST = {"search": 200, "batch": 100}
"""Results of one search, and inputs of one batch, at most."""
STAGES = {DealState.OPEN: ("false", "0.4"), DealState.WON: ("true", "1.0"), DealState.LOST: ("true", "0.0")}
OPERATORS = {
    "GTE": lambda one, other: one >= other,
    "GT": lambda one, other: one > other,
    "EQ": lambda one, other: one == other,
}
PRIMARY = {"category": "HUBSPOT_DEFINED", "typeId": 5, "label": "Primary"}
UNLABELED = {"category": "HUBSPOT_DEFINED", "typeId": 341, "label": None}


@dataclass
class HubSpotApi(CrmApi):
    kind = hubspot.KIND
    operations: ClassVar[Mapping[str, Operation]] = {
        "GET /account-info/v3/details": Operation.of("account"),
        "GET /crm/v3/pipelines/deals": Operation.of("list_pipelines"),
        "GET /crm/v3/properties/deals": Operation.of("list_properties", query="archived properties"),
        "GET /crm/v3/objects/{kind}": Operation.of("list_nothing", query="limit after properties"),
        "GET /crm/v3/owners": Operation.of("list_nothing", query="email after limit archived"),
        "GET /crm/v3/owners/{owner}": Operation.of("read_owner", query="idProperty archived"),
        "POST /crm/v3/objects/deals/search": Operation.of(
            "search", body="query limit after sorts properties filterGroups", needs="limit sorts filterGroups"
        ),
        "POST /crm/v3/objects/{kind}/batch/read": Operation.of(
            "read_batch", body="inputs properties idProperty propertiesWithHistory", needs="inputs properties"
        ),
        "POST /crm/v4/associations/deals/{kind}/batch/read": Operation.of(
            "read_associations", body="inputs", needs="inputs"
        ),
        "GET /crm/v4/objects/deals/{deal}/associations/notes": Operation.of(
            "list_notes", query="after limit"
        ),
        "PATCH /crm/v3/objects/deals/{deal}": Operation.of(
            "change_deal", query="idProperty", body="properties", needs="properties"
        ),
        "POST /crm/v3/objects/notes": Operation.of(
            "add_note", body="properties associations", needs="properties associations"
        ),
    }

    def refusal(self, status: int, text: str, **headers: str) -> Reply:
        fault = {"status": "error", "message": text, "correlationId": "0e8f", "category": "VALIDATION_ERROR"}
        return Reply.of(fault, status, **headers)

    def notice(self, ids: list[str], url: str, secret: str = HOOK_SECRET) -> Notice:
        events = [
            {
                "eventId": number,
                "subscriptionId": 7,
                "portalId": 2510,
                "appId": 11,
                "occurredAt": _millis(self.now),
                "subscriptionType": "deal.propertyChange",
                "attemptNumber": 0,
                "objectId": int(deal_id),
                "propertyName": "dealstage",
                "propertyValue": "closedlost",
                "changeSource": "CRM_UI",
            }
            for number, deal_id in enumerate(ids)
        ]
        body, stamp = json.dumps(events).encode(), str(_millis(self.now))
        plain = url.replace("%40", "@")  # it decodes some signs of the URL before it signs
        signed = b64encode(digest(secret.encode(), b"POST" + plain.encode() + body + stamp.encode(), sha256))
        headers = {
            "content-type": "application/json",
            "x-hubspot-signature-v3": signed.decode(),
            "x-hubspot-request-timestamp": stamp,
        }
        return Notice(url, headers, body)

    def account(self, asked: Asked) -> Reply:
        return Reply.of({"portalId": 2510, "accountType": "STANDARD", "timeZone": "Europe/Berlin"})

    def list_pipelines(self, asked: Asked) -> Reply:
        return Reply.of({"results": [self._pipeline(name) for name in self.pipelines]})

    def list_properties(self, asked: Asked) -> Reply:
        return Reply.of({"results": self._properties()})

    def list_nothing(self, asked: Asked, kind: str = "") -> Reply:
        assert 1 <= int(asked.query["limit"]) <= 100
        return Reply.of({"results": []})

    def list_notes(self, asked: Asked, deal: str) -> Reply:
        assert int(asked.query["limit"]) <= 500
        found = [number for number, note in enumerate(self.notes) if note.deal_id == deal]
        return Reply.of({"results": [{"toObjectId": one, "associationTypes": []} for one in found]})

    # --- reading ---

    def _pipeline(self, name: str) -> dict[str, Any]:
        stages = [
            {
                "id": f"{name}-{state}".lower(),
                "label": f"Closed {state}" if state is not DealState.OPEN else "Negotiation",
                "displayOrder": number,
                "metadata": {"isClosed": closed, "probability": probability},
                "archived": False,
            }
            for number, (state, (closed, probability)) in enumerate(STAGES.items())
        ]
        return {"id": name.lower(), "label": name, "displayOrder": 0, "stages": stages, "archived": False}

    def _properties(self) -> list[dict[str, Any]]:
        own = [
            ("closed_lost_reason", "Closed lost reason", "string", False),
            ("amount", "Amount", "number", False),
        ]
        own.append(("hs_is_closed", "Is deal closed?", "bool", True))
        own += [
            (one.name, one.label, "number" if one.kind == "number" else "string", not one.is_writable)
            for one in self.fields
        ]
        return [
            {
                "name": name,
                "label": label,
                "type": kind,
                "fieldType": "text",
                "groupName": "dealinformation",
                "options": [],
                "hidden": False,
                "calculated": False,
                "modificationMetadata": {
                    "readOnlyValue": fixed,
                    "archivable": True,
                    "readOnlyDefinition": True,
                },
            }
            for name, label, kind, fixed in own
        ]

    def read_owner(self, asked: Asked, owner: str) -> Reply:
        owners = dict(enumerate(self._owners(), start=1))
        if int(owner) not in owners:
            return self.refusal(404, "resource not found")
        return Reply.of({"id": owner, "email": owners[int(owner)], "type": "PERSON", "archived": False})

    def _owners(self) -> list[str]:
        return sorted({sale.owner for sale in self.sales.values() if sale.owner})

    def _people(self) -> list[Person]:
        return list(dict.fromkeys(person for sale in self.sales.values() for person in sale.people))

    def search(self, asked: Asked) -> Reply:
        said = asked.body
        assert said["limit"] <= MOST["search"]
        [sort] = said["sorts"]
        [group] = said["filterGroups"]
        found = [sale for sale in self.sales.values() if all(_fits(sale, one) for one in group["filters"])]
        found.sort(key=lambda sale: _searched(sale, sort["propertyName"]))
        assert sort["direction"] == "ASCENDING"
        page = [self._object(sale, said["properties"]) for sale in found[: said["limit"]]]
        more = {"paging": {"next": {"after": str(len(page))}}} if len(found) > len(page) else {}
        return Reply.of({"total": len(found), "results": page, **more})

    def _object(self, sale: Sale, properties: list[str]) -> dict[str, Any]:
        known, changed = self._values(sale), _iso(sale.changed_at)
        held = {name: known[name] for name in properties if name in known}
        return {
            "id": sale.id,
            "properties": held | {"hs_object_id": sale.id},
            "createdAt": changed,
            "updatedAt": changed,
            "archived": False,
        }

    def _values(self, sale: Sale) -> dict[str, str | None]:
        stage = "deleted" if sale.broken else sale.state
        return {
            "dealname": sale.name,
            "pipeline": sale.pipeline.lower(),
            "dealstage": f"{sale.pipeline}-{stage}".lower(),
            "amount": None if sale.amount is None else str(sale.amount),
            "deal_currency_code": sale.currency,
            "closedate": _iso(sale.closed_at) if sale.closed_at else None,
            "hubspot_owner_id": str(self._owners().index(sale.owner) + 1) if sale.owner else None,
            "hs_lastmodifieddate": _iso(sale.changed_at),
            "closed_lost_reason": None,
            **{one.name: None for one in self.fields},
            **sale.values,
        }

    def read_batch(self, asked: Asked, kind: str) -> Reply:
        ids = [one["id"] for one in asked.body["inputs"]]
        assert len(ids) <= MOST["batch"] and len(set(ids)) == len(ids)
        wanted = asked.body["properties"]
        if kind == "deals":
            found = [self._object(self.sales[one], wanted) for one in ids if one in self.sales]
        else:
            known = self._things(kind)
            found = [
                {"id": one, "properties": {k: v for k, v in known[one].items() if k in wanted}}
                for one in ids
                if one in known
            ]
        return Reply.of({"status": "COMPLETE", "results": found}, 200 if len(found) == len(ids) else 207)

    def _things(self, kind: str) -> dict[str, dict[str, str | None]]:
        """The contacts, companies or notes, by their ids."""
        if kind == "notes":
            return {str(number): {"hs_note_body": note.text} for number, note in enumerate(self.notes)}
        if kind == "contacts":
            return {
                str(number): {
                    "email": one.email,
                    "firstname": one.first_name,
                    "lastname": one.last_name,
                    "jobtitle": one.title,
                    "hs_language": None,
                }
                for number, one in enumerate(self._people())
            }
        return {
            sale.id: {
                "name": sale.firm.name,
                "domain": sale.firm.domain,
                "industry": sale.firm.industry,
                "numberofemployees": None if sale.firm.size is None else str(sale.firm.size),
            }
            for sale in self.sales.values()
            if sale.firm
        } | {"999": {"name": "A partner of theirs"}}

    def read_associations(self, asked: Asked, kind: str) -> Reply:
        ids = [one["id"] for one in asked.body["inputs"]]
        assert len(ids) <= MOST["batch"]
        linked = {one: self._linked(self.sales[one], kind) for one in ids}
        results = [{"from": {"id": one}, "to": to} for one, to in linked.items() if to]
        errors = [
            {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "message": f"Nothing is associated with {one}.",
            }
            for one, to in linked.items()
            if not to
        ]
        found = {"status": "COMPLETE", "results": results} | ({"errors": errors} if errors else {})
        return Reply.of(found, 207 if errors else 200)

    def _linked(self, sale: Sale, kind: str) -> list[dict[str, Any]]:
        if kind == "contacts":
            people = self._people()
            return [{"toObjectId": people.index(one), "associationTypes": [UNLABELED]} for one in sale.people]
        partner = {"toObjectId": 999, "associationTypes": [UNLABELED]}
        own = {"toObjectId": int(sale.id), "associationTypes": [UNLABELED, PRIMARY]}
        return [partner, own] if sale.firm else []

    # --- writing ---

    def change_deal(self, asked: Asked, deal: str) -> Reply:
        values = asked.body["properties"]
        fixed = {one["name"]: one["modificationMetadata"]["readOnlyValue"] for one in self._properties()}
        if deal not in self.sales:
            return self.refusal(404, "resource not found")
        if any(fixed.get(name, True) for name in values):
            return self.refusal(400, "Property values were not valid")
        assert all(isinstance(value, str) for value in values.values())
        self.set(deal, **values)
        return Reply.of(self._object(self.sales[deal], []))

    def add_note(self, asked: Asked) -> Reply:
        said = asked.body
        assert int(said["properties"]["hs_timestamp"]) > 0
        [link] = said["associations"]
        assert link["types"] == [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}]
        self.notes.append(Note(link["to"]["id"], said["properties"]["hs_note_body"]))
        return Reply.of({"id": str(len(self.notes) - 1), "properties": {}}, 201)


def _fits(sale: Sale, said: dict[str, Any]) -> bool:
    known = _searched(sale, said["propertyName"])
    return bool(OPERATORS[said["operator"]](known, int(said["value"])))


def _searched(sale: Sale, name: str) -> int:
    return {"hs_lastmodifieddate": _millis(sale.changed_at), "hs_object_id": int(sale.id)}[name]


def _millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
