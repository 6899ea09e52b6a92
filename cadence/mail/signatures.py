"""Decide which lines are a signature, a device's advertisement, a legal footer or a gateway's banner."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

LONGEST_LINE = 600
_DELIMITER = re.compile(r"(?:--|—|––|__|\*\*|-- ?\s?|–)\s*$")
_DEVICE = (
    r"i-?phone|i-?pad|ipod|android|galaxy|samsung|huawei|xiaomi|pixel|blackberry|windows phone|nokia|mobile|handy|smartphone|smart phone|outlook|gmail|yahoo|proton ?mail|proton|tutanota|mailbird|thunderbird|spark|airmail|gmx|web\.de|t-online|"
    r"mail\.ru|aol|bluemail|blue mail|fastmail|edison|hey|superhuman|(?:e-?mail|mail|correo|courrier|correio|posta) (?:for|für|pour|para|voor|per) windows|windows mail|mail app|mail orange|(?:the )?move|unterwegs|on the go|móvil|movil|mobil|telefoon|telefon|téléphone|telefono|teléfono|telemóvel|celular|cellulare|tablet|phone|device|apparaat|gerät|workphone"
)
_MOBILE = re.compile(
    r"[\s_*(\[<-]{0,6}(?:(?:sent|send|written|typed|sent quickly|mailed) (?:from|with|via|by|on|using|while on)|von (?:meinem?r?|unterwegs|mein)|gesendet (?:von|mit|über|via|aus)|diese (?:nachricht|e-?mail|mail) wurde von|envoy[eé] (?:de|depuis|à partir|avec|par)|provenance|enviado (?:desde|do|de|a partir|pelo|via|com|con)|verstuurd (?:vanaf|vanuit|met|via)|verzonden (?:vanaf|vanuit|met|via)|inviato (?:da|dal|con|tramite)|outlook (?:für|pour|para|voor|per)|mit freundlichen grüßen von meinem|excuse (?:the )?(?:brevity|typos)|bitte entschuldigen sie)"
    rf"\b.{{0,60}}?(?:{_DEVICE})\b.{{0,60}}$",
    re.I,
)
_ADVERTISED = re.compile(
    r"[\s_*(\[<-]{0,6}(?:get|download|try|obtenir|obtenez|télécharge[rz]|obtener|obt[eé]n|descargar?|scarica|ottieni|baixar|baixe|obter|obtenha|hol(?:en|e)(?: sie)?|ontvang)(?: the| o| a| l['’]app)? (?:new )?(?:outlook|yahoo|aol|blue ?mail|spark|airmail|proton|gmail|hey|mailbird|edison)\b.{0,80}$",
    re.I,
)
_MOBILE_EXACT = re.compile(
    r"[\s_*(\[<-]{0,6}(?:sent|sendt|skickat|wysłane|från) (?:from|fra|från|via|with|z) (?:my |min |mitt |mojego )?(?:\S{1,20} ?){1,5}(?: ?<https?:\S{1,200}>)?\W{0,6}$|[\s(<]{0,4}from my i-?phone.{0,10}$|從我的.{1,20}傳送|从我的.{1,20}(?:发送|傳送)|"
    r"[\s_*(\[<-]{0,6}(?:von meinem (?:iphone|ipad|handy|mobiltelefon|smartphone|samsung.{0,40}) (?:gesendet|aus gesendet)|von unterwegs gesendet|sent on the go|(?:please )?excuse (?:any |the |my )?(?:brevity|typos|spelling|short).{0,80}|get outlook for .{1,40}|outlook für .{1,20} beziehen|outlook para .{1,20}|<https://aka\.ms/.{1,20}>|yahoo mail.{0,60}(?:search, organi[sz]e|mehr leben|la vie)?.{0,60}|sent (?:with|from) proton ?mail.{0,60})\s*$",
    re.I,
)
_CLOSING = re.compile(
    r"[\s]{0,6}(?:(?:best|kind|warm|kindest|warmest|many|with (?:best|kind|warm)|my best|very best) ?(?:regards|wishes|thanks)?|regards|rgds|br|kr|brgds|cheers|sincerely|yours(?: sincerely| truly| faithfully)?|thanks(?: again| a lot| so much| very much| and (?:best |kind )?regards)?|thank you(?: very much| again)?|many thanks|all the best|take care|best|ta|thx|respectfully|cordially|"
    r"mit (?:freundlichen?|besten?|herzlichen?|lieben?|sonnigen?) gr(?:ü|ue)(?:ß|ss)(?:en?)?|(?:freundliche|beste|viele|liebe|herzliche|schöne) gr(?:ü|ue)(?:ß|ss)e(?: aus .{1,20})?|mfg|lg|vg|gru(?:ß|ss)|besten dank|vielen dank|danke(?: und gruß)?|hochachtungsvoll|"
    r"(?:bien )?cordialement|bien à (?:vous|toi)|cdlt|(?:très |bien )?amicalement|salutations.{0,20}|sincères salutations|meilleures salutations|respectueusement|merci(?: d'avance| beaucoup| encore)?|belle journée|bonne journée|à bientôt|"
    r"(?:un )?(?:cordial |atento |atentos )?(?:saludos?)(?: cordiales)?|atentamente|atte|gracias|muchas gracias|un abrazo|quedo (?:atento|a la espera)|"
    r"met (?:vriendelijke|hartelijke|beste) groet(?:en)?|(?:vriendelijke|hartelijke) groet(?:en)?|groet(?:en|jes)?|mvg|alvast bedankt|bedankt|dank|"
    r"cordiali saluti|distinti saluti|(?:un )?(?:cordiale )?saluto|saluti|grazie(?: mille)?|a presto|cordialmente|"
    r"(?:com os )?(?:melhores )?cumprimentos|atenciosamente|att|(?:um )?abraço|obrigad[oa]|grat[oa]|cordialmente|saudações)\s?[,.!–-]?\s*$",
    re.I,
)
_CONTACT = re.compile(
    r"(?:https?://|www\.)\S|\b[\w.-]{1,60}@[\w-]{1,60}\.\w|(?:\+|\b00)\d[\d\s()./-]{6,}|\b(?:tel|phone|mobile|mob|fax|cell|direct|office|telefon|fon|mobil|tél|téléphone|portable|teléfono|móvil|telefoon|cellulare|telefone|telemóvel|t|m|p|f|d|w|e)\s?[.:|]\s?[+(\d]|\(?\d{2,5}\)?[\s./-]\d{2,4}[\s./-]?\d{2,}"
    r"|\b(?:gmbh|inc\.|ltd|limited|llc|plc|b\.?v\.|s\.?a\.?r\.?l|s\.?p\.?a|s\.?l\.|lda|ag\b|kg\b|amtsgericht|handelsregister|geschäftsführer|hrb|vat|registered (?:in|office)|siège|kvk|p\.? ?iva|siret|linkedin|twitter|ust-?id)",
    re.I,
)
_TITLE = re.compile(
    r"\b(?:manager|director|head of|chief|officer|ceo|cto|cfo|coo|cio|vp|president|engineer|consultant|lead|buyer|procurement|purchasing|sales|marketing|operations|assistant|founder|partner|analyst|specialist|leiter(?:in)?|leitung|geschäftsführ|einkauf|einkäufer|vertrieb|responsable|directeur|directrice|acheteu|chargée?|jefe|jefa|compras|directora?|gerente|hoofd|inkoper|inkoop|directeur|responsabile|acquisti|direttore|direttrice|diretor[a]?|gestor[a]?|coordenador|coordinat|department|abteilung)\b",
    re.I,
)
_LEGAL = re.compile(
    r"[\s*_>\"(-]{0,6}(?:(?:confidentiality|legal|privacy|disclaimer|important|e-?mail) ?(?:notice|note|disclaimer|statement|information)\b|disclaimer\b|confidential(?:ity)?\s?[:.-]|this (?:e-?mail|message|communication|transmission)[ ,].{0,120}(?:confidential|intended (?:solely|only|for)|privileged|proprietary)|the (?:information|content).{0,80}(?:e-?mail|message|communication|transmission).{0,80}(?:confidential|intended|privileged)|if you (?:are not|have received|received) (?:the intended|this (?:e-?mail|message|communication) in error)|please consider the environment|think before you print|before printing|save a tree|(?:registered|incorporated) (?:in|office)\b.{0,80}|company (?:number|registration)"
    r"|diese (?:e-?mail|nachricht|mail).{0,120}(?:vertraulich|ausschließlich|bestimmt|rechtlich geschützt)|der inhalt dieser e-?mail|vertraulichkeitshinweis|hinweis:? diese|sitz der gesellschaft|amtsgericht|geschäftsführ(?:er|ung)\s?:|bitte (?:denken sie an die umwelt|prüfen sie.{0,40}ausdruck)"
    r"|ce (?:message|courriel|mail|courrier).{0,160}(?:confidentiel|exclusi|destin[ée]|strictement)|avis de confidentialité|les informations contenues|pensez à l'environnement|n'imprimez"
    r"|este (?:mensaje|correo|e-?mail).{0,160}(?:confidencial|exclusiv|dirigid)|aviso (?:legal|de confidencialidad)|la información contenida|antes de imprimir|protección de datos"
    r"|dit (?:bericht|e-?mailbericht).{0,160}(?:vertrouwelijk|uitsluitend|bestemd)|deze e-?mail.{0,120}(?:vertrouwelijk|uitsluitend|bestemd)|de informatie (?:in|verzonden)|denk aan het milieu"
    r"|quest[oa] (?:messaggio|e-?mail|mail|comunicazione).{0,160}(?:riservat|confidenzial|destinat|esclusiv)|le informazioni contenute|avviso di riservatezza|ai sensi del|rispetta l'ambiente"
    r"|est[ae] (?:mensagem|e-?mail).{0,160}(?:confidencia|exclusiv|destina)|aviso de confidencialidade|as informações contidas|antes de imprimir)",
    re.I,
)
_BANNER = re.compile(
    r"[\s*_\[(⚠!|>-]{0,12}(?:(?:caution|warning|attention|achtung|vorsicht|external(?: e-?mail| sender| message)?|notice|alert|prudence|atención|precaución|let op|attenzione|atenção|extern(?:e e-?mail|er absender|al)?|security notice)\b.{0,40}?(?:[:!\]*-]|e-?mail|sender|message|absender|mail).{0,300}(?:outside|external|originated|extern|externe|esterno|externo|exterior|buiten|fuera|fora|links|attachments|anhänge)|you don't often get (?:e-?mail|email) from|sie erhalten (?:nicht )?(?:oft|häufig) e-?mails? von|vous (?:ne )?recevez pas souvent|\[?extern(?:al|e)?\]?:?\s*$|this (?:e-?mail|message) (?:originated|came|was sent) from (?:outside|an external|external)|diese (?:e-?mail|nachricht) (?:stammt|kommt|wurde) von (?:außerhalb|extern|einem externen)|ce (?:message|courriel|mail) (?:provient|vient) (?:de l'ext|d'un exp|d'une source ext)|este (?:correo|mensaje) (?:proviene|procede|se originó)|do not click (?:on )?(?:any )?links or|learn why this is important)",
    re.I,
)


def is_delimiter(line: str) -> bool:
    """Tell the line that opens a signature: "-- " (RFC 3676 §4.3) and what people make of it."""
    return bool(_DELIMITER.match(line))


def is_mobile(line: str) -> bool:
    """Tell "Sent from my iPhone" and its translations from a sentence that begins so."""
    line = line.strip()
    return len(line) < 140 and bool(
        _MOBILE_EXACT.match(line)
        or _ADVERTISED.match(line)
        or (_MOBILE.match(line) and not re.search(r", \w+ \w+ \w+ \w+", line))
    )


def is_legal(line: str) -> bool:
    """Tell the first line of a legal footer."""
    return bool(_LEGAL.match(line[:LONGEST_LINE]))


def is_banner(line: str) -> bool:
    """Tell a gateway's warning of external mail."""
    return bool(_BANNER.match(line[:LONGEST_LINE]))


def is_closing(line: str) -> bool:
    """Tell a complimentary close that stands alone on its line."""
    return len(line) < 60 and bool(_CLOSING.match(line))


def is_contact(line: str) -> bool:
    """Tell a line of contact details or a job title: too short to be a sentence, and of their form."""
    line = line.strip()
    return len(line) < 120 and bool(_CONTACT.search(line) or (len(line) < 70 and _TITLE.search(line)))
