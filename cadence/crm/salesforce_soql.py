"""Writes what Salesforce is asked, in SOQL.

Nothing stands in a query but ids and instants, each looked at before, and names of fields that Salesforce
itself gave us; so there is no text of anybody's that would have to be escaped.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from cadence.core.errors import CrmError

_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def select(names: Iterable[str], source: str, where: str = "", order: str = "", limit: int = 0) -> str:
    """A query for fields of a kind of object. limit: 0 for none."""
    parts = ["SELECT", ", ".join(names), "FROM", source]
    parts += ["WHERE", where] if where else []
    parts += ["ORDER BY", order] if order else []
    parts += ["LIMIT", str(limit)] if limit else []
    return " ".join(parts)


def one_of(name: str, ids: Iterable[str]) -> str:
    """That a field holds one of these ids; raises CrmError."""
    return f"{name} IN ({', '.join(map(_quoted, ids))})"


def after(place: str) -> str:
    """That something changed at an instant or later, and comes behind an id of that instant, where the place
    has one (instant/id); raises CrmError.
    """
    at, _, behind = place.partition("/")
    if not _MOMENT.fullmatch(at):
        raise CrmError(f"{at[:40]!r} is no instant", temporary=False)
    since = f"SystemModstamp >= {at}"
    return f"{since} AND (SystemModstamp > {at} OR Id > {_quoted(behind)})" if behind else since


def moment(at: datetime) -> str:
    """An instant as SOQL has it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_id(said: str) -> bool:
    """Whether this can be an id: of 15 letters and digits, or of 18, where capitals do not count."""
    return _ID.fullmatch(said) is not None


def checked(said: str) -> str:
    """An id, which stands in paths and queries; raises CrmError."""
    if not is_id(said):
        raise CrmError(f"{said[:40]!r} is no id of Salesforce's", temporary=False)
    return said


def short(id_: str) -> str:
    """The 15 signs of an id that name a thing, as it comes in either length."""
    return id_[:15]


def _quoted(id_: str) -> str:
    return f"'{checked(id_)}'"
