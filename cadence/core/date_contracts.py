"""Decide on which day a reply says that their contract with the vendor they chose ends."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from datetime import date

from cadence.core.date_roles import Mention, Role, mentions_in
from cadence.core.date_sums import contract_end
from cadence.core.date_tokens import Phrases

_CONTRACT = r"contracts?|agreement|subscription|licen[cs]es?|maintenance deal|deal|term|vertr[aä]ge?\w*|\w+vertrag\w*|laufzeit|lizenz\w*|abo|contrats?|engagement|abonnement\w*|licence|contratos?|licencia|suscripción|acuerdo|overeenkomst|licentie|contratt[oi]|accordo|licenza|assinatura|licença|acordo"
_ENDS = r"ends?|ending|expires?|expiring|expiry|runs? (?:out|until|till|through|to|for)|running|is up|are up|comes up|coming up|up for renewal|renewals?|due for|lapses?|finish\w*|good until|ends on|läuft|laufen|laufzeit|endet|enden|ausläuft|kündbar|verlängert sich|court|expire|prend fin|se termine|arrive à|échéance|jusqu\w*|vence|venc\w+|termina|acaba|expira|finaliza|hasta|loopt|eindigt|verloopt|afloopt|scade\w*|scadenza|dura|fino|terminará|caduca|até|vigora"
_TIED = r"(?:tied|locked|bound|committed|signed up|stuck|in bed)\b.{0,30}\b(?:until|till|through|to)|(?:gebunden|festgelegt)|noch bis|engagés?|liés? (?:jusqu|par)|atad[oa]s|comprometid[oa]s|ligad[oa]s|vast tot|zitten (?:nog )?vast|vincolat[iao]|legat[iao]|pres[oa]s"
_SAYS = re.compile(
    rf"\b(?:{_CONTRACT})\b.{{0,80}}\b(?:{_ENDS})\b|\b(?:{_ENDS})\b.{{0,60}}\b(?:{_CONTRACT})\b|\b(?:{_TIED})\b",
    re.I,
)
_OURS = re.compile(
    r"\b(?:with you(?:rs)?|mit (?:ihnen|euch)|avec vous|con (?:ustedes|usted|vosotros)|met (?:jullie|u)|con (?:voi|lei)|convosco|consigo|com vocês)\b",
    re.I,
)


def contract_ends_on(text: str, sent: date, *, language: str = "en", day_first: bool = True) -> date | None:
    """Return the last day of a contract that a reply tells of, as near as its words go; None where none is told.

    sent: the day of the reply where it was written; language: ISO 639-1; day_first: the order of numeric dates.
    Of a month or a year that is named alone the contract is taken to end with it.
    """
    phrases = Phrases(text, sent, language, day_first=day_first)
    for mention in mentions_in(phrases, text):
        if _tells(mention) and mention.span.last > sent:
            return mention.span.last
    return None if _OURS.search(text) else contract_end(phrases, text)


def _tells(mention: Mention) -> bool:
    ends = mention.role not in (Role.PAST, Role.BEFORE, Role.RANGE_START, Role.AFTER)
    lasting = mention.span.shape in ("day", "month", "period", "year", "edge")
    sentence = mention.sentence
    return ends and lasting and bool(_SAYS.search(sentence)) and not _OURS.search(sentence)
