"""Rules for replies that ask us to stop, in whatever wording; when in doubt they fire."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from cadence.core.replies import Category
from cadence.mail.intent.rule import Rule

_KEEP = {
    "en": """(do not|don't|no need to|please don't|never) (unsubscribe|remove|stop|delete)
(wouldn't|would not|hate to|not going to|no reason to) unsubscribe
unsubscribe (rate|rates|page|flow|feature|button|handling|links) (is|was|in|of|for|work)
(did|do|does) your (product|tool|system|platform) ~ unsubscribe
(our|their|its) (customers|users|subscribers|newsletter|unsubscribe)
stop by
stopped by
(can't|cannot|couldn't|won't) stop (thinking|talking|raving|laughing)
nonstop|one-stop|full stop|stop gap|stop-gap|pit stop""",
    "de": """nicht abmelden
(bitte )?nicht (löschen|streichen|entfernen)""",
    "fr": """ne (me )?(désinscrivez|supprimez|retirez) pas""",
    "es": """no (me )?(den|dé|des|borre|elimine)n? de baja""",
}

RULES = (
    Rule(
        "asks to be removed", Category.UNSUBSCRIBE, 0.96, "asks to be taken off a list or out of a database",
        {
            "en": """unsubscribe( me| us| this| please)?
(please )?(remove|delete|take|drop|strike|scrub|strip|purge|erase) (me|us|my|our|this|that|mine|the) ~ (from|off|out of) (your|this|the|all|any|future|every|whatever) ~ (list|lists|mailing|mailings|database|databases|system|systems|records|crm|emails|mails|e-mails|distribution|campaign|campaigns|contacts|sequence|files|circulation|outreach|communications?)
(remove|delete|take|drop|strike) (me|us|my (name|address|email|e-mail|contact|details|data|info|information))( please| now| immediately| at once)?$
(remove|delete|erase|drop) (me|us|my (email|e-mail|mail|name|address|contact|details|info|data|information))( address| details| information| info| data)?( please| now| immediately| permanently| for good| completely)?
take (me|us|my (name|email|address)|this address|our (names?|company|address(es)?)) off
(opt|opting|opted)(-| )?(me |us )?out
i('d| would) (like|want) to (be removed|be taken off|be deleted|opt out|unsubscribe)
(want|wish|like|ask|request|need|prefer) to be (removed|taken off|deleted|left off|unsubscribed)
(be|get) (removed|taken off|deleted) from
(off|from) (your|this) (mailing |e-?mail |contact |distribution )?list
de-?list (me|us)
removal from your
cancel (my|this|our|the) (e-?mail )?(subscription|newsletter|emails|mailings)( to your| with you| please|$)""",
            "de": """(bitte )?(melden|tragen|nehmen|streichen|löschen|entfernen) (sie )?(mich|uns|meine|unsere|diese|die) ~ (ab|aus|von|vom|heraus|raus)
(meine|unsere|diese) (e-?mail-?)?(adresse|daten|kontaktdaten|mailadresse|mail) ~ (löschen|entfernen|streichen|austragen|sperren|herausnehmen|rausnehmen)
(mich|uns) ~ (abmelden|austragen|abbestellen|aus (ihrem|dem|ihrer|der|eurem|eurer|allen) ~ (verteiler|liste|datenbank|system|kartei|mailingliste)|rausnehmen|raus nehmen|löschen)
(abmelden|abbestellen|austragen|abmeldung|abbestellung|newsletter abbestellen)
aus (ihrem|dem|ihrer|der|eurem|eurer|deinem) (e-?mail-?|mail-?)?(verteiler|verteilerliste|liste|mailingliste|datenbank)""",
            "fr": """(désinscri\\w+|désabonn\\w+|desinscription|désinscription|désabonnement)
(me |nous |m')?(retirer|retirez|retire|supprimer|supprimez|enlever|enlevez|rayer|rayez|effacer|effacez|ôtez|sortir|sortez|radiez)(-moi|-nous)? ~ (de|du|des|mes|mon|mon adresse|ma|vos|votre|nos) ~ (liste|listes|fichier|fichiers|base|bases|mailing|diffusion|données|adresse|coordonnées|envois)
(retirez|supprimez|enlevez|effacez|sortez|rayez|désabonnez|désinscrivez)(-| )(moi|nous|mon|mes|mon adresse|ma)
(supprimer|effacer|suppression de|effacement de) (mes|mon|nos|ces|cette) (données|adresse|coordonnées|email|mail|e-mail)""",
            "es": """(darme|darnos|denme|dame|deme|dar|dé|den|quiero darme|solicito) ~ de baja
(me|nos) (den|dé|des|dan|da) de baja
(baja|darse de baja|dese de baja)( de (la|su|esta) lista)?$
(elimin|borr|quit|retir|suprim|sac)(e|en|a|ar|es|ad)(me|nos)? ~ (de|mi|mis|nuestros|nuestro|nuestra|su|la|esta|sus) ~ (lista|listas|base|bases|correo|datos|dirección|email|mailing|contactos|envíos|direccion)
(eliminar|borrar|suprimir|quitar|elimine|borre|borren|eliminen|quiten|quite) (mi|mis|nuestros|nuestra) (datos|correo|dirección|email|contacto|nombre)
cancelar (mi |la |esta )?suscripción
desuscri\\w+""",
            "nl": """(uitschrijven|afmelden|uitschrijving|afmelding)
(schrijf|meld|haal|verwijder|schrap) (mij|me|ons|mijn|dit|onze) ~ (uit|af|van|adres|gegevens|e-?mailadres|lijst)
(mij|me|ons|mijn (e-?mail)?(adres|gegevens)|mijn gegevens) ~ (uit te schrijven|uitschrijven|te verwijderen|verwijderen|af te melden|van (de|uw|jullie) ~ lijst|uit (uw|het|jullie|de) ~ (bestand|systeem|database|lijst|maillijst))
(van|uit) (uw|jullie|de|deze) (mailing|mail|verzend|e-mail)?(lijst|bestand|database) (af|halen|verwijderen|gehaald|verwijderd)""",
            "it": """(cancell|rimuov|elimin|tog|disiscriv|depenn)\\w*(mi|ci|temi|teci|etemi|etelo)? ~ (dalla|dalle|dal|dai|da questa|il mio|la mia|i miei|i nostri|dalla vostra) ~ (lista|liste|mailing|elenco|database|archivi|archivio|indirizzo|dati|contatti|email|mail|nominativo|newsletter)
(disiscri\\w+|cancellatemi|cancellami|cancellarmi|toglietemi|toglimi|rimuovetemi|rimuovermi|eliminatemi|cancellazione (dei|dalla|dal) (miei|lista|vostr\\w+))
(cancellare|rimuovere|eliminare) (il mio|la mia|i miei|i nostri) (indirizzo|mail|e-mail|dati|nominativo|contatto|email)
annullare (l'|la mia )iscrizione""",
            "pt": """(remov|retir|exclu|apag|elimin|tir|descadastr)(a|am|er|ar|ir|e|em|i|a-me|am-me|er-me|ar-me|ir-me|em-me)?(-me|-nos)? ~ (da|do|de|das|dos|meu|minha|meus|nossos|me) ~ (lista|listas|mailing|base|cadastro|e-?mail|dados|contato|contatos|contactos|endereço|banco|vossa|sua|envios)
(descadastr\\w+|desinscr\\w+|cancelar (a |minha |a minha )?(inscrição|subscrição|assinatura)( de e-?mails|$| da newsletter))
(remova|retire|exclua|apague|elimine|tire|removam|retirem|excluam|apaguem|eliminem)(-me|-nos)?( o)?( meu| minha| meus| me)
me (tire|tirem|remova|removam|retire|retirem|exclua|excluam|descadastre|descadastrem)""",
        },
        unless=_KEEP,
    ),
    Rule(
        "tells us to stop", Category.UNSUBSCRIBE, 0.95, "tells us to stop writing or contacting",
        {
            "en": """(stop|cease|quit|discontinue|halt|end) (all |any |sending|e-?mailing|mailing|messaging|contacting|writing|spamming|bothering|harassing|pestering|chasing|bugging|calling|these|this|the|your) ~ (e-?mails?|mails?|messages?|me|us|contact|communications?|campaign|outreach|sequence|spam|nonsense|newsletters?|solicitations?|cadence|correspondence|automated|drip|follow-?ups?|it|now)
(please |kindly |just )?stop (e-?mailing|mailing|messaging|contacting|writing|spamming|bothering|harassing|pestering|chasing|hounding|reaching out|following up|sending|with)( me| us| to me| this| these)?
(please |kindly |just )?(stop|enough)( it| this| now| already| please)?[.!]*$
stop now
^(enough|off|off please|please stop|remove|delete|unsubscribe|stop|go away)( please| now)?[.! ]*$
(prefer|rather|ask|asking|want|would like) (\\S+ )?not (to )?(receive|get|be (contacted|e-?mailed|bothered)|hear)|(on|to|onto) (my|our|the) (block|black|ban) ?list|need not be one of|not your playground|no longer wish|(don't|do not) e-?mail
knock it off
(do not|don't|never|please do not|please don't|not to) (ever )?(e-?mail|mail|contact|write|message|call|bother|approach|solicit|send|ping|reach out|get in touch) (to )?(me|us|this address|here|anyone|anything|any|again|any more|anymore|further|with me|more)
(do not|don't|no longer|not) (want|wish|need|care|like|expect) (to (hear|receive|get|be (contacted|e-?mailed|bothered|approached))|any (more |further )?(e-?mails?|mails?|messages?|contact|mailings?|communication)|more (e-?mails?|mails?|messages?)|further (e-?mails?|mails?|contact|messages?)|your (e-?mails?|mails?|messages?|newsletters?|spam)|these (e-?mails?|mails?|messages?))
(no|any) (more|further) (e-?mails?|mails?|messages?|contact|communications?|correspondence|follow-?ups?|mailings?|solicitation|outreach)( please| from you| to me|[.!]|$)
(leave|let) (me|us) (alone|in peace)
(leave|let) (me|us) be[.!]*$
make (this|these|it|them|the e-?mails?|your e-?mails?) stop
stop (it|this|that|already|doing this)( already| now| please|[.!]|$)
(asked|told|requested|said) (you |it |this |so |that )?(people )?(twice|already|before|several times|repeatedly|many times|\\w+ times)
(next|will|hear|hearing|goes|go|forwarded|forwarding|letter|call|talk|passed|from|contact|involve) ~ (my |our )?(lawyers?|solicitors?|attorneys?)
lose (my|this|our) (number|address|e-?mail|contact|details)
(cease and desist|restraining order)
(enough|sick|tired|fed up|had it|had enough) (of|with|already)? ?(these|your|the|this|all these|getting|receiving)? ?~ (e-?mails?|mails?|messages?|spam|newsletters?|follow-?ups?)
(this|that) (is|will be|should be|must be) (the|my|your) last (e-?mail|mail|message|time) (i|you|we) (want|send|ever|should|get|receive|write|hear)
(go away|get lost|piss off|f\\*+ off|fuck off|buzz off|bugger off)
(how many times|for the (second|third|last|umpteenth|fourth|nth) time|i (already|have already|'ve already|did) (asked|told|said)) ~ (stop|remove|unsubscribe|not to|no more|leave|contact|e-?mail|off)
not (want|wish) (you )?to (be )?(contact|e-?mail|write|mail|contacted|e-?mailed)
don't (bother|waste) ~ (again|writing|e-?mailing|contacting me)
(block|blocking|blocked|blacklist|blacklisting|filtering|filtered|junk|junking) (you|your (address|domain|e-?mails?|mails?|messages?)|this (sender|address))""",
            "de": """(hören|hör) (sie )?(bitte )?(endlich )?(auf|damit auf)
(bitte |sofort |ab sofort )?keine (weiteren |weitere )?(e-?mails?|mails?|nachrichten|werbung|newsletter|kontaktaufnahme|zusendungen|kontaktversuche|anfragen|schreiben)( mehr| von ihnen| an mich| zu schicken| schicken| senden|[.!]|$)
(schicken|schreiben|senden|kontaktieren|belästigen|schick|schreib) (sie )?(mir|uns|mich) (bitte )?(nie wieder|nicht (mehr|weiter|länger)|keine)
(nicht mehr|nicht weiter|nie wieder|nicht länger|keinesfalls|keine weiteren) ~ (kontaktiert|angeschrieben|kontaktieren|anschreiben|angemailt|schreiben|belästigen|belästigt|schicken|melden)
(möchte|will|wünsche|wünschen|wollen|möchten) ~ keine (weiteren |weitere )?(e-?mails?|mails?|nachrichten|werbung|kontaktaufnahme|zusendungen|informationen|post)
(lassen|lass) (sie )?(mich|uns) (bitte )?(in ruhe|in frieden)
(stopp|stop|schluss|es reicht|jetzt reicht)( jetzt| bitte| damit)?[.!]*$
unterlassen sie (es|bitte|jede|weitere|künftig)
sehen sie (bitte )?von (weiteren|jeglichen|jeder) ~ (ab|kontakt\\w*|mails?|nachrichten|anfragen)""",
            "fr": """(arrêtez|arrêter|arrête|cessez|cesser|stoppez|stopper) (de|d'|immédiatement|tout|vos|ces|svp|s'il|toute|avec) ~ (écrire|contacter|envoyer|harceler|solliciter|relancer|envois|mails?|e-?mails?|courriels?|messages?|relances?|spam|spams|sollicitations?|déranger|m'|me|spammer|contact)
(stop|ça suffit|assez)( svp| merci| maintenant)?[.!]*$
(ne|n') ?(me |m'|nous )?(contactez|écrivez|envoyez|contacter|écrire|envoyer|relancez|sollicitez|recontactez|recevoir|souhaite|veux|souhaitons|voulons|dérangez) (plus|pas|jamais)( (recevoir|être|de vos|que vous|me|nous|de mails?|d'e-?mails?|rien|aucun))?
(plus|pas) (aucun|d'autres|de) (e-?mails?|mails?|messages?|relances?|courriels?|sollicitations?)( svp| s'il vous plaît| merci| de votre part|[.!]|$)
(souhaite|veux|souhaitons|voulons|désire) plus (recevoir|être (contact|sollicit|relanc|démarch)\\w*|de (vos|mails?|messages?))
(laissez|laisse)(-| )(moi|nous) (tranquilles?|en paix)
merci de ne plus (m'|me |nous )?(écrire|contacter|envoyer|relancer|solliciter|importuner|adresser)""",
            "es": """(deje|dejen|deja|dejad|pare|paren|cese|cesen|basta) (ya )?(de|con) ~ (escribir\\w*|contactar\\w*|enviar\\w*|mandar\\w*|molestar\\w*|correos?|mensajes?|e-?mails?|insistir|spam|envíos)
(basta|basta ya|paren|stop|pare)( ya| por favor)?[.!]*$
no (me |nos )?(escriba|escriban|contacte|contacten|envíe|envíen|mande|manden|moleste|molesten|vuelva|vuelvan|insista|insistan|enviéis|escribas|mandes|contactes|escribáis) ~ (más|nunca|a escribir\\w*|a contactar\\w*|correos?|mensajes?|jamás)?
no (quiero|queremos|deseo|deseamos|quisiera) ~ (recibir|que me|más (correos?|mensajes?|e-?mails?|información)|ser contactad\\w+|sus (correos?|mensajes?))
ni un (correo|mensaje|e-?mail) más
(déjeme|déjenme|dejadme|déjennos|déjame) (en paz|tranquil\\w)
no más (correos?|mensajes?|e-?mails?|spam|envíos)""",
            "nl": """(stop|hou|houd|houdt) (er)?(met|mee|op|eens)? ?~ (mailen|e-?mailen|mails?|schrijven|berichten|sturen|contact|benaderen|op|lastigvallen|spam|hiermee|ermee)
(stop|stoppen|genoeg)( nu| a\\.?u\\.?b\\.?| alsjeblieft| ermee| hiermee)?[.!]*$
(stuur|mail|schrijf|benader|contacteer|bel) (mij|me|ons) (a\\.?u\\.?b\\.? )?(niet|geen|nooit|alsjeblieft niet)( meer| langer)? ?(e-?mails?|mails?|berichten|meer|berichten meer)?
(wil|willen|wens|wensen|hoef|hoeven) ~ (geen|niet) ~ (mails?|e-?mails?|berichten|contact|benaderd|post|ontvangen|nieuwsbrieven|benaderd worden|te ontvangen|gemaild)
geen (verdere |nieuwe |andere )?(e-?mails?|mails?|berichten|contact|reclame)( meer| sturen|[.!]|$)
laat (mij|me|ons) (met rust|alsjeblieft met rust)
niet meer (mailen|benaderen|contacteren|schrijven|sturen|lastigvallen)""",
            "it": """(smett|pian|finit|bast)\\w* (di|con|la|ora) ~ (scriver\\w*|contattar\\w*|mandar\\w*|inviar\\w*|mail|e-?mail|messaggi|disturbar\\w*|spam|email|queste)
(basta|stop|smettetela|smettila|finitela)( così| per favore| grazie| ora| mail| email)?[.!]*$
(non|mai più) (mi |ci )?(scriv\\w+|contatt\\w+|mand\\w+|invi\\w+|disturb\\w+) (più|piu|mai più|altre|ulteriori|altro)
non (voglio|vogliamo|desidero|desideriamo|intendo|vorrei) ~ (ricevere|essere contattat\\w|più|altre|le vostre|altre (mail|e-?mail|comunicazioni))
(nessun'altra|nessuna altra|niente più|più nessuna|mai più) (mail|e-?mail|comunicazion\\w|messaggi\\w?)
(lasciatemi|lasciateci|lasciami|mi lasci) (in pace|stare)""",
            "pt": """(par|deix|cess)(e|em|a|ar|ai|am) (já )?(de|com|o|os) ~ (escrever|contactar|contatar|enviar|mandar|mensagens|e-?mails?|incomodar|insistir|spam|envio|envios|me enviar|me mandar)
(pare|parem|basta|chega|stop)( já| por favor| com isso)?[.!]*$
(não|nunca mais) (me |nos )?(escreva|escrevam|contacte|contactem|contate|contatem|envie|enviem|mande|mandem|incomode|incomodem|volte|voltem) ~ (mais|nada|a escrever|a contactar|e-?mails?|mensagens|nunca)?
não (quero|queremos|desejo|desejamos|pretendo|gostaria) ~ (receber|ser contact\\w+|ser contat\\w+|mais (e-?mails?|mensagens|contatos|contactos)|que me)
(nem mais um|nenhum outro|sem mais|chega de) (e-?mails?|contatos?|contactos?|mensagens|mensagem)
(deixe|deixem)(-me|-nos)? (em paz|sossegad\\w)|me (deixe|deixem) em paz""",
        },
        unless=_KEEP,
    ),
    Rule(
        "data protection", Category.UNSUBSCRIBE, 0.93, "claims a right to deletion or objects under data protection law",
        {
            "en": """(gdpr|ccpa|can-?spam|pecr|dpo|data protection (officer|authority|commissioner)|right to (be forgotten|erasure|object)|article (17|21|15)|art\\.? ?(17|21))
(delete|erase|remove|destroy|purge|wipe) (all |any |every |everything |whatever )?(of )?(my|our|the|personal|data|information|details|records) ~ (data|information|details|records|me|us|hold|have|about)
(withdraw|withdrawing|revoke|revoking|never gave|did not give|didn't give|did not|never) ~ (my |our )?(consent|permission|agree to|sign up|signed up|subscribed|asked (for|to))
where did you get (my|our|this) (e-?mail|address|data|details|contact|name)
(report|reporting|reported|complain|complaint|complaining|forward|forwarding) (you|this|your company|it) (to|as|for) ~ (ico|authorities|spam|authority|regulator|ftc|abuse|provider|police|lawyers?|legal|phishing|google|isp|compliance)
(report|reported|mark|marked|marking|flag|flagged|treat) ~ as (spam|junk|phishing)
(legal action|take (you )?to court|sue you|my (lawyer|attorney|solicitor)s?|our (lawyer|attorney|solicitor|legal)s?( team| department| counsel)?) ~ (will|be|is|are|hear|about|if|contact|action|send)?
(harass|harassing|harassment|stalking|unsolicited|spam|spamming|spammer|spammers)""",
            "de": """(dsgvo|datenschutz(beauftragte\\w*|behörde|grundverordnung|aufsicht)?|art\\.? ?(17|21|15)|artikel (17|21|15)|auskunft (nach|gemäß|über)|widerspr(uch|eche|echen)|widerruf\\w*|einwilligung)
(löschen|löschung|löscht) ~ (daten|adresse|kontaktdaten|angaben)
(abmahn\\w+|anwalt|rechtsanwalt|anwälte|unterlassung\\w*|rechtliche schritte|anzeige|beschwerde (bei|einreichen)|belästigung|spam|unerwünscht\\w*|unaufgefordert\\w*)""",
            "fr": """(rgpd|cnil|droit (à|de) (l'oubli|l'effacement|d'effacement|opposition|suppression|d'opposition)|article 17|données personnelles)
(mise en demeure|avocat|poursuites|plainte|harcèlement|spam|spams|indésirable|non sollicité\\w*|porter plainte|démarchage)""",
            "es": """(rgpd|lopd\\w*|protección de datos|derecho (de|al|a la) (supresión|oposición|olvido|cancelación)|aepd|artículo 17)
(denuncia\\w*|abogad\\w+|acciones legales|acoso|spam|correo no deseado|no solicitad\\w+|acosando)""",
            "nl": """(avg|gdpr|recht op (vergetelheid|verwijdering|gegevenswissing)|autoriteit persoonsgegevens|persoonsgegevens|artikel 17)
(advocaat|juridische stappen|klacht|aangifte|spam|ongewenst\\w*|ongevraagd\\w*|lastigvallen|intimidatie)""",
            "it": """(gdpr|garante( della| per la)? ?(privacy)?|diritto (all'oblio|alla cancellazione|di opposizione|di cancellazione)|dati personali|art\\.? ?17|articolo 17)
(avvocat\\w|vie legali|azioni legali|denunc\\w+|diffid\\w+|molesti\\w+|stalking|spam|indesiderat\\w+|non richiest\\w+|segnal\\w+ (come spam|al garante))""",
            "pt": """(lgpd|rgpd|proteção de dados|direito (ao|à|de) (esquecimento|apagamento|exclusão|eliminação)|cnpd|anpd|procon|dados pessoais)
(advogad\\w|ação judicial|processo judicial|processar|queixa|assédio|spam|não solicitad\\w+|denunciar|denúncia|medidas legais)""",
        },
        unless={
            "en": """(in|from|to|check|checked|checking|my|the|our|into|went to|landed in|caught in|ended up in) (my |our |the |your )?(spam|junk)( |-)?(folder|filter|box|mailbox|bin|inbox)?
spam (folder|filter|score|protection|detection|filtering|module|engine|rate)
(in|from|out of|to) (my |the |our )?(spam|junk)
(anti-?spam|gdpr (compliance|compliant|requirements|certif\\w*|review|questions|reasons|concerns|issue|issues|wise|checklist|documentation|module|feature|features))
(your|lacking|lack of|missing|no|on|about|regarding|for|failed|meet|meets|met|strict) gdpr
(our|the) (legal|lawyers?|lawyer|attorney)( team| department| counsel)? (has|have|had|is|are|was|were|still|needs?|blocked|insisted|did|didn't|would|reviewing|review|flagged|objected|signed|approved|reviews)
(not|isn't|wasn't|no|don't consider (it|this|you)|hardly) (at all )?(spam|spamming|harass\\w*|unsolicited)
(data protection|dpo|gdpr) (was|were|is|are|issues?|concerns?|requirements?|reasons?|questions?|officer (had|rejected|said|was|did|vetoed|blocked|raised|has))
legal (team|review|department|terms|hurdles)""",
            "de": """(im|in den|in meinem|im) (spam|spam-?ordner|junk)
spam-?(ordner|filter|verdacht)
datenschutz(rechtlich\\w*|konform\\w*|anforderung\\w*|bedenken|gründe\\w*|problem\\w*|themen|prüfung)
(dsgvo|datenschutz)(-| )?(konform\\w*|anforderung\\w*|prüfung|gründen|bedenken|themen)
(beim|der|den|dem|wegen|aus|zum|unser|unsere|unserem|bezüglich) (datenschutz|datenschutzbeauftragt\\w+|dsgvo)""",
            "fr": """(dans|en) (les |mes |mon dossier |le dossier |le |mes courriers )?(spams?|indésirables?)
(conformité|conforme\\w*|exigences|contraintes|questions?|critères|raisons) (au |du |de |liées au )?(rgpd|données)
(notre|nos) (avocat|service juridique|dpo)""",
            "es": """(en|carpeta de|bandeja de) (mi |la |el )?(spam|correo no deseado)
(cumplimiento|requisitos|temas|motivos|conformidad) (de |del |con )?(rgpd|lopd|protección)""",
            "nl": """(in|uit) (mijn |de )?(spam|spam ?box|spam ?folder|spammap|ongewenste e-?mail|ongewenste mail)
(avg|gdpr)(-| )(compliant|eisen|proof|conform|redenen|vragen)
avg (eisen|redenen|compliant)""",
            "it": """(nello|in|nella|finit\\w (in|nello)) (spam|cartella spam|posta indesiderata)
(conformità|requisiti|motivi|conformi) (al |di |del )?(gdpr|privacy)""",
            "pt": """(no|na|caixa de|pasta de) (spam|lixo eletrónico|lixo eletrônico|spam)
(conformidade|requisitos|motivos|questões) (com )?(a |o |de |do |da )?(lgpd|rgpd|proteção)""",
        },
    ),
    Rule(
        "spam, said flatly", Category.UNSUBSCRIBE, 0.7, "calls the mail itself spam or a nuisance",
        {
            "en": """(this|that|your|these) (is|are|e-?mails? (is|are)|mails? are|messages? are) ~ (spam|harassment|annoying|a nuisance|unwanted|unwelcome|getting old|inappropriate|intrusive|out of hand)
(you('re| are)|stop being) (spamming|harassing|annoying|pestering|bothering|stalking) (me|us)?
not (your|a) mailing list
(never|didn't|did not) (ask|asked|sign|signed|subscribe|subscribed|opt) ~ (for|up|in|to) (this|these|your|any|it)?""",
        },
    ),
)  # fmt: skip
