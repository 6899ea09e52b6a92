"""Long lists in parts: a cursor says where the next begins, so that what is added meanwhile moves nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cadence.core.errors import InvalidInput

T = TypeVar("T")
_LONGEST = 500
_NONE_OF_OURS = "This cursor was not made for this list."


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One part of a list. next: the cursor of the following one, None at the end."""

    items: Sequence[T]
    next: str | None


def cursor(*values: str | int | float) -> str:
    """A cursor that stands behind the item with these sort values; opaque to whoever gets it."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def position(given: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The sort values that a cursor stands behind, None at the beginning.

    kinds: of the values, in their order. Raises InvalidInput for what is no cursor of this list.
    """
    if not given:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(given[:_LONGEST] + "=" * (-len(given[:_LONGEST]) % 4)))
    except (binascii.Error, ValueError, RecursionError) as fault:
        raise InvalidInput(_NONE_OF_OURS) from fault
    if not isinstance(said, list) or [type(one) for one in said] != list(kinds):
        raise InvalidInput(_NONE_OF_OURS)
    if any(isinstance(one, int) and abs(one) >= 2**63 for one in said):
        raise InvalidInput(_NONE_OF_OURS)
    return tuple(said)
