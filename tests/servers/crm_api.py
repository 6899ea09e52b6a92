"""What the stand-ins for CRMs share: deals with their people, tokens, and answers out of turn.

A test says what happens in the CRM in the words below, which are the same for all; each stand-in speaks its
published reference over them, and refuses whatever that does not describe.
"""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from cadence.core.crm import DealState, RemoteField
from cadence.crm.connector import Connector, Kind, Notice
from cadence.service.outside import Outside
from tests.servers.web import Reply, Request, WebServer

DROP = "drop"
"""What became of a request that was carried out, and never answered."""
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOOK_SECRET = "the-apps-client-secret"


def id_of(number: int) -> str:
    """The id of a deal that any CRM could give: some of them count, others have ids of a certain length."""
    return str(10**14 + number)


@dataclass(frozen=True)
class Person:
    email: str | None
    first_name: str = ""
    last_name: str = ""
    title: str = ""


@dataclass(frozen=True)
class Firm:
    name: str
    domain: str = ""
    industry: str = ""
    size: int | None = None


@dataclass(frozen=True)
class Sale:
    """A deal as it stands in the CRM. values: of its further fields, by the CRM's names."""

    id: str
    name: str = "Warehouse scanners"
    state: DealState = DealState.OPEN
    pipeline: str = "Sales"
    amount: Decimal | None = Decimal(48000)
    currency: str = "EUR"
    closed_at: datetime | None = None
    changed_at: datetime = BEGIN
    owner: str | None = "rep@vendor.test"
    firm: Firm | None = Firm("Lost Inc.", "lost.test", "logistics", 320)
    people: tuple[Person, ...] = (Person("dana@lost.test", "Dana", "Reed", "Purchasing"),)
    values: dict[str, str] = field(default_factory=dict)
    broken: bool = False


@dataclass(frozen=True)
class Note:
    deal_id: str
    text: str


@dataclass(frozen=True)
class Asked:
    """The parameters of a request, and the JSON of its body."""

    query: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """What a reference says of one request. handler: the method that answers it; query: the parameters that
    it takes; body: what its JSON may hold; needs: what of both it must.
    """

    handler: str
    query: frozenset[str] = frozenset()
    body: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    @classmethod
    def of(cls, handler: str, *, query: str = "", body: str = "", needs: str = "") -> "Operation":
        return cls(handler, *(frozenset(names.split()) for names in (query, body, needs)))


@dataclass
class CrmApi(WebServer):
    """An account of a CRM.

    token: the one that is good; now: by its clock; moods: what happens to the next requests, in order: an
    answer in place of the CRM's, or DROP for one that is carried out and not answered; pipelines: by name;
    fields: those that deals have beside what every deal has.
    """

    token: str = "a-token"
    now: datetime = BEGIN
    sales: dict[str, Sale] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    moods: "deque[str | Reply]" = field(default_factory=deque)
    pipelines: tuple[str, ...] = ("Sales", "Renewals")
    fields: list[RemoteField] = field(
        default_factory=lambda: [
            RemoteField("win_back", "Win-back", "text"),
            RemoteField("rival", "Rival", "text"),
            RemoteField("age", "Age", "number", is_writable=False),
        ]
    )

    kind: ClassVar[Kind]
    operations: ClassVar[Mapping[str, Operation]]

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def reason(self) -> str:
        """The field of the CRM in which a rep says why a deal was lost."""
        return self.kind.reads["reason"]

    # --- what happens in the CRM ---

    def put(self, sale: Sale) -> Sale:
        """A deal is made or changed there, now."""
        self.sales[sale.id] = replace(sale, changed_at=self.now)
        return self.sales[sale.id]

    def lose(self, deal_id: str, reason: str = "", **about: object) -> Sale:
        """A rep closes a deal as lost."""
        known = self.sales.get(deal_id) or Sale(deal_id)
        values = known.values | ({self.reason: reason} if reason else {})
        lost = {"state": DealState.LOST, "closed_at": self.now, "values": values}
        return self.put(replace(known, **(lost | about)))  # type: ignore[arg-type]

    def reopen(self, deal_id: str) -> Sale:
        return self.put(replace(self.sales[deal_id], state=DealState.OPEN, closed_at=None))

    def win(self, deal_id: str) -> Sale:
        return self.put(replace(self.sales[deal_id], state=DealState.WON, closed_at=self.now))

    def set(self, deal_id: str, **values: str) -> Sale:
        """Somebody types into fields of a deal."""
        known = self.sales[deal_id]
        return self.put(replace(known, values=known.values | values))

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def notes_of(self, deal_id: str) -> list[str]:
        return [note.text for note in self.notes if note.deal_id == deal_id]

    # --- how it is spoken to ---

    def secrets(self) -> dict[str, str]:
        """What opens the account."""
        return {"token": self.token}

    def connector(self, outside: Outside | None = None, **secrets: str) -> Connector:
        return self.kind.open(self.url, self.secrets() | secrets, (outside or Outside(private=True)).ask)

    def notice(self, ids: list[str], url: str, secret: str = HOOK_SECRET) -> Notice:
        """The webhook by which it says that deals changed, as it would sign it now."""
        raise NotImplementedError

    def refusal(self, status: int, text: str, **headers: str) -> Reply:
        """A fault, as the CRM writes it."""
        raise NotImplementedError

    def is_let_in(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.token}"

    def answer(self, request: Request) -> Reply:
        """What the reference describes, and nothing else: no other path, parameter or part of a body."""
        said = json.loads(request.body) if request.body else {}
        for described, operation in self.operations.items():
            named = re.fullmatch(
                re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", described), f"{request.method} {request.path}"
            )
            if named is None:
                continue
            held = set(said) if isinstance(said, dict) else set()
            assert set(request.query) <= operation.query, f"parameters {set(request.query) - operation.query}"
            assert held <= operation.body, f"a body with {held - operation.body}"
            assert operation.needs <= held | set(request.query), f"no {operation.needs - held}"
            handler = getattr(self, operation.handler)
            reply: Reply = handler(Asked(request.query, said), **named.groupdict())
            return reply
        return self.refusal(404, "there is no such path")

    def reply(self, request: Request) -> Reply | None:
        self.asked.append(request)
        mood = self.moods.popleft() if self.moods else None
        if isinstance(mood, Reply):
            return mood
        if not self.is_let_in(request):
            return self.refusal(401, "this token is not good")
        try:
            reply = self.answer(request)
        except (AssertionError, KeyError, ValueError) as fault:
            reply = self.refusal(400, f"the reference does not describe that: {fault!r}")
        return None if mood == DROP else reply
