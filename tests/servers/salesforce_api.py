"""A small Salesforce over real HTTP, from developer.salesforce.com: REST API 62.0, its query and composite
resources, Connect REST API for the organization, and the OAuth 2.0 client credentials flow.
"""

import html
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from cadence.crm import salesforce
from cadence.crm.connector import Notice
from tests.servers import salesforce_records as records
from tests.servers import soql
from tests.servers.crm_api import HOOK_SECRET, Asked, CrmApi, Note, Operation, Person, Sale
from tests.servers.soql import Record, Refused, Table, is_id
from tests.servers.web import Reply, Request

TOKEN = "/services/oauth2/token"
API = "/services/data/v62.0"
KEY = "3MVG9-consumer-key"
MOST_PARTS, MOST_QUERIES = 25, 5
"""Requests within one composite request, and queries among them, at most."""
CODES = {400: "BAD_REQUEST", 401: "INVALID_SESSION_ID", 403: "API_DISABLED_FOR_ORG", 404: "NOT_FOUND"}


@dataclass
class SalesforceApi(CrmApi):
    """token: the consumer secret; session: the access token that is good now; hidden: what the user may not
    see, as Contact or Contact.Title; kinds: of further fields, where they are no text; one_currency: "" for
    many; away: addresses of users who left; opted_out: addresses; joined: since when, by deal and address;
    batch: records of one answer.
    """

    session: str = ""
    hidden: set[str] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    one_currency: str = ""
    away: set[str] = field(default_factory=set)
    opted_out: set[str] = field(default_factory=set)
    joined: dict[tuple[str, str | None], datetime] = field(default_factory=dict)
    done: str = "Abgeschlossen"
    batch: int = 2000
    is_sandbox: bool = False
    tasks: list[dict[str, Any]] = field(default_factory=list)
    rest: dict[str, list[Any]] = field(default_factory=dict)

    kind = salesforce.KIND
    operations: ClassVar[Mapping[str, Operation]] = {
        f"GET {API}/query": Operation.of("query", query="q", needs="q"),
        f"GET {API}/query/{{locator}}": Operation.of("query_more"),
        f"GET {API}/sobjects/{{kind}}/describe": Operation.of("describe"),
        f"GET {API}/connect/organization": Operation.of("organization"),
        f"POST {API}/composite": Operation.of(
            "composite", body="compositeRequest allOrNone collateSubrequests", needs="compositeRequest"
        ),
        f"POST {API}/sobjects/Task": Operation.of(
            "add_task", body="WhatId Subject Description ActivityDate Status", needs="WhatId Subject Status"
        ),
    }

    def put(self, sale: Sale) -> Sale:
        assert is_id(sale.id), f"{sale.id} is no id of Salesforce's: take id_of({sale.id})"
        return super().put(sale)

    def add_people(self, deal: str, *people: Person) -> None:
        """Contact roles are added, which does not change their opportunity."""
        sale = self.sales[deal]
        self.sales[deal] = replace(sale, people=sale.people + people)
        self.joined |= {(deal, one.email): self.now for one in people}

    # --- how it is spoken to ---

    def secrets(self) -> dict[str, str]:
        return {"key": KEY, "secret": self.token}

    def refusal(self, status: int, text: str, **headers: str) -> Reply:
        return self.fault(status, CODES.get(status, "SERVER_UNAVAILABLE"), text, **headers)

    def fault(self, status: int, code: str, text: str, **headers: str) -> Reply:
        return Reply.of([{"message": text, "errorCode": code}], status, **headers)

    def notice(self, ids: list[str], url: str, secret: str = HOOK_SECRET) -> Notice:
        """What a flow of the customer's own sends."""
        body = json.dumps({"ids": ids}).encode()
        return Notice(url, {"content-type": "application/json", "x-cadence-secret": secret}, body)

    def is_let_in(self, request: Request) -> bool:
        is_good = self.session.partition("!")[2].startswith(self.token)
        let_in = is_good and request.headers.get("authorization") == f"Bearer {self.session}"
        return request.path == TOKEN or let_in

    def answer(self, request: Request) -> Reply:
        if request.path == TOKEN:
            return self.sign_in(dict(parse_qsl(request.body.decode())))
        before, _, deal = request.path.rpartition("/")
        if request.method == "PATCH" and before == f"{API}/sobjects/Opportunity":
            return self.change_deal(deal, json.loads(request.body))
        try:
            return super().answer(request)
        except Refused as refused:
            return self.fault(400, refused.code, str(refused))

    def sign_in(self, form: dict[str, str]) -> Reply:
        """A session, as the user that the app runs as."""
        assert set(form) == {"grant_type", "client_id", "client_secret"}
        said = None
        if form["grant_type"] != "client_credentials":
            said = ("unsupported_grant_type", "grant type not supported")
        elif form["client_id"] != KEY:
            said = ("invalid_client_id", "client identifier invalid")
        elif form["client_secret"] != self.token:
            said = ("invalid_client", "invalid client credentials")
        if said:
            return Reply.of({"error": said[0], "error_description": said[1]}, 400)
        self.session = f"00DHp0000000001!{self.token}.{secrets.token_hex(8)}"
        return Reply.of(
            {
                "access_token": self.session,
                "signature": "c2lnbmF0dXJl",
                "token_format": "opaque",
                "scope": "api",
                "instance_url": self.url,
                "id": "https://login.salesforce.com/id/00DHp0000000001MAA/005Hp0000000001IAA",
                "token_type": "Bearer",
                "issued_at": "1772442000000",
            }
        )

    def end_session(self) -> None:
        """The access token is good no more."""
        self.session = ""

    # --- what it knows ---

    def deal_fields(self) -> dict[str, str]:
        own = {one.name: {"number": "double"}.get(one.kind, "string") for one in self.fields}
        found = records.DEAL | own | self.kinds
        if self.one_currency:
            del found["CurrencyIsoCode"]
        return self.seen("Opportunity", found)

    def seen(self, kind: str, fields: Mapping[str, str]) -> dict[str, str]:
        return {name: type_ for name, type_ in fields.items() if f"{kind}.{name}" not in self.hidden}

    def tables(self) -> dict[str, Table]:
        account = records.of("Account", self.seen("Account", records.ACCOUNT))
        contact = records.of("Contact", self.seen("Contact", records.CONTACT))
        roles = {
            "Id": "id",
            "OpportunityId": "reference",
            "IsPrimary": "boolean",
            "SystemModstamp": "datetime",
        }
        tables = {
            "Opportunity": Table(
                self.deal_fields() | records.of("Owner", records.OWNER) | account, self._deals()
            ),
            "OpportunityContactRole": Table(
                roles | contact, records.roles(self.sales.values(), self.opted_out, self.joined)
            ),
            "Task": Table(records.TASK, [*self.tasks]),
            "TaskStatus": Table(
                {"ApiName": "string", "IsClosed": "boolean", "SortOrder": "int"}, self._statuses()
            ),
            "Organization": Table(
                {"Name": "string", "IsSandbox": "boolean"},
                [{"Name": "Vendor GmbH", "IsSandbox": self.is_sandbox}],
            ),
        }
        return {name: table for name, table in tables.items() if name not in self.hidden}

    def _deals(self) -> list[Record]:
        known = self.deal_fields()
        return [
            records.deal(sale, known, self.type_of(sale.pipeline), self.now, is_away=sale.owner in self.away)
            for sale in self.sales.values()
        ]

    def type_of(self, pipeline: str) -> str | None:
        """The id of a record type."""
        return f"012Hp000000000{self.pipelines.index(pipeline)}" if pipeline in self.pipelines else None

    def _statuses(self) -> list[Record]:
        words = ("Offen", False), (self.done, True)
        return [{"ApiName": name, "IsClosed": is_closed, "SortOrder": 1} for name, is_closed in words]

    # --- reading ---

    def describe(self, asked: Asked, kind: str) -> Reply:
        known = {"Opportunity": self.deal_fields(), "Account": records.ACCOUNT, "Contact": records.CONTACT}
        if kind not in known or kind in self.hidden:
            return self.refusal(404, "The requested resource does not exist")
        labels = {one.name: one for one in self.fields}
        fields = [
            {
                "name": name,
                "label": labels[name].label if name in labels else name.removesuffix("__c").replace("_", " "),
                "type": type_,
                "updateable": labels[name].is_writable if name in labels else name not in records.FIXED,
                "restrictedPicklist": name == "Loss_Reason__c",
                "picklistValues": [
                    {"active": True, "value": "Too expensive", "label": "Too expensive"},
                    {"active": False, "value": "Timing", "label": "Timing"},
                ],
                "deprecatedAndHidden": False,
            }
            for name, type_ in self.seen(kind, known[kind]).items()
        ]
        fields.append({"name": "Old__c", "label": "Old", "type": "string", "deprecatedAndHidden": True})
        types = [("Master", records.MASTER), *((name, self.type_of(name)) for name in self.pipelines)]
        infos = [
            {
                "name": name,
                "recordTypeId": id_,
                "master": id_ == records.MASTER,
                "active": True,
                "available": True,
            }
            for name, id_ in types
        ]
        return Reply.of({"name": kind, "fields": fields, "recordTypeInfos": infos})

    def organization(self, asked: Asked) -> Reply:
        if "Organization" in self.hidden:
            return self.refusal(403, "The API is disabled")
        features = {
            "multiCurrency": not self.one_currency,
            "defaultCurrencyIsoCode": self.one_currency or None,
        }
        return Reply.of({"name": "Vendor GmbH", "orgId": "00DHp0000000001MAA", "features": features})

    def query(self, asked: Asked) -> Reply:
        return self._page(list(soql.answer(asked.query["q"], self.tables())))

    def query_more(self, asked: Asked, locator: str) -> Reply:
        return self._page(self.rest.pop(locator))

    def _page(self, found: list[Any]) -> Reply:
        page, rest = found[: self.batch], found[self.batch :]
        said = {"totalSize": len(found), "done": not rest, "records": page}
        if rest:
            locator = f"01gHp{len(self.rest)}-{self.batch}"
            self.rest[locator] = rest
            said["nextRecordsUrl"] = f"{API}/query/{locator}"
        return Reply.of(said)

    def composite(self, asked: Asked) -> Reply:
        parts = asked.body["compositeRequest"]
        assert len(parts) <= MOST_PARTS and len({one["referenceId"] for one in parts}) == len(parts)
        assert sum("/query" in one["url"] for one in parts) <= MOST_QUERIES
        return Reply.of({"compositeResponse": [self._part(one) for one in parts]})

    def _part(self, said: dict[str, str]) -> dict[str, Any]:
        assert set(said) == {"method", "url", "referenceId"} and said["method"] == "GET"
        parts = urlsplit(said["url"])
        reply = self.answer(Request("GET", parts.path, dict(parse_qsl(parts.query)), {}, b""))
        return {
            "body": json.loads(reply.body),
            "httpHeaders": {},
            "httpStatusCode": reply.status,
            "referenceId": said["referenceId"],
        }

    # --- writing ---

    def change_deal(self, deal: str, values: dict[str, Any]) -> Reply:
        known, writable = self.deal_fields(), {one.name for one in self.fields if one.is_writable}
        if deal not in self.sales:
            return self.fault(
                404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible"
            )
        for name, value in values.items():
            if name not in known or name not in writable | {"Loss_Reason__c"}:
                return self.fault(400, "INVALID_FIELD_FOR_INSERT_UPDATE", f"Unable to create/update {name}")
            if value is not None and known[name] == "datetime" and "T" not in value:
                return self.fault(400, "JSON_PARSER_ERROR", "Cannot deserialize instance of datetime")
        sale = self.sales[deal]
        kept = {name: value for name, value in (sale.values | values).items() if value is not None}
        self.put(replace(sale, values=kept))
        return Reply(204)

    def add_task(self, asked: Asked) -> Reply:
        said = asked.body
        assert said["Status"] == self.done and len(said["Subject"]) <= 255
        datetime.strptime(said["ActivityDate"], "%Y-%m-%d").replace(tzinfo=UTC)
        id_ = self.note(said["WhatId"], said["Description"], **said)
        self.notes.append(Note(said["WhatId"], html.escape(said["Description"])))  # as its page shows it
        return Reply.of({"id": id_, "success": True, "errors": []}, 201)

    def note(self, deal_id: str, text: str, **more: str) -> str:
        """Somebody puts a task on a deal."""
        made = {"Id": f"00T{len(self.tasks):012}", "CreatedDate": records.instant(self.now)}
        self.tasks.append({**made, "WhatId": deal_id, "Description": text, **more})
        return made["Id"]
