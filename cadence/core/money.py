"""Decides what an amount that a person wrote is worth: a number with its currency, or nothing we dare say.

What could mean two things is read as offers are written (1.234 is a thousand and more); what says more than a
number and a currency, such as "12k a year" or a range, is not read at all, since adding it up would mislead.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

NO_CURRENCY = ""
"""Of amounts that are a bare number."""

_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "FR.": "CHF", "SFR": "CHF", "EURO": "EUR", "EUROS": "EUR"}
_KNOWN = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KWD MAD MXN "
    "MYR NGN NOK NZD PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR"
)
_CODES = frozenset(_KNOWN.split())
"""ISO 4217 codes of currencies in which deals are written."""
_TIMES = {
    **dict.fromkeys(("k", "tsd", "tsd.", "thousand"), 1_000),
    **dict.fromkeys(("m", "mn", "mio", "mio.", "million", "millionen", "millions"), 1_000_000),
    **dict.fromkeys(("bn", "mrd", "mrd.", "billion"), 1_000_000_000),
}
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,+-]{1,5})?\s*(?P<number>\d[\d.,'’ \u00a0\u202f]*)\s*"
    r"(?P<times>[a-z]+\.?)?\s*(?P<after>[^\d\s.,+-]{1,5}\.?)?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?P<sign>[.,' ])\d{3}(?:(?P=sign)\d{3})*")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Money:
    """An amount. currency: ISO 4217 code, "$" where nobody says whose, NO_CURRENCY for a bare number."""

    currency: str
    amount: Decimal


@lru_cache(maxsize=65536)
def read(text: str) -> Money | None:
    """The amount in a text; None where it is not just a number with, perhaps, a currency."""
    found = _AMOUNT.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        return None
    times, after = found["times"] or "", found["after"] or ""
    if times and times.lower() not in _TIMES:
        if after:
            return None
        times, after = "", times
    currency = _currency(found["before"] or "", after)
    number = _number(found["number"])
    if currency is None or number is None:
        return None
    return Money(currency, number * _TIMES.get(times.lower(), 1))


def _currency(before: str, after: str) -> str | None:
    said = [word.upper() for word in (before, after) if word]
    names = {_SIGNS.get(word, word) for word in said}
    if not names:
        return NO_CURRENCY
    name = names.pop()
    return name if not names and (name in _CODES or name == "$") else None


def _number(text: str) -> Decimal | None:
    """A number as it is written here or there: 12,500.00, 12.500,00, 12'500, 12 500, 12500."""
    plain = re.sub("[’ \u00a0\u202f]", lambda sign: "'" if sign[0] == "’" else " ", text).strip().rstrip(",.")
    whole, decimals = plain, ""
    last = max(plain.rfind("."), plain.rfind(","))
    if last >= 0 and not _GROUPED.fullmatch(plain):
        whole, decimals = plain[:last], plain[last + 1 :]
    if not whole.isdecimal() and not _GROUPED.fullmatch(whole):
        return None
    if decimals and not decimals.isdecimal():
        return None
    return Decimal("".join(filter(str.isdecimal, whole)) + (f".{decimals}" if decimals else ""))
