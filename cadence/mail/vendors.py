"""Decide which capitalized words look like a vendor where no phrase introduces one ("Corvane was late").

This is a guess, asked only in replies that speak of a choice or of a supplier's trouble, and only in
English: in the other languages it invents more vendors than it finds.
"""

import re

from cadence.mail.intent.concepts import lexicon
from cadence.mail.names import is_no_vendor

LONGEST_TEXT = 4_000
_WORD = r"[A-Z][\w-]{0,30}[a-z]"
_NAME = rf"(?P<name>{_WORD}(?: (?:& )?{_WORD}){{0,3}})"
_AMID = re.compile(rf"(?<=[a-z,;:(] ){_NAME}(?!['’](?:ve|ll|d|m|re|t)\b)")
_ACTS = (
    "is|are|was|were|has|have|had|put|wanted|lets?|threw|got|gave|may|can|could|did|do|does|said|told|came|went|lost|won|"
    "offered|promised|missed|keeps?|made|make|shipped|sent|turned|showed|quoted|raised|charged|dropped|accepted|runs?|"
    "invoice|contract|lawyers|team|price|rep|support|software|system"
)
_FIRST = re.compile(
    rf"(?:^|[.!?\n] ?)(?:(?:The|Whatever|With|Those|So|And|But) )?{_NAME}(?:'s|’s)? "
    rf"(?:people |lot |guys |just |only |then |also |already )?(?:{_ACTS})\b"
)
# Words before a name that make it a person or a place.
_NO_FIRM = re.compile(
    r"(?:\b(?:from|in|at|near|called|named|by|over|dear|hi|hello|hey|mr|ms|mrs|dr|is|am|i'm|regards|cheers|thanks|"
    r"sincerely|our|my|colleague) |\b(?:mr|ms|mrs|dr)\. )$",
    re.I,
)
_CAPITALIZED = """
german english french spanish italian dutch welsh irish scottish swiss american americans british
europe germany france spain italy london berlin paris christmas easter excel word outlook oracle
microsoft sap iso finance legal procurement treasury google android apple god dublin leeds cardiff
glasgow bristol manchester singapore sir madam states arabic ours whoever eighty legislation proposal
sister mr mrs ms dr
"""
_PLACES = frozenset(_CAPITALIZED.split())


def vendor_in(text: str, language: str | None) -> str | None:
    """Return the first name that may be a vendor's; None where there is none, or it is not English."""
    if language not in (None, "en"):
        return None
    text = text[:LONGEST_TEXT]
    for pattern in (_FIRST, _AMID):
        for found in pattern.finditer(text):
            before = text[max(0, found.start("name") - 14) : found.start("name")]
            if not _NO_FIRM.search(before) and _may_be_firm(found["name"], begins=pattern is _FIRST):
                return found["name"]
    return None


def _may_be_firm(name: str, *, begins: bool) -> bool:
    first = name.split(maxsplit=1)[0].lower()
    return not (is_no_vendor(first) or first in _PLACES or (begins and lexicon("en").knows(first)))
