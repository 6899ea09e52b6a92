"""Rules for replies that reopen the deal: the decision is not final, or they want to talk now."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from cadence.core.replies import Category
from cadence.mail.intent.rule import Rule

IF = {
    "en": """(if|should|unless|in case|in the event|were to|would have|would've|might have|could have|had you|had it)
(was|were) (interested|going to|hoping|planning)""",
    "de": "(wenn|falls|sollte|sollten|sofern|wäre|hätte|hätten)",
    "fr": "(si|s'il|au cas|serait|aurait|aurions|si jamais)",
    "es": "(si|en caso|habría|hubiera|hubiéramos|si alguna vez)",
    "nl": "(als|indien|mocht|mochten|zou|hadden|wanneer)",
    "it": "(se|qualora|nel caso|avremmo|dovesse|sarebbe)",
    "pt": "(se|caso|teria|teríamos|se algum)",
}

RULES = (
    Rule(
        "nothing signed", Category.DECISION_OPEN, 0.9, "nothing is signed, or nothing is decided yet",
        {
            "en": """(have|has|had)(n't| not| not actually| not yet|n't yet|n't actually|n't even) (yet )?(signed|inked|executed|finalized|finalised|committed|closed|awarded|decided|countersigned|made (a|the|our|any) (final )?(decision|choice))
(nothing|no contract|no contracts|no paperwork|no agreement|no po|no deal|no ink|not a single thing) ~ (signed|final|finalized|finalised|inked|executed|in place|official|on paper|set in stone|been issued|agreed)
(nothing's|contract isn't|contract is not|deal isn't|deal is not|paperwork isn't|agreement isn't|ink isn't|ink is not|it's not|is not|isn't) (yet )?(signed|final|finalized|finalised|a done deal|done|closed|inked|set in stone|dry|official|settled)
(not|never|yet to|haven't|hasn't) ~ (signed|sign) (anything|yet|a contract|the contract|with them|with anyone|off|on the dotted line|any contract|the paperwork|any paperwork)
(still|currently|are|we're|i'm) (undecided|on the fence|evaluating|deciding|deliberating|weighing|torn|debating|comparing|considering (both|all|our|your|the|two|three)|in (the )?evaluation|in discussions?|reviewing (the )?(options|proposals|bids|both)|looking at (both|all|options|other))
(decision|choice|award|outcome|selection|vote) (is|was|has|hasn't|isn't|wasn't|remains|still) (still )?(not|n't|open|pending|up in the air|under review|on hold|not been|been delayed|been postponed|up for|being (revisited|reviewed|reconsidered|challenged|appealed)|not final|premature|yet to)
(decision|race|door|tender|rfp|process|evaluation|question|file) (is|remains|was|has been|has|will be|is being|may be) (still |now |wide |very much )?(open|reopened|re-opened|back open|reopening|restarted|alive)
(no|not) (final )?decision (has|yet|was|is)|no final decision|(have|has) yet to (decide|sign|commit|choose|make a decision)
(jumped|jumping) the gun|premature|not so fast|don't count yourself out|still in the (running|race|game|mix|hunt)|(you're|you are) (still |back )(in|on the table)
(board|cfo|ceo|legal|management|procurement|committee|council|finance|boss|director) ~ (hasn't|has not|not|refused to|won't|rejected|vetoed|blocked|overruled|sent it back|still needs to|still has to|yet to) ~ (sign|signed|approve|approved|approval|sign off|signed off|decision|choice|it|them|deal|contract|recommendation|decide|decided)
waiting (for|on) ~ (approval|sign-?off|signature|board|final decision|budget approval|decision)
not a done deal|(far|long way) from (over|final|settled|done|signed|a done deal|finished)|still in (negotiations?|talks|discussions?|negotiating)|re-?running the|re-?issuing the|re-?tender\\w*
(not|isn't|wasn't|aren't) (\\S+ ){0,2}(convinced|sold|sure) (\\S+ ){0,3}(right|made|we|about|it)
(asking|ask|raising|raise) ~ (questions|doubts)$|asking questions
what it would take
(award|decision|contract|process|selection|tender|signing|signature|deal|order|po) (\\S+ ){0,3}(paused|on hold|postponed|delayed|suspended|challenged|appealed|contested|under review|stalled|held up|stuck|in limbo|withdrawn|revoked)
before (anything|something|it) is (awarded|signed|decided|final)|(one more|another|a new|a second|an extra) round
(haven't|hasn't|not|didn't|never) (\\S+ )?(picked|chosen|selected|awarded|appointed) (anyone|anybody|a (vendor|winner|supplier)|them|one)
(starting|start|begin|beginning) (fresh|afresh|again|anew)|(told|telling) (everyone|them all|all of them|them) no
(overruled|overturned|reversed|vetoed|blocked) (us|it|them|the decision|the choice|our choice)|(wide |all )?open again|hold off on closing|up for discussion again
(verbal|handshake|verbally) (agreement|commitment|only|yes|agreed|ok)
(letter of intent|loi) (only|but)
who (said|told you|says) (we|it|that we|you lost|you'd lost|we had|we'd) ~ (decided|chosen|picked|lost|over|final|signed|made)""",
            "de": """(noch|wieder|weiterhin) (ist )?(alles|alle optionen) (offen|möglich)|(ist|sind) (noch|wieder|also noch) (alles |völlig )?offen|alles offen
(noch|bisher|bislang) (gar |überhaupt )?(nichts|nicht|kein\\w*) ~ (unterschrieben|unterzeichnet|entschieden|beauftragt|fix|final|endgültig|vertrag|entscheidung|vergeben|abgeschlossen|in trockenen tüchern|signiert|festgelegt)
(nichts|nicht|noch nichts) (ist )?(unterschrieben|unterzeichnet|fix|in trockenen tüchern|entschieden|endgültig|final)
(entscheidung|vergabe|rennen|vertrag|auswahl|sache) (ist|steht|wurde|wird) (noch|doch|wieder|leider|nochmals|noch nicht|bisher) ~ (offen|nicht|aus|vertagt|verschoben|final|gefallen|unterschrieben|neu|endgültig|überprüft|geprüft|aufgerollt)
(sie sind|ihr seid) (noch|weiterhin|wieder) (im rennen|dabei|im spiel)
(schwanken|überlegen|prüfen|vergleichen|evaluieren|beraten) (wir )?(noch|gerade noch|immer noch|weiterhin)
(wir|ich) (schwanken|überlegen|vergleichen|evaluieren|beraten|sind) (noch|immer noch|uns noch)( unentschlossen| unsicher| nicht sicher| unschlüssig| uneinig)?
(vorstand|geschäftsführung|geschäftsleitung|aufsichtsrat|gremium|chef|einkauf|rechtsabteilung) (hat|muss|wartet|will) ~ (nicht|noch|abgelehnt|gestoppt|gekippt|zustimmen|freigeben|freigegeben|entscheiden|zurückgewiesen)""",
            "fr": """(rien|aucun contrat|aucune décision|pas de contrat) (n'est|n'a|n'est encore|de|n'a encore|n') ?~ (signé|décidé|acté|définitif|arrêté|fait|finalisé|prise?|été)
(n'avons|n'ai|n'a|avons|ai) ~ (pas|rien) (\\S+ ){0,2}(signé|tranché|décidé|finalisé|pris (de|notre|la|une) décision|arrêté|choisi)
pas (encore )?(signé|tranché|décidé|finalisé|choisi)
(décision|choix|dossier|appel d'offres|porte) (n'est|est|reste|n'a|demeure) (pas |encore |toujours |encore pas )?(pas |encore )?(définitive?|ouverte?|finale?|prise|en suspens|arrêtée?|acté\\w?|signé\\w?|été (prise|remis\\w*|reporté\\w*|relancé\\w*))
(hésitons|hésite|réfléchissons|comparons|évaluons|étudions|délibérons) (encore|toujours)
(toujours|encore) (en lice|dans la course|en course|en réflexion|en train (de|d') (hésiter|comparer|étudier|évaluer|réfléchir))
(conseil|direction|comité|comex|dg|daf|juridique) ~ (n'a pas|doit encore|refusé|bloqué|rejeté|pas encore) ~ (validé|approuvé|signé|tranché|valider|approuver|contrat|choix)""",
            "es": """(no|nada|aún no|todavía no) ~ (hemos|está|han|ha|hay nada|se ha|he) ~ (firmado|decidido|cerrado|definitiv\\w+|adjudicado|nada firmado|tomado (la|una|ninguna) decisión|elegido)
(decisión|elección|contrato|proceso|puerta) (no|aún|todavía|sigue|está|sigue estando|ha sido|se ha) ~ (abiert\\w|final|firmado|definitiv\\w|firme|pendiente|reabiert\\w|aplazad\\w|tomad\\w|en el aire)
(seguimos|estamos|todavía estamos|aún estamos) ~ (evaluando|dudando|decidiendo|comparando|valorando|indecis\\w+|deliberando|estudiando)
(siguen|sigues|seguís|están|estáis) ~ (en la carrera|en juego|en liza)
(consejo|dirección|comité|junta|gerencia|legal|jefe) ~ (no|aún no|tiene que|rechaz\\w+|ha bloqueado|falta) ~ (aprob\\w+|firm\\w+|validad\\w*|decid\\w+|visto bueno)""",
            "nl": """(nog|er is nog|is nog) (niets|niks|geen|niet) ~ (getekend|besloten|ondertekend|definitief|rond|vast|contract|beslissing|beslist|gegund|besluit|in kannen en kruiken)
(beslissing|keuze|besluit|contract|deur|gunning) (is|staat|ligt) (nog|toch|weer) (niet|open|steeds|wel)? ?~ (open|definitief|getekend|genomen|gevallen|rond|gemaakt|vast)
(twijfelen|overleggen|vergelijken|evalueren|beraden) (we )?(nog|ons nog|nog steeds)
(jullie|u) (zijn|zit|zitten|bent) (nog|weer) ~ (in de race|in beeld|mee)
(directie|bestuur|raad|management|juridische|baas) ~ (moet nog|heeft nog niet|nog niet|afgekeurd|tegengehouden|teruggefloten) ~ (goedkeuren|akkoord|getekend|tekenen|beslissen|beslist)?""",
            "it": """(non|niente|nulla) ~ (abbiamo|è|ho|hanno|è stato|è ancora|abbiamo ancora) ~ (firmato|deciso|definitivo|definitiva|chiuso|finalizzato|preso (una|la|alcuna) decisione|scelto|detto)
(decisione|scelta|contratto|partita|gara|porta) (non|è|resta|rimane) (ancora |è ancora |è |tutt'ora )?~ (apert\\w|definitiv\\w|firmat\\w|pres\\w|in sospeso|da decidere|riapert\\w|chius\\w|rinviat\\w)
(stiamo|siamo) (ancora|tuttora) ~ (valutando|decidendo|indecisi|confrontando|riflettendo|in fase di valutazione|in dubbio)
(siete|sei) ~ (in corsa|in gioco|in gara)
(consiglio|direzione|cda|ufficio legale|comitato|capo) ~ (non ha|deve ancora|ha bloccato|ha respinto) ~ (approvato|firmato|approvare|decidere|dato|contratto|scelta)?""",
            "pt": """(não|nada|ainda não) ~ (assin\\w+|decid\\w+|fech\\w+|está (assinado|fechado|decidido)|definitiv\\w|foi (assinado|fechado|decidido)|batemos o martelo|tomámos|tomamos (a|uma) decisão)
(decisão|escolha|contrato|processo|porta) (não|ainda|está|continua|segue|foi) ~ (abert\\w|definitiv\\w|assinad\\w|final|fechad\\w|pendente|em aberto|reabert\\w|tomad\\w|adiad\\w)
(ainda )?(estamos|continuamos|seguimos) (ainda )?(a )?(avali\\w+|decid\\w+|indecis\\w+|em dúvida|compar\\w+|analis\\w+)
(vocês|ainda|continuam) (estão|estão ainda|ainda estão|continuam) ~ (no páreo|na corrida|em jogo)
(conselho|direção|diretoria|comité|comitê|jurídico|chefe) ~ (não|ainda|falta|precisa|vetou|barrou) ~ (aprov\\w+|assin\\w+|decid\\w+|valid\\w+)?""",
        },
        unless={
            "en": """(you|your team|your company) (haven't|hasn't|didn't) (signed|closed)
(nda|petition|birthday)
(if|even if|unless) (we|you|they) (haven't|hadn't) (signed|decided)""",
        },
    ),
    Rule(
        "second thoughts", Category.DECISION_OPEN, 0.9, "they reconsider, or go back to the start",
        {
            "en": """(reconsider|reconsidering|reconsidered|re-?evaluating|re-?thinking|rethink|revisiting (the|our|this|that) (decision|choice|selection|vendor)|re-?opening|reopened|re-?opened|second thoughts|buyer's remorse|second-guessing|cold feet|change (our|my) minds?|changed (our|my|their) minds?|changing our minds?|having doubts|back to (square one|the drawing board)|miss (your (team|people|service)|working with you|you guys)|grass (isn't|is not|wasn't)|starting (over|again|from scratch)|start (over|from scratch)|u-turn|rueing|regret\\w*|wrong (choice|call|decision|horse|vendor)|should have (gone|picked|chosen|listened|stayed|stuck)|chose wrong|picked wrong|made a mistake|was a mistake|not too late|too late to|back on the (market|table)|back in play|up for grabs|open (again|to switching|to changing|to alternatives|to moving|to coming back)|(looking|thinking|talking) (at|about|of) (switching|moving away|leaving|coming back|alternatives|replacing|getting out|going back)|want(ing)? (out|to switch|to leave)|exit (the|our) (contract|deal|agreement)|get(ting)? out of (the|our) (contract|deal|agreement))
(unhappy|not happy|disappointed|frustrated|fed up|struggling|underwhelmed|not impressed|unimpressed|disillusioned|let down|dissatisfied|not satisfied|regretting|headaches?) (with|by|about) (them|their|the (new |chosen |other )?(vendor|supplier|provider|system|tool|rollout|implementation|solution|contractor|company|agency|winner|platform|product)|how|it|our (new )?(choice|vendor|supplier|provider)|[a-z]+)""",
            "de": """(überdenken|überlegen (es )?uns (das )?(noch ?mal|neu|anders)|noch ?mal neu|neu aufrollen|neu ausschreiben|zurück auf (los|anfang)|von vorne?|umentschieden|umentscheiden|anders überlegt|bereuen|bereue|fehlentscheidung|falsche (wahl|entscheidung|pferd)|fehler (war|gewesen|gemacht)|zweifel (an|bekommen|haben)|kalte füße|doch noch (mal )?(offen|eine chance|ins gespräch|ins spiel)|aus dem vertrag|wieder offen|neu bewerten|hätten (lieber|doch|besser) (sie|bei ihnen|euch))
(unzufrieden|enttäuscht|nicht zufrieden|nicht glücklich|unglücklich|ärger|probleme) (mit|von|über) (dem|der|den|ihm|ihnen|deren|unserem|unserer|[a-z]+)""",
            "fr": """(reconsidér\\w+|revoir (notre|la) (décision|choix)|revenir sur (notre|la) (décision|choix)|changé d'avis|changer d'avis|regrett\\w+|mauvais (choix|cheval)|erreur de|remet\\w* en (cause|question)|repart\\w* (de|à) zéro|tout reprendre|relanc\\w+ (la consultation|l'appel d'offres|le projet|le dossier)|rouvr\\w+|réétudi\\w+|doutes|sortir du contrat|aurions (dû|mieux fait))
(déçus?|déçue?s?|mécontents?|insatisfaits?|pas satisfaits?|pas contents?|pas convaincus?) (de|du|par|des|d')""",
            "es": """(reconsider\\w+|replante\\w+|repens\\w+|cambiado de (opinión|idea|parecer)|cambiar de (opinión|idea|proveedor)|arrepent\\w+|nos equivocamos|mala (elección|decisión)|error (haber|elegir|escoger|fue)|volver a empezar|empezar de cero|reabr\\w+|reabiert\\w+|dudas (con|sobre)|salir del contrato|deberíamos haber)
(descontent\\w+|decepcionad\\w+|insatisfech\\w+|no (estamos|estoy) (content\\w+|satisfech\\w+|convencid\\w+)) (con|de|por)""",
            "nl": """(heroverweg\\w+|herzien|bedacht|terugkom\\w* op (onze|de|die) (beslissing|keuze|besluit)|spijt|verkeerde (keuze|paard|beslissing)|vergissing|opnieuw (beginnen|bekijken|beoordelen|aanbested\\w+|open)|terug naar (af|start|het begin)|twijfels?|heropen\\w+|van gedachten veranderd|onder het contract uit|hadden (beter|toch))
(ontevreden|teleurgesteld|niet (tevreden|blij|gelukkig)|valt (erg |flink |zwaar )?tegen|vallen (erg )?tegen) (over|met|in|van)?""",
            "it": """(riconsider\\w+|ripens\\w+|rivaluta\\w+|rivedere la (decisione|scelta)|cambiato idea|cambiare idea|pentit\\w+|scelta sbagliata|sbagliato (a|scelta|cavallo|fornitore)|errore (scegliere|è stato|aver)|ricominci\\w+|ripartire da (zero|capo)|riapr\\w+|riapert\\w+|dubbi (su|sul|sulla)|uscire dal contratto|avremmo dovuto)
(delus\\w|insoddisfatt\\w|scontent\\w|non (siamo|sono) (soddisfatt\\w|content\\w|convint\\w)) (di|del|della|da|dal|dei|con)""",
            "pt": """(reconsider\\w+|reavali\\w+|repens\\w+|rever a (decisão|escolha)|mud\\w+ de (ideia|ideias|opinião)|arrepend\\w+|escolha errada|erro (ter|escolher|foi)|recomeç\\w+|voltar (atrás|à estaca zero)|reabr\\w+|reabert\\w+|dúvidas (sobre|com|quanto)|sair do contrato|deveríamos ter)
(insatisfeit\\w+|desilud\\w+|decepcionad\\w+|descontent\\w+|não (estamos|estou) (satisfeit\\w+|content\\w+|feliz\\w*|convencid\\w+)) (com|de)""",
        },
        unless={
            "en": """(she|he|they|who|their|his|her|someone)('s| is| are| was| were)? (\\S+ ){0,2}(unhappy|disappointed|frustrated|struggling|fed up|dissatisfied|not happy|thinking|looking)
(no|not|never|won't|don't|didn't|without) ~ (regret|reconsider\\w*|second thoughts|change (our|my) minds?|changed (our|my) minds?|revisit\\w*|mistake|chose wrong|re-?open\\w*)
(not|no) (having|had) (any )?(doubts|second thoughts|regrets)
(regret(fully)? (to|that|we)|we regret|i regret to|regretfully)
(if|should|unless|in case|when) (we|they|that|it|things|anything|you|you've|you ever|something|our) (ever )?(change|changes|re-?open|reconsider|are|is|get|have)
(disappointed|frustrated|unhappy|not happy|let down) (with|by|about) (you|your|the way you|how you)
(before|in 20\\d\\d|last year|back then|originally|used to)""",
            "de": """(falls|wenn|sollte|sollten) ~ (ändert|anders|überdenken|doch)
(keine|nicht|ohne) (zweifel|bereuen|reue)""",
            "fr": "(sans regret|aucun regret|ne regrett\\w+ (pas|rien)|nous regrettons de|regret de|si (nous|jamais))",
            "es": "(no nos arrepentimos|sin dudas|si (cambiamos|algún))",
            "nl": "(geen spijt|mocht|als we)",
            "it": "(nessun pentimento|non ci siamo pentiti|se (cambi|dovessimo))",
            "pt": "(sem arrependimento|não nos arrependemos|se (mudarmos|um dia))",
        },
    ),
    Rule(
        "the winner failed", Category.DECISION_OPEN, 0.88, "the vendor they chose fell through or disappoints",
        {
            "en": """(fell|fallen|falling|falls) (through|apart|over|flat|short|behind)
(backed|pulled|dropped|bowed|backing|pulling|dropping) out
(went|gone|going) (bust|bankrupt|under|belly up|out of business|south|sideways|dark|silent|wrong|badly|into administration|insolvent)
(bankrupt|insolvent|insolvency|bankruptcy|acquired by|can't deliver|cannot deliver|couldn't deliver|failed to deliver|failed to|not delivering|didn't deliver|hasn't delivered|never delivered|not delivered|over-?promised|under-?delivered|let us down|letting us down|missed (\\S+ ){0,4}(deadlines?|dates?|go-?lives?|milestones?|delivery)|behind schedule|(months|weeks) late|raised (their|the|its) prices?|doubled (their|the) (price|quote)|hidden (fees|costs|charges)|ghosted us|stopped (answering|responding|returning)|gone quiet|not (working|going) (out|well|as|to plan|so well|great)|(isn't|is not|wasn't|aren't) what (we|they) (\\S+ )?(agreed|signed|bought|ordered|promised|were promised|were sold|expected|paid)|(didn't|don't|doesn't) check out|walk(ing)? away from (it|this|that|them|the)|(talking|thinking|talk) (\\S+ ){0,4}(about )?walking away|still (no|not|isn't|hasn't|waiting|nothing) (\\S+ ){0,2}(working|delivered|live|started|arrived|running|integration|go-?live)|isn't (working|going) (out|well|as|to plan|so well|great)|hasn't (worked|gone) (out|well|as)|didn't (work|pan) out|did not work out|didn't go (well|as|to plan)|a (mess|disaster|nightmare|train ?wreck|shambles|headache|fiasco|letdown)|turning into a|turned into a|turned out (to be|that|not)|not what (we were|was) (promised|sold)|not (as|what) (advertised|promised|expected|hoped)|terminated (them|their|the contract|our contract)|terminating|cancell?ed (the|their|our) (contract|order|deal|agreement|po)|(can|could|will|have to|had to|might|may) (cancel|terminate|end) (the|their|our) (contract|deal|agreement)|contract (was|has been|is being) (cancel\\w+|terminated|withdrawn)|deal (is|was|has been) (off|dead)|walked away from)""",
            "de": """(abgesprungen|abgesagt|insolvent|insolvenz|pleite|kann nicht liefern|nicht geliefert|liefert nicht|nicht lieferfähig|ausgestiegen|zurückgezogen|geplatzt|gescheitert|hält nicht|hat nicht gehalten|nicht gehalten|läuft (nicht|gar nicht|überhaupt nicht|schlecht|schief|alles andere)|schief ?gelaufen|schiefgegangen|klappt nicht|funktioniert (nicht|leider nicht|noch immer nicht|hinten)|katastrophe|desaster|chaos|im stich gelassen|enttäuscht|verzug|verspätet|preise? (erhöht|angezogen)|versprechen (nicht|gebrochen)|vertrag (gekündigt|geplatzt|storniert)|gekündigt)""",
            "fr": """(s'est (désisté|retiré|rétracté)|fait faux bond|en faillite|faillite|liquidation|redressement judiciaire|n'a pas (livré|tenu|su)|ne (livre|tient|répond|fonctionne|marche) pas|tombé à l'eau|capoté|échoué|ne se passe pas|se passe (mal|très mal)|catastrophe|catastrophique|désastre|ne donne pas satisfaction|retards?|nous a (lâchés|déçus|planté)|augmenté (ses|leurs) (prix|tarifs)|résili\\w+|dénonc\\w+ le contrat|pas à la hauteur|ça coince|galère)""",
            "es": """(se (echó|ha echado) atrás|se (cayó|ha caído)|en quiebra|quebr\\w+|no (cumpl\\w+|ha cumplido|entreg\\w+|funciona|está funcionando|está a la altura)|falló|fallando|ha fallado|desastre|caos|nos (dejaron|han dejado|dejó) (tirados|plantados|colgados)|retrasos?|subido (los )?precios|cancel\\w+ el contrato|rescind\\w+|va (mal|fatal)|no va bien|mal servicio)""",
            "nl": """(afgehaakt|teruggetrokken|failliet|faillissement|levert niet|niet geleverd|kan niet leveren|kunnen niet leveren|misgelopen|mis gegaan|misgegaan|loopt (niet|stroef|slecht|fout)|werkt niet|ramp|drama|chaos|vertraging\\w*|laat ons in de steek|in de steek gelaten|prijzen verhoogd|contract (opgezegd|ontbonden)|opgezegd|gaat (niet|helemaal niet) (goed|door)|ging niet door|gaat niet door|niet waargemaakt|maakt het niet waar|komt (de )?afspraken niet na)""",
            "it": """(si è (tirato indietro|ritirato)|si sono (tirati indietro|ritirati)|fallit\\w|fallimento|non (ha|hanno) (consegnato|rispettato|mantenuto)|non (funziona|va|consegna|rispetta)|saltat\\w|è saltato|disastro|caos|ritardi|ci (ha|hanno) (deluso|piantato|lasciati)|aument\\w+ (i )?prezzi|disdett\\w|rescis\\w+|recess\\w+|sta andando (male|malissimo)|problemi con il (nuovo|fornitore))""",
            "pt": """(desist\\w+|voltou atrás|falência|faliu|insolvência|não (entreg\\w+|cumpr\\w+|funciona|está a funcionar|está funcionando|está a correr|correu)|falhou|falharam|desastre|caos|deixou-?nos na mão|nos deixou na mão|nos deixaram na mão|atrasos?|aument\\w+ (os )?preços|rescind\\w+|cancel\\w+ o contrato|caiu|está (a correr|correndo|indo) mal|deu errado|deu problema)""",
        },
        unless={
            **IF,
            "en": """(if|should|unless|in case|in the event|when|once) \\S+ ~ (let\\w*|fall\\w*|fail\\w*|back\\w*|drop\\w*|go\\w*|not|isn't|doesn't|don't|didn't|cancel\\w*|pull\\w*)
(you|your (team|rep|company|product|support|demo|platform|tool|software|guys|people|pilot|trial|trials|proposal|quote|price|salesperson|sales|account)) (\\S+ ){0,3}(failed|fell|let us down|missed|went dark|never delivered|ghosted|stopped|turned out|over-?promised|hidden|doubled|raised|wasn't|didn't|didnt|couldn't|isn't|a mess|a disaster|a nightmare)
(didn't|did not|hasn't|not|isn't|wasn't|nothing) ~ (fall through|fallen through|a disaster|gone wrong|a mess)""",
        },
    ),
    Rule(
        "asks us back", Category.DECISION_OPEN, 0.8, "asks whether our offer still stands, or for a better one",
        {
            "en": """(is|would) (your|the|that) (offer|proposal|quote|pricing|price|deal) (still )?(be )?(stand|valid|open|on the table|good|available|honou?red)
(your|the) (offer|proposal|quote) (still )?(stands?|valid|on the table|good)\\?
(could|can|would|will) you (still )?(match|beat|sharpen|improve|revise|better|do (better|something)|come down|lower|meet|go lower|reduce|drop) ~ (price|pricing|offer|quote|number|numbers|proposal|terms|them|that|it|\\d+)
(still|are you still) (able|willing|interested|around|available|open|up for|keen) (to|in|for)?
(if you (can|could|were able to|are able to|would)|provided you|assuming you) ~ (match|beat|meet|sharpen|lower|come down|reduce|do|get|include|add|offer|throw in)
(what would it take|what could you do|any (movement|wiggle room|flexibility) on)
best and final|last chance|one more (chance|shot|try)|another (chance|shot|look)|give (you|it) another (chance|shot|go|look|try)""",
            "de": """(gilt|steht|bleibt) (ihr|euer|das|dein) angebot (noch|weiterhin|denn noch)?
(könnten|können|würden) sie ~ (preis|angebot|konditionen) ~ (nachbessern|anpassen|senken|überarbeiten|entgegenkommen|mitgehen|aktualisieren)
(noch eine chance|zweite chance|neues angebot|nachbessern|überarbeitetes angebot)""",
            "fr": """(votre|l') ?(offre|proposition|devis) (tient|est|reste)(-elle|-t-elle|-il)? ~ (toujours|encore|valable)
(pourriez|pouvez|seriez)(-vous| vous) ~ (revoir|baisser|améliorer|aligner|ajuster|vous aligner) ~ (prix|offre|tarif|proposition|tarifs)
(nouvelle offre|deuxième chance|seconde chance)""",
            "es": """(sigue|está|continúa) (en pie|vigente|válid\\w) (su|vuestra|la|tu) (oferta|propuesta)
(su|vuestra|la) (oferta|propuesta) (sigue|está) (en pie|vigente|válid\\w)
(podrían|pueden|podríais|podéis) ~ (mejorar|bajar|igualar|revisar|ajustar) ~ (precio|oferta|propuesta|presupuesto)""",
            "nl": """(geldt|staat) (uw|jullie|het|je) (aanbod|offerte|voorstel|aanbieding) nog
(kunnen|kunt|zouden) (jullie|u) ~ (prijs|offerte|aanbod|voorstel) ~ (verbeteren|aanpassen|verlagen|scherper|matchen|herzien)
(nieuwe offerte|tweede kans)""",
            "it": """(è|resta) (ancora )?(valida|aperta) ~ (offerta|proposta)
(la )?(vostra|sua|tua) (offerta|proposta) è (ancora )?(valida|aperta)
(potete|potreste|può|potrebbe) ~ (migliorare|abbassare|rivedere|pareggiare|adeguare) ~ (prezzo|offerta|proposta|condizioni)
(nuova offerta|seconda possibilità)""",
            "pt": """(a )?(sua|vossa|proposta|oferta) (proposta |oferta )?(ainda )?(está|continua|é) (ainda )?(de pé|válida|em aberto|valendo)
(podem|poderiam|conseguem|conseguiriam) ~ (melhorar|baixar|igualar|rever|reduzir|cobrir) ~ (preço|proposta|oferta|valor)
(nova proposta|segunda chance)""",
        },
    ),
    Rule(
        "wants to talk", Category.INTERESTED, 0.84, "proposes or agrees to a talk, a meeting or a demo",
        {
            "en": """(let's|lets|let us|happy to|glad to|love to|keen to|like to|want to|good to|great to|open to|willing to|be great to|worth|up for|interested in|ready to|free to|able to|should|could|can we|could we|shall we|may we|we should|we could) ~ (talk|chat|meet|meeting|speak|discuss|call|hop on|jump on|schedule|set up|book|arrange|connect|catch up|have a (call|chat|meeting|conversation|coffee|look)|get (on|something|together|a call|a meeting)|grab|find (a|some) time|explore|hear more|learn more|know more|see (a|the|another|your|more|it)|sit down|pick this up|pick it up|move forward|proceed|get started|try it|give it a (try|go|shot)|a (call|chat|demo|meeting|conversation|coffee))
(give|drop) (me|us) a (call|ring|bell|buzz|shout|line)
(call|ring|phone|text) (me|us) ?(on|at|today|tomorrow|now|when|whenever|any ?time|this|asap|please|\\+|\\d|[.!]|$)
(are|would|will) you (be )?(free|available|around|able to (meet|talk|call|come|join|demo|present)|open) ?~ (monday|tuesday|wednesday|thursday|friday|tomorrow|today|this|next|for a|on|at|to|week|afternoon|morning)?
(when|what time|what day|which day|how about|what about) (can|could|would|are|works?|suits?|is|do|monday|tuesday|wednesday|thursday|friday|tomorrow|next|this|a (call|chat|coffee)) ?~ (you|we|call|talk|meet|chat|good|suit\\w*|best|free|works?|available|week|for you)?
(i'm|i am|we're|we are) (free|available|around|open|good) (on|at|this|next|tomorrow|today|monday|tuesday|wednesday|thursday|friday|after|from|between|any ?time|most)
(send|share|shoot|email|forward|get|give|show|let) (me|us|over|through) ~ (a |an |your |the |some |updated |new )?(quote|quotation|price|prices|pricing|proposal|offer|calendar|slots|times|availability|invite|contract|deck|brochure|case study|case studies|more (info|information|details)|details|rate card|estimate|demo|sow|numbers|figures|how (it|that|this) works|times that)
(set|line|setup) up (a|some|another|the) (call|demo|meeting|time|session|trial|pilot|chat|conversation|zoom)
(book|schedule|arrange|organi[sz]e) (a|some|another|the|something) (call|demo|meeting|time|session|trial|chat|slot|visit)
(my|our) (calendar|diary|calendly|cell|mobile|number|direct line) (is|link|below|here)?
(we('d| would)|i('d| would)|i('m| am)|we('re| are)) (be |actually |definitely |really |very |quite |still |now |indeed |certainly |potentially |possibly )*(interested|intrigued|keen|game|all ears|curious|listening|tempted|up for it|in)( in| to|[.!,]|$)
(got|caught|have) (my|our) (attention|eye|interest|ear)|(re-?send|send again) (me |us )?(the|your|that|it)|worth (a|another) (conversation|chat|call|look|try|meeting|coffee|talk)|(monday|tuesday|wednesday|thursday|friday|tomorrow|that day|mornings?|afternoons?|either|any day) (works|suits|is (fine|good|best|perfect)|are (best|good|fine))|(my|our) (number|cell|mobile|direct line|extension) is|give [a-z]+ (\\S+ ){0,3}a (shout|call|ring|buzz)|what'?s your (pricing|price|rate|availability)|(when|how soon) could (we|you) (start|begin|come)
(count me in|sign (me|us) up|i'm in|we're in|yes please|yes, please|sounds (good|great|interesting|perfect)|sure,? (let's|why not|happy|call|send|go|that)|absolutely|go ahead and (send|call|book|schedule)|why not|tell me more|tell us more|i'd like to hear|i'm listening|we are all ears|all ears|let's do it|let's do this|let's go|works for (me|us)|that works|talk soon|speak then|see you (then|on|monday|tuesday|wednesday|thursday|friday|tomorrow))
(what|how much) (would|does|will|do|is|are|'s) ~ (it |that |this |you |your |the )?(cost|costs|price|pricing|charge|fee|rate|set us back)
(can|could|would|may|please) (you |i |we )?(please )?(send|share|provide|give|quote|show|demo|present|walk|forward|get) ~ (me|us|quote|pricing|price|proposal|demo|information|details|offer|over|through|it|prices)
(new|another|upcoming|next|different) (project|need|requirement|initiative|opportunity|tender|rfp|site|budget) ~ (you|your|talk|discuss|fit|bid|quote|help|for|that|where|coming|might)
(we|i) (now |suddenly |urgently |actually |really |do |currently )*(need|have a need for|are looking for|require|want) ~ (help|a (vendor|supplier|partner|solution|replacement|quote)|exactly|something|your|you)""",
            "de": """(gerne|gern|bereit|lassen sie uns|lass uns|sollten|könnten|können|würden|möchten?|würde|wollen|möchte) ~ (telefonieren|sprechen|reden|treffen|austauschen|kennenlernen|termin|gespräch|demo|anschauen|ansehen|unterhalten|besprechen|angebot|sehen|erfahren|zusammensetzen|kaffee|call)
(rufen|ruf) sie (mich|uns|mal|bitte|doch)( gerne| bitte| doch| mal)*( an| kurz| heute| morgen| durch|[.!]|$)
(wann|hätten sie|haben sie|hast du|passt|passt es|geht es) ~ (zeit|termin|passt|verfügbar|ihnen|können|möglich|montag|dienstag|mittwoch|donnerstag|freitag|morgen|nächste woche|besser)
(schicken|senden|schick|mailen|unterbreiten|machen|lassen) (sie )?(mir|uns) ~ (angebot|preis|preise|preisliste|unterlagen|infos|informationen|termin|termine|terminvorschlag|vorschlag|konditionen|details|zukommen|kalender)
(bin|sind|wäre|wären|hätte|hätten|habe|haben|klingt) ~ (interessiert|interessant|interesse|spannend|neugierig|dabei|offen für|gesprächsbereit)
(interesse|neugierig|klingt (gut|interessant|spannend)|machen wir|einverstanden|ja,? (gerne|bitte|gern)|sehr gerne|passt mir|terminvorschlag|freue mich auf (das|unser|ein) (gespräch|telefonat|treffen|termin))
(was|wie viel|wieviel) (kostet|kosten|würde|wäre|ist der preis)
(neues|anderes|weiteres) (projekt|vorhaben|thema) ~ (für sie|ihnen|sie|angebot|besprechen|passen|kommen)?""",
            "fr": """(parlons|discutons|échangeons|rencontrons|voyons|appelons|organisons|calons|fixons|planifions)(-nous|-en|-le)? ?
(volontiers|avec plaisir|ravie?s?|serais|serions|souhaite|souhaitons|souhaiterais|aimerais|aimerions|voudrais|voudrions|pouvons|pourrait|pourrions|pourriez|peut-on|intéressée?s?|partante?s?|prête?s?) ~ (échanger|parler|discuter|rencontrer|voir|appel|appeler|rendez-vous|rdv|démo|démonstration|réunion|devis|proposition|offre|en savoir plus|point|revoir|recevoir|envoyer|tarifs?|visio|café)
(appelez|appelle|rappelez|rappelle|contactez|joignez)(-moi|-nous) ~ (au|demain|aujourd'hui|quand|cette|lundi|mardi|mercredi|jeudi|vendredi|dès|vite|s'il|svp|[.!]|\\d|sur|pour)
(quand|quelles?|êtes-vous|seriez-vous|avez-vous|auriez-vous) ~ (disponibles?|disponibilités?|libre|créneau|créneaux|dispo|le temps|possible)
(envoyez|envoie|transmettez|adressez|faites|faire|proposez)(-moi|-nous|-en)? ~ (devis|tarifs?|proposition|offre|documentation|créneaux?|disponibilités|informations|infos|brochure|prix|parvenir)
(combien|quel (est|serait) (le|votre) (prix|tarif|coût)|ça m'intéresse|cela m'intéresse|nous intéresse|m'intéresse|suis (très |bien |toujours )?intéressée?|sommes (très |bien |toujours )?intéressés?|je suis preneu\\w+|nous sommes preneurs|partante?|pourquoi pas|dites-m'en plus|en savoir plus|d'accord pour|ok pour|oui,? (volontiers|avec plaisir|bien sûr))
(nouveau|autre|prochain) (projet|besoin) ~ (vous|votre|discuter|parler|pour)?""",
            "es": """(hablemos|quedemos|reunámonos|agendemos|concretemos|conversemos|veámonos|charlemos)
(encantad\\w|con (mucho )?gusto|me gustaría|nos gustaría|quisiera|quisiéramos|querría|podemos|podríamos|podrían|interesad\\w+|dispuest\\w+|abiert\\w+|queremos|quiero) ~ (hablar|reunirnos|vernos|charlar|llamada|reunión|demo|demostración|presupuesto|oferta|propuesta|conocer|saber más|ver|conversar|cita|café|comentarlo|recibir|tarifas|precios)
(llámeme|llámame|llámenos|llamadme|llámenme|me (llama|llamas|pueden llamar|puede llamar))
(cuándo|cuando|qué día|a qué hora|tiene|tienes|tienen|estás|está|estaría) ~ (disponible\\w*|libre|disponibilidad|puede|podría|podemos|podrían|tiempo|hueco|le viene|te viene|viene bien)
(envíe|envíeme|envíame|envíenos|envíenme|mande|mándeme|mándame|mándenme|mandadme|pase|páseme|pásame|envíen|haga|hágame)(me|nos)? ~ (presupuesto|propuesta|oferta|precios?|tarifas?|cotización|información|detalles|horarios|disponibilidad)
(cuánto (cuesta|costaría|sería|vale)|qué precio|me interesa|nos interesa|nos interesaría|me interesaría|estoy interesad\\w|estamos interesad\\w+|cuénteme más|cuéntame más|suena (bien|interesante)|adelante|por qué no|sí,? (por favor|claro|encantad\\w|me|nos)|de acuerdo,? (hablamos|llám\\w+))
(nuevo|otro|próximo) (proyecto|necesidad) ~ (ustedes|ustedes|vosotros|para|hablar|comentar)?""",
            "nl": """(graag|laten we|willen|wil|zou|zouden|kunnen|kunnen we|bereid|open voor|leuk om|prima om) ~ (bellen|praten|spreken|afspreken|afspraak|kennismaken|demo|bespreken|overleggen|offerte|gesprek|ontmoeten|zien|horen|langskomen|sparren|meer (weten|informatie|info)|koffie|inplannen|meeting)
(bel|app) (me|mij|ons|gerust|maar|even)( maar| gerust| even| eens)?( op| morgen| vandaag|[.!]|$)
(wanneer|heb je|heeft u|hebben jullie|ben je|bent u|schikt|past|komt) ~ (tijd|beschikbaar|schikt|uit|kunt|kun|kunnen|past|morgen|volgende week|maandag|dinsdag|woensdag|donderdag|vrijdag|gelegen)
(stuur|mail|doe) (me|mij|ons) ~ (offerte|prijs|prijzen|voorstel|informatie|info|prijslijst|details|aanbod|tijden|uitnodiging)
(wat (kost|kosten|zou het kosten|is de prijs)|interesse|geïnteresseerd|geinteresseerd|klinkt (goed|interessant)|vertel (me )?meer|lijkt me (leuk|goed|interessant|prima)|ja,? (graag|leuk|prima|doe maar)|heel graag|akkoord,|ben benieuwd|we zijn benieuwd)
(nieuw|ander) (project|traject) ~ (jullie|u|voor|bespreken)?""",
            "it": """(sentiamoci|parliamone|vediamoci|incontriamoci|organizziamo|fissiamo|facciamo|risentiamoci|parliamoci)
(volentieri|con piacere|felice di|lieto di|lieti di|vorrei|vorremmo|mi piacerebbe|ci piacerebbe|possiamo|potremmo|potrebbe|interessat\\w|dispost\\w|disponibil\\w) ~ (parlare|parlarne|sentirci|vederci|incontrarci|chiamata|call|riunione|incontro|demo|dimostrazione|preventivo|offerta|proposta|saperne di più|discutere|discuterne|confrontarci|appuntamento|vedere|ricevere|conoscere|caffè)
(mi chiami|chiamami|chiamatemi|mi richiami|ci chiami|ci chiamate|mi chiamate)
(quando|che giorno|ha|avete|è|siete|sarebbe) ~ (disponibil\\w+|liber\\w|disponibilità|possiamo|potete|tempo|può)
(mandi|mandami|mandatemi|invii|inviami|inviatemi|mi mandi|mi invii|può inviarmi|potete inviarmi|può mandarmi|potete mandarci|mandateci|inviateci|fate|faccia)(mi|ci)? ~ (preventivo|offerta|proposta|prezzi|prezzo|listino|informazioni|dettagli|quotazione|disponibilità|avere)
(quanto (costa|costerebbe|verrebbe)|mi interessa|ci interessa|ci interesserebbe|mi interesserebbe|sono (molto |ancora )?interessat\\w|siamo (molto |ancora )?interessati|mi dica di più|ditemi di più|suona (bene|interessante)|sembra interessante|perché no|sì,? (grazie|volentieri|certo|con piacere)|va bene,? (sentiamoci|mi|ci))
(nuovo|altro|prossimo) (progetto|esigenza) ~ (voi|per|parlare)?""",
            "pt": """(vamos (conversar|falar|marcar|agendar|nos falar|combinar)|podemos (conversar|falar|marcar|agendar|reunir)|falemos|conversemos)
(com (todo o |muito )?(gosto|prazer)|gostaria|gostaríamos|quero|queremos|queria|podemos|poderíamos|podem|poderiam|interessad\\w+|dispost\\w+|abert\\w+|adoraria) ~ (conversar|falar|reunir|reunião|chamada|demo|demonstração|orçamento|proposta|cotação|saber mais|ver|conhecer|encontrar|discutir|receber|marcar|agendar|café|preços?)
(ligue|liga|me ligue|ligue-me|me liga|me liguem|liguem|telefone)(-me|-nos)?( para| amanhã| hoje| quando| por favor|[.!]|$)
(quando|que dia|tem|têm|está|estaria|qual) ~ (disponível|disponíveis|disponibilidade|livre|pode|podem|tempo|horário|agenda)
(envie|mande|envia|manda|enviem|mandem|passe|me envie|me mande|envie-me|mande-me|pode enviar|podem enviar|pode me enviar|podem me mandar)(-me|-nos)? ~ (orçamento|proposta|preços?|cotação|informações|detalhes|tabela|apresentação|valores|horários|disponibilidade)
(quanto (custa|custaria|fica|sairia)|tenho interesse|temos interesse|me interessa|nos interessa|interessa-me|interessa-nos|estou interessad\\w|estamos interessad\\w+|conte-me mais|me conte mais|parece (bom|interessante|ótimo)|por que não|porque não|sim,? (por favor|claro|com gosto|gostaria|pode|vamos)|pode ser)
(novo|outro|próximo) (projeto|projecto|demanda|necessidade) ~ (vocês|para|conversar|falar)?""",
        },
        unless={
            "en": """(not|no|never|don't|won't|can't|cannot|isn't|aren't|wouldn't|no need to|rather not|nothing to|without|no longer|not really|no reason to|neither|didn't|doesn't|wasn't|hardly|don't think|unable to|not going to|no interest|decline to|stop|unlikely) (\\S+ ){0,5}(talk|chat|meet|speak|discuss|call|hop on|schedule|set up|book|arrange|connect|have a|send|share|interested|interest|keen|explore|hear|proceed|move forward|worth|demo|meeting|sense|point|proposal|quote|free|available|time)
(was|were|had|would have|would've|might have|could have) (been )?(interested|keen|intrigued|happy|great|good|nice)
(thank|thanks|thank you|appreciate|appreciated|enjoyed|enjoying|pleasure|liked|loved) (you )?(so much |very much )?(for )?(~ )?(the |your |our |taking |all |meeting|talking|chatting|call|demo|meeting|proposal|time|chat|conversation|presentation|quote)
(if|should|when|once|in case|as soon as) (things|that|this|anything|something|it|our|we ever|the situation|circumstances|a need|the need|you're ever|they|there's|there is|i)
feel free to|every so often|from time to time|now and then|now and again|once in a while|occasionally|(didn't|did not|doesn't) (get|got) (my|our) (attention|interest)
(your|the) (call|demo|meeting|proposal|quote|presentation) (was|were|lacked|didn't|felt)
(keep|stay|stayed|be|get|gets|kept) in (touch|contact)|keep (me|us|you) (posted|updated|in mind|informed|in the loop)
(speak|talk|reach out|contact|get in touch|connect|chat|meet) (to|with) (my|our|the) (colleague|successor|replacement|manager|boss|team|procurement|purchasing|buyer|head)
(on|via) linkedin
(friend|contact|former colleague|cousin|brother|sister|wife|husband|neighbou?r) (of mine |at |who |in |from )
(feedback|reasons?|explain|why we|debrief|post-?mortem) ?
(can|could|would) (you )?(match|beat|lower|stop|remove|delete|take|unsubscribe)
(they|competitor|other vendor|the winner|winning|[a-z]+) (gave|sent|quoted|offered|showed) (me|us)
nothing (against|personal)""",
            "de": """(nicht|kein|keine|keinen|nie|ohne|leider nicht|weder) (\\S+ ){0,4}(telefonieren|sprechen|reden|treffen|termin|gespräch|demo|interesse|interessiert|angebot|bedarf|sinn|zeit|besprechen|nötig|offen)
(war|waren|wäre|wären|hätte|hätten) ~ (interessiert|interesse|gerne)
(danke|dank) (für|fürs) (das|die|ihr|ihre|den|ihren)
(falls|wenn|sollte|sollten|sobald) ~ (ändert|ergibt|bedarf|sich|wir)
(gründe|feedback|rückmeldung|begründung)
in (kontakt|verbindung) bleiben
(kollegin|kollegen|kollege|nachfolger\\w*|ansprechpartner\\w*)""",
            "fr": """(pas|plus|aucune?|sans|jamais|ni|inutile) (\\S+ ){0,4}(échanger|parler|discuter|rencontrer|rendez-vous|intéressée?s?|intérêt|besoin|suite|appel|disponibles?|utile|nécessaire|temps)
(merci|remercie|remercions) (pour|de|d')
(si|dès que|lorsque|quand) (notre|la situation|jamais|un besoin|les choses|nous)
rester en contact|gardons (le )?contact
(raisons?|retour d'expérience)
(collègue|successeur|remplaçante?)""",
            "es": """(no|ni|nunca|sin|tampoco|ningún|ninguna) (\\S+ ){0,4}(hablar|reunirnos|llamar|interesad\\w+|interesa|interés|necesitamos|necesidad|sentido|demo|reunión|tiempo|disponible)
(gracias) (por)
(si|cuando|en cuanto) (algo|la situación|las cosas|surge|nuestra|cambia)
(mantener|seguir|seguimos|mantengamos|mantenernos|estar) ~ contacto
(motivos|razones|razón)
(compañer\\w|sucesor\\w?|colega)""",
            "nl": """(niet|geen|nooit|zonder|noch) (\\S+ ){0,4}(bellen|praten|spreken|afspraak|interesse|geïnteresseerd|behoefte|gesprek|nodig|zinvol|tijd|demo|bespreken)
(bedankt|dank) (voor)
(als|mocht|zodra|indien) (er|dat|onze|het|de|wij|we)
(contact houden|in contact blijven|contact te houden)
(redenen|feedback)
(collega|opvolger)""",
            "it": """(non|nessun\\w?|mai|senza|né|neanche) (\\S+ ){0,4}(parlare|sentirci|incontr\\w+|interessat\\w|interessa|interesse|bisogno|necessità|senso|tempo|demo|riunione|disponibil\\w+)
(grazie) (per|del|della|dell')
(se|quando|qualora|non appena) (qualcosa|la situazione|le cose|dovess\\w+|ci sarà|cambi\\w*)
(rimanere|restare|teniamoci|rimaniamo|restiamo) ~ contatto
(motivi|motivo|ragioni)
(collega|successore)""",
            "pt": """(não|nem|nunca|sem|nenhum\\w?) (\\S+ ){0,4}(conversar|falar|reunir|interessad\\w+|interesse|interessa|necessidade|precisamos|sentido|tempo|reunião|demo|disponível)
(obrigad\\w) (pelo|pela|por)
(se|quando|caso|assim que) (algo|a situação|as coisas|surgir|houver|mudar)
(manter|manter-nos|mantermos|mantemos|ficar|vamos manter) ~ contat\\w+
(motivos|motivo|razões)
(colega|sucessor\\w?)""",
        },
    ),
)  # fmt: skip
