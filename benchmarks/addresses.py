"""Which addresses are looked at: every GET of the application, found by its routes, with every filter.

A route that is new is measured without being listed here; one whose parameter has no example stops the
benchmark, so none is forgotten.
"""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

from cadence.core.rights import Right
from cadence.service.paging import cursor
from cadence.web.workplace import declared

LEFT_OUT = {
    "/today/news": "it never ends",
    "/mailboxes/signed-in": "a provider sends people there, with what only it knows",
    "/sequences/frame": "it shows what a preview has just made",
    "/whats-new/{news_id}/mails/{prospect_id}": "it writes one mail, as /today/{task_id}/draft does",
    "/login/code": "whoever is there is sent away",
    "/crm/{crm_id}": "it takes a CRM that is connected, and answers",
    "/crm/{crm_id}/setup": "as above",
    "/api/v1/occasions/{name}": "no shipped sequence tells of an event",
    "/api/v1/occasions/{name}/guests": "as above",
}
"""Routes that are not measured, and why."""

QUERIES = {
    "/prospects": (
        *(
            "q=dana",
            "q=dana+sample",
            "q=p777%40firm778.example",
            "q=firm12+bak",
            "q=zzzz",
            "q=zo%C3%AB+moreau",
        ),
        *("status=in_touch", "status=bounced", "state=paused", "state=failed", "sequence=renewal"),
        *("whose=owner-2", "whose=box-7", "reason=price", "reason=trust", "q=dana&status=bounced"),
        *("q=dana&reason=trust", "q=dana&state=failed", "q=moreau&state=replied", "q=firm&sequence=none"),
        *("state=active&reason=price&status=contacted", "status=snoozed&state=opted_out"),
        *("q=dana&whose=owner-2", "q=example&status=forgotten", "status=snoozed&whose=box-7"),
    ),
    "/prospects/selection": ("act=pause&all=1&q=dana",),
    "/deals": ("reason=timing", "reason=trust", "q=firm99", "q=dana", "q=dana&reason=trust", "q=zzzz"),
    "/replies": ("category=question", "category=complaint", "needs=1", "q=zzzz", "mailbox=3&q=price"),
    "/today": ("kind=question", "kind=held", "later=1"),
    "/learn": ("by=competitor", "by=rep", "since=2026-01-01"),
    "/sequences/{name}": ("of=mine",),
    "/mailboxes/{mailbox_id}/hand-over": ("to=2",),
    "/webhooks/{webhook_id}": ("state=failed", "state=delivered"),
    "/simulate": ("sequence=closed-lost",),
}
"""What pages are asked for beside their beginning: what is common, what is rare, what is not there, and the
common together with the rare. Those of the API follow from its document."""

WHOLE = "limit=200"


@dataclass(frozen=True, slots=True)
class Address:
    """Where to look. route: as the application declares it; right: that it takes, None for anybody."""

    route: str
    url: str
    right: Right | None

    @property
    def is_api(self) -> bool:
        """Whether it takes a token."""
        return self.route.startswith("/api/")


def addresses(web: FastAPI, known: Mapping[str, Any]) -> list[Address]:
    """All of them. known: an example for every parameter by its name, of things that are there."""
    document = web.openapi()
    found = []
    for route, right in declared(web):
        path = str(route.path_format)
        if "GET" not in (route.methods or ()) or path in LEFT_OUT:
            continue
        url = path.format_map({name: quote(str(_example(known, path, name))) for name in _named(path)})
        operation = document["paths"].get(path, {}).get("get", {})
        queries = ("", *_filters(operation, document, known, path), *QUERIES.get(path, ()))
        found += [Address(path, f"{url}?{query}" if query else url, right) for query in queries]
    return found


def _named(path: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", path)


def _example(known: Mapping[str, Any], path: str, name: str) -> Any:
    for key in (f"{path} {name}", name):
        if key in known:
            return known[key]
    raise LookupError(f"{path}: say in benchmarks/pages.py what {name} may be")


def _filters(
    operation: Mapping[str, Any], document: Mapping[str, Any], known: Mapping[str, Any], path: str
) -> Iterator[str]:
    """One query for each value of each filter; the end of the list; and as much of it as there may be."""
    asked = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "query"}
    for name, schema in asked.items():
        if name == "limit":
            yield WHOLE
        elif name == "after":
            yield f"after={cursor(10)}"
        else:
            values = list(_values(schema, document)) or [_example(known, path, name)]
            yield from (f"{name}={quote(str(value))}" for value in values)


def _values(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """The values of an enumeration; none for what is no enumeration."""
    for one in itertools.chain([schema], schema.get("anyOf", ())):
        name = one.get("$ref", "").rpartition("/")[2]
        yield from document["components"]["schemas"][name].get("enum", ()) if name else one.get("enum", ())
