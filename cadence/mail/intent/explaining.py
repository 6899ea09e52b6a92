"""Rules for replies that say why we lost, or that they will not say."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from cadence.core.replies import Category
from cadence.mail.intent.rule import Rule

RULES = (
    Rule(
        "will not share", Category.FEEDBACK_DECLINED, 0.93, "may not or will not give reasons",
        {
            "en": """(can't|cannot|can not|won't|unable to|not able to|not allowed to|not permitted to|not at liberty to|not in a position to|don't (share|give|provide|disclose|discuss|comment|offer|do|release)|do not (share|give|provide|disclose|discuss|comment|offer|release|do)|prefer not to|rather not|would rather not|prefer to keep|not going to|not comfortable|not authori[sz]ed to|never (share|give|provide|disclose|discuss|comment)|decline to|refrain from|not (be )?(sharing|giving|providing|disclosing|discussing|commenting|going into)|no obligation to|policy (not|against|prevents|forbids|prohibits|doesn't allow|does not allow|is not)|forbids? us|prohibited from|bound by) ~ (share|shared|sharing|give|giving|provide|providing|disclose|disclosing|discuss|discussing|comment|commenting|feedback|details|detail|specifics|reasons?|reasoning|into (it|that|this|details?|why|the)|elaborate|go into|explain|debrief\\w*|say (more|why|much)|reveal|divulge|talk about|get into|confidential\\w*|internal|nda|evaluation|scores?|scoring|why|tell|private)
(love|like|happy|glad) to (tell|share|say|explain|help) (\\S+ ){0,3}but|have my head|exit interview|between us and (the|them|our)|(forbids?|prohibits?|rules out|doesn't permit|does not permit|don't permit|against) (\\S+ ){0,3}(discussi\\w+|disclos\\w+|shar\\w+|comment\\w*|feedback)|more than (what )?(was|is) in the letter|sworn to secrecy|lips are sealed|under nda|not my story to tell
(no comment|no feedback|confidential|nda|non-?disclosure|internal matter|private matter|stays internal|strictly internal|between us|none of your (business|concern)|not something (i|we) (can|could|want|wish) ~ (share|discuss)|keep (that|this|it|the reasons|our reasons|those) (internal|private|confidential|to ourselves|to myself|between)|we don't do (debriefs|feedback|exit interviews)|legal (won't|doesn't|does not) (let|allow)|don't owe (you)? ?(an )?(explanation|reasons)|leave it at that)""",
            "de": """(keine?n?|nicht|ungern) ~ (feedback|rückmeldung|auskunft|auskünfte|gründe|begründung|details|angaben|stellungnahme|äußern|mitteilen|preisgeben|teilen|nennen|offenlegen|kommentieren|erläutern|weitergeben|begründen|ins detail)( ~ (geben|machen|nennen|möchte|möchten|dürfen|darf|können|kann|abgeben))?
(vertraulich\\w*|verschwiegenheit\\w*|stillschweigen|interne (gründe|angelegenheit|themen)|betriebsintern|kein kommentar|aus (compliance|rechtlichen|internen|vertraulichkeits)\\S* ?(gründen)?|geheimhaltung\\w*)""",
            "fr": """(ne|n'|pas|sans) ~ (pouvons|peux|peut|souhaitons|souhaite|sommes pas|suis pas|communiquons|donnons|partageons|divulguons|autorisés?|en mesure|habilitée?s?|voulons|préfér\\w+) ~ (communiquer|partager|donner|divulguer|commenter|détailler|expliquer|entrer|préciser|retour|raisons?|motifs?|détails?|informations?|pas|justifier)
(confidentiel\\w*|confidentialité|pas de commentaire|raisons internes|motifs internes|politique interne|préfér\\w+ (ne pas|garder)|nos raisons restent)""",
            "es": """(no|tampoco|prefer\\w+ no) ~ (podemos|puedo|estoy|estamos|compart\\w+|damos|dar|está permitido|deseamos|quiero|queremos|nos permite|revelar|entrar|comentar|facilit\\w+) ~ (compartir|dar|comentar|revelar|entrar|explicar|detalles?|motivos?|razones|feedback|información|opiniones|autorizad\\w+|divulgar|facilitar)
(confidencial\\w*|sin comentarios|razones internas|motivos internos|política (interna|de la empresa)|prefer\\w+ no)""",
            "nl": """(niet|geen|liever niet|mogen|kunnen) ~ (delen|toelichten|toelichting|feedback|redenen|terugkoppeling|mededelingen|uitspraken|bespreken|ingaan|prijsgeven|vertellen|details|commentaar|uitleggen|motiveren)( ~ (geven|doen|kan|kunnen|mag|mogen|wil))?
(vertrouwelijk\\w*|geheimhouding\\w*|geen commentaar|interne (redenen|kwestie|aangelegenheid)|beleid (om|staat))""",
            "it": """(non|preferi\\w+ non|meglio non) ~ (poss\\w+|poter|condivid\\w+|forn\\w+|dare|diamo|siamo autorizzati|divulg\\w+|rivel\\w+|coment\\w+|entr\\w+|discut\\w+|spieg\\w+|vogli\\w+|desider\\w+) ~ (condivid\\w+|forn\\w+|dare|divulg\\w+|rivel\\w+|comment\\w+|entrare|dettagli|motiv\\w+|ragioni|feedback|spieg\\w+|informazioni|riscontr\\w+|merito)?
(riservat\\w+|confidenzial\\w+|no comment|motivi interni|ragioni interne|policy aziendale|questioni interne)""",
            "pt": """(não|prefer\\w+ não) ~ (pod\\w+|poss\\w+|partilh\\w+|compartilh\\w+|forne\\w+|dar|damos|estou|estamos|divulg\\w+|revel\\w+|coment\\w+|entr\\w+|quer\\w+|gostaria) ~ (partilh\\w+|compartilh\\w+|forne\\w+|dar|divulg\\w+|revel\\w+|coment\\w+|detalhes?|motivos?|razões|feedback|informações|explicar|autorizad\\w+|entrar|pormenores)
(confidencia\\w*|sigilo\\w*|sem comentários|motivos internos|razões internas|política (interna|da empresa))""",
        },
        unless={
            "en": """(but|however|although|though|that said|off the record|between you and me|honestly|frankly|in short) ~ (price|expensive|because|cheaper|feature\\w*|went with|reason|support|too)
(confidential|nda) (information|data|clause|terms) (handling|security|was|were|in your)
(can't|cannot|couldn't|unable to) (explain|say|tell) ~ (enough|how)""",
        },
    ),
    Rule(
        "explains the choice", Category.FEEDBACK, 0.72, "introduces the reasons for the decision",
        {
            "en": """(the |main |biggest |only |real |honest |deciding |primary |key |short |simple |one )(reason|factor|issue|concern|problem|driver|sticking point|deal ?breaker|stumbling block|answer|truth)s? (was|is|were|why|came|for|behind|that|being|here)
in a nutshell|in short|long story short|no-?go|you (didn't |did not )?los[te] (on|because|due|over|it|by|us)|(it|this|that|what) killed (it|us|the deal)|would have taken a miracle|in the end
(came down to|boiled down to|comes down to|boils down to|it was (mainly|mostly|purely|simply|just|really|about|a matter|all about|the|your|down)|what (tipped|swung|decided|killed|sank|lost|put us off|it came)|deal ?breaker|tipped the (scales?|balance)|deciding factor|(you|your \\w+) lost (us|it|because|on|out)|lost (points|out|us|the deal) (on|because|when|at)|because|since you (ask|asked)|honest feedback|to be (honest|frank|blunt|candid|fair)|frankly|candidly|here's why|some feedback|my feedback|our feedback|constructive|feel free to pass)
(we|they|team|board|committee|it|management|colleagues) (went|chose|picked|selected|decided|opted|preferred|ended up|settled|stuck|stayed|felt|thought|found|believed|needed|wanted|liked) ~ (with|for|on|because|that|you|your|the|them|more|a|an|to stay|someone|another|better)
(your|you|yours) (\\S+ ){0,4}(was|were|lacked|didn't|did not|don't|doesn't|couldn't|could not|wasn't|weren't|aren't|isn't|missed|failed|fell short|took|came in|seemed|felt|cost|costs|can't|lacks|never|kept|had no|have no|only)
(they|the other|competitor|the winner|winning vendor|incumbent|[a-z]+) (had|have|has|offered|offer|offers|gave|provided|could|were|was|are|is|came in|undercut|beat) ~ (better|cheaper|lower|more|faster|stronger|already|closer|local|integrat\\w+|references?|price|half|less|nicer|easier|simpler|bigger|larger|out of the box|included)""",
            "de": """(grund|gründe|ausschlaggebend|entscheidend|hauptgrund|knackpunkt|ausschlag|letztlich|letztendlich|schlussendlich|am ende|ehrlich gesagt|um ehrlich zu sein|offen gesagt|weil|da (sie|ihr|der|die|das)|gescheitert (ist|an)|lag (es )?(an|am)|wegen|aufgrund|haben (wir )?uns (für|dann|letztlich)|den zuschlag|gefehlt|gefiel|überzeugt|unser feedback|rückmeldung)
(ihr|euer|ihre|sie|ihnen) (\\S+ ){0,4}(war|waren|hatte|hatten|fehlt|fehlte|fehlten|konnte|konnten|kann|lag|lagen|ist|passte|passt|wirkte|bietet|hat)""",
            "fr": """(raison|raisons|motif|motifs|facteur|critère|décisif|déterminant|principalement|honnêtement|franchement|pour être (honnête|franc|franche)|parce que|car|finalement|au final|en raison|à cause|fait pencher|pesé dans|nous avons (choisi|retenu|préféré|opté|privilégié|jugé|trouvé)|avons (choisi|retenu|préféré|opté|privilégié)|il (vous )?(manquait|manque)|notre retour)
(votre|vos|vous) (\\S+ ){0,4}(était|étaient|n'était|n'étaient|manqu\\w+|n'avez|n'a|n'avait|ne|est|sont|n'est)""",
            "es": """(razón|razones|motivo|motivos|factor|decisiv\\w+|principalmente|sinceramente|honestamente|francamente|la verdad|para ser sincer\\w+|porque|debido|al final|finalmente|por culpa|inclinó la balanza|pesó|elegimos|optamos|preferimos|escogimos|nos decantamos|decidimos por|nos quedamos con|les faltaba|faltaba|nuestro feedback)
(su|sus|vuestra|vuestro|ustedes|tu) (\\S+ ){0,4}(era|eran|fue|no|faltaba|resultó|es|está|estaba|tenía)""",
            "nl": """(reden|redenen|doorslag\\w*|doorslaggevend|belangrijkste|eerlijk gezegd|om eerlijk te zijn|omdat|want|uiteindelijk|vanwege|gekozen voor|kozen (we )?voor|voorkeur|lag aan|kwam (het )?door|ontbrak|ontbraken|misten|miste|onze feedback|terugkoppeling)
(uw|jullie|je) (\\S+ ){0,4}(was|waren|had|hadden|kon|konden|is|ontbrak|miste|mist|lag|heeft|viel)""",
            "it": """(motivo|motivi|ragione|ragioni|fattore|decisiv\\w+|determinante|principalmente|onestamente|sinceramente|francamente|a dire il vero|perché|poiché|a causa|alla fine|abbiamo (scelto|preferito|optato|deciso)|ha pesato|fatto la differenza|mancava|mancavano|il nostro feedback)
(il vostro|la vostra|i vostri|le vostre|vostro|vostra|voi) (\\S+ ){0,4}(era|erano|non|mancava|è|aveva|risultava)""",
            "pt": """(razão|razões|motivo|motivos|fator|decisiv\\w+|determinante|principalmente|sinceramente|honestamente|francamente|para ser (sincero|honesto|franco)\\w*|porque|pois|devido|no fim|no final das contas|por causa|pesou|escolhemos|optamos|optámos|preferimos|decidimos por|acabamos|acabámos|faltava|faltou|nosso feedback)
(a sua|o seu|sua|seu|a vossa|o vosso|vocês|vossa|vosso) (\\S+ ){0,4}(era|eram|foi|não|faltava|é|está|estava|tinha|ficou)""",
        },
        unless={
            "en": "(just|quick) (an )?update|you never know|(next|this) (week|month) (is|was)|(if|because) (i|we) (need|want|have) to (stop|say)|because (i|we) (am|are|'m|'re) (on|out|away|busy)",
        },
    ),
)  # fmt: skip
