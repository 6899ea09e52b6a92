"""What people type of a mailbox, read and checked; raises InvalidInput with a line for each that is wrong."""

from datetime import date
from typing import Any

from cadence.core.errors import InvalidInput
from cadence.core.sequence import From

_PACE = {"daily_cap": 1, "ramp_from": 1, "ramp_step": 0, "gap": 0, "jitter": 0}
"""The numbers of a pace, with the least that each may be."""
_MOST = 100_000
_LONGEST_SIGNATURE = 2_000
_DETAILS = ("name", "title", "phone", "zone", "country", "region")


def changes(typed: dict[str, str]) -> dict[str, Any]:
    """What is to be changed of signature, place and pace, by column."""
    values: dict[str, Any] = {name: typed.get(name, "").strip() for name in _DETAILS}
    for name, value in values.items():
        if len(value) > 200 or (value and not value.isprintable()):
            raise InvalidInput(f"The {name} is one line of at most 200 characters.")
    values["country"] = values["country"].upper()
    signature = typed.get("signature", "").replace("\r\n", "\n").strip()
    if len(signature) > _LONGEST_SIGNATURE or any(
        ord(sign) < 32 and sign not in "\n\t" for sign in signature
    ):
        raise InvalidInput(f"A signature is plain text of at most {_LONGEST_SIGNATURE} characters.")
    values["signature"] = signature
    for name in ("title", "phone", "country", "region", "signature"):
        values[name] = values[name] or None
    values["rests_on_holidays"] = "rests_on_holidays" in typed
    return values | {name: _number(typed.get(name, ""), name, least) for name, least in _PACE.items()}


def _number(text: str, name: str, least: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 6 and least <= int(text) <= _MOST):
        raise InvalidInput(f"{name.replace('_', ' ').capitalize()} is a number from {least} to {_MOST}.")
    return int(text)


def role(text: str) -> From:
    """Who signs."""
    try:
        return From(text)
    except ValueError:
        raise InvalidInput("A mailbox signs as a rep or as an executive.") from None


def day(text: str) -> date:
    """A day, as a field for days sends it."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(f"{text[:40]!r} is not a day such as 2026-01-31.") from None
