"""Rules for replies that close or postpone: stay in touch, not now, not interested, thanks and no more."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from cadence.core.replies import Category
from cadence.mail.intent.rule import Rule

RULES = (
    Rule(
        "stays in touch", Category.KEEP_IN_TOUCH, 0.86, "agrees to stay in touch, or keeps us in mind or as a backup",
        {
            "en": """(keep|stay|be|remain|get|staying|keeping) in (touch|contact|the loop)
(keep|have|bear|got|keeping) (you|your (details|info|information|name|company|card|contact|proposal|number|offer|quote)|us|me|them|this|it|these) ~ (in mind|on file|on our (list|radar|short ?list)|on (the|my) (list|radar|short ?list)|posted|updated|informed|in the loop|handy|in reserve|bookmarked|as (a |our )?(back-?up|alternative|second|plan b|fallback))
(on (our|my|the) (radar|short ?list|list|vendor list|bidders? list|bench)|door (is|remains|stays) (always )?open|leave the door open|plan b|second source|fallback|back-?up (vendor|supplier|option|plan|provider|partner|choice)|as (a|our) (back-?up|second source|alternative|plan b)|happy to (have|keep) you as|next time (we|there|something|around)|for (future|the next) (projects?|needs?|reference|opportunit\\w+|rounds?|tenders?|rfps?|bids?)|feel free to (check in|follow up|send|stay|reach out|touch base|ping|drop)( again)?( in (a while|future))?|check(ing)? (back )?in (from time|now and|every|once in)|(drop|send) (me|us) a (line|note|update) (from|now|every|once|when|if)|send (me|us) (updates|news|your newsletter|anything new|the occasional)|touch base (again|from time|periodically|down the road|later|at some point|in the future)|from time to time|now and then|once in a while|occasional (update|note|e-?mail)|periodically)
(we|i)('ll| will| would| may| might| could| can|'d) (definitely |certainly |surely |gladly |be sure to |happily |always )?(reach out|get back|be in touch|contact you|let you know|call you|come back to you|think of you|turn to you|ping you|holler|shout|remember you|consider you|include you|invite you|give you a (call|shout)|look you up|know (who|where) to (call|find|turn|go)|know whom to call) ?~ (if|when|should|once|in (the )?future|again|next|first|down the road|as soon|anything|something)?
(if|should|when) (anything|something|things|that|this|our|we|the situation|circumstances|the need|a need|it|they) ~ (change|changes|comes? up|arises?|fall\\w* through|need|needs|work out|go wrong|doesn't work) ~ (reach out|get back|be in touch|contact|let you know|call|first|know|turn|you)
(connect|connected|add me|add you|find me|follow) (with (me|you) )?on linkedin
(hope|look forward) to (work|working|do business|doing business|cooperat\\w+|collaborat\\w+|cross paths) ~ (future|another|some ?day|again|one day|next|other|time)
(cross|paths) ~ (paths|cross) again
(never hurts|doesn't hurt|can't hurt|nice|good|wise|smart|useful) (\\S+ ){0,2}(have|having|keep) (a|an|another|one) ~ (back-?up|alternative|option|plan b|fallback)
don't be a stranger|say (hello|hi) (at|if|when|next)|every so often|up (my|our) sleeve|(markets|people|things|times) change|(have|kept|got) your (card|number|details)|(bidders?|vendors?|suppliers?|tender) list|keep (it|them|those|these) coming|hate to lose (your|touch|contact|sight)|(you|we)('d| would)? (were|are|came|was) (a )?(strong |close |very close )?(second|runner-?up)
would (definitely |certainly |gladly )?(work with|consider|recommend|use) you (again|in (the )?future|next time|for other)""",
            "de": """(in (kontakt|verbindung)|im (kontakt|gespräch|austausch)) (bleiben|halten|zu bleiben|verbleiben)
(bleiben|halten|behalten|behalte|merke|merken|denken|kommen) (wir|ich|uns|mich|gerne|gern) ~ (kontakt|verbindung|hinterkopf|vor|auge|laufenden|evidenz|zurück|an sie|bei ihnen)
(melden|melde) (wir|ich) (uns|mich) ~ (wieder|bei ihnen|bei bedarf|gerne)
(im hinterkopf|vormerken|vorgemerkt|in evidenz|auf (unserer|der|meiner|die) (liste|shortlist|longlist|lieferantenliste)|plan b|zweitlieferant\\w*|als (alternative|backup|reserve|zweite|ersatz)|auf dem laufenden|tür (steht|bleibt) ~ offen|ab und zu|von zeit zu zeit|hin und wieder|gelegentlich|bei (bedarf|gelegenheit|zukünftigen|künftigen|neuen) ~ (melden|wieder|auf sie|kontakt|projekten|zu|zurück|anfragen)?|für (künftige|zukünftige|spätere|kommende|das nächste) (projekte|ausschreibungen|vorhaben|anfragen|projekt|mal)|beim nächsten (mal|projekt)|kommen (wir|gerne|dann) ~ (auf sie|zurück)|melden uns (wieder|dann|bei ihnen|gerne|bei bedarf|sobald)|(halten|halte) sie (mich|uns) ~ laufenden)""",
            "fr": """(rest(ons|er|e|erons)|gard(ons|er|e|erons)|maintenons|maintenir) ~ (contact|en contact|en tête|à l'esprit|coordonnées|lien|en relation|sous le coude|informés?|votre dossier|vos coordonnées)
(n'hésitez pas à|tenez(-| )(moi|nous)|revenir vers vous|reviendrons vers vous|reviendrai vers vous|reviens vers vous|ferons (appel|signe)|recontacterons|penserons à vous|penserai à vous|vous (solliciterons|recontacterai|ferons signe|consulterons)) ?~ (au courant|informés?|prendre des nouvelles|de temps en temps|si|quand|prochain\\w*|futur\\w*|le cas échéant|nouvelles)?
(plan b|solution de (repli|secours)|fournisseur de (secours|repli)|en (réserve|back-?up|alternative)|porte (reste|est) ~ ouverte|de temps en temps|de temps à autre|prochaine (fois|consultation|occasion)|(futurs?|prochains?|d'autres) (projets?|besoins?|appels? d'offres?))""",
            "es": """(manten\\w+|segu\\w+|qued\\w+|est\\w+|sig\\w+) ~ (en contacto|contacto|al tanto|informad\\w+)
(tendremos|tendré|tenemos|les tendremos|os tendremos|tengo|los tendremos) ~ (en cuenta|presentes?|en mente|presente)
(en cuenta para|plan b|proveedor (de respaldo|alternativo|suplente)|como (alternativa|respaldo|segunda opción|plan b)|puerta (queda|está|sigue) ~ abierta|de vez en cuando|(futuros|próximos|otros) (proyectos|concursos|necesidades|licitaciones)|próxima (vez|ocasión|licitación)|(contactaremos|avisaremos|llamaremos|escribiremos) (si|cuando|con)|(les|os|le|te) (contactaremos|avisaremos|llamaremos|escribiremos|tendremos|recordaremos)|no dude en)""",
            "nl": """(in|contact|op de) (contact|houden|hoogte|blijven|radar) ?(blijven|houden|te blijven)?
(hou|houd|houden|blijf|blijven|onthoud|onthouden|bewaar|bewaren) ~ (contact|in contact|hoogte|achterhoofd|gedachten|gegevens|lijst|in beeld)
(in (ons|mijn|het) achterhoofd|plan b|tweede (leverancier|keus|keuze)|als (alternatief|back-?up|reserve)|op (de|onze) (lijst|shortlist|longlist)|deur (staat|blijft) ~ open|af en toe|zo nu en dan|van tijd tot tijd|(toekomstige|volgende|nieuwe) (projecten|aanvragen|aanbesteding\\w*|keer|opdrachten)|komen (we|wij) ~ (terug|bij (u|jullie))|weten (u|jullie|je) te vinden|nemen (we|wij) ~ contact op)""",
            "it": """(rest\\w+|riman\\w+|ten\\w+|mant\\w+) ~ (in contatto|contatto|presente|presenti|in considerazione|aggiornat\\w|informat\\w|a mente|i vostri|il vostro)
(vi|la|ti) (terremo|terrò|ricontatteremo|contatteremo|ricontatterò|faremo sapere|richiameremo)
(piano b|come (alternativa|riserva|backup|seconda scelta)|fornitore (di riserva|alternativo|secondario)|porta (resta|rimane|è) ~ aperta|di tanto in tanto|ogni tanto|(futuri|prossimi|altri) (progetti|gare|bisogni)|(prossima|future|altre) (volta|occasione|occasioni|gara|opportunità|collaborazioni))""",
            "pt": """(mant\\w+|fic\\w+|permane\\w+|continu\\w+) ~ (em contato|em contacto|contato|contacto|o contacto|o contato|em mente|informad\\w+)
(teremos|terei|vamos ter|tenho|temos|lembraremos|guardar\\w*|guardo|manteremos) ~ (em conta|em mente|presente|em consideração|de vocês|contato|contacto|na lista)
(plano b|fornecedor (reserva|alternativo|de backup|suplente)|como (alternativa|reserva|segunda opção|backup)|porta (fica|está|continua) ~ aberta|de vez em quando|de tempos em tempos|(futuros|próximos|outros) (projetos|projectos|concursos|licitações)|(próxima|futuras|outra) (vez|ocasião|oportunidade|oportunidades)|(entraremos|entro) em (contato|contacto)|(voltaremos|voltamos) a (falar|contactar))""",
        },
        unless={
            "en": """(do not|don't|no need to|not|stop|rather not|please don't|won't|no point|wouldn't) (\\S+ ){0,3}(keep|stay|be|get) (me |us |in )?(posted|in touch|in contact|touch|contact)
(get|be) in touch with (my|our|the|him|her|them|[a-z]+ (in|at|from))
reach out to (my|our|the|him|her|[a-z]+ (in|at|from|who))
(not|never|no) (\\S+ ){0,4}(in (the )?future|future (projects?|needs?))""",
            "de": "(nicht|kein|keinen|keine) (\\S+ ){0,3}(kontakt|verbindung|hinterkopf|zukünftig\\w*|künftig\\w*|laufenden)",
            "fr": "(pas|plus|inutile) (\\S+ ){0,3}(contact|contacter|recontacter|courant)",
            "es": "(no|ni) (\\S+ ){0,3}(contacto|en cuenta|futuro\\w*)",
            "nl": "(niet|geen) (\\S+ ){0,3}(contact|hoogte|toekomst\\w*)",
            "it": "(non|nessun) (\\S+ ){0,3}(contatto|futur\\w+|ricontatt\\w+)",
            "pt": "(não|nem) (\\S+ ){0,3}(contato|contacto|futur\\w+)",
        },
    ),
    Rule(
        "not now", Category.NOT_NOW, 0.84, "asks us to come back later, or says the time is wrong",
        {
            "en": """(not|isn't|is not|wrong|bad|poor|terrible|not a good|not the (right|best)|isn't (the|a) (right|good|best)|never a good) ~ (now|at the moment|at present|at this time|at this stage|right now|the time|the right time|a good time|good time|timing|yet|this (year|quarter|month|week)|today)
(next (week|month|quarter|year) (is|would be|works) better|too (hectic|busy|much on)|hectic (right )?now|(plate|hands|calendar|diary|schedule)( is| are)? (\\S+ )?(full|packed|booked)|zero (brain|bandwidth|time|capacity)|(give it|wait|hold) until|timing (is|isn't|was|wasn't|is just)|now is not|now isn't|right now (is|we|isn't|i))
(come|check|circle|reach|get|touch|write|try|ping|call|contact|follow|revisit|reconnect|look|talk|speak|remind|catch|knock|approach|nudge|chase|e-?mail|pick (this|it) (back )?up|pick up|resurface|resume) ~ (back|again|out|base|in|me|us|up|later|this|with) ~ (in (a (few|couple|year|month|while|bit)|the (new|spring|summer|fall|autumn|winter|next|second|third|fourth|first|near)|q\\d|h\\d|\\d+|two|three|four|five|six|nine|twelve|eighteen|january|february|march|april|may|june|july|august|september|october|november|december|early|late|mid|20\\d\\d|another|about)|next (week|month|quarter|year|spring|summer|fall|autumn|winter|fiscal|budget|cycle)|after (the|our|we|my|q\\d|\\w+day|january|february|march|april|may|june|july|august|september|october|november|december|christmas|easter|new|i)|later|then|when (we|the|our|i|things|budget|it)|once (we|the|our|i|things|budget|it)|around|towards?|by the end|at the (end|beginning|start)|from (january|february|march|april|may|june|july|august|september|october|november|december|q\\d)|closer to|not before|before (our|the))
(ask|ping|e-?mail|call|contact|write|ring|try|remind|catch|text|reach|approach|chase|bug|hit|pester) (me|us|me up|us up|to me) (again |back |then )?(in|mid|mid-\\w+|late|early|after|around|end|at the end|at the start|next (month|quarter|year|spring|summer|fall|autumn|winter)|once|when|from|not before|towards?)
(until|till|before) (next|the (new|end|next|fall|autumn|spring|summer|second|beginning)|after|january|february|march|april|may|june|july|august|september|october|november|december|q\\d|20\\d\\d|our|we|at least|further notice|then|\\d)
(budget|budgets|spend|spending|purchasing|hiring|investment|projects?|everything|purchases|decisions|initiatives) (is|are|has been|have been|was|were|currently|all) ~ (frozen|on hold|on ice|paused|locked|spent|exhausted|postponed|delayed|pushed|closed|freeze|used up|on pause|shelved|parked)
(on hold|on ice|back ?burner|parked|postponed|put off|pushed (back|out|to)|shelved for now|deferred|budget freeze|spending freeze|hiring freeze|change freeze|swamped|snowed under|up to my (neck|eyes|ears)|slammed|crazy busy|too busy|flat out|underwater|no bandwidth|don't have (the )?(time|bandwidth|capacity)|in the middle of (a|an|the|our)|busy season|year-?end close|too early|too soon|down the road|later (this|in the) year|some ?time (next|later|in)|revisit (this|it|that|in|next|later|after|when)|re-?visit|another time|maybe later|perhaps later|at a later (date|stage|time|point)|not a priority (right now|at the moment|this|for now)|next (budget|fiscal|financial) (year|cycle|round)|in (six|three|two|nine|twelve|\\d+) months|ask (me )?again|try (me )?again|talk (again )?(then|later)|when (our|the|their|that|this|my) ~ (contract|agreement|term|licen[cs]e|subscription|lease) ~ (expires?|ends?|runs out|is up|up|comes up|renews?|lapses)|(contract|agreement|term|licen[cs]e|subscription|lease)( \\S+){0,4} (expires?|ends|runs out|runs until|runs through|is up|comes up|locked in|expiring|renewal)|locked in(to)? ~ (until|till|for|through)|under contract|signed ~ for (\\d+|one|two|three|four|five|a) ~ (years?|months?)|for (another|the next) (\\d+|two|three|four|five|six|few|couple|nine|twelve|eighteen) ~ (years?|months?|weeks?|quarters?))""",
            "de": """(nicht|kein|falscher|ungünstiger|schlechter|derzeit|momentan|aktuell|im moment|zurzeit|gerade|jetzt) ~ (zeitpunkt|moment|jetzt|derzeit|aktuell|momentan|thema|nicht|keine zeit|keine kapazität\\w*|kein budget|kein thema|passend|zu viel)
(melden|kommen|rufen|schreiben|sprechen|fragen|kontaktieren|versuchen|probieren|anklopfen) (sie|wir|uns|mich) ~ (im|in|ab|nach|anfang|mitte|ende|nächste\\w*|kommende\\w*|später|wieder|erneut|nochmal|noch ?mal|frühestens|gerne)
(später|nächstes jahr|nächsten monat|nächstes quartal|kommendes jahr|kommenden jahr|im (neuen|nächsten|kommenden) (jahr|quartal|monat)|in (ein paar|einigen|zwei|drei|vier|sechs|zwölf|\\d+) (monaten|wochen|jahren)|in einem (halben )?jahr|frühestens|erst (wieder )?(im|ab|in|nach|nächst\\w*|wenn|ende|anfang|mitte)|verschoben|vertagt|auf eis|eingefroren|budgetsperre|ausgabenstopp|zurückgestellt|bis (auf weiteres|dahin|ende|anfang|mitte|zum|januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)|vertrag ~ (läuft|bis|aus|gebunden|endet)|land unter|viel zu tun|keine zeit|keine kapazität\\w*|zu früh|wiedervorlage|nach (den|dem|der) (sommerferien|ferien|sommer|jahreswechsel|urlaub|messe|umzug|fusion|audit|budgetrunde))""",
            "fr": """(pas|plus|mauvais) ~ (le moment|le bon moment|maintenant|pour l'instant|actuellement|pour le moment|moment|d'actualité|tout de suite|dans l'immédiat|la priorité|une priorité|cette année|à l'ordre du jour)
(revenez|recontactez|rappelez|relancez|reparlons|contactez|écrivez|reprenons|reprenez|revoyons|refaisons|retentez)(-moi|-nous|-en)? ~ (en|dans|au|à|après|vers|fin|début|mi|l'année|le mois|la semaine|plus tard|quand|courant|d'ici)
(plus tard|ultérieurement|l'année prochaine|le mois prochain|l'an prochain|la semaine prochaine|prochain (trimestre|exercice|semestre)|dans (quelques|deux|trois|six|\\d+|un) (mois|semaines|ans?)|pas avant|reporté\\w?|gelé\\w?|en (pause|attente|suspens|stand-?by)|débordée?s?|trop tôt|sous l'eau|budget (gelé|bloqué|épuisé)|contrat ~ (jusqu'|court|expire|échéance|se termine)|engagés? ~ (jusqu'|pour|deux|trois)|à la rentrée|après (les vacances|l'été|les fêtes|la rentrée))""",
            "es": """(no|mal|tampoco) ~ (es (el|un buen) momento|ahora|por ahora|de momento|en este momento|este año|buen momento|momento|por el momento|prioridad|todavía)
(vuelva|vuelve|vuelvan|escríb\\w+|contácte\\w*|contácta\\w*|llám\\w+|hablemos|hablamos|retom\\w+|insista|inténte\\w*|búsque\\w*|contact\\w+) ~ (en|el|después|dentro|a (principios|mediados|finales|partir|primeros)|para|cuando|más adelante|pasad\\w|tras|la)
(más adelante|más tarde|el (próximo|año que viene|mes que viene|año próximo)|la (próxima semana|semana que viene)|próximo (año|trimestre|mes|ejercicio|semestre)|en (unos|dos|tres|seis|\\d+) (meses|semanas|años)|dentro de (unos|dos|tres|seis|un|\\d+) (meses|semanas|años|año|mes)|aplazad\\w|pospuest\\w|congelad\\w+|en (pausa|espera)|parad\\w (hasta|por)|hasta (enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|el|20\\d\\d|nuevo)|demasiado pronto|muy liad\\w|a tope|contrato ~ (hasta|vence|termina|caduca|vigente)|después del? (verano|vacaciones))""",
            "nl": """(niet|geen|slecht|verkeerd|nu) ~ (het (juiste |goede )?moment|moment|op dit moment|nu|momenteel|prioriteit|tijd|dit jaar|goed moment|aan de orde|nu even)
(kom|neem|bel|mail|probeer|benader|meld|contacteer|spreek|vraag) ~ (terug|contact|opnieuw|nog eens|later|weer|volgend\\w*|in|na|eind|begin|over|half|rond)
(later|volgend (jaar|kwartaal|voorjaar)|volgende (maand|week)|komend (jaar|kwartaal)|over (een paar|twee|drie|zes|\\d+|een) (maanden|weken|jaar|maand)|uitgesteld|bevroren|on hold|in de (ijskast|wacht)|stil(gelegd|staat)|pas (in|na|weer|vanaf|volgend\\w*|over)|tot (januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|eind|begin|nader|volgend\\w*|20\\d\\d)|te vroeg|te druk|erg druk|heel druk|ontzettend druk|contract ~ (loopt|tot|af|verloopt|eindigt)|na de (zomer|vakantie))""",
            "it": """(non|cattivo|brutto) ~ (è (il|un buon) momento|adesso|ora|al momento|per ora|in questo momento|quest'anno|momento giusto|momento|priorità|ancora)
(ci|mi|si|riprend\\w+|risent\\w+|ricontatt\\w+|richiam\\w+|riparl\\w+|scriv\\w+|torn\\w+) ~ (ricontatti|risentiamo|richiami|contatti|scriva|a|in|dopo|verso|tra|fra|nel|più avanti|l'anno|il mese|la settimana|quando) ~ (gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|prossim\\w|mesi|anno|estate|trimestre|fine|inizio|metà|budget|avanti|settimane)
(più avanti|più tardi|l'anno prossimo|il mese prossimo|la (prossima settimana|settimana prossima)|prossimo (anno|trimestre|mese|semestre)|(tra|fra) (qualche|due|tre|sei|un|\\d+) (mese|mesi|anno|anni|settimane)|rimandat\\w|rinviat\\w|congelat\\w|in (pausa|sospeso|stand-?by)|fino a (gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre|fine|nuovo)|troppo presto|non prima|sommers\\w|oberat\\w|contratto ~ (fino|scade|vincolat\\w)|dopo (l'estate|le ferie|le vacanze))""",
            "pt": """(não|mau) ~ (é (o|um bom) momento|agora|por agora|de momento|neste momento|no momento|este ano|bom momento|momento|prioridade|por enquanto)
(volte|voltem|voltar|contact\\w+|contat\\w+|ligu\\w+|fal\\w+|escrev\\w+|retom\\w+|procur\\w+|entre|entrem|tente) ~ (em|no|na|depois|daqui|a partir|mais tarde|mais para|quando|após|para|dentro|lá para|ano|próximo)
(mais (tarde|para a frente|adiante|pra frente)|(no|o) (próximo (ano|trimestre|mês|semestre)|ano que vem|mês que vem)|na (próxima semana|semana que vem)|daqui a (uns|dois|três|seis|um|alguns|\\d+) (meses|mês|ano|anos|semanas)|adiad\\w|congelad\\w|suspens\\w|em (pausa|espera|stand-?by)|até (janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|ao|o|20\\d\\d)|muito cedo|atolad\\w|sem tempo|contrato ~ (até|vence|termina|vigente)|depois (das férias|do verão|do carnaval))""",
        },
        unless={
            "en": """(not|isn't|wasn't) (just |only )?(now|about timing|a matter of time|a timing)
(not|never) (now|today|this year)?,? (or|nor|and not|not|and) (ever|never|later|in (the )?future|tomorrow|next)
(not|haven't|hasn't|n't|nothing|no) ~ (signed|sign|decided|final|finali[sz]ed|committed|inked) ~ yet""",
            "de": "(noch|bisher) (nicht|nichts) (unterschrieben|entschieden|final|unterzeichnet)",
        },
    ),
    Rule(
        "no budget yet", Category.NOT_NOW, 0.6, "has no money or priority for it at present",
        {
            "en": "(no|zero|without|don't have|haven't got|lack|out of) (\\S+ ){0,2}(budget|funds|funding|money) (\\S+ ){0,2}(left|right now|at the moment|this year|this quarter|currently|now|yet|until|till|before|available|for this)",
            "de": "(kein|keine|ohne) (\\S+ ){0,2}(budget|mittel|geld) (\\S+ ){0,2}(mehr|derzeit|dieses jahr|aktuell|bis|übrig|da|frei)",
            "fr": "(pas|plus|aucun) (de )?budget (\\S+ ){0,3}(cette année|actuellement|avant|pour l'instant|jusqu\\S*)",
            "es": "(no|sin) (\\S+ ){0,2}presupuesto (\\S+ ){0,3}(este año|hasta|ahora|por ahora|todavía)",
            "nl": "geen (\\S+ ){0,2}budget (\\S+ ){0,3}(dit jaar|meer|tot|nu|op dit moment)",
            "it": "(non|nessun|senza) (\\S+ ){0,2}budget (\\S+ ){0,3}(quest'anno|fino|ora|al momento|prima)",
            "pt": "(não|sem) (\\S+ ){0,2}(orçamento|verba) (\\S+ ){0,3}(este ano|até|agora|no momento|por enquanto)",
        },
    ),
    Rule(
        "firm no", Category.NOT_INTERESTED, 0.93, "rules out any business, now and later",
        {
            "en": """(never|not ever|under no circumstances|no chance|no way|not in a million years|hell no|over my dead body|not now,? (and )?not (ever|later)|(not )?now or (ever|in the future)|no (future|further) (interest|business|dealings|need|opportunit\\w+)|not (interested )?(now|today) (or|nor) (ever|in the future|later|tomorrow)|will not (ever )?(be )?(work|do business|consider|buy|use|dealing|working)\\w* ~ (with )?(you|your|again)|won't (ever )?(be )?(work|working|doing business|do business|consider|considering|buy|buying|use|using) ~ (with )?(you|your) ?(again|ever)?|permanently|for good|once and for all|off the table|don't ever|not going to happen|isn't going to happen|won't happen|ain't happening|no means no|(final|last) (answer|word)|(closed|shut) the (door|book|file) (on|for)|no plans? (now|to) ~ (ever|future)|(we're|we are|i'm|i am) (done|finished) with (you|your)|no scenario|don't see (us|ourselves) (ever )?(working|doing|using|needing|buying|coming|returning))""",
            "de": """(nie wieder|niemals|auf keinen fall|unter keinen umständen|weder jetzt noch|weder heute noch|auch (nicht )?(in zukunft|zukünftig|künftig|später) (nicht|kein\\w*)|ausgeschlossen|endgültig (kein|keine|nein|nicht)|kommt (für uns )?nicht (mehr )?in ?frage|definitiv (kein|keine|nicht))""",
            "fr": """(plus jamais|jamais|en aucun cas|ni maintenant ni|hors de question|définitivement|sous aucun prétexte|ni à l'avenir|pas non plus à l'avenir)""",
            "es": """(nunca más|jamás|bajo ningún concepto|ni ahora ni|en ningún caso|definitivamente no|de ninguna manera|ni en el futuro|nunca)""",
            "nl": """(nooit (meer)?|onder geen (beding|enkele)|uitgesloten|absoluut niet|noch in de toekomst|ook (niet )?in de toekomst (niet|geen)|definitief (niet|geen))""",
            "it": """(mai più|in nessun caso|né ora né|assolutamente no|definitivamente|escluso|neanche in futuro|né in futuro|per nessun motivo)""",
            "pt": """(nunca mais|jamais|em (nenhuma hipótese|caso algum|hipótese alguma)|nem agora nem|de jeito nenhum|de forma alguma|definitivamente não|nem no futuro)""",
        },
        unless={
            "en": """(never|not ever) (say never|know|know what|mind|been|had|heard|seen|answered|replied|got|received|signed|came|delivered|explained|followed|asked|too late|responded|called|sent|showed|really|quite|felt|met|saw|once|mentioned|returned|gave|managed|understood)
say never|never say|you never know|(they|he|she|it|your|the) ~ never|has never|have never|had never
(won't|will not) (be )?(using|use|buy|buying|need) (it|them|that|this) (until|before|now|this year|right now)""",
            "fr": "(n'est|n'a|n'avez|n'ont|n'avons|si) jamais|jamais (vu|reçu|eu|répondu|été|livré)",
            "es": "nunca (se sabe|digas|han|ha|hemos|me|nos|recib\\w+|respond\\w+|lleg\\w+)|jamás (han|ha|hemos|recib\\w+)",
            "de": "(nie wieder|niemals) (gemeldet|geantwortet|etwas gehört)|man weiß nie",
            "nl": "nooit (antwoord|iets|gehoord|gekregen|gezien)|zeg nooit nooit",
            "it": "(non si sa|mai dire) mai",
            "pt": "nunca (se sabe|digas|recebi|recebemos|respond\\w+)",
        },
    ),
    Rule(
        "not interested", Category.NOT_INTERESTED, 0.82, "a plain no",
        {
            "en": """^(no|nope|nah|no way|no thanks|negative)[.! ]*$
happy (where|as|with (what|where)) (we|i) (are|have|am|got)
(still|it's|remains|remain|answer is|answer remains|the answer is|hard|firm|clear|polite) (a )?no( from (me|us))?[.!,]*$|(a|hard|firm) no from|(don't|do not|can't|cannot) see (a|any|the) (\\S+ )?(fit|need|match|reason|value)|(matter|question|issue) is settled|closed this chapter|^pass[.! ]*$|(no|without) (further |any |more )?need (for|of) (your|you|it|this)|(be|going) taking (this|it) (any )?further|take (this|it) (any )?further|not taking (this|it)
(not|isn't|aren't|no longer|hardly|am not|are not|n't) (really |currently |particularly |at all |that |actually |very )*(interested|of interest|a fit|a good fit|the right fit|for us|something (we|i)|looking (for|to)|in the market|pursuing|moving (forward|ahead)|proceeding|going (forward|ahead|further|to (change|switch|move|pursue|proceed|need|buy|reconsider|revisit)))
(no interest|no need|no thanks?|no thank you|no,? thank(s| you)|nah|nope|hard pass|pass on (this|it|that)|(i|we)('ll| will) pass|gonna pass|going to pass|(we're|we are|i'm|i am) (all )?(set|good|sorted|happy|covered|fine|content|satisfied|pleased|ok|okay|taken care of)( here| as (we|i) (are|am)| with (our|the|what|them|[a-z]+)|,? thanks?| thank you|[.!]|$)|don't (need|require|want|see (a|any|the) (need|fit|reason|value|point)) ~ (you|your|this|that|it|anything|any|services?|help|need|value|fit|right|one|another)?|do not (need|require|want|intend|plan|see)|won't (be )?(need|needing|require|requiring|pursue|pursuing|chang\\w+|switch\\w*|mov\\w+|proceed\\w*|buy\\w*|going)|decision (is|was|has been) (final|made|taken|firm)|(made|taken) (our|the|a|my) (final )?(decision|choice)|made up our minds?|consider (this|the (matter|file|case|deal)) (as )?closed|(matter|case|file|deal|subject|topic|discussion) (is |closed|is now )(closed|over|dead|done)|moved on|moving on|gone (in )?(a|another) different|(went|going) (in )?(a|another) (different|other) (direction|way|route)|decline(d)?( your| the| this| to|[.!]|$)|decided (against|not to)|not (to )?(go|move|proceed) ~ (forward|ahead|with you)|nothing (for us|we need|of interest)|that ship has sailed|too late (now|for|i'm|unfortunately)|best of luck (elsewhere|with (others|other))|(end|stop) (this|the) (conversation|discussion|here)|please don't (pursue|follow)|no further (action|discussion|contact|follow-?up) (is )?(needed|required|necessary)|not for us|thanks but no|thank you but no|leave it (there|at that))""",
            "de": """^(nein|nö|kein bedarf|kein interesse)[.! ]*$
(kein|keinen|keinerlei) (weiteres |weiterer |weiteren )?(interesse|bedarf)( mehr| daran| an)?
(nicht|nicht mehr|nicht weiter) (interessiert|interessant|relevant|in ?frage|von interesse|weiterverfolgen|verfolgen)
(nein,? danke|danke,? nein|kein bedarf|wir sind (gut )?(versorgt|zufrieden|bedient|aufgestellt|glücklich)|sind (sehr |rundum |bestens )?(zufrieden|versorgt|aufgestellt)|entscheidung (ist|steht) (gefallen|fest|endgültig|final)|entschieden,? (nicht|uns gegen)|gegen (sie|ihr angebot|euch) entschieden|absage|(thema|sache|vorgang|angelegenheit) (ist )?(für uns )?(erledigt|abgeschlossen|durch|beendet|vom tisch)|abgeschlossen und|bleiben (bei|dabei)|brauchen (wir|sie|ihr) ~ (nicht|keine)|nicht nötig|nicht erforderlich|sehen (wir )?keinen (bedarf|anlass|grund)|belassen (wir )?es (dabei|bei))""",
            "fr": """(pas|plus|aucunement|nullement) (du tout |vraiment |spécialement )?(intéressée?s?|d'intérêt|preneurs?|concernée?s?|besoin|l'intention)
(aucun (intérêt|besoin)|non,? merci|sans façon|ne donnerons pas suite|ne souhaitons pas (donner suite|poursuivre|aller plus loin)|ne donnons pas suite|pas donner suite|décision (est )?(prise|définitive|finale|arrêtée)|choix (est )?(fait|définitif)|(dossier|sujet|affaire) (est )?(clos\\w?|classée?|fermé)|sommes (très |pleinement |tout à fait )?(satisfaits|contents|équipés|pourvus)|ne correspond pas|nous en rest\\w+ là|en rester là|déclin\\w+)""",
            "es": """(no|ya no) (me|nos|estamos|estoy|tenemos|tengo|hay) ~ (interesa|interesad\\w+|interés|necesidad|necesario)
(no,? gracias|gracias,? pero no|no (necesitamos|necesito|vamos a (cambiar|seguir|continuar)|queremos|seguiremos|continuaremos)|decisión (está|es|ya) (tomada|final|firme|definitiva|cerrada)|(tema|asunto|caso) (está )?(cerrado|zanjado)|estamos (muy )?(satisfechos|contentos|servidos|cubiertos|bien (así|como))|descart\\w+|declin\\w+|no es para nosotros|no encaja)""",
            "nl": """(geen|niet) (\\S+ ){0,2}(interesse|behoefte|geïnteresseerd|geinteresseerd|nodig|van toepassing|interessant)
(nee,? (bedankt|dank|dankjewel|hoor)|bedankt,? maar nee|beslissing (is|staat) (genomen|vast|definitief)|keuze (is|staat) (gemaakt|vast|definitief)|(zaak|dossier|onderwerp) (is )?(gesloten|afgesloten|afgedaan)|zijn (zeer |heel |goed |prima )?(tevreden|voorzien)|zien er vanaf|zien (we )?ervan af|wijzen (het|dit|uw) ~ af|laten het hierbij|houden het hierbij)""",
            "it": """(non|più) (\\S+ ){0,3}(interessat\\w|interessa|interesse|bisogno|necessità|necessario)
(no,? grazie|grazie,? ma no|decisione (è|e') (presa|definitiva|finale)|scelta (è|e') (fatta|definitiva)|(questione|pratica|argomento|discorso) (è )?(chiusa?|chiuso)|siamo (molto |già |pienamente )?(soddisfatti|a posto|coperti|contenti)|decliniamo|declino|non fa per noi|non procederemo|non intendiamo (procedere|proseguire|cambiare))""",
            "pt": """(não|sem|nenhum) (\\S+ ){0,3}(interessad\\w+|interessa|interesse|necessidade|precisamos|preciso|necessário)
(não,? obrigad\\w|obrigad\\w,? mas não|decisão (está|é|já|foi) (tomada|final|definitiva|fechada)|(assunto|caso|tema|processo) (está |foi )?(encerrado|fechado)|estamos (muito |bem |já )?(satisfeitos|servidos|atendidos|contentes)|declin\\w+|dispensamos|não é para nós|não vamos (avançar|prosseguir|seguir|continuar|mudar))""",
        },
        unless={
            "en": """(not|isn't) (that|because) ~ (not|no) interested
(not|n't) (going|moving|looking) (anywhere|forward to)
not only
(doesn't|does not|don't|do not|didn't) mean ~ (not|no|n't)
(never|not|n't) (signed|final|made (our|the|a) (final )?decision|made up our minds?)
(decision|choice) (is|was) (not|n't)""",
        },
    ),
    Rule(
        "only thanks", Category.ACKNOWLEDGEMENT, 0.82, "thanks, notes or wishes well, and says nothing else",
        {
            "*": """(thanks?|thank you|thx|tks|ty|cheers|appreciate\\w*|appreciated|noted|received|got it|well received|will do|ok|okay|okey|k|great|perfect|understood|acknowledged|good luck|all the best|best of luck|best wishes|same to you|you too|likewise|congrats|congratulations|kind of you|nice of you|much appreciated|no worries|no problem|fair enough|good to know|duly noted|roger|👍|🙏|happy (holidays|new year|easter)|merry christmas|take care|have a (great|nice|good)|nice (note|message|email)|classy)
(danke\\w*|vielen dank|besten dank|herzlichen dank|zur kenntnis genommen|verstanden|alles klar|alles gute|viel erfolg|ebenso|gleichfalls|schöne\\w* (tag|woche|wochenende|feiertage|grüße)|in ordnung|passt|erhalten|dankend|gut zu wissen|nett von ihnen|frohe weihnachten)
(merci|bien (reçu|noté)|c'est noté|noté|entendu|parfait|d'accord|bonne (continuation|journée|chance|année|fin)|de même|pareillement|tous mes vœux|au plaisir|compris|avec mes remerciements|joyeuses fêtes)
(gracias|muchas gracias|recibido|entendido|anotado|perfecto|de acuerdo|igualmente|suerte|éxitos?|saludos|tomo nota|enterad\\w|vale|feliz navidad|felices fiestas)
(bedankt|dank (je|u|jullie)\\w*|dankjewel|dankuwel|genoteerd|begrepen|ontvangen|prima|succes|insgelijks|oké|akkoord|top|fijne (dag|feestdagen|avond|week)|hartelijk dank)
(grazie|ricevuto|capito|preso nota|ne prendo atto|perfetto|d'accordo|va bene|altrettanto|buona (giornata|fortuna|continuazione|serata)|in bocca al lupo|ok grazie|auguri|buone feste|buon lavoro)
(obrigad\\w|muito obrigad\\w|recebido|entendido|anotado|perfeito|combinado|igualmente|boa (sorte|semana|tarde)|sucesso|tomei nota|ciente|valeu|agradec\\w+|bom (trabalho|dia|ano)|feliz natal|boas festas)""",
        },
        short=32,
    ),
)  # fmt: skip
