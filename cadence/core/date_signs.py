"""Decide by which words a sentence ties a day to coming back, to being away, or to what is over."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

PAST = re.compile(
    r"\b(?:thank\w* (?:you )?for (?:the|your|our) (?:call|visit|chat|meeting|demo|time|talk|presentation)|danke für (?:das|den|die|ihren|ihre)|merci pour|gracias por|bedankt voor|grazie per|obrigad[oa] pel[oa]|since|ago|last|met|spoke|talked|decided|chose|signed|bought|went live|went with|started|moved|implemented|purchased|sent|received|quoted|was|were|had|did|saw|attended|left|joined|missed|seit|letzte\w*|vergangen\w*|haben? (?:uns|wir|ich)|wurde|hatten?|war(?:en)?|unterschrieben|entschieden|getroffen|gesprochen|depuis|dernier|dernière|avons|avait|était|signé|choisi|rencontr\w+|desde hace|pasad[oa]|firmamos|firmado|elegimos|hablamos|estuv\w+|fue|vimos|sinds|afgelopen|vorige|hebben|hadden|was|getekend|gekozen|gesproken|scors[oa]|abbiamo|avevamo|era|firmato|scelto|parlato|passad[oa]|assinamos|escolhemos|falamos|foi|tivemos|assinado)\b",
    re.I,
)
COMING = re.compile(
    r"(?:\b\w+['’]ll\b|\bwon['’]t\b)|\b(?:will|shall|going to|wird|werden|sera|seront|será|serán|serão|wordt|worden|zullen|zal|sarà|saranno|saprò|saurai|saurons|sabré|sabremos|saberemos)\b",
    re.I,
)
BACK = re.compile(
    r"\b(?:back|return\w*|again|available|resume|reachable|in the office (?:on|from)|wieder|zurück|rückkehr|erreichbar|retour|de nouveau|reviens|revenir|reprend\w*|rentre\w*|regres\w+|vuelv\w+|volver\w*|vuelta|reincorpor\w+|retom\w+|terug\w*|weer|hervat|rientr\w+|torner\w+|ritorn\w+|torno|nuovamente|retorn\w+|voltar\w*|volto|novamente|disponible|disponibile|disponível)\b",
    re.I,
)
WISH = re.compile(
    r"\b(?:contact|call|ring|ping|reach|try|touch|revisit|reconnect|re-?open|re-?visit|talk|speak|come back|check|look|again|budget|renew\w*|contract|expire\w*|until|till|earliest|wait|follow|write|e-?mail|nudge|reminder|remind|knock|circle|plan\w*|melden|meld\w*|anrufen|rufen|sprechen|kontakt\w*|wieder|erneut|frühestens|vertrag|läuft|budget|haushalt|recontact\w*|contact\w*|rappel\w*|revenir|revenez|reparl\w+|échéance|contrat|relanc\w+|contact\w+|llam\w+|habl\w+|vuelv\w+|retom\w+|escrib\w+|contrato|vence|presupuesto|bel\b|bellen|neem|contact|terug|opnieuw|contract|richiam\w+|risent\w+|ricontatt\w+|riparl\w+|contratto|scad\w+|contat\w+|ligu\w+|fal\w+|volt\w+|retom\w+|contrato|venc\w+|orçamento)\b",
    re.I,
)
ASKS = re.compile(
    r"\b(?:contact|call|ring|ping|reach|try|touch|get back|pick|chase|revisit|reconnect|talk|speak|come back|check|again|write|e-?mail|nudge|remind|knock|circle|ask|follow up|shout|melden|meld\w*|rufen|anrufen|sprechen|kontakt\w*|wieder|erneut|versuch\w*|probier\w*|anklopf\w*|klopf\w*|frag\w*|schreib\w*|recontact\w*|contact\w*|rappel\w*|reven\w+|reparl\w+|relanc\w+|retent\w+|tentez|essay\w+|(?:ré)?écri\w+|llám\w+|llam\w+|habl\w+|vuelv\w+|retom\w+|escrib\w+|prueb\w+|pregunt\w+|bel|bellen|neem|kom|terug|opnieuw|probeer|vraag|praten|richiam\w+|risent\w+|riprov\w+|ricontatt\w+|riparl\w+|(?:ri)?scriv\w+|contat\w+|ligu\w+|fal\w+|volt\w+|tent\w+|pergunt\w+|escrev\w+)\b",
    re.I,
)
UNTIL = re.compile(
    r"\b(?:until|till|earliest|not before|frühestens|bis|avant|jusqu\w*|hasta|tot|fino|até)\b", re.I
)
NEGATED = re.compile(
    r"\b(?:no|not|never|nothing|nobody|\w+n['’]t|kein\w*|nicht\w*|niemand\w*|zwecklos|pas|personne|rien|aucun\w*|inutile|nada|nadie|ning[uú]n\w*|niet|niets|geen|niemand|zinloos|non|nessun\w*|niente|inutile|niks|não|nada|ninguém|nenhum\w*|perdre|perder|perso)\b",
    re.I,
)
AWAY_TODAY = re.compile(
    r"\b(?:out|away|off|travell?ing|meetings|conference|slow to|abwesend|nicht|absente?|fuera|ausente|afwezig|fuori|assente|fora|urlaub|closed|unavailable|ferie|férias|vacaciones|vakantie|congés?|geschlossen|betriebsferien|fermé\w*|cerrad\w+|gesloten|chius\w+|fechad\w+|encerrad\w+)\b",
    re.I,
)
THEN = re.compile(r"\b(?:then|that['’]s when|dann|alors|à ce moment|entonces|dan|allora|então|aí)\b", re.I)
AFTER_THAT = re.compile(
    r"\b(?:(?:any ?time |anything )?after (?:that|which|then)|afterwards|from then on|danach|nachher|après (?:ça|cela)|ensuite|después|luego de eso|daarna|nadien|dopo|dopodiché|depois)\b",
    re.I,
)
CLAUSE_ENDS = re.compile(r"[,;.!?\n()–—]| - ")
