"""The interface that every CRM is spoken to by, and what is known of a CRM before it is connected.

A connector reads, writes and raises CrmError; it decides nothing, keeps nothing but what one visit needs, and
asks for no time. Whoever calls it owns the cursor, the retries of what failed, and what a deal means here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from cadence.core.crm import Changes, RemoteDeal, RemoteField, Unread
from cadence.crm.web import Fetch

AT_ONCE = 100
"""Deals that are asked for together, at most."""
OVERLAP = timedelta(minutes=5)
"""What changed that recently is listed again: lists of CRMs lag behind what they are about."""


class Connector(Protocol):
    """The way to one account of a CRM; every method raises CrmError. What else breaks where an answer is not
    as its reference describes it becomes one as well, see guarded.py.
    """

    async def check(self) -> str:
        """Whether the grant allows what is needed; gives the name of the account, for a person."""

    async def fields(self) -> Sequence[RemoteField]:
        """The fields of its deals, by their labels."""

    async def pipelines(self) -> Sequence[str]:
        """The names of its pipelines."""

    def cursor(self, since: datetime) -> str:
        """Where `changes` begins for what changed at `since` (aware UTC) and later."""

    async def changes(self, cursor: str, *, now: datetime) -> Changes:
        """Which deals changed, the oldest change first, a part of them at a time.

        No deal is left out, also where many changed in one instant or change meanwhile; some come twice. The
        last part's cursor goes back to OVERLAP before now.
        """

    async def deals(self, ids: Sequence[str], fields: Collection[str]) -> Sequence[RemoteDeal | Unread]:
        """These deals (at most AT_ONCE) with their people; those that are gone are left out.

        fields: by name, which RemoteDeal.fields is to hold; one that the CRM does not know is not there.
        """

    async def write(self, deal_id: str, values: Mapping[str, str]) -> None:
        """Set fields of a deal, by name; "" empties one. Done twice it is as done once."""

    async def note(self, deal_id: str, key: str, text: str, at: datetime) -> None:
        """Put a note on a deal, unless it has that of this key. text: plain; key: letters and digits."""


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that opens a CRM, or proves its webhooks. name: of it; label: as a page asks for it."""

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What claims to be a webhook of a CRM. url: to which it was sent; headers: by lower-case names."""

    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Kind:
    """A CRM that can be connected.

    url: where its API is, "" where every account has one of its own; secrets: what opens it; hook: the
    secret of its webhooks, which are not needed; reads: the field of a deal here → that field there, unless a
    manager says another; open: the way to an account, by its URL and secrets; noticed: the ids of the deals
    that a webhook is about, raises Unauthenticated for one that its secret does not prove, or that is old,
    and CrmError for one that cannot be used; every: between two looks at what changed.
    """

    name: str
    label: str
    url: str
    secrets: tuple[Secret, ...]
    hook: Secret
    reads: Mapping[str, str]
    open: Callable[[str, Mapping[str, str], Fetch], Connector]
    noticed: Callable[[Notice, str, datetime], Sequence[str]]
    every: timedelta = timedelta(minutes=1)
