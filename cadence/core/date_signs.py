"""Decide by which words a sentence ties a day to coming back, to being away, or to what is over."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

PAST = re.compile(
    r"\b(?:thank\w* (?:you )?for (?:the|your|our) (?:call|visit|chat|meeting|demo|time|talk|presentation)|danke für (?:das|den|die|ihren|ihre)|merci pour|gracias por|bedankt voor|grazie per|obrigad[oa] pel[oa]|since|ago|last(?! (?:\w+day|week|day|quarter|half) (?:in|of))|met (?:you|with|your|him|her|them|us|last|at|in|on)|we met|spoke|talked|decided|chose|signed|bought|went live|went with|started|moved|implemented|purchased|sent|received|quoted|was|were|had|did|saw|attended|left(?! over)|joined|missed|seit|letzte\w*(?! (?:\w+tag|woche|tag|quartal|drittel|hälfte) (?:im|in|des|der))|vergangen\w*|haben? (?:uns|wir|ich)|wurde|hatten?|war(?:en)?|unterschrieben|entschieden|getroffen|gesprochen|depuis|derni(?:er|ère)(?! (?:\w+di|semaine|jour|trimestre) (?:de|du))|avons|avait|était|signé|choisi|rencontr\w+|desde hace|pasad[oa](?! (?:el|la|los|las)\b)|firmamos|firmado|elegimos|hablamos|estuv\w+|fue|vimos|sinds|afgelopen|vorige|hebben|hadden|was|getekend|gekozen|gesproken|scors[oa]|abbiamo|avevamo|era|firmato|scelto|parlato|passad[oa](?! [oa]s?\b)|assinamos|escolhemos|falamos|foi|tivemos|assinado)\b",
    re.I,
)
COMING = re.compile(
    r"(?:\b\w+['’]ll\b|\bwon['’]t\b)|\b(?:pushed|moved|postponed|delayed|put (?:off|back)|deferred|slipped|rescheduled|bumped|kicked|parked|extended|frozen)(?: \w+){0,2} (?:to|into|till|until)\b|\b(?:verschoben|vertagt|verlegt|verlängert|reporté\w*|repoussé\w*|décalé\w*|prolongé\w*|aplazad\w*|pospuest\w*|retrasad\w*|uitgesteld|verschoven|doorgeschoven|rinviat\w*|rimandat\w*|slittat\w*|spostat\w*|adiad\w*|empurrad\w*)\b|\b(?:will|shall|going to|wird|werden|sera|seront|será|serán|serão|wordt|worden|zullen|zal|sarà|saranno|saprò|saurai|saurons|sabré|sabremos|saberemos)\b",
    re.I,
)
BACK = re.compile(
    r"\b(?:back|return\w*|again|available|resume|reachable|in the office (?:on|from)|wieder|zurück|rückkehr|erreichbar|re-?open\w*|geöffnet|öffnen|r[ée]?ouvr\w*|réouverture|abrimos|reabr\w*|abriremos|riapr\w*|heropen\w*|open|retour|de nouveau|reviens|revenir|reprend\w*|rentre\w*|regres\w+|vuelv\w+|volver\w*|vuelta|reincorpor\w+|retom\w+|terug\w*|weer|hervat|rientr\w+|torner\w+|ritorn\w+|torno|nuovamente|retorn\w+|voltar\w*|volto|novamente|disponible|disponibile|disponível)\b",
    re.I,
)
WISH = re.compile(
    r"\b(?:contact|call|ring|ping|reach|try|touch|revisit|reconnect|re-?open|re-?visit|talk|speak|come back|check|look|again|budget|renew\w*|contract|expire\w*|until|till|earliest|wait|follow|write|e-?mail|nudge|reminder|remind|knock|circle|plan\w*|melden|meld\w*|anrufen|rufen|sprechen|kontakt\w*|wieder|erneut|frühestens|vertrag|läuft|budget|haushalt|recontact\w*|contact\w*|rappel\w*|revenir|revenez|reparl\w+|échéance|contrat|relanc\w+|contact\w+|llam\w+|habl\w+|vuelv\w+|retom\w+|escrib\w+|contrato|vence|presupuesto|bel\b|bellen|neem|contact|terug|opnieuw|contract|richiam\w+|risent\w+|ricontatt\w+|riparl\w+|contratto|scad\w+|contat\w+|ligu\w+|fal\w+|volt\w+|retom\w+|contrato|venc\w+|orçamento)\b",
    re.I,
)
ASKS = re.compile(
    r"\b(?:contact|drop (?:me|us)|call|ring|ping|reach|try|touch|get back|pick|chase|revisit|reconnect|talk|speak|come back|check|again|write|e-?mail|nudge|remind|knock|circle|ask|follow up|shout|melden|meld\w*|rufen|anrufen|sprechen|kontakt\w*|wieder|erneut|versuch\w*|probier\w*|anklopf\w*|klopf\w*|frag\w*|schreib\w*|recontact\w*|contact\w*|appele[zr]|rappel\w*|reven\w+|reparl\w+|relanc\w+|retent\w+|tentez|essay\w+|(?:ré)?écri\w+|renvoy\w+|llám\w+|llam\w+|habl\w+|vuelv\w+|retom\w+|escrib\w+|prueb\w+|pregunt\w+|bel|bellen|neem|kom|terug|opnieuw|probeer|vraag|praten|chiam(?:i|are|ami|atemi|ateci)|richiam\w+|risent\w+|riprov\w+|ricontatt\w+|riparl\w+|(?:ri)?scriv\w+|contat\w+|contact[aáe]\w*|ligu\w+|liga|chama|fal(?:e|em|ar|amos|a|aremos|ei)|volt(?:e|em|ar|amos|o|aremos|a)|tent(?:e|em|ar|amos|a|o|er|ez)|pergunt\w+|escrev\w+)\b",
    re.I,
)
UNTIL = re.compile(
    r"\b(?:until|till|earliest|not (?:before|earlier)|no earlier|frühestens|nicht (?:vor|früher|eher)|bis|avant|au plus tôt|jusqu\w*|hasta|como pronto|no antes|tot|niet eerder|vroegst\w*|fino|non prima|al più presto|até|não antes)\b",
    re.I,
)
NEGATED = re.compile(
    r"\b(?:no|not|never|nothing|nobody|\w+n['’]t|kein\w*|nicht\w*|niemand\w*|pas|personne|rien|aucun\w*|sans|inutile|nada|nadie|ning[uú]n\w*|niet|niets|geen|niemand|zinloos|non|nessun\w*|niente|inutile|niks|não|nada|wasted?|pointless|zwecklos|nem|ni|nix|nimmer\w*|ohne|zonder|senza|sin|ninguém|nenhum\w*|perdre|perder|perso)\b",
    re.I,
)
AWAY_TODAY = re.compile(
    r"\b(?:out|away|off|travell?ing|meetings|conference|slow to|abwesend|nicht|absente?|fuera|ausente|afwezig|fuori|assente|fora|urlaub|closed|unavailable|ferie|férias|vacaciones|vakantie|congés?|holidays?|vacation|on leave|abroad|parental|maternity|geschlossen|dicht|schließen|schliessen|sluiten|reis|reise|verreist|unterwegs|ausencia|permiso|licença|licencia|baja|viaje|viagem|viaggio|trasferta|déplacement|parti|gesloten?|betriebsferien|fermé\w*|cerr(?:ad\w+|amos|o|aremos)|gesloten|chiu(?:s\w+|diamo|do)|fech(?:ad\w+|amos|o)|encerr(?:ad\w+|amos))\b",
    re.I,
)
THEN = re.compile(r"\b(?:then|that['’]s when|dann|alors|à ce moment|entonces|dan|allora|então|aí)\b", re.I)
AFTER_THAT = re.compile(
    r"\b(?:(?:any ?time |anything )?after (?:that|which|then|it)|the (?:day|week) after(?= *(?:[,.;!?]|$))|the (?:day|morning) after that|the next day|the following day|afterwards|from then on|danach|nachher|tags darauf|(?:am|der|den) (?:tag|folgetag|nächsten tag) (?:darauf|danach|drauf)|après (?:ça|cela|coup)|le lendemain|le jour (?:d['’]après|suivant)|ensuite|después|al día siguiente|luego de eso|daarna|nadien|de (?:volgende dag|dag (?:erna|daarna|erop|daarop|nadien))|dopo|dopodiché|il giorno (?:dopo|seguente|successivo)|depois|no dia seguinte)\b",
    re.I,
)
CLAUSE_ENDS = re.compile(r"[,;!?\n()–—]|(?<!\d)\.|\.$| - ")
NAMELY = re.compile(
    r"^[\s.]*(?:say|ideally|maybe|perhaps|probably|best|sagen wir|am besten|vielleicht|disons|peut-être|digamos|quizás?|mejor|zeg|misschien|het liefst|diciamo|magari|forse|talvez|de preferência)\b",
    re.I,
)
"""A clause that begins so goes on with what the one before it asks."""
TOO_EARLY = re.compile(
    r"\b(?:too (?:early|soon)|zu früh|trop tôt|demasiado pronto|muy pronto|te vroeg|troppo presto|cedo demais|muito cedo)\b",
    re.I,
)
WANTED = re.compile(
    r"\b(?:could(?:n['’]t)?|wanted|needed|promised|would have|wollt\w*|konnt\w*|musst\w*|sollt\w*|brauchten|voulions|devions|pouv(?:ait|iez|ions)|fallait|podía\w*|podíais|teníamos|queríamos|tínhamos|podiam|queríamos|konden|kon|wilden|moesten|potevan?o?|potevate|volevamo|dovevamo|hatte[nt]?)\b",
    re.I,
)
"""What could have been or was wanted; no day in it is one to come back on unless the reply asks to wait."""
