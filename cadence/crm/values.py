"""Reads the values in which APIs of CRMs say things; what is no such value is None."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from cadence.core.errors import CrmError


def objects(found: Any, name: str = "results") -> list[dict[str, Any]]:
    """The list of objects that an answer holds under a name; raises CrmError where it holds none."""
    listed = found.get(name) if isinstance(found, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise CrmError("the CRM answered what cannot be used", temporary=True)
    return listed


def text(found: Mapping[str, Any] | None, name: str) -> str | None:
    """What an object says under a name, as text in one line; None for nothing."""
    said = (found or {}).get(name)
    if said is None or isinstance(said, (dict, list)):
        return None
    if isinstance(said, bool):
        return "true" if said else "false"
    visible = "".join(sign if sign.isprintable() else " " for sign in str(said))
    return " ".join(visible.split()) or None


def amount(said: object) -> Decimal | None:
    """A number, however it is written."""
    try:
        found = Decimal(str(said).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def count(said: object) -> int | None:
    """A whole number above zero."""
    found = amount(said)
    return int(found) if found is not None and 1 <= found < 10**9 else None


def instant(said: object) -> datetime | None:
    """An instant, aware UTC: of ISO 8601 (without a zone: UTC), or of milliseconds since 1970."""
    try:
        if isinstance(said, int) or (isinstance(said, str) and said.isdecimal()):
            return datetime.fromtimestamp(int(said) / 1000, UTC)
        found = datetime.fromisoformat(str(said))
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
