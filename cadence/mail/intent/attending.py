"""Decide whether somebody says, in their own words, that they come to an event: "I'll be there", "can't make it".

Heard in every mail of a person; it counts only where the mail that is answered invited them. What they say
besides is for the other rules, so that "I'll be there. And please send a quote" asks for a quote.
"""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

from cadence.core.occasions import Rsvp
from cadence.core.phrases import fold, phrases

LONGEST_TEXT = 4_000
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")

_SAYS = {
    Rsvp.DECLINED: """(can't|cannot|can not|won't|will not|couldn't|not(?! (yet )?sure)|unable|never) ~ (make it|attend|come|join|be there|take part|participate|make that|be able to)
(have|has|need|afraid|like) ~ to (decline|pass|skip it|miss it|miss this|give it a miss|sit this one out)
((i|we)('ll| will)|i|we) (pass|skip|decline|miss it|sit this one out)
(send|with) (my|our) regrets
(another|other|a prior|a previous|an earlier) (commitment|engagement|appointment) ~ (that|then|day|already|same)?
(i|we)('m| am|'re| are|'ll be| will be) (away|abroad|travelling|traveling|out of town|on holiday|on vacation|on leave|double-booked|booked|otherwise engaged) (then|that|on that|at that|already)
(nicht|leider nicht|kaum) ~ (kommen|komme|teilnehmen|dabei|dabei sein|da sein|anwesend|schaffen|einrichten)
(schaffe|schaffen|kann|können) (es|ich|wir|das)?(ich|wir|es|das)? ?~ (nicht|leider nicht)
(muss|müssen|sage|sagen|möchte) ~ (absagen|leider ab|ab)
(bin|sind) ~ verhindert
(ne|n') ?(pourrai|pourrons|peux|pouvons|serai|serons|viendrai|viendrons|participerai|participerons|assisterai|assisterons|suis|sommes) (malheureusement )?pas
(dois|devons|devrai) ~ (décliner|renoncer)
pas (disponible|disponibles|libre|libres) ~
(je|nous) (suis|sommes|serai|serons) (pris|empêché|empêchés|retenu|en congés|en vacances)
no (voy a|vamos a )?(podré|podremos|puedo|podemos|asistiré|asistiremos|iré|iremos|estaré|estaremos|poder)
(tengo|tenemos) otro compromiso
(kan|kunnen|ben|zijn|lukt) ~ (niet|verhinderd|helaas niet)
non (potrò|potremo|posso|possiamo|riesco|riusciamo|ci sarò|ci saremo|verrò|verremo|parteciperò)
não (poderei|poderemos|posso|podemos|vou|vamos|estarei|estaremos|irei|iremos|consigo|conseguimos)""",
    Rsvp.TENTATIVE: """(might|may|maybe|perhaps|possibly|probably|hope to|hoping to|try to|try and|trying to|will see (if|whether)|'ll see (if|whether)|not (yet )?sure|don't know (yet )?(if|whether)) ~ (make it|attend|come|join|be there|drop by|be able)
(pencil|pencilled|penciled) ~ in
tentatively
(vielleicht|eventuell|evtl|möglicherweise|wahrscheinlich|noch nicht sicher|weiß noch nicht|versuche|versuchen|mal sehen) ~ (komme|kommen|dabei|teil|teilnehmen|schaffe|schaffen|klappt)
(peut-être|sans doute|probablement|j'essaierai|essaierons|pas encore (sûr|certain)) ~
(quizá|quizás|tal vez|a lo mejor|no sé si|intentaré|intentaremos) ~ (asist\\w*|ir|iré|pod\\w*|estar\\w*|acud\\w*)
misschien ~ (kom|komen|erbij|aanwezig)
forse ~ (verrò|ci sarò|parteciperò|riesco|vengo)
talvez ~ (vá|possa|irei|consiga|participe)""",
    Rsvp.ACCEPTED: """(i|we)('ll| will| shall|'d be happy to| can|'re going to|'m going to| am going to| are going to) ((both|all|definitely|certainly|surely|gladly|happily|be able to) )?(be there|be attending|attend|come|be coming|come along|join|join you|make it|take part|participate|drop by|be present)
(i|we)('d| would) (love|like|be (very )?(happy|glad|delighted|pleased|honou?red)) to (attend|come|join|be there|take part|accept|participate)
(count|sign|put|add|pencil) (me|us) (in|up|down)
(save|reserve|keep|hold) (me|us|a) ~ (seat|seats|spot|spots|place|places|chair)
((very )?(happy|glad|pleased|delighted|thrilled)|looking forward) to (attend|attending|come|coming|join|joining|accept|being there|seeing you there|the (event|day|workshop|webinar|breakfast|visit))
see you (there|then|on (monday|tuesday|wednesday|thursday|friday|saturday|sunday|the))
(i|we)( gladly| happily|'d like to| hereby)? accept ~ (invitation|invite)
(i|we)('m| am|'re| are) (definitely |certainly )?(in|coming|attending)
(i|we)('ve| have) (just )?(registered|signed up|accepted|put it in)
(ich|wir) (komme|kommen|bin|sind|werde|werden) ~ (gern|gerne|dabei|da|da sein|dabei sein|vorbei|kommen|teilnehmen)
(bin|sind|komme|kommen) (ich|wir) ~ (gern|gerne|dabei|da|vorbei)
(bin|sind|komme|kommen|gern|gerne) (gern|gerne|dabei|da|vorbei)
(ich|wir) (komme|kommen)[.!]?$
(nehme|nehmen) ~ teil
(sage|sagen) ~ zu
(melde|melden) ~ an
(merken|tragen) sie (mich|uns) ~ (vor|ein)
(je|nous|j'y|nous y) ~ (viendrai|viendrons|serai|serons|participerai|participerons|assisterai|assisterons|viens|venons)
(comptez|tu peux compter|vous pouvez compter) sur (moi|nous|ma|notre) ?~
(confirme|confirmons) ~ (présence|participation|venue)
(allí|ahí) (estaré|estaremos)
(asistiré|asistiremos|acudiré|acudiremos|iremos|(estaré|estaremos) (allí|ahí|encantad\\w+))
(cuente|cuenten|contad|cuenta) con(migo| nosotros| mi| nuestra)
(confirmo|confirmamos) ~ (asistencia|presencia|participación)
(ik|wij|we) (kom|komen|ben|zijn) (graag|erbij|aanwezig|zeker)
(parteciperò|parteciperemo|ci sarò|ci saremo|verrò|verremo|vengo volentieri|confermo la)
(estarei|estaremos|participarei|participaremos|irei com|conte comigo|contem comigo|confirmo a minha presença|confirmo presença|confirmo minha presença)""",
}
"""Whoever cannot come, or may, uses the words of those who do; so these are asked last."""

_PATTERNS = {rsvp: phrases(lines) for rsvp, lines in _SAYS.items()}


def attending(text: str) -> tuple[Rsvp, str] | None:
    """What somebody answers to an invitation, and their words without it; None where they say neither that they
    come nor that they do not, or both.
    """
    found: set[Rsvp] = set()
    rest = []
    for sentence in _SENTENCE.split(text[:LONGEST_TEXT]):
        rsvp = None if sentence.rstrip().endswith("?") else _in_sentence(fold(sentence[:600]))
        if rsvp:
            found.add(rsvp)
        else:
            rest.append(sentence)
    return (found.pop(), "\n".join(rest)) if len(found) == 1 else None


def _in_sentence(folded: str) -> Rsvp | None:
    return next((rsvp for rsvp, pattern in _PATTERNS.items() if pattern.search(folded)), None)
