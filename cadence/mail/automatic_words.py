"""The words by which automatic mail shows itself, in seven languages; which pattern means what."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


SUBJECT_AUTOMATIC = _any(
    r"^\W{0,3}(?:re: |aw: )?(?:automatic(?:ally generated)? (?:reply|response|answer)|auto(?:matic|"
    r"mated)?[- _]?(?:reply|response|responder|antwort|svar)|automated (?:reply|response)|auto ?: )",
    r"automatische (?:antwort|rückantwort|antwoord|nachricht|beantwortung)|automatisch (?:antwoord|"
    r"bericht)|autom\. antwort|auto-?antwort|eingangsbestätigung|empfangsbestätigung",
    r"réponse automatique|reponse automatique|message automatique|accusé de réception",
    r"respuesta autom[aá]tica|acuse de recibo|mensaje autom[aá]tico",
    r"risposta automatica|messaggio automatico|resposta autom[aá]tica|mensagem autom[aá]tica|"
    r"automatisch antwoord|ontvangstbevestiging|bevestiging van ontvangst",
    r"^\W{0,3}(?:conferma di ricezione|confirmação de (?:rece(?:p)?ção|recebimento)|confirmation de réception|"
    r"confirmación de recepción|acknowledge?ment of receipt|receipt confirmation)",
)
SUBJECT_AWAY = _any(
    r"\bout[- ]of[- ](?:the[- ])?office\b|\booo\b|\bout of town\b|\bon (?:annual |parental |maternity |"
    r"paternity |sick |medical |family )?leave\b|\bon (?:vacation|holiday|pto|sabbatical)\b|"
    r"away from (?:my|the) (?:office|desk|mail|email)|vacation (?:reply|message|notice|response)|i(?:'|"
    r" a)m away|\babsence\b|currently away|holiday notice",
    r"abwesen|nicht im (?:büro|haus|hause)|außer haus|ausser haus|\burlaub|elternzeit|mutterschutz|im urlaub",
    r"absen[ct]e? du bureau|absence|absente?\b|en congés?|hors du bureau|en vacances|congé (?:maternité|"
    r"parental|maternit)",
    r"fuera de (?:la )?oficina|ausen(?:te|cia)|de vacaciones|de baja",
    r"afwezig|niet op kantoor|\bmet (?:vakantie|verlof)|buiten kantoor|vakantiebericht|zwangerschapsverlof",
    r"fuori (?:sede|ufficio)|assen(?:te|za)|in ferie|in congedo|in maternità",
    r"fora d[oe] escrit[oó]rio|aus[eê]n(?:te|cia)|de f[eé]rias|em f[eé]rias|licen[çc]a",
)
AWAY = _any(
    # English
    r"\b(?:i|we) (?:was|were|have been) (?:away|out of (?:the )?office|on (?:vacation|leave|holiday)) (?:until|till|from|through)",
    r"\b(?:i am|i'm|i’m|i will be|i'll be|i’ll be|we are|we will be|my office is|our offices? (?:is|are|"
    r"will be)|currently|am|be|is|are) (?:currently |presently |now |completely |mostly |away and |still |"
    r"traveling and )?(?:out of (?:the |my )?office|out of town|out of the country|out (?:on|until|till|"
    r"from|all|this|for|through|sick|of (?:range|reach|contact|signal|coverage))|away (?:from (?:my|the)|on|until|till|for|with|through|and)|"
    r"on (?:annual |parental |maternity |paternity |sick |medical |family |bereavement |extended |a |"
    r"my )?(?:leave|vacation|holiday|holidays|pto|sabbatical|honeymoon|business trip)|travel(?:l)?ing|"
    r"closed (?:for|until|from|on)(?! (?:our|my|your|their|both) (?:side|end|part))|(?<!bets are )off (?:until|till|work|sick|from|on|this|for)|offline (?:until|till|"
    r"from)|unavailable|unreachable)",
    r"\b(?:out of (?:the )?office|ooo|oof)\b.{0,40}\b(?:until|till|through|from|returning|back|today|"
    r"tomorrow|this week|and will|with (?:limited|no))|\bon (?:annual|parental|maternity|paternity|sick|"
    r"medical) leave\b|\blimited (?:access|connectivity)\b.{0,40}(?:e-?mail|messages|internet)?|"
    r"no access to (?:my )?(?:e-?mail|messages)|(?:i )?will (?:be back|return|be returning|respond|reply|"
    r"get back|answer|be in the office)\b.{0,60}(?:on my return|upon (?:my )?return|when i (?:return|"
    r"am back|get back|'m back)|once i(?:'m| am) back)|not (?:be )?(?:in the office|"
    r"checking (?:my )?(?:e-?mails?|messages)|reading (?:my )?(?:e-?mails?))|back in the office (?:on|from|"
    r"after|by)|vacation (?:reply|responder|notice|auto)|(?:i )?(?:will|shall) be back (?:at my desk|on|"
    r"by)|\breturn(?:ing)? to (?:the office|work|my desk)|upon my return|on my return|"
    r"thank you for your (?:e-?mail|message)\. i am (?:currently )?(?:away|out|off|on)",
    # German
    r"(?:nicht (?:im büro|im haus|im hause|am platz|erreichbar|am arbeitsplatz|persönlich erreichbar)|"
    r"außer haus|ausser haus|abwesend|im urlaub|in elternzeit|im mutterschutz|auf (?:dienst|"
    r"geschäfts)reise|krank(?:geschrieben|gemeldet)|abwesenheit|wieder (?:im büro|im haus|im hause|"
    r"erreichbar|für sie da|zurück|da\b|persönlich)|in (?:den )?(?:betriebs)?ferien|betriebsferien|"
    r"keinen zugriff auf (?:meine )?(?:e-?mails?|mails?)|nach meiner rückkehr|nicht gelesen (?:oder|"
    r"und) (?:nicht )?weitergeleitet|e-?mails? (?:werden|wird) nicht (?:gelesen|weitergeleitet|bearbeitet))",
    # French
    r"(?:(?:je suis|je serai|nous sommes|étant|suis) (?:actuellement |actuellement en |en ce moment |"
    r")(?:absent|en congé|en vacances|en déplacement|en arrêt|hors du bureau|indisponible|injoignable)|"
    r"absente? (?:du|de|jusqu|à compter|pour|actuellement)|en congés? (?:jusqu|du|de|maternité|parental|"
    r"annuel|à partir)|de retour (?:au bureau |parmi vous |à mon poste )?(?:le|au|à partir|dès|lundi|mardi|"
    r"mercredi|jeudi|vendredi)|à mon retour|dès mon retour|mon absence|(?:accès )?limité à (?:mes|"
    r"ma) (?:e-?mails?|messagerie|mails?)|pas accès à (?:mes|ma)|(?:bureaux?|entreprise|société) (?:est |"
    r"sont |sera |seront )?fermée?s? (?:du|jusqu|pour))",
    # Spanish
    r"(?:(?:estoy|estaré|me encuentro|me encontraré|estamos|estaremos|encuentro) (?:actualmente |"
    r"en este momento |)(?:fuera|ausente|de vacaciones|de viaje|de baja|disfrutando|sin acceso)|"
    r"fuera de (?:la |mi )?oficina|de vacaciones (?:hasta|del|desde|y)|ausente (?:de|hasta|del|desde)|"
    r"a mi (?:regreso|vuelta|retorno)|mi ausencia|acceso limitado|sin acceso (?:al|a mi)|(?:volveré|"
    r"regresaré|regreso|vuelvo|reincorporaré|reincorporo) (?:a la oficina )?(?:el|al|a partir)|"
    r"cerrad[oa]s? (?:por|hasta|del))",
    # Dutch
    r"(?:(?:ik ben|ben ik|wij zijn|ik zal|momenteel|afgelopen) (?:momenteel |tijdelijk |op dit moment |"
    r"vandaag |t/m |van |tot |met |)?(?:\S{1,12} ){0,5}?(?:afwezig|niet (?:op kantoor|aanwezig|bereikbaar|"
    r"in de gelegenheid)|met (?:vakantie|verlof|zwangerschapsverlof|ouderschapsverlof)|op (?:vakantie|reis|"
    r"zakenreis)|vrij\b|ziek)|afwezig (?:van|tot|wegens|t/m)|met (?:zwangerschaps|ouderschaps)?verlof|"
    r"bij (?:mijn )?terugkomst|na mijn (?:terugkeer|vakantie)|mijn afwezigheid|weer (?:aanwezig|bereikbaar|"
    r"op kantoor|terug)|ben ik er weer|beperkt (?:toegang|bereikbaar)|geen toegang tot mijn (?:e-?mail|"
    r"mail))",
    # Italian
    r"(?:(?:sono|sarò|siamo|saremo|mi trovo) (?:attualmente |al momento |momentaneamente |)(?:fuori|"
    r"assente|in ferie|in viaggio|in trasferta|in congedo|in maternità|in malattia|irraggiungibile|"
    r"non in ufficio)|fuori (?:ufficio|sede) (?:fino|dal|per|e)|assente (?:fino|dal|per|dall)|"
    r"in ferie (?:fino|dal|e)|al mio (?:rientro|ritorno)|mia assenza|(?:rientrerò|tornerò|rientro|"
    r"sarò di ritorno|torno) (?:in ufficio |in sede |operativ[oa] )?(?:il|lunedì|martedì|mercoledì|giovedì|"
    r"venerdì|l'|a partire|dal)|accesso limitato|(?:uffici|azienda|sede).{0,20}chius[aio] (?:per|dal|fino))",
    # Portuguese
    r"(?:(?:estou|estarei|encontro-me|me encontro|estamos|estaremos|encontrar-me-ei) (?:atualmente |"
    r"actualmente |no momento |neste momento |)(?:fora|ausente|de férias|em férias|em viagem|de licença|"
    r"em licença|de baixa|sem acesso)|fora do escritório|de férias (?:até|de|e)|ausente (?:até|de|do|por)|"
    r"(?:ao|no) meu (?:regresso|retorno)|minha ausência|(?:retornarei|regressarei|voltarei|retorno|"
    r"regresso|volto) (?:ao escritório |ao trabalho |às atividades )?(?:no|em|a|ao|dia|na)\b|"
    r"acesso limitado|licença[- ](?:maternidade|parental|paternidade|médica))",
)
LEFT = _any(
    r"(?:no longer|not) (?:work(?:s|ing)?|employed|with (?:the company|us|our|\w+)|at \w+|part of)|"
    r"has left (?:the company|us|our|\w+ (?:ltd|inc|gmbh))|have left (?:the company|my (?:position|role))|"
    r"left the (?:company|firm|organi[sz]ation|business)|no longer (?:in use|active|used|valid|"
    r"available at this|monitored because)|last (?:working )?day (?:was|at|with)|moved on (?:from|to)|"
    r"is (?:now )?retired|has retired|i have retired|(?:mailbox|address|account) (?:is|has been) (?:closed|"
    r"deactivated|retired|discontinued)|passed away|(?:i )?(?:no longer|don't) (?:handle|look after)",
    r"nicht mehr (?:für|bei|im unternehmen|in unserem|in unserer|tätig|beschäftigt|in diesem)|(?:das|"
    r"unser) (?:unternehmen|haus|firma|unternehmen) verlassen|ausgeschieden|nicht mehr (?:aktiv|gültig|"
    r"verwendet|in gebrauch|genutzt)|im ruhestand",
    r"ne (?:travaille|fait|fais) plus|(?:a|ai) quitté (?:la société|l'entreprise|l’entreprise|"
    r"ses fonctions|mes fonctions|notre)|n'est plus (?:en poste|dans|chez|parmi|utilisée|active|valide)|"
    r"ne (?:suis|est) plus (?:en poste|chez|dans|au sein)|plus (?:partie de|au sein de|en activité)|"
    r"pris sa retraite|parti à la retraite",
    r"ya no (?:trabaja|trabajo|forma parte|formo parte|est[áa] en|pertenece|se utiliza|está activ)|"
    r"ha dejado (?:la empresa|de trabajar|de formar)|dejó (?:la empresa|de trabajar)|se ha jubilado",
    r"(?:niet (?:meer|langer)) (?:werkzaam|in dienst|werkt|actief|in gebruik|gebruikt|bij)|werkt (?:hier |"
    r"er )?niet (?:meer|langer)|uit dienst|(?:heeft|heb) (?:het bedrijf|de organisatie|ons|"
    r"ons bedrijf) verlaten|met pensioen",
    r"non (?:lavora|lavoro|fa|faccio) più|(?:ha|ho) lasciato (?:l'azienda|l’azienda|la società|il gruppo|"
    r"la nostra)|non è più (?:attivo|attiva|in uso|presente|in azienda|dipendente|con noi|utilizzat)|"
    r"è andato in pensione",
    r"(?:já )?não (?:trabalha|trabalho|faz|faço|está|pertence|integra) mais|já não (?:trabalha|faz parte|"
    r"está|se encontra|integra|colabora)|deixou (?:a empresa|de trabalhar|o grupo)|saiu da empresa|"
    r"desligou-se|não faz (?:mais )?parte|se aposentou|não é mais (?:utilizad|válid)",
)
MACHINE = _any(
    r"(?:this is|this e-?mail is|this message (?:is|was|has been)) an? (?:auto(?:matic|mated|-?generated|"
    r"matically)|system)|auto(?:matically|-)? ?generated|this (?:message|e-?mail|mail|notification|reply|"
    r"response) (?:was|is|has been) (?:sent |generated |created |being sent )?(?:auto|by an? (?:auto|"
    r"system))|automated (?:reply|response|message|e-?mail|notification|acknowledg)|please do not (?:reply|"
    r"respond) (?:directly )?to this|do not reply to this|automatic (?:reply|response|acknowledg|"
    r"confirmation)|(?:mailbox|inbox|address|account) is (?:not|un)[- ]?(?:monitored|attended|read|"
    r"checked)|(?:not|un)monitored (?:mailbox|inbox|address|account)|replies to this (?:address|e-?mail|"
    r"message) (?:are not|will not)|no-?reply",
    r"automatisch (?:generiert|erzeugt|erstellt|versendet|versandt)|automatische (?:nachricht|antwort|"
    r"e-?mail|eingangs|benachrichtigung|bestätigung)|bitte antworten sie nicht (?:auf|direkt)|"
    r"nicht auf diese (?:e-?mail|nachricht|mail)",
    r"(?:message|courriel|e-?mail|réponse|mail) (?:généré |envoyé |est généré |)?automatique|"
    r"généré(?:e)? automatiquement|envoyé(?:e)? automatiquement|merci de ne pas (?:y )?répondre|"
    r"ne pas répondre à ce",
    r"(?:mensaje|correo|respuesta|e-?mail) (?:generad[oa] |enviad[oa] )?autom[aá]tic|"
    r"generad[oa] autom[aá]ticamente|(?:por favor,? )?no respond(?:a|as|er) a este",
    r"automatisch (?:gegenereerd|verstuurd|verzonden|aangemaakt|bericht|antwoord|gegenereerde)|"
    r"automatische (?:ontvangst|bevestiging|melding)|niet (?:op|te antwoorden op) (?:dit|deze) (?:bericht|"
    r"e-?mail|mail)",
    r"(?:messaggio|e-?mail|risposta|mail) (?:generat[oa] |inviat[oa] )?automatic|"
    r"generat[oa] automaticamente|(?:si prega di )?non rispondere a quest",
    r"(?:mensagem|e-?mail|resposta) (?:gerad[oa] |enviad[oa] )?autom[aá]tic|gerad[oa] automaticamente|"
    r"(?:por favor,? )?não respond(?:a|er) a (?:este|esta)",
)
RECEIVED = _any(
    r"\b(?:we|i) (?:have |'ve |’ve )?(?:received|got) your (?:e-?mail|message|request|enquiry|inquiry|"
    r"ticket|query)|(?:your|a) (?:support )?(?:request|ticket|case|enquiry|inquiry|message|"
    r"e-?mail)(?: \S{1,20})? (?:has been|was|is) (?:received|created|opened|registered|logged|assigned|"
    r"updated|submitted|forwarded)|ticket (?:number|id|no\.?|#)|case (?:number|id|ref)|reference (?:number|"
    r"no)|(?:will|shall) (?:respond|reply|get back to you|be in touch|answer|review).{0,40}(?:within|"
    r"as soon as|shortly|business (?:day|hour))|thank you for contacting|thanks for (?:contacting|"
    r"reaching out to) (?:us|our|the|\w+ (?:support|team|help))",
    r"(?:ihre|deine) (?:anfrage|nachricht|e-?mail|mail|mitteilung).{0,40}(?:erhalten|eingegangen|"
    r"eingetroffen|entgegengenommen|registriert)|(?:ticket|vorgangs?|fall|bearbeitungs)-?(?:nummer|nr)|"
    r"ticket wurde (?:erstellt|eröffnet|angelegt)|vielen dank für ihre (?:anfrage|kontaktaufnahme)",
    r"(?:bien )?reçu votre (?:message|demande|e-?mail|courriel)|votre (?:demande|message|ticket|courriel|"
    r"mail) (?:a (?:bien )?été|est bien) (?:enregistré|reçu|pris|créé|transmis)|numéro de (?:ticket|"
    r"dossier|demande)",
    r"(?:hemos )?recibido su (?:mensaje|solicitud|correo|consulta)|su (?:solicitud|mensaje|consulta|ticket|"
    r"caso) ha sido (?:recibid|registrad|cread|abiert)|número de (?:ticket|caso|incidencia|solicitud)",
    r"(?:uw|je) (?:bericht|aanvraag|e-?mail|vraag|verzoek|melding).{0,40}(?:ontvangen|geregistreerd|"
    r"aangemaakt)|(?:ticket|zaak|meldings?|referentie)-?nummer",
    r"(?:abbiamo )?ricevuto (?:la (?:sua|tua|vostra) (?:richiesta|e-?mail|mail|segnalazione)|il (?:suo|tuo|"
    r"vostro) messaggio)|(?:la sua|la tua|la vostra) (?:richiesta|segnalazione) è stata (?:ricevuta|"
    r"registrata|presa|aperta)|numero (?:di )?(?:ticket|pratica|richiesta)",
    r"recebemos (?:a sua|o seu|sua|seu) (?:mensagem|e-?mail|pedido|solicitação|contato|contacto)|(?:sua|"
    r"seu|a sua|o seu) (?:solicitação|pedido|mensagem|chamado|ticket) foi (?:recebid|registrad|abert|"
    r"criad)|número (?:do|de) (?:ticket|chamado|pedido|protocolo|caso)",
)
CHALLENGE = _any(
    r"(?:click|follow|visit).{0,60}(?:link|below|here).{0,80}(?:deliver|verify|confirm|approve|release|"
    r"whitelist)|confirm (?:that )?you(?:'re| are) (?:a )?(?:human|real|person)|(?:to|"
    r"must) (?:be )?(?:verif|confirm|authenticat).{0,40}(?:sender|yourself|your (?:address|e-?mail|"
    r"message))|anti-?spam (?:system|protection|challenge|verification)|sender verification|held (?:until|"
    r"for|in) (?:verification|approval|quarantine)|your message (?:is|has been) (?:held|quarantined|"
    r"waiting)|spamarrest|boxbe|earthlink spamblocker|not (?:yet )?(?:on|in) (?:my|the) (?:guest|approved|"
    r"allowed|white) ?list",
)
ON_LEAVE = _any(r"maternity|parental|elternzeit|mutterschutz|congé|permiso|verlof|licen|matern")
RECEIPT_SUBJECT = _any(
    r"^(?:read|not read|read receipt|return receipt(?: \(displayed\))?|opened|gelesen|ungelesen|"
    r"nicht gelesen|lesebestätigung|lu|non lu|accusé de lecture|confirmation de lecture|leído|no leído|"
    r"confirmación de lectura|gelezen|niet gelezen|leesbevestiging|letto|non letto|conferma di lettura|"
    r"lido|lida|não lida|não lido|recibo de leitura|confirmação de leitura)\s?:",
    r"^(?:read receipt|return receipt|lesebestätigung|leesbevestiging|accusé de lecture|"
    r"conferma di lettura)\b",
)
RECEIPT = _any(
    r"your message.{0,400}(?:was|has been) (?:read|displayed|opened|deleted without)|this is a (?:return|"
    r"read) receipt|ihre nachricht.{0,400}(?:wurde|ist am).{0,60}(?:gelesen|angezeigt|gelöscht)|"
    r"votre message.{0,400}a été (?:lu|affiché|supprimé)|(?:su|el) mensaje.{0,400}(?:ha sido|fue|se ha|"
    r"se) (?:leído|mostrado|eliminado)|uw bericht.{0,400}(?:is|werd).{0,40}(?:gelezen|weergegeven|"
    r"verwijderd)|(?:il (?:suo|tuo) )?messaggio.{0,400}è stato (?:letto|visualizzato|eliminato)|"
    r"(?:a )?(?:sua|tua) mensagem.{0,400}foi (?:lida|exibida|excluída|aberta)",
)
RELAYED = _any(
    r"(?:please )?(?:type|write|enter) your (?:reply|response) above this line|reply above this line|"
    r"#{2,3}-? ?please type|bitte (?:schreiben|antworten) sie (?:ihre antwort )?(?:oberhalb|"
    r"über) dieser (?:linie|zeile)|répondez au-dessus de cette ligne|antwoord boven deze (?:regel|lijn)|"
    r"scriv(?:i|ere|ete) (?:la (?:tua|sua) )?risposta (?:sopra|al di sopra)|"
    r"escriba su respuesta (?:por )?encima|(?:has|have) (?:replied|commented|responded|answered|"
    r"added a (?:comment|reply|note))|(?:hat (?:geantwortet|kommentiert|einen kommentar)|a (?:répondu|"
    r"commenté)|ha (?:respondido|comentado|risposto|commentato)|heeft (?:gereageerd|geantwoord)|respondeu|"
    r"comentou)",
)
