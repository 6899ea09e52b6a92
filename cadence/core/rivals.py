"""Decide whether a reply speaks of the vendor that its deal is known to be lost to: by name, or as "them"."""

import re
from dataclasses import replace

from cadence.core.phrases import fold, phrases
from cadence.core.replies import Verdict

LONGEST_TEXT = 4_000
LEAST_LETTERS = 4
"""In the first word of a name, for it to stand for the whole ("Norvane" for "Norvane Systems GmbH")."""
_WORD = re.compile(r"[^\W_](?:[^\W_]|[.&'’-](?=[^\W_]))*|&")
_POSSESSIVE = re.compile(r"['’](?:s)?$", re.I)
# Words that stand for the vendor they chose where no name does.
_THEM = phrases(r"""
(?:go|goes|going|went|gone) _ with (?:them|the others?|the other lot|the other side)
(?:stay|staying|stayed|stick|sticking|stuck|happy) _ with (?:them|the others?|the other lot)
(?:sign|signed|signing) _ with (?:them|the others?|the other lot)
(?:chose|choose|chosen|picked|took|prefer|preferred) (?:them|the others?|the other lot)
for them instead
(?:mit|bei) (?:denen|den anderen|dem anderen anbieter)
für (?:die anderen|den anderen|den mitbewerber)
(?:avec|chez) (?:eux|les autres|l'autre)
choisi (?:les autres|l'autre)
con (?:ellos|los otros|los demás|la otra empresa)
elegido a (?:ellos|los otros)
(?:met|bij|voor) (?:hen|de anderen|de andere partij)
con (?:loro|gli altri|l'altra ditta)
scelto (?:loro|gli altri)
(?:com|por) (?:eles|os outros)
escolhemos os outros
""")


def about_deal(verdict: Verdict, rival: str | None) -> Verdict:
    """What a mail says once it is known which vendor its deal went to: who says "them" means it.

    rival: the vendor as the deal has it, or None. Only the competitor can change, never the category.
    """
    if not rival or verdict.automatic:
        return verdict
    text = verdict.text[:LONGEST_TEXT]
    named = mentioned(text, rival)
    if named is None and verdict.competitor is None and _THEM.search(fold(text)):
        named = rival
    return replace(verdict, competitor=named) if named else verdict


def mentioned(text: str, name: str) -> str | None:
    """Return a vendor's name as a text has it, whole or as far as its first word; None where it has none.

    It has to have a capital, unless the text has none at all.
    """
    wanted = list(map(fold, _WORD.findall(name)))
    found = list(_WORD.finditer(text))
    words = [fold(_POSSESSIVE.sub("", each[0])) for each in found]
    careless = text == text.lower()
    for length in range(len(wanted), 0, -1):
        if length < len(wanted) and len(wanted[length - 1]) < LEAST_LETTERS:
            continue  # neither "Red" of "Red Kite" nor "Mills &" of "Mills & Co" is a name
        for start in range(len(words) - length + 1):
            whole = text[found[start].start() : found[start + length - 1].end()]
            if words[start : start + length] == wanted[:length] and (careless or whole[0].isupper()):
                return _POSSESSIVE.sub("", whole)
    return None
