"""Lets whatever a CRM answers in a shape that nobody expected be a fault of the CRM, and no fault of ours.

Connectors read answers as their references describe them. Where one is otherwise, such as a list in place of
an object, the reading breaks in some way; here that becomes one line, and is tried again as other faults are.
"""

from collections.abc import Awaitable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from cadence.core.crm import Changes, RemoteDeal, RemoteField, Unread
from cadence.core.errors import CrmError
from cadence.crm.connector import Connector

T = TypeVar("T")
_BROKEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Guarded:
    """A connector that raises CrmError and no other error (see Connector)."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector

    async def check(self) -> str:
        """The same, guarded."""
        return await _guard(self._connector.check())

    async def fields(self) -> Sequence[RemoteField]:
        """The same, guarded."""
        return await _guard(self._connector.fields())

    async def pipelines(self) -> Sequence[str]:
        """The same, guarded."""
        return await _guard(self._connector.pipelines())

    def cursor(self, since: datetime) -> str:
        """The same; it asks nobody."""
        return self._connector.cursor(since)

    async def changes(self, cursor: str, *, now: datetime) -> Changes:
        """The same, guarded."""
        return await _guard(self._connector.changes(cursor, now=now))

    async def deals(self, ids: Sequence[str], fields: Collection[str]) -> Sequence[RemoteDeal | Unread]:
        """The same, guarded."""
        return await _guard(self._connector.deals(ids, fields))

    async def write(self, deal_id: str, values: Mapping[str, str]) -> None:
        """The same, guarded."""
        await _guard(self._connector.write(deal_id, values))

    async def note(self, deal_id: str, key: str, text: str, at: datetime) -> None:
        """The same, guarded."""
        await _guard(self._connector.note(deal_id, key, text, at))


async def _guard(visit: Awaitable[T]) -> T:
    try:
        return await visit
    except _BROKEN as fault:
        said = f"it answered what cannot be used: {type(fault).__name__} {fault}"
        raise CrmError(said[:200], temporary=True) from fault
