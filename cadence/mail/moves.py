"""Decide whether whoever writes has moved, and where they can be written to now: their own new address.

An address in a reply is the writer's own where words in the first person lead to it ("reach me at"), or where
it is made of their name as the old one is. That they have moved, the reply must say as well: a private
address for once is no new one.
"""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from collections.abc import Sequence

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput
from cadence.core.replies import Person
from cadence.mail.address import Address

SHORTEST_LOCAL_PART = 3
_CAP = r"[A-ZÀ-ÖØ-Þ][\w&'’-]{0,30}"
_BEFORE = 80
"""Characters before an address in which the words that lead to it are looked for."""
_OWN = re.compile(
    r"(?:\bmy (?:new |own |work |business |current |future |e-?mail )*(?:e-?mail|mail|address|details)|\b(?:reach|contact|find|get|e-?mail|write|write to|mail) me"
    r"|\bmeine (?:neue |künftige |berufliche )*(?:e-?mail|mail|adresse|e-?mail-?adresse|mailadresse)|\b(?:erreichen|erreichst|schreiben|kontaktieren|finden) (?:sie|du|ihr)? ?mich|\b(?:bin ich|ich bin)\b[^.@]{0,40}\bunter"
    r"|\b(?:ma|mon) (?:nouvelle? )?(?:adresse|e-?mail|mail|courriel)|\bm(?:e |['’])(?:joindre|contacter|écrire|trouver)"
    r"|\bmi (?:nuev[ao] )?(?:correo|dirección|e-?mail)|\b(?:contactar|localizar|escribir|encontrar|escríba)me"
    r"|\bmijn (?:nieuwe )?(?:e-?mail|mail|adres|e-?mailadres)|\bbereik(?:t|baar)?\b"
    r"|\b(?:il mio|la mia) (?:nuov[ao] )?(?:indirizzo|e-?mail|mail)|\b(?:contattar|scriver|trovar|raggiunger)mi"
    r"|\b(?:o meu|meu|minha) (?:nov[ao] )?(?:e-?mail|endereço|correio)|\b(?:contactar|contatar|escrever|encontrar)-?me)[^.!?@]{0,50}$",
    re.I,
)
_MOVED = re.compile(
    r"\b(?:(?:i(?:['’]ve| have| had)?|i(?:['’]m| am|['’]ll be| will be)) (?:\w+ ){0,2}(?:moved|left|leaving|joined|joining|changed|moving|starting|started|switched|at|with|working)\b|new (?:job|role|position|company|employer|address|e-?mail|mail|home|place)|no longer (?:with|at|work|working|part|employed)|(?:my )?last day|now (?:at|with|work|working)|changed (?:jobs|companies)"
    r"|gewechselt|verlassen|ausgeschieden|neue[nrs]? (?:stelle|adresse|e-?mail|e-?mail-?adresse|mailadresse|arbeitgeber|firma|position|job|aufgabe)|nicht mehr (?:bei|für|tätig)|jetzt bei|arbeite (?:jetzt|nun)"
    r"|quitté|rejoint|nouve(?:l|lle|au) (?:adresse|poste|employeur|société|entreprise|e-?mail|mail)|ne (?:travaille|suis) plus|désormais chez|travaille désormais"
    r"|he (?:dejado|cambiado)|nuev[ao] (?:puesto|empresa|trabajo|correo|dirección|e-?mail)|ya no (?:trabajo|estoy)|ahora (?:trabajo|estoy)"
    r"|overgestapt|nieuwe (?:baan|werkgever|functie|adres|e-?mailadres|e-?mail)|niet meer (?:bij|werkzaam)|werk nu"
    r"|ho (?:lasciato|cambiato)|nuov[ao] (?:azienda|lavoro|indirizzo|ruolo|posizione)|non lavoro più|ora lavoro"
    r"|mudei|deixei|nov[ao] (?:empresa|emprego|e-?mail|endereço|cargo)|já não trabalho|não trabalho mais|agora (?:trabalho|estou))\b",
    re.I,
)
_COMPANY = re.compile(
    rf"\b(?i:moved (?:on )?to|moving to|joined|joining|now (?:at|with|working (?:at|for)|work (?:at|for))|started (?:at|with)|(?:job|role|position) (?:at|with)|gewechselt zu(?:r|m)?|zu(?:r|m)? (?=\S+(?: \S+)? gewechselt)|(?:jetzt|nun) (?:bei|für)|rejoint|désormais chez|ahora (?:trabajo |estoy )?(?:en|con)|nu bij|ora (?:lavoro )?(?:in|per|presso)|agora (?:trabalho |estou )?(?:na|no|em)) (?i:the |der |die |la |le )?(?P<company>{_CAP}(?: (?:{_CAP}|&)){{0,3}})"
)


def moved_in(text: str, sender: Address | None, people: Sequence[Person]) -> Person | None:
    """Where the writer of a mail can be written to now; None where they do not say that they have moved.

    people: everybody named in it; sender: None where nobody knows who wrote it.
    """
    if sender is None or not _MOVED.search(text):
        return None
    plain = " ".join(text.split())
    for person in people:
        if person.email and _is_address(person.email) and _is_own(plain, sender, person.email):
            found = _COMPANY.search(plain)
            company = found["company"].strip(" .,'’") if found else None
            return Person(" ".join(sender.name.split()) or None, person.email, company)
    return None


def _is_address(email: str) -> bool:
    try:
        return bool(normalize(email))
    except InvalidInput:
        return False


def _is_own(text: str, sender: Address, email: str) -> bool:
    at = text.find(email)
    if at >= 0 and _OWN.search(text[max(0, at - _BEFORE) : at]):
        return True
    old, new = (address.lower().rpartition("@")[0] for address in (sender.email, email))
    names = [word for word in re.split(r"\W+", sender.name.lower()) if len(word) >= SHORTEST_LOCAL_PART]
    alike = old == new and len(new) >= SHORTEST_LOCAL_PART
    return alike or (len(names) > 1 and all(name in new for name in (names[0], names[-1])))
